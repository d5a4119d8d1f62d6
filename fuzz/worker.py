"""The process in which a target runs. It tells through a `board` what it is working on.

Started by `watch`, never by hand: ``python -m fuzz.worker JSON``.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from fuzz import guided, loop, seeds
from fuzz.board import Board, Score
from fuzz.coverage import Coverage
from fuzz.targets import Target, target

#: Time is looked at only now and then: every run costs microseconds.
_GLANCE = 16
#: What libFuzzer takes for itself.
_ENGINE_ROOM = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is to do. ``only`` is a file to run once instead of searching.

    ``engine`` is "own" (the same search for the same seed) or "atheris" (`guided`).
    """

    target: str
    folder: str
    seconds: float
    seed: int
    runs: int = 0
    slow: float = 2.0
    memory: int = 64 * 1024 * 1024
    only: str = ""
    engine: str = "own"


def main(order: Order) -> None:
    """Search until the time or the number of runs is used up."""
    chosen = target(order.target)
    folder = Path(order.folder)
    board, score = Board(folder / "board", new=False), Score()
    if order.only:
        data = Path(order.only).read_bytes()
        _bound(chosen, order)
        score.runs = 1
        board.put(score, data)
        if fault := loop.judge(chosen.run, data, order.slow):
            _tell(folder, fault, data)
    else:
        _search(chosen, order, board, score)
    score.done = 1
    board.put(score, b"")


def _search(chosen: Target, order: Order, board: Board, score: Score) -> None:
    folder, end = Path(order.folder), time.monotonic() + order.seconds
    rng, cover = Random(f"{order.target} {order.seed}"), Coverage(chosen.modules)
    pool = [*dict.fromkeys([*chosen.seeds(), *seeds.corpus(order.target)])]
    # The first run loads what is loaded late; only then is it known what the target adds.
    loop.judge(chosen.run, pool[0], 60)
    _bound(chosen, order)
    told: set[str] = set()

    def judged(run: Callable[[bytes], object], data: bytes) -> loop.Fault | None:
        score.runs += 1
        board.put(score, data)
        fault = loop.judge(run, data, order.slow)
        if fault is not None and f"{fault.kind} {fault.place}" not in told:
            told.add(f"{fault.kind} {fault.place}")
            _tell(folder, fault, data)
        return fault

    def one(data: bytes, *, keep: bool) -> None:
        fault = judged(lambda raw: cover.steps(chosen.run, raw), data)
        if cover.fresh() and keep and fault is None:
            pool.append(data)
            (folder / f"new-{score.runs:09d}").write_bytes(data)
        score.cover, score.pool = len(cover.seen), len(pool)

    def over() -> bool:
        late = score.runs % _GLANCE == 0 and time.monotonic() > end
        return late or 0 < order.runs <= score.runs

    def fed(data: bytes) -> None:
        if over():
            # libFuzzer's own way out may wait for ever, so it is not taken.
            score.done = 1
            board.put(score, b"")
            os._exit(0)
        judged(chosen.run, data)

    for data in list(pool):
        one(data, keep=False)
    score.first = score.cover
    if order.engine == "atheris":
        guided.search(chosen, fed, folder, pool, order.seed)
    for data in loop.inputs(chosen, pool, rng):
        if over():
            return
        one(data, keep=True)


def _tell(folder: Path, fault: loop.Fault, data: bytes) -> None:
    """Leave a fault where the watcher finds it."""
    stem = hashlib.sha256(data).hexdigest()[:16]
    (folder / f"fault-{stem}.bin").write_bytes(data)
    (folder / f"fault-{stem}.json").write_text(json.dumps(asdict(fault)), "utf-8")


def _bound(chosen: Target, order: Order) -> None:
    """Let this process take so much more memory and no more; only Linux can do that."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        room = _ENGINE_ROOM if order.engine == "atheris" and not order.only else 0
        most = pages * resource.getpagesize() + order.memory + chosen.cap + room
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _end_with_watcher() -> None:
    """Wait for the end of the pipe that the watcher holds, then end, whatever is being run."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_watcher, daemon=True).start()
    main(Order(**json.loads(sys.argv[1])))
