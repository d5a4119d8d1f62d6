"""Starting workers and judging from outside: a target may hang, eat memory or die."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from fuzz import loop, seeds
from fuzz.board import Board, Score
from fuzz.coverage import Coverage
from fuzz.targets import target
from fuzz.worker import Order

FINDINGS = seeds.ROOT / "fuzz" / "findings"
_LOOK = 0.1
#: A run that waits instead of working is a hang as well, but a busy machine is not.
_IDLE = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that a target does not take as it should, and how it shows."""

    target: str
    kind: str
    detail: str
    place: str
    path: Path
    again: bool = True


@dataclass(slots=True)
class Report:
    """What came of fuzzing one target."""

    target: str
    runs: int = 0
    seconds: float = 0.0
    pool: int = 0
    cover: int = 0
    new: int = 0
    found: list[bytes] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def fuzz(order: Order, findings: Path = FINDINGS, most: int = 3) -> Report:
    """Fuzz one target; a worker that hangs or dies is replaced, up to ``most`` such ends."""
    report, start, deaths, seed = Report(order.target), time.monotonic(), 0, order.seed
    while True:
        left = order.seconds - (time.monotonic() - start)
        with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
            folder = Path(name)
            this = replace(order, folder=name, seed=seed, seconds=max(left, 0.0))
            if order.runs:
                this = replace(this, runs=order.runs - report.runs)
            score, death, data = _worked(this)
            _collect(report, order, folder, score, findings)
        if death:
            _add(report, order, findings, "hang" if death == "hang" else "death", death, "", data)
            deaths, seed = deaths + 1, seed + 1
        more = time.monotonic() - start < order.seconds and (
            not order.runs or report.runs < order.runs
        )
        if not death or deaths >= most or not more:
            break
    report.seconds = time.monotonic() - start
    return report


def replay(name: str, path: Path, order: Order) -> Finding | None:
    """Run one input alone in a fresh process; return what is wrong with it."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        this = replace(order, target=name, folder=folder, only=str(path.resolve()))
        _score, death, _data = _worked(this)
        if death:
            kind = "hang" if death == "hang" else "death"
            return Finding(name, kind, death, "", path)
        for note in Path(folder).glob("fault-*.json"):
            return Finding(name, path=path, **json.loads(note.read_text("utf-8")))
    return None


def _worked(order: Order) -> tuple[Score, str, bytes]:
    """Let one worker work; return its numbers, how it died ("" if it did not), and on what."""
    board = Board(Path(order.folder) / "board", new=True)
    # The order of sets depends on the hashes of text, and so would the search.
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "fuzz.worker", json.dumps(asdict(order))]
    errors = (Path(order.folder) / "stderr").open("w+b")
    try:
        # The pipe ends when this process does, and the worker with it.
        with subprocess.Popen(
            command, cwd=seeds.ROOT, env=env, stdin=subprocess.PIPE, stderr=errors
        ) as process:
            try:
                hung = _watched(process, board, order.slow)
            finally:
                if process.poll() is None:
                    process.kill()
        score, data = board.get()
        if hung:
            return score, "hang", data
        if score.done:
            return score, "", b""
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").split("\n")
        tail = next((line.strip()[:200] for line in reversed(said) if line.strip()), "")
        if not score.runs:
            raise RuntimeError(f"the worker of {order.target} did not start: {tail}")
        return score, f"exit {process.returncode} {tail}", data
    finally:
        errors.close()
        board.close()


def _watched(process: subprocess.Popen[bytes], board: Board, slow: float) -> bool:
    """Wait for the worker; True if one run took so long that it must be stopped."""
    runs, since, spent = -1, 0.0, 0.0
    while True:
        try:
            process.wait(_LOOK)
            return False
        except subprocess.TimeoutExpired:
            pass
        now, used = time.monotonic(), _processor(process.pid)
        score, _ = board.get()
        if score.runs != runs:
            runs, since, spent = score.runs, now, used
        # The worker itself tells of runs that end late; here it is about those that never do.
        elif score.runs and (used - spent > 2 * slow + 0.5 or now - since > _IDLE):
            return True


def _processor(pid: int) -> float:
    """Seconds of processor time of a process; the clock's where that is not to be had."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError, IndexError):
        return time.monotonic()


def _collect(report: Report, order: Order, folder: Path, score: Score, findings: Path) -> None:
    report.runs += score.runs
    report.pool, report.cover = score.pool, max(report.cover, score.cover)
    report.new = max(report.new, score.cover - score.first)
    if order.engine == "atheris":
        _measured(report, [path.read_bytes() for path in sorted((folder / "new").glob("*"))])
    report.found += [path.read_bytes() for path in sorted(folder.glob("new-*"))]
    for note in sorted(folder.glob("fault-*.json")):
        fault = json.loads(note.read_text("utf-8"))
        data = note.with_suffix(".bin").read_bytes()
        _add(report, order, findings, fault["kind"], fault["detail"], fault["place"], data)


def _measured(report: Report, found: list[bytes]) -> None:
    """Count by our own measure the steps that libFuzzer's inputs add; keep those that add any."""
    chosen = target(report.target)
    cover, first = Coverage(chosen.modules), 0
    known = [*chosen.seeds(), *seeds.corpus(report.target), *report.found]
    for number, data in enumerate([*known, *found], start=1):
        loop.taken(chosen.run, data, cover)
        if cover.fresh() and number > len(known):
            report.found.append(data)
        if number == len(known):
            first = len(cover.seen)
    report.cover, report.pool = len(cover.seen), report.pool + len(report.found)
    report.new += report.cover - first


def _add(
    report: Report, order: Order, findings: Path, kind: str, detail: str, place: str, data: bytes
) -> None:
    """Keep an input that is a finding, and see whether it is one on its own too."""
    stem = hashlib.sha256(data).hexdigest()[:16]
    if any(stem in it.path.name for it in report.findings):
        return
    findings.mkdir(parents=True, exist_ok=True)
    path = findings / f"{order.target}-{stem}.bin"
    path.write_bytes(data)
    again = replay(order.target, path, order)
    report.findings.append(
        Finding(order.target, kind, detail, place, path, again=again is not None)
    )
