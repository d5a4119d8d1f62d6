"""The disk is full or fails at any operation: a Problem, nothing half there, and it can go on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit_sync.event import Event

from .adapter import opened_through
from .disk import FAULTS, NO_OPEN, Disk, Fault
from .journals import FULL_RUN, batch, batches_of, open_store, outcome, whole

# SQLite takes some faults without a word, as it may; apsw tells of them.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

TOO_MANY = 2000
BEFORE = 4
"""How many batches a home holds before the fault."""

FOREIGN = 10

each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A home with a few batches, at rest."""
    folder = tmp_path / "base"
    folder.mkdir()
    store = open_store(folder)
    for number in range(BEFORE):
        store.append(batch(number))
    store.close()
    return folder


@pytest.fixture
def foreign(tmp_path: Path) -> list[Event]:
    """Events of another device."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    store = open_store(folder, "e" * 32)
    for number in range(FOREIGN):
        store.append(batch(number))
    events = list(store.events())
    store.close()
    return events


def turns(base: Path, step: int = 1) -> Iterator[tuple[Path, Disk, int]]:
    """A copy of the home for each turn, until the fault does not happen any more."""
    for turn in range(0, TOO_MANY, 1 if FULL_RUN else step):
        place = base.with_name("hurt")
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(base, place)
        disk = Disk()
        yield place, disk, turn
        if not disk.raised:
            return
    raise AssertionError("there is no end to it")


@each_fault
def test_append_is_whole_or_absent(base: Path, fault: Fault) -> None:
    """An append that fails leaves nothing, in this process and the next; then it succeeds."""
    wrong = []
    happened = 0
    for place, disk, turn in turns(base):
        with opened_through(disk, place):
            store = open_store(place)
            disk.arm(fault, turn)
            _, code = outcome(store.append, batch(BEFORE))
            happened += disk.lift()
            after = BEFORE + (code == "")
            if code.startswith("TRACEBACK"):
                wrong.append(f"{turn}: {code}")
            if batches_of(store) != numbers(after):
                wrong.append(f"{turn}: {code}: holds {batches_of(store)}")
            if not whole(beheld_by_others(place)):
                wrong.append(f"{turn}: {code}: others see half")
            if retry := outcome(store.append, batch(after))[1]:
                wrong.append(f"{turn}: {code}: then {retry}")
            wrong += [f"{turn}: {code}: {line}" for line in store.verify()]
            store.close()
        wrong += at_rest(place, numbers(after + 1), f"{turn}: {code}")
    assert not wrong, "\n".join(wrong)
    assert happened, "the fault never happened"


@each_fault
def test_ingest_is_whole_or_absent(base: Path, foreign: list[Event], fault: Fault) -> None:
    """Foreign events are all in or none is; once the disk is well the same call takes them."""
    store = open_store(base)
    before = store.state_digest()
    store.close()
    undisturbed = base.with_name("undisturbed")
    shutil.copytree(base, undisturbed)
    store = open_store(undisturbed)
    store.ingest(foreign)
    wanted = store.state_digest()
    store.close()
    assert wanted != before
    wrong = []
    happened = 0
    for place, disk, turn in turns(base):
        with opened_through(disk, place):
            store = open_store(place)
            # So small that pages are written and read again before the end.
            store.db.execute("PRAGMA cache_size=8").fetchall()
            disk.arm(fault, turn)
            _, code = outcome(store.ingest, foreign)
            happened += disk.lift()
            if code.startswith("TRACEBACK"):
                wrong.append(f"{turn}: {code}")
            if store.state_digest() != (before if code else wanted):
                wrong.append(f"{turn}: {code}: another state")
            if retry := outcome(store.ingest, foreign)[1]:
                wrong.append(f"{turn}: {code}: then {retry}")
            if store.state_digest() != wanted:
                wrong.append(f"{turn}: {code}: another state after all")
            store.close()
        wrong += at_rest(place, numbers(BEFORE) + numbers(FOREIGN), f"{turn}: {code}")
    assert not wrong, "\n".join(wrong)
    assert happened, "the fault never happened"


@pytest.mark.parametrize("fault", [*FAULTS, NO_OPEN], ids=lambda fault: fault.name)
@pytest.mark.parametrize("new", [False, True], ids=["held", "new"])
def test_opening_says_what_is_wrong(base: Path, fault: Fault, new: bool) -> None:
    """A home that cannot be opened is a Problem; it opens once the disk is well."""
    if new:
        base = base.with_name("empty")
        base.mkdir()
    wrong = []
    for place, disk, turn in turns(base, 5 if new else 1):
        with opened_through(disk, place):
            disk.arm(fault, turn)
            store, code = outcome(open_store, place)
            disk.lift()
            if code.startswith("TRACEBACK"):
                wrong.append(f"{turn}: {code}")
            if store is not None:
                store.close()
        wrong += at_rest(place, [] if new else numbers(BEFORE), f"{turn}: {code}")
    assert not wrong, "\n".join(wrong)


def numbers(batches: int) -> list[str]:
    """What `batches_of` gives for so many batches."""
    return [str(n // 3) for n in range(3 * batches)]


def beheld_by_others(place: Path) -> list[str]:
    """What a program sees that opens a copy of the files as they lie now."""
    copy = place.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for name in ("journal.db", "journal.db-wal"):
        if (place / name).exists():
            shutil.copyfile(place / name, copy / name)
    store = open_store(copy)
    try:
        return batches_of(store) if store.verify() == [] else ["damaged"]
    finally:
        store.close()


def at_rest(place: Path, wanted: list[str], when: str) -> list[str]:
    """What is wrong with a closed home, opened by the standard library on a good disk."""
    store = open_store(place)
    try:
        held = batches_of(store)
        faults = [f"{when}: in the end {line}" for line in store.verify()]
        return faults if held == wanted else [*faults, f"{when}: in the end {held}"]
    finally:
        store.close()
