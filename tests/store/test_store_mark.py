"""A restored or copied home is noticed, and never uses a number twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldkit.domain.kinds import site_id
from fieldkit.store.mark import Mark
from fieldkit.store.store import Draft, Store
from fieldkit_sync.event import Event

DEVICE = "d" * 32


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of this test alone."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def home(folder: Path) -> Store:
    """The store of a home."""
    folder.mkdir(exist_ok=True)
    return Store(folder, DEVICE, lambda: 1_790_000_000_000)


def visit(note: str = "") -> Draft:
    """One visit."""
    body = {"outcome": "met", "materials": 1, "app": "none", "note": note, "day": "2026-11-22"}
    return Draft("visit.logged", site_id("D1"), "", body)


def wrote(folder: Path, *notes: str) -> list[Event]:
    """Open a home, log visits, close it."""
    store = home(folder)
    events = store.append([visit(note) for note in notes])
    store.close()
    return events


def numbers(events: list[Event]) -> set[tuple[str, int]]:
    """The numbers that events use."""
    return {(event.epoch, event.seq) for event in events}


def test_a_home_goes_on_in_its_epoch(tmp_path: Path) -> None:
    """Closing and opening a home is no restore."""
    first, second = wrote(tmp_path / "a", "1"), wrote(tmp_path / "a", "2")
    assert (first[0].epoch, 2) == (second[0].epoch, second[0].seq)


def test_a_restored_backup_opens_a_new_epoch(tmp_path: Path) -> None:
    """Numbers that were used after the backup was made are not used again."""
    wrote(tmp_path / "a", "1")
    shutil.copytree(tmp_path / "a", tmp_path / "backup")
    lost = wrote(tmp_path / "a", "2", "3")
    shutil.rmtree(tmp_path / "a")
    shutil.copytree(tmp_path / "backup", tmp_path / "a")
    again = wrote(tmp_path / "a", "4", "5")
    assert not numbers(lost) & numbers(again)
    assert again[0].epoch > lost[0].epoch
    assert wrote(tmp_path / "a", "6")[0].epoch == again[0].epoch


def test_a_copied_home_opens_a_new_epoch(tmp_path: Path) -> None:
    """Original and copy both go on, and what they write stays apart, also in a third home."""
    wrote(tmp_path / "a", "1")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    here, there = wrote(tmp_path / "a", "2"), wrote(tmp_path / "b", "3")
    assert not numbers(here) & numbers(there)
    hub = home(tmp_path / "hub")
    for folder in ("a", "b", "a"):
        store = home(tmp_path / folder)
        hub.ingest(store.events())
        store.close()
    assert len(list(hub.events())) == 3
    assert hub.verify() == []


def test_a_copy_seals_in_its_own_epoch(tmp_path: Path) -> None:
    """Exporting an unchanged copy adds no event to a chain that goes on elsewhere."""
    (event,) = wrote(tmp_path / "a", "1")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    copy = home(tmp_path / "b")
    body = {"device": DEVICE, "epoch": event.epoch, "seq": 1, "head": event.hash, "sig": "x"}
    (seal,) = copy.append([Draft("seal", DEVICE, "", body)])
    assert (seal.seq, seal.epoch > event.epoch) == (1, True)
    copy.close()


def test_a_note_that_lags_behind_is_no_restore(tmp_path: Path) -> None:
    """A process that was killed between commit and note has lost nothing."""
    wrote(tmp_path / "a", "1")
    before = Mark(tmp_path / "a", DEVICE).read()
    last = wrote(tmp_path / "a", "2")
    assert before is not None
    Mark(tmp_path / "a", DEVICE).write(before)
    assert wrote(tmp_path / "a", "3")[0].epoch == last[0].epoch


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"epoch": 1}', b"\xff"])
def test_a_damaged_note_costs_an_epoch_and_nothing_else(
    tmp_path: Path, state: Path, damage: bytes
) -> None:
    """What cannot be read says nothing; the safe answer is a new epoch."""
    first = wrote(tmp_path / "a", "1")
    for note in (state / "marks").iterdir():
        note.write_bytes(damage)
    assert wrote(tmp_path / "a", "2")[0].epoch > first[0].epoch


def test_without_a_state_folder_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be noted, so nothing is concluded from the want of a note."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "file"))
    first, second = wrote(tmp_path / "a", "1"), wrote(tmp_path / "a", "2")
    assert first[0].epoch == second[0].epoch


def test_a_clock_that_fell_back_opens_a_later_epoch(tmp_path: Path) -> None:
    """Epochs sort by their time even when the laptop's clock is years behind."""
    first = wrote(tmp_path / "a", "1")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    store = Store(tmp_path / "b", DEVICE, lambda: 1_000)
    assert store.append([visit()])[0].epoch > first[0].epoch
    store.close()
