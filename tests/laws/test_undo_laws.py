"""Merges taken back and in again in any order: the state is what stands, and nothing else.

Histories of up to three devices, one of them perhaps forked, are cut into files at random; files
are merged in any order and split, again by the same or by other files, some come as letters; then
merges are taken back and in. ``FIELDKIT_UNDO_EXAMPLES`` sets how many histories are tried.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fieldkit.domain.fold import fold
from fieldkit.store import merges, staging
from fieldkit.store.open import transaction
from fieldkit.store.store import Store
from fieldkit_sync.event import Event, fields_of
from tests.store.test_fold_laws import TABLES, history, rows, store_in

EXAMPLES = int(os.environ.get("FIELDKIT_UNDO_EXAMPLES", "1000"))
LAWS = settings(
    max_examples=EXAMPLES // 4,
    derandomize="FIELDKIT_UNDO_EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
STEPS = 8


@dataclass(slots=True)
class File:
    """A sealed file in small: its digest, and the unbroken runs that are in it."""

    sha256: str
    events: list[Event]


@dataclass(slots=True)
class Office:
    """A store, and beside it what has to stand in it."""

    store: Store
    chance: random.Random
    merged: dict[str, list[File]] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    letters: list[Event] = field(default_factory=list)
    seen: dict[str, File] = field(default_factory=dict)

    def merge(self, files: list[File]) -> None:
        """One merge of some files; those that were taken in before are not opened again."""
        merge = f"{len(self.merged):016x}"
        self.merged[merge] = files
        with transaction(self.store.db):
            merges.begin(self.store.db, merge, "2026-11-23T10:00:00")
        fresh = [file for file in files if file.sha256 not in self.seen]
        with self.store.taking() as take:
            stage = take.attach(":memory:")
            staging.create(self.store.db, stage)
            for number, file in enumerate(fresh):
                staging.add(self.store.db, map(fields_of, file.events), number, stage)
            names = {number: file.sha256 for number, file in enumerate(fresh)}
            take.take(stage, (), merge, names)
        with transaction(self.store.db):
            for file in files:
                if file.sha256 in self.seen:
                    merges.note_known(self.store.db, merge, file.sha256)
        self.seen |= {file.sha256: file for file in fresh}

    def letter(self, events: list[Event]) -> None:
        """Events that come by no merge cannot be taken back."""
        self.store.ingest(events)
        self.letters += events

    def undo(self, merge: str) -> None:
        """Take a merge back; gives as many events as no longer stand."""
        before = len(self.standing())
        self.undone.add(merge)
        with transaction(self.store.db):
            gone = merges.undo(self.store.db, merge, self.store.device)
        assert gone == before - len(self.standing())

    def redo(self, merge: str) -> None:
        """Take a merge in again."""
        before = len(self.standing())
        self.undone.discard(merge)
        with transaction(self.store.db):
            back = merges.redo(self.store.db, merge)
        assert back == len(self.standing()) - before

    def standing(self) -> list[Event]:
        """What has to stand: of letters, and of every merge in force."""
        held = {event.hash: event for event in self.letters}
        for merge, files in self.merged.items():
            if merge not in self.undone:
                held |= {event.hash: event for file in files for event in file.events}
        return list(held.values())

    def check(self) -> None:
        """The projections are the oracle's over what stands."""
        expected = fold(self.standing())
        assert rows(self.store) == {table: expected[table] for table in TABLES}


def branches(events: list[Event]) -> list[list[Event]]:
    """The ways from the first event of each chain to each of its ends."""
    by_hash = {event.hash: event for event in events}
    followed = {event.prev for event in events}
    found = []
    for end in events:
        if end.hash in followed:
            continue
        way = [end]
        while way[-1].prev in by_hash:
            way.append(by_hash[way[-1].prev])
        found.append(way[::-1])
    return found


def files(events: list[Event], chance: random.Random) -> list[File]:
    """Files that hold every event at least once, with runs that overlap."""
    found: list[File] = []
    for way in branches(events):
        places = sorted({0, len(way), *(chance.randrange(len(way)) for _n in range(2))})
        for first, last in pairwise(places):
            more = way[max(0, first - chance.randint(0, 2)) : last]
            extra = chance.choice(branches(events)) if chance.random() < 0.3 else []
            taken = {event.hash for event in more}
            part = [event for event in extra[: chance.randint(0, 3)] if event.hash not in taken]
            found.append(File(f"{len(found):064x}", more + part))
    chance.shuffle(found)
    return found


@cache
def empty() -> Path:
    """A home's file with its tables and nothing else; making one anew takes half of the time."""
    folder = tempfile.TemporaryDirectory(prefix="undo-laws-")
    _FOLDERS.append(folder)
    store_in(folder.name).close()
    return Path(folder.name) / "journal.db"


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


def quick(folder: str) -> Store:
    """A store in this folder; what a power cut leaves is the matter of other tests."""
    shutil.copyfile(empty(), Path(folder) / "journal.db")
    store = store_in(folder)
    store.db.execute("PRAGMA synchronous=OFF")
    return store


@pytest.mark.parametrize("part", range(4))
@LAWS
@given(seed=st.integers(0, 2**40))
def test_what_stands_is_what_is_in_force(part: int, seed: int) -> None:
    """After every step the oracle's rows; in the end the digest of a home that never knew more."""
    seed = 4 * seed + part
    chance = random.Random(seed)
    events = [event for event in history(seed) if event.body is not None]
    every = files(events, chance)
    if not every:
        return
    with tempfile.TemporaryDirectory() as folder:
        office = Office(quick(folder), chance)
        office.merge(chance.sample(every, chance.randint(1, len(every))))
        for _step in range(STEPS):
            what = chance.choice(("merge", "again", "undo", "undo", "redo", "letter", "rebuild"))
            in_force = sorted(set(office.merged) - office.undone)
            if what == "merge":
                office.merge(chance.sample(every, chance.randint(1, min(3, len(every)))))
            elif what == "again":
                one = chance.choice(every)
                office.merge([File(f"{chance.randrange(2**200):064x}", one.events), one])
            elif what == "undo" and in_force:
                office.undo(chance.choice(in_force))
            elif what == "redo" and office.undone:
                office.redo(chance.choice(sorted(office.undone)))
            elif what == "letter":
                office.letter(chance.choice(branches(events))[: chance.randint(1, 3)])
            elif what == "rebuild":
                office.store.rebuild()
            office.check()
        with tempfile.TemporaryDirectory() as other:
            fresh = quick(other)
            fresh.ingest(office.standing())
            assert fresh.state_digest() == office.store.state_digest()
            fresh.close()
        assert office.store.verify() == []
        office.store.close()


def test_the_law_can_fail(tmp_path: Path) -> None:
    """A merge whose events are forgotten rather than withheld is noticed."""
    events = [event for event in history(7) if event.body is not None]
    office = Office(store_in(str(tmp_path)), random.Random(7))
    office.merge(files(events, random.Random(7)))
    office.undone.add(next(iter(office.merged)))
    try:
        office.check()
    except AssertionError:
        office.store.close()
        return
    raise AssertionError("nothing was noticed")
