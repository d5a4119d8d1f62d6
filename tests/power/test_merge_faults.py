"""A merge on a full or failing disk: what is in is whole, the rest comes with the next merge."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.work import merging
from fieldkit.work.workspace import Workspace

from .adapter import opened_through
from .badfiles import FAILS, FULL, FULL_ONCE, READ, FileFault, drive_at
from .disk import FAULTS, NO_OPEN, Disk, Fault
from .homes import digest, export, make_device, make_office, merged
from .journals import FULL_RUN, outcome

pytestmark = [
    pytest.mark.slow,
    # SQLite takes some faults without a word, as it may; apsw tells of them.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

BUNDLES = 3
TOO_MANY = 3000


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """An office with nothing merged, a folder of sealed bundles, and the state they give."""
    folder = tmp_path_factory.mktemp("fleet")
    state = pytest.MonkeyPatch()
    state.setenv("FIELDKIT_STATE", str(folder / "state"))
    state.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    office, bundles = make_office(folder), folder / "bundles"
    for number in range(BUNDLES):
        export(make_device(folder, office, f"d{number}"), bundles)
    undisturbed = folder / "undisturbed"
    shutil.copytree(office, undisturbed)
    assert merged(undisturbed, [bundles]).merged == BUNDLES
    wanted = digest(undisturbed)
    state.undo()
    return office, bundles, wanted


def homes(office: Path, place: Path, step: int) -> Iterator[tuple[int, Path]]:
    """A copy of the office for each turn."""
    for turn in range(0, TOO_MANY, 1 if FULL_RUN else step):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(office, place)
        yield turn, place
    raise AssertionError("there is no end to it")


def afterwards(home: Path, bundles: Path, wanted: str, when: str) -> list[str]:
    """What is wrong with an office after the fault, and after it merged once more."""
    wrong = []
    with Workspace.open(home) as ws:
        wrong += [f"{when}: {line}" for line in ws.store.verify()]
        held = len({event.device for event in ws.store.events()})
        whole = ws.store.state_digest() == wanted
    if held == BUNDLES and not whole:
        wrong.append(f"{when}: a bundle is held in part")
    done = merged(home, [bundles])
    if done.rejected:
        wrong.append(f"{when}: then rejected {[it.code for it in done.rejected]}")
    if digest(home) != wanted:
        wrong.append(f"{when}: then another state")
    if left := [it.name for it in home.rglob("*") if it.name.endswith((".part", ".zip", ".db-x"))]:
        wrong.append(f"{when}: left {left}")
    return wrong


@pytest.mark.parametrize("way", ["one-by-one", "together", "direct"])
@pytest.mark.parametrize("fault", [*FAULTS, NO_OPEN], ids=lambda fault: fault.name)
def test_a_database_fault_in_a_merge(
    tmp_path: Path,
    fleet: tuple[Path, Path, str],
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    way: str,
) -> None:
    """At any database operation: a Problem, or all is well; the next merge brings the rest."""
    office, bundles, wanted = fleet
    groups = 1 if way == "one-by-one" else None
    if way == "direct":
        monkeypatch.setattr(merging, "DIRECT_EVENTS", 0)
    wrong = []
    for turn, home in homes(office, tmp_path / "office", 23):
        disk = Disk()
        with opened_through(disk, home):
            ws = Workspace.open(home)
            disk.arm(fault, turn)
            done, code = outcome(merging.merge, ws, [bundles], group_events=groups)
            raised = disk.lift()
            ws.close()
        when = f"{turn}: {code}"
        if code.startswith("TRACEBACK"):
            wrong.append(when)
        if done and done.rejected:
            wrong.append(f"{when}: rejected {[it.code for it in done.rejected]}")
        wrong += afterwards(home, bundles, wanted, when)
        if not raised:
            break
    assert not wrong, "\n".join(wrong)
    assert turn > 0, "the fault never happened"


@pytest.mark.parametrize("fault", [FULL, FULL_ONCE, FAILS, READ], ids=lambda fault: fault.name)
def test_a_file_fault_in_a_merge(
    tmp_path: Path, fleet: tuple[Path, Path, str], fault: FileFault
) -> None:
    """At any file operation in the office's home: no good bundle is called bad, none is lost."""
    office, bundles, wanted = fleet
    wrong = []
    for turn, home in homes(office, tmp_path / "office", 5):
        with Workspace.open(home) as ws, drive_at(home) as drive:
            drive.arm(fault, turn)
            done, code = outcome(merging.merge, ws, [bundles])
            raised = drive.lift()
        when = f"{turn}: {code}"
        if code.startswith("TRACEBACK"):
            wrong.append(when)
        if done and done.rejected:
            wrong.append(f"{when}: rejected {[(it.code, it.reason) for it in done.rejected]}")
        wrong += afterwards(home, bundles, wanted, when)
        if not raised:
            break
    assert not wrong, "\n".join(wrong)
    assert turn > 0, "the fault never happened"


FULL_FOR_READERS = """
import resource, sys
from pathlib import Path
from fieldkit.errors import Problem
from fieldkit.work import feeding, merging
from fieldkit.work.workspace import Workspace
feeding.ALONE_FILES = feeding.ALONE_BYTES = 0
with Workspace.open(Path(sys.argv[1])) as ws:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    try:
        done = merging.merge(ws, [Path(sys.argv[2])])
        print("rejected", *(it.code for it in done.rejected))
    except Problem as problem:
        print("problem", problem.code)
"""


@pytest.mark.skipif(os.name == "nt", reason="RLIMIT_FSIZE is POSIX")
def test_a_disk_that_is_full_for_the_readers(tmp_path: Path, fleet: tuple[Path, Path, str]) -> None:
    """Readers in other processes that cannot write a stage: a Problem, no bundle is called bad."""
    office, bundles, wanted = fleet
    home = tmp_path / "office"
    shutil.copytree(office, home)
    ran = subprocess.run(
        [sys.executable, "-c", FULL_FOR_READERS, str(home), str(bundles), "24576"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.stdout.startswith("problem "), ran.stdout + ran.stderr
    assert not list((home / "rejected").iterdir())
    assert afterwards(home, bundles, wanted, ran.stdout) == []
