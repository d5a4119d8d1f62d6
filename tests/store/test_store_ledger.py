"""Chains, gaps and forks; a home that was copied; a schema that grows."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.domain.kinds import site_id
from fieldkit.store import chains, ledger, migrations
from fieldkit.store.mark import Mark
from fieldkit.store.open import SCHEMA_VERSION, connect
from fieldkit.store.store import Draft, Store
from fieldkit_sync.event import GENESIS, Event, erased, make, verify_chain

NOW = 1_790_000_000_000
DEVICE = "d" * 32


def open_store(folder: Path, device: str = DEVICE, now: int = NOW) -> Store:
    """A store with a standing clock."""
    folder.mkdir(exist_ok=True)
    return Store(folder, device, lambda: now)


def visit(note: str = "") -> Draft:
    """A visit to one door."""
    body: dict[str, Any] = {
        "outcome": "met",
        "materials": 1,
        "app": "none",
        "note": note,
        "day": "2026-11-22",
    }
    return Draft("visit.logged", site_id("D1"), "", body)


def loose(device: str, seq: int, salt: int) -> Event:
    """An event of no kind we know, its chain not looked at."""
    return make(
        device=device,
        epoch="0" * 16,
        seq=seq,
        prev=GENESIS if seq == 1 else "a" * 64,
        hlc=f"{salt:016x}",
        kind="from.the_future",
        entity="0" * 32,
        division="",
        body={},
        salt=f"{salt:032x}",
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 2)), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
def test_gaps_and_forks_whatever_the_order(
    numbers: list[tuple[int, int]], chance: random.Random
) -> None:
    """The ledger kept event by event says what the protocol's own walk of the chain says."""
    events = [loose("a" * 32, seq, salt) for seq, salt in numbers]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        chance.shuffle(events)
        for event in events[:3]:
            store.ingest([event])
        store.ingest(events)
        (told,) = ledger.devices(store.db)
        walk = verify_chain(events)
        gaps = [f"gap {first}-{last}: events are missing" for _epoch, first, last in told.gaps]
        assert gaps == [line for line in walk if line.startswith("gap")]
        forks = {int(line.split()[1][:-1]) for line in walk if line.startswith("fork")}
        # What does not follow the event that is held follows another with the same number.
        forks |= {int(line.split()[1][:-1]) - 1 for line in walk if line.startswith("broken")}
        assert list(told.forks) == sorted(forks)
        assert told.events == len({event.id for event in events}) == ledger.count(store.db)
        assert told.last_seq == max(seq for seq, _salt in numbers)
        reach = chains.rows(store.db)
        store.rebuild()
        assert chains.rows(store.db) == reach
        store.close()


def test_a_known_event_counts_as_known(tmp_path: Path) -> None:
    """New and known add up, also when one event comes twice in a batch."""
    store = open_store(tmp_path)
    one, two = loose("a" * 32, 1, 1), loose("a" * 32, 2, 2)
    taken = store.ingest([one, two, one])
    assert (taken.new, taken.known) == (2, 1)
    again = store.ingest([one, two, one])
    assert (again.new, again.known) == (0, 3)


def test_a_body_that_comes_late_completes_its_event(tmp_path: Path) -> None:
    """First without, then with its body, or the other way round: the same state."""
    events = open_store(tmp_path / "source", "e" * 32).append([visit("一"), visit("二")])
    bare = [erased(event) for event in events]
    digests = set()
    for name, order in {"a": [bare, events], "b": [events, bare], "c": [events]}.items():
        store = open_store(tmp_path / name)
        for batch in order:
            store.ingest(batch)
        assert store.verify() == []
        digests.add(store.state_digest())
        assert [event.body for event in store.events()] == [event.body for event in events]
        store.close()
    assert len(digests) == 1


def test_a_copied_home_begins_a_new_epoch(tmp_path: Path) -> None:
    """Two whole disks, copied with all notes, wrote under one number; both branches are kept."""
    one, two = open_store(tmp_path / "one"), open_store(tmp_path / "two")
    first = one.append([visit("一")])
    two.ingest(first)
    two._set("epoch", first[0].epoch)
    noted = Mark(tmp_path / "one", DEVICE).read()
    assert noted is not None
    Mark(tmp_path / "two", DEVICE).write(noted)
    other = two.append([visit("二"), visit("三")])
    mine = one.append([visit("四")])
    one.ingest(other)
    assert ledger.devices(one.db)[0].forks == (2,)
    fallen = open_store(tmp_path / "one", now=NOW - 10**9)
    later = fallen.append([visit("五")])[0]
    assert later.epoch > mine[0].epoch
    assert (later.seq, later.prev) == (1, GENESIS)
    assert fallen.append([visit("六")])[0].seq == 2
    assert ledger.head(one.db, DEVICE) is not None
    two.ingest(one.events())
    assert two.state_digest() == one.state_digest()


def test_our_own_bundle_coming_back_changes_nothing(tmp_path: Path) -> None:
    """Events that we hold are no sign of a copy."""
    store = open_store(tmp_path)
    events = store.append([visit()])
    store.ingest(events)
    assert store.append([visit()])[0].epoch == events[0].epoch


def _open(folder: str, barrier: Any) -> None:
    barrier.wait()
    store = open_store(Path(folder))
    store.append([visit()])
    store.close()


def test_a_home_is_made_once(tmp_path: Path) -> None:
    """Five processes that open a new home in the same instant share it."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(5)
    workers = [context.Process(target=_open, args=(str(tmp_path), barrier)) for _n in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 5
    store = open_store(tmp_path)
    assert ledger.count(store.db) == 5
    assert store.verify() == []


def test_a_home_that_is_behind_is_brought_up(tmp_path: Path, monkeypatch: Any) -> None:
    """A later version adds its step to an older home and touches nothing that is there."""
    store = open_store(tmp_path)
    store.append([visit("一")])
    digest = store.state_digest()
    store.close()
    first = migrations.steps()

    def steps() -> Any:
        @first()
        def m002_one_more(db: Any) -> None:
            db.execute("CREATE TABLE later (a TEXT)")

        return first

    monkeypatch.setattr(migrations, "steps", steps)
    monkeypatch.setattr("fieldkit.store.open.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    store = open_store(tmp_path)
    assert store.db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION + 1
    assert store.db.execute("SELECT count(*) FROM later").fetchone()[0] == 0
    assert store.state_digest() == digest
    assert store.verify() == []
    store.close()


def test_a_failed_step_leaves_the_home_as_it_was(tmp_path: Path, monkeypatch: Any) -> None:
    """A migration is whole or absent."""
    open_store(tmp_path).close()
    first = migrations.steps()

    def steps() -> Any:
        @first()
        def m002_breaks(db: Any) -> None:
            db.execute("CREATE TABLE later (a TEXT)")
            raise RuntimeError("power")

        return first

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "steps", steps)
        patch.setattr("fieldkit.store.open.SCHEMA_VERSION", SCHEMA_VERSION + 1)
        try:
            connect(tmp_path / "journal.db")
        except RuntimeError:
            pass
        else:
            raise AssertionError("the step's fault was swallowed")
    db = sqlite3.connect(tmp_path / "journal.db")
    assert db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'later'").fetchone()[0] == 0
    db.close()
    open_store(tmp_path).close()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [False, True])
def test_a_chain_that_goes_on_from_another_event_is_a_fork(
    tmp_path: Path, order: tuple[int, int], together: bool
) -> None:
    """The second run follows an event that nobody has shown; its number was used twice."""
    source = open_store(tmp_path / "source", "e" * 32)
    events = source.append([visit(str(n)) for n in range(3)])
    last = make(
        device=events[1].device,
        epoch=events[1].epoch,
        seq=2,
        prev=events[0].hash,
        hlc=events[1].hlc,
        kind="visit.logged",
        entity=events[1].entity,
        division="",
        body=dict(events[1].body or {}, note="另一条"),
    )
    runs = [[events[0], last], [events[2]]]
    office = open_store(tmp_path / "office")
    batches = [runs[n] for n in order]
    for batch in [[*batches[0], *batches[1]]] if together else batches:
        office.ingest(batch)
    (row,) = ledger.devices(office.db)
    assert row.forks == (2,)
    assert row.gaps == ()
    office.rebuild()
    assert ledger.devices(office.db)[0].forks == (2,)
    office.ingest([events[1]])
    assert ledger.devices(office.db)[0].forks == (2,)
