"""The journal: durable, append-only, chained, shared by processes, honest about damage."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.kinds import BadBody, site_id
from fieldkit.errors import Problem
from fieldkit.store import inspections, ledger
from fieldkit.store.open import SCHEMA_VERSION, connect, transaction
from fieldkit.store.store import Draft, Store
from fieldkit_sync import clock

NOW = 1_790_000_000_000
DEVICE = "d" * 32


def open_store(folder: Path, now: int = NOW, device: str = DEVICE) -> Store:
    """A store with a standing clock."""
    return Store(folder, device, lambda: now)


def visit(code: str = "D1", note: str = "") -> Draft:
    """A visit to a door."""
    body: dict[str, Any] = {
        "outcome": "met",
        "materials": 1,
        "app": "none",
        "note": note,
        "day": "2026-11-22",
    }
    return Draft("visit.logged", site_id(code), "", body)


def test_pragmas_are_the_durable_ones(tmp_path: Path) -> None:
    """WAL with FULL: an acknowledged event is on the disk."""
    db = open_store(tmp_path).db
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION


def test_the_journal_cannot_be_changed(tmp_path: Path) -> None:
    """Neither UPDATE nor DELETE reaches an event."""
    store = open_store(tmp_path)
    store.append([visit()])
    for sql in ("UPDATE event SET hlc = 'x'", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.db.execute(sql)


def test_a_wrong_clock_never_goes_back(tmp_path: Path) -> None:
    """Stamps rise although the laptop's clock fell ten years."""
    first = open_store(tmp_path).append([visit()])[0]
    later = open_store(tmp_path, now=NOW - 315_360_000_000).append([visit()])[0]
    assert later.hlc > first.hlc
    assert (later.seq, later.prev) == (2, first.hash)


def test_a_foreign_clock_ahead_does_not_carry_us_away(tmp_path: Path) -> None:
    """An event from the year 2126 is kept, our own stamps stay within a day of our clock."""
    far, near = tmp_path / "far", tmp_path / "near"
    far.mkdir()
    near.mkdir()
    foreign = open_store(far, now=NOW + 3_155_760_000_000, device="e" * 32).append([visit()])
    store = open_store(near)
    assert store.ingest(foreign).new == 1
    own = store.append([visit("D2")])[0]
    assert clock.unpack(own.hlc)[0] <= NOW + 86_400_000


def test_a_bad_body_rejects_the_batch(tmp_path: Path) -> None:
    """One event that its kind does not allow, and nothing of the batch is kept, nor its clock."""
    other, mine = tmp_path / "o", tmp_path / "m"
    other.mkdir()
    mine.mkdir()
    source = open_store(other, now=NOW + 1000, device="e" * 32)
    good = source.append([visit()])
    bad_body = {**visit().body, "outcome": "<b>met</b>"}
    from fieldkit_sync.event import make

    bad = make(
        device="e" * 32,
        epoch=good[0].epoch,
        seq=2,
        prev=good[0].hash,
        hlc=clock.tick(good[0].hlc, NOW),
        kind="visit.logged",
        entity=site_id("D1"),
        division="",
        body=bad_body,
        salt="0" * 32,
    )
    store = open_store(mine)
    with pytest.raises(BadBody, match="outcome"):
        store.ingest([*good, bad])
    assert ledger.count(store.db) == 0
    assert store._get("hlc") is None


def test_a_draft_is_asked_inside_the_transaction(tmp_path: Path) -> None:
    """What a callable reads is what it replaces: two answers in turn leave one head."""
    store, inspection = open_store(tmp_path), "1" * 32

    def answer(value: str) -> Any:
        def drafts(db: sqlite3.Connection) -> list[Draft]:
            body = {"item": "X1", "value": value, "note": "", "evidence": []}
            over = inspections.heads(db, inspection, "X1")
            return [Draft("answer.given", inspection, "", {**body, "over": over})]

        return drafts

    store.append(answer("pass"))
    store.append(answer("fail"))
    assert len(inspections.heads(store.db, inspection, "X1")) == 1
    assert inspections.answers(store.db, inspection)["X1"].value == "fail"
    assert ledger.conflicts(store.db) == []


def test_a_failing_draft_keeps_nothing(tmp_path: Path) -> None:
    """An exception inside the transaction rolls everything back."""
    store = open_store(tmp_path)

    def drafts(db: sqlite3.Connection) -> list[Draft]:
        raise Problem("no", "no")

    with pytest.raises(Problem):
        store.append(drafts)
    with pytest.raises(BadBody):
        store.append([visit(), Draft("visit.logged", site_id("D1"), "", {})])
    assert ledger.count(store.db) == 0
    assert store.append([visit()])[0].seq == 1


def _append_many(folder: str, name: str, count: int) -> None:
    store = open_store(Path(folder))
    for n in range(count):
        store.append([visit(note=f"{name}{n}")])
    store.close()


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """Four processes, one chain, no event lost, no number used twice."""
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_append_many, args=(str(tmp_path), f"w{n}-", 25)) for n in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    store = open_store(tmp_path)
    assert ledger.count(store.db) == 100
    assert store.verify() == []
    assert ledger.devices(store.db)[0].forks == ()


def test_verify_names_what_was_altered(tmp_path: Path) -> None:
    """A changed line, a missing event and a changed projection are each told."""
    store = open_store(tmp_path)
    store.append([visit(note=str(n)) for n in range(4)])
    store.db.execute("UPDATE f_visit SET note = 'forged'")
    assert any("projections" in problem for problem in store.verify())
    store.rebuild()
    assert store.verify() == []
    store.db.execute("DROP TRIGGER event_is_never_changed")
    store.db.execute("DROP TRIGGER event_is_never_deleted")
    store.db.execute(
        "UPDATE event SET line = CAST(replace(line, 'met', 'mEt') AS BLOB) WHERE seq = 2"
    )
    assert any("/2 " in problem for problem in store.verify())
    store.db.execute("DELETE FROM event WHERE seq = 2")
    assert any("gap 2-2" in problem for problem in store.verify())


def test_a_newer_home_is_left_alone(tmp_path: Path) -> None:
    """A database written by a later version is refused with the mend, not touched."""
    store = open_store(tmp_path)
    store.db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    store.close()
    with pytest.raises(Problem) as told:
        open_store(tmp_path)
    assert told.value.code == "schema-newer"


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """Garbage in place of the journal is one sentence, and stays as it was."""
    (tmp_path / "journal.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(Problem) as told:
        open_store(tmp_path)
    assert told.value.code == "database-damaged"
    assert (tmp_path / "journal.db").read_bytes().startswith(b"not a database")


def test_a_busy_home_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds the lock too long is named as the reason; nothing is written."""
    store = open_store(tmp_path)
    other = connect(tmp_path / "journal.db")
    store.db.execute("PRAGMA busy_timeout=50")
    with transaction(other), pytest.raises(Problem) as told:
        store.append([visit()])
    assert told.value.code == "database-busy"
    assert store.append([visit()])[0].seq == 1


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    """SQLITE_FULL is told as such, nothing of the action is kept, and the next try works."""
    store = open_store(tmp_path)
    store.append([visit()])
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    store.db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Problem) as told:
        store.append([visit(note="长" * 400) for _ in range(200)])
    assert told.value.code == "disk-full"
    store.db.execute("PRAGMA max_page_count=1000000")
    assert store.append([visit()])[0].seq == 2
    assert store.verify() == []


def test_an_erased_body_leaves_the_chain_whole(tmp_path: Path) -> None:
    """A body gone by law: the chain still verifies, the fact is gone from the projections."""
    from fieldkit_sync.event import erased

    source = open_store(tmp_path, device="e" * 32)
    events = source.append([visit(note="一"), visit(note="二"), visit(note="三")])
    folder = tmp_path / "office"
    folder.mkdir()
    office = open_store(folder)
    office.ingest([events[0], erased(events[1]), events[2]])
    assert office.verify() == []
    notes = {row[0] for row in office.db.execute("SELECT note FROM visit")}
    assert notes == {"一", "三"}


def test_bulk_costs_one_fold(tmp_path: Path) -> None:
    """Ten thousand drafts are one transaction: one chain, one fold, all of them there."""
    store = open_store(tmp_path)
    store.append([visit(f"D{n % 500}") for n in range(10_000)])
    assert ledger.counts(store.db)["visit"] == 10_000
    assert ledger.counts(store.db)["door_state"] == 500
