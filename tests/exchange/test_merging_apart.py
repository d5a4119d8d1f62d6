"""Reading in processes of its own: the same state, and nobody's end is everybody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import Problem
from fieldkit.work import bundles, feeding, grants, intake_process, journaling, merging
from fieldkit.work.intake_process import RemoteIntake
from fieldkit.work.workspace import Workspace

Town = Any


@pytest.fixture
def fleet(town: Town) -> tuple[Workspace, list[Path]]:
    """An office, and a bundle from each of five devices."""
    office, files = town.office("o"), []
    for number in range(5):
        device = town.worked(f"d{number}", {"D101": "met", "D102": "absent", "D201": "left"})
        grants.receive(device, town.enrol(office, device))
        created = bundles.create(device, town.folder / "usb")
        assert created.path is not None
        files.append(created.path)
    return office, files


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a few small bundles are read by other processes, two of them."""
    monkeypatch.setattr(feeding, "ALONE_FILES", 0)
    monkeypatch.setattr(feeding, "ALONE_BYTES", 0)
    monkeypatch.setattr(feeding, "LANES", 2)


def copy_of(town: Town, office: Workspace, name: str) -> Workspace:
    """The same office under another name, before it merged anything."""
    import shutil

    shutil.copytree(office.home, town.folder / name)
    made: Workspace = town.home(name)
    return made


def left_over(home: Path) -> list[str]:
    """Plain bytes of opened bundles that still lie about."""
    return [path.name for path in home.rglob(".opening-*")]


@pytest.mark.parametrize("group", [None, 1, 20])
def test_other_processes_make_the_same_state(
    town: Town, fleet: Any, apart: None, group: int | None
) -> None:
    """Read here or there, in small groups or large, folded each or at the end: one digest."""
    office, files = fleet
    other = copy_of(town, office, "p")
    feeding.ALONE_FILES = 99
    here = merging.merge(office, files)
    feeding.ALONE_FILES = 0
    there = merging.merge(other, files, group_events=group)
    assert (there.merged, there.events_new) == (here.merged, here.events_new) == (5, 55 - 5)
    assert other.store.state_digest() == office.store.state_digest()
    assert journaling.verify(other)[1] == []
    assert merging.merge(other, files).already_known == 5
    assert left_over(other.home) == []


@pytest.mark.parametrize("watched", [False, True])
def test_a_first_import_goes_straight_into_the_file(
    town: Town, fleet: Any, apart: None, monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    """Unless somebody else has the journal open; either way the log is back at the end."""
    office, files = fleet
    other = copy_of(town, office, "p")
    merging.merge(other, files)
    monkeypatch.setattr(merging, "DIRECT_EVENTS", 0)
    modes = []

    def noted(_number: int, _whole: int, _file: Path) -> None:
        modes.append(office.store.db.execute("PRAGMA journal_mode").fetchone()[0])

    if watched:
        with Workspace.open(office.home):
            merging.merge(office, files, noted)
    else:
        merging.merge(office, files, noted)
    assert set(modes) == ({"wal"} if watched else {"truncate"})
    assert office.store.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert not office.store.path.with_name("journal.db-journal").exists()
    assert office.store.state_digest() == other.store.state_digest()
    again = merging.merge(office, files)
    assert (again.already_known, again.events_new) == (5, 0)


def test_a_file_that_kills_its_reader_is_refused_alone(
    town: Town, fleet: Any, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lay on the same stage is read once more; the file is set aside."""
    office, files = fleet
    monkeypatch.setattr(feeding, "LANES", 1)
    ask = RemoteIntake._ask

    def dying(self: RemoteIntake, *question: object) -> Any:
        if question[0] == "stage" and deadly[0] == opened[-1]:
            assert self._process is not None
            self._process.kill()
        if question[0] == "open":
            opened.append(str(question[1]))
        return ask(self, *question)

    opened: list[str] = []
    deadly = [str(files[3])]
    monkeypatch.setattr(RemoteIntake, "_ask", dying)
    done = merging.merge(office, files)
    assert [(one.file, one.code) for one in done.rejected] == [(files[3], intake_process.CRASHED)]
    assert done.merged == 4
    assert opened.count(str(files[0])) == 2
    assert journaling.verify(office)[1] == []
    deadly[0] = ""
    assert merging.merge(office, files).merged == 1


def test_a_merge_that_is_cancelled_leaves_nothing_half(town: Town, fleet: Any, apart: None) -> None:
    """Ctrl-C in the middle: no plain bytes, no process, no event; merging again works."""
    office, files = fleet

    def cancel(number: int, _total: int, _path: Path) -> None:
        if number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        merging.merge(office, files, cancel)
    assert left_over(office.home) == []
    assert journaling.verify(office)[1] == []
    assert merging.merge(office, files).events_known in (0, 10, 20, 30)
    assert journaling.count(office) == 50


def test_a_home_that_cannot_be_written_is_told_in_one_sentence(
    town: Town, fleet: Any, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own disk is no fault of the bundle: nothing is refused for it."""
    office, files = fleet
    monkeypatch.setattr(
        RemoteIntake, "open", lambda self, path: {"os_error": [28, "No space left on device"]}
    )
    with pytest.raises(Problem) as told:
        merging.merge(office, files)
    assert "No space left" in told.value.sentence()
    assert list((office.home / "rejected").iterdir()) == []
