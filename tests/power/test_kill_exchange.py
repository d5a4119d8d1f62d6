"""kill -9 at random instants of exports and merges: nothing half, lost, or left in plain."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fieldkit.work import visiting
from fieldkit.work.workspace import Workspace

from .homes import digest, export, make_device, make_office, merged

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX"),
]

ROUNDS = int(os.environ.get("FIELDKIT_KILL_ROUNDS", "12"))
BUNDLES = 20
MARK = b"PLAINMARK"
"""Stands in the notes of the visits: no file but the journal may show it."""

# A slow stick, so that kills hit it while it is written.
EXPORT = """
import shutil, sys, time
from pathlib import Path
from fieldkit.work import bundles, visiting
from fieldkit.work.workspace import Workspace

def slowly(source, target, length=0):
    while piece := source.read(512):
        target.write(piece)
        target.flush()
        time.sleep(0.002)

shutil.copyfileobj = slowly
with Workspace.open(Path(sys.argv[1])) as ws:
    print("ready", flush=True)
    while True:
        visiting.log(ws, "D01", "met", note="PLAINMARK")
        print(bundles.create(ws, Path(sys.argv[2])).path, flush=True)
"""

MERGE = """
import sys
from pathlib import Path
from fieldkit.work import feeding, merging
from fieldkit.work.workspace import Workspace
if sys.argv[3] == "apart":
    feeding.ALONE_FILES = feeding.ALONE_BYTES = 0
merging.DIRECT_EVENTS = 0
with Workspace.open(Path(sys.argv[1])) as ws:
    print("ready", flush=True)
    merging.merge(ws, [Path(sys.argv[2])], group_events=int(sys.argv[4]) or None)
print("done", flush=True)
"""


@pytest.fixture
def chance(capfd: pytest.CaptureFixture[str]) -> random.Random:
    """Chance with a seed that is shown, and can be given again."""
    seed = int(os.environ.get("FIELDKIT_KILL_SEED", random.randrange(10**9)))
    with capfd.disabled():
        print(f"\nFIELDKIT_KILL_SEED={seed}", file=sys.stderr, flush=True)
    return random.Random(seed)


def killed(script: str, words: list[str], after: float, temporary: Path) -> list[str]:
    """Run a script and all it starts, kill them ``after`` seconds from now; what it had said."""
    path = os.pathsep.join(path for path in sys.path if path)
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(temporary)},
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    said = [first, *process.stdout.read().splitlines()]
    process.wait()
    process.stdout.close()
    assert first == "ready\n", "it did not even begin"
    return said[1:]


def in_plain(home: Path) -> list[str]:
    """Files of a home, other than its journal, in which the content of an event can be read."""
    return sorted(
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith("journal.db") and MARK in path.read_bytes()
    )


def swept(home: Path) -> None:
    """Open a home once more, as its user would, and close it."""
    with Workspace.open(home):
        pass


def test_a_killed_export_leaves_whole_files_only(tmp_path: Path, chance: random.Random) -> None:
    """Every file with a final name is whole and can be merged; told exports are there."""
    office = make_office(tmp_path)
    device = make_device(tmp_path, office)
    out, temporary = tmp_path / "out", tmp_path / "tmp"
    temporary.mkdir()
    told: list[str] = []
    for _ in range(ROUNDS):
        told += killed(EXPORT, [str(device), str(out)], chance.uniform(0.0, 0.4), temporary)
        with Workspace.open(device) as ws:
            assert ws.store.verify() == []
    assert told, "no export ended; the test proves nothing"
    whole = [Path(line) for line in told if line.endswith(".age")]
    assert [path for path in whole if not path.is_file()] == []
    assert merged(office, [out]).rejected == []
    swept(device)
    assert in_plain(device) == []
    assert in_plain(out) == []
    assert in_plain(temporary) == []
    export(device, out)
    assert merged(office, [out]).rejected == []
    assert digest(office) == digest(device)


@pytest.fixture
def collected(tmp_path: Path) -> tuple[Path, Path, str]:
    """An office with nothing merged, many small bundles for it, and the state they give."""
    office, sealed = make_office(tmp_path), tmp_path / "bundles"
    device = make_device(tmp_path, office)
    for number in range(BUNDLES):
        with Workspace.open(device) as ws:
            visiting.log(ws, f"D{number % 8 + 1:02d}", "met", note=f"PLAINMARK {number}")
        export(device, sealed)
    assert len(list(sealed.glob("*.age"))) == BUNDLES
    return office, sealed, digest(device)


@pytest.mark.parametrize("reader", ["within", "apart"])
def test_a_killed_merge_is_completed_by_the_next(
    tmp_path: Path, collected: tuple[Path, Path, str], chance: random.Random, reader: str
) -> None:
    """However often it was killed, the next merge gives the state of an undisturbed one."""
    office, sealed, wanted = collected
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    home = tmp_path / "home"
    shutil.copytree(office, home)
    interrupted = 0
    for turn in range(ROUNDS if reader == "within" else (ROUNDS + 1) // 2):
        words = [str(home), str(sealed), reader, str(chance.choice((1, 20, 0, 0)))]
        finished = "done" in killed(MERGE, words, chance.uniform(0.0, 0.3), temporary)
        interrupted += not finished
        with Workspace.open(home) as ws:
            assert ws.store.verify() == []
        if finished or turn == ROUNDS // 2:
            completed(home, sealed, wanted)
            shutil.rmtree(home)
            shutil.copytree(office, home)
    assert interrupted, "no merge was killed in flight; the test proves nothing"
    completed(home, sealed, wanted)
    assert in_plain(temporary) == []


def completed(home: Path, sealed: Path, wanted: str) -> None:
    """Merge once more: all is there, and nothing lies in the open an hour later."""
    done = merged(home, [sealed])
    assert done.rejected == []
    assert done.already_known + done.merged == BUNDLES
    assert digest(home) == wanted
    swept(home)
    assert in_plain(home) == []
