"""Erased bodies: the journal's trigger, any set erased in any order, and runs for a dispatch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.store import erased
from fieldkit.store.open import transaction
from fieldkit.store.store import Draft, Store
from fieldkit_sync.event import erased as without_body

DOORS = [f"{n:032x}" for n in range(3)]
NUMBERS = count()


def visit(door: str, note: str = "") -> Draft:
    """One visit."""
    body = {"outcome": "met", "materials": 1, "app": "none", "note": note, "day": "2026-01-10"}
    return Draft("visit.logged", door, "", body)


def answer(item: str, value: str) -> Draft:
    """One answer of the one inspection."""
    body: dict[str, Any] = {"item": item, "value": value, "note": '}},"d":"乡镇', "evidence": []}
    return Draft("answer.given", "a" * 32, "", {**body, "over": []})


def opened(folder: Path, device: str = "1" * 32) -> Store:
    """A journal."""
    folder.mkdir(parents=True, exist_ok=True)
    return Store(folder, device, lambda: 1_790_000_000_000 + next(NUMBERS))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A journal with a few events."""
    made = opened(tmp_path / "s")
    made.append([visit(DOORS[0], "板栏"), visit(DOORS[1]), answer("A1", "pass")])
    yield made
    made.close()


def erase(store: Store, keys: list[erased.Key]) -> None:
    """Erase these events."""
    with transaction(store.db):
        erased.clear(store.db)
        erased.add_keys(store.db, keys)
        erased.erase(store.db)


def keys(store: Store) -> list[erased.Key]:
    """Every event."""
    return [erased.Key(*event.id) for event in store.events()]


def test_a_line_may_lose_its_body_and_get_it_back_and_nothing_else(store: Store) -> None:
    for event in list(store.events()):
        bare, whole = without_body(event).line, event.line
        others = [
            bare.replace(b'"p":"', b'"p":"0', 1),
            bare.replace(event.digest.encode(), b"0" * 64),
            bare.replace(b'"v":1', b'"v":2'),
            bare[:-1],
            b"{}",
            whole.replace(event.digest.encode(), b"0" * 64),
            whole + b" ",
            b"",
        ]
        for line in others:
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                store.db.execute("UPDATE event SET line = ? WHERE hash = ?", (line, event.hash))
        store.db.execute("UPDATE event SET line = ? WHERE hash = ?", (bare, event.hash))
        for line in (bare, b"{}", whole.replace(event.digest.encode(), b"0" * 64)):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                store.db.execute("UPDATE event SET line = ? WHERE hash = ?", (line, event.hash))
        store.db.execute("UPDATE event SET line = ? WHERE hash = ?", (whole, event.hash))
        for column in ("prev", "hlc", "kind", "entity", "division", "hash", "device"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                store.db.execute(
                    f"UPDATE event SET line = ?, {column} = 'x' WHERE hash = ?", (bare, event.hash)
                )
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.db.execute("DELETE FROM event")


def test_an_erased_line_is_the_header(store: Store) -> None:
    before = list(store.events())
    erase(store, keys(store))
    assert list(store.lines()) == [without_body(event).line for event in before]
    assert [event.hash for event in store.events()] == [event.hash for event in before]
    assert store.verify() == []


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_is_erased_whenever_the_state_is_the_same(tmp_path: Path, data: Any) -> None:
    folder = tmp_path / str(next(NUMBERS))
    source = opened(folder / "from")
    drafts = st.one_of(
        st.builds(visit, st.sampled_from(DOORS)),
        st.builds(answer, st.sampled_from(["A1", "A2"]), st.sampled_from(["pass", "fail"])),
    )
    source.append(data.draw(st.lists(drafts, min_size=1, max_size=8)))
    events = list(source.events())
    gone = [erased.Key(*it.id) for it in events if data.draw(st.booleans())]
    digests = set()
    for name in ("before", "between", "after"):
        store = opened(folder / name, "2" * 32)
        half = data.draw(st.integers(0, len(events)))
        if name == "before":
            erase(store, gone)
            store.ingest(events)
        elif name == "between":
            store.ingest(events[:half])
            erase(store, gone)
            store.ingest(data.draw(st.permutations(events)))
        else:
            store.ingest(events)
            erase(store, gone)
            store.ingest(events)
        whole = {erased.Key(*it.id) for it in store.events() if it.body is not None}
        assert whole == {erased.Key(*it.id) for it in events} - set(gone)
        assert store.verify() == []
        digests.add(store.state_digest())
        store.rebuild()
        digests.add(store.state_digest())
        # The very state of a home that never saw those bodies.
        store.close()
    bare = opened(folder / "bare", "3" * 32)
    bare.ingest([without_body(it) if erased.Key(*it.id) in gone else it for it in events])
    assert digests == {bare.state_digest()}
    bare.close()
    source.close()


def test_runs_name_each_erased_event_once(store: Store) -> None:
    store.append([visit(DOORS[2]) for _n in range(4)])
    every = keys(store)
    erase(store, [every[0], every[1], every[4], every[5]])
    runs = erased.runs(store.db)
    assert [(run.first, len(run.hashes)) for run in runs] == [(1, 2), (5, 2)]
    told = [key for run in runs for key in run.keys]
    assert told == [every[0], every[1], every[4], every[5]]
    assert erased.runs(store.db, {"9" * 32}) == []


def test_another_reader_puts_the_clearing_off(store: Store) -> None:
    erase(store, keys(store))
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT COUNT(*) FROM event").fetchone()
    store.db.execute("PRAGMA busy_timeout=0")
    assert erased.settle(store.db) is False
    assert erased.pending(store.db)
    other.close()
    assert erased.settle(store.db) is True
    assert not erased.pending(store.db)


def test_a_file_goes_with_its_last_announcement(store: Store) -> None:
    body = {"sha256": "b" * 64, "size": 3, "ext": "txt", "media": "text/plain"}
    one, two = store.append([Draft("evidence.added", "b" * 32, "", body) for _n in range(2)])
    erase(store, [erased.Key(*one.id)])
    assert erased.files(store.db) == []
    assert store.db.execute("SELECT COUNT(*) FROM erased_file").fetchone() == (0,)
    erase(store, [erased.Key(*two.id)])
    assert erased.files(store.db) == ["b" * 64]
    assert erased.files(store.db, ["c" * 64]) == []
    store.append([Draft("evidence.added", "b" * 32, "", body)])
    assert erased.files(store.db) == []


def test_what_moving_pages_left_behind_goes_too(store: Store) -> None:
    """Trees that grew and were folded anew leave copies of cells in the slack of their pages."""
    # Some systems build SQLite so that it always overwrites; the usual one does not.
    store.db.execute("PRAGMA secure_delete=OFF")
    for number in range(30):
        doors = [f"{(number * 30 + n) * 7919 % 99991:032x}" for n in range(30)]
        store.append([visit(it, "秘密" * 9 if n % 3 else "常") for n, it in enumerate(doors)])
    secret = [erased.Key(*it.id) for it in store.events() if "秘密" in (it.body or {})["note"]]
    erased.overwriting(store.db)
    erase(store, secret)
    assert erased.settle(store.db)
    found = [path for path in store.path.parent.iterdir() if "秘密".encode() in path.read_bytes()]
    assert found == []
