"""The command ``python -m fuzz``."""

from __future__ import annotations

import argparse
import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from fuzz import guided, loop, seeds, watch
from fuzz.targets import TARGETS, target
from fuzz.worker import Order

#: Bytes of kept inputs per target, so that the corpus stays below 300 kB.
ROOM = 20_000


def main(argv: list[str] | None = None) -> int:
    """Fuzz, or replay one input; 1 if anything was found, 2 for a name that is none."""
    asked = _parser().parse_args(argv)
    names = [it.name for it in TARGETS] if asked.target == "all" else [asked.target]
    try:
        for name in names:
            target(name)
    except KeyError:
        print(f"no such target; there are: all {' '.join(it.name for it in TARGETS)}")
        return 2
    order = Order(
        target="", folder="", seconds=asked.seconds, seed=asked.seed, runs=asked.runs,
        slow=asked.time_limit, memory=asked.memory_limit * 1024 * 1024, engine=asked.engine,
    )  # fmt: skip
    if asked.replay:
        found = watch.replay(names[0], asked.replay, order)
        print(_line(found) if found else "nothing is wrong with this input")
        return 1 if found else 0
    return _fuzz(names, order, asked.jobs, Path(asked.findings), keep=asked.keep)


def _fuzz(names: list[str], order: Order, jobs: int, findings: Path, *, keep: bool) -> int:
    shards = max(1, jobs // len(names))
    share = order.seconds * min(jobs, len(names) * shards) / (len(names) * shards)
    orders = [
        replace(order, target=name, seconds=share, seed=order.seed + shard)
        for name in names
        for shard in range(shards)
    ]
    failed = False
    print(f"{'target':<12}{'runs':>10}{'s':>8}{'runs/s':>9}{'corpus':>8}{'cover':>7}{'new':>6}"
          f"{'found':>7}")  # fmt: skip
    with ThreadPoolExecutor(jobs) as pool:
        for report in pool.map(lambda it: watch.fuzz(it, findings), orders):
            speed = report.runs / max(report.seconds, 0.001)
            print(f"{report.target:<12}{report.runs:>10}{report.seconds:>8.1f}{speed:>9.0f}"
                  f"{report.pool:>8}{report.cover:>7}{report.new:>6}"
                  f"{len(report.findings):>7}", flush=True)  # fmt: skip
            for found in report.findings:
                failed = True
                print(_line(found), flush=True)
            if keep:
                print(f"  kept {_keep(report)} inputs", flush=True)
    return 1 if failed else 0


def _keep(report: watch.Report) -> int:
    """Put what found new steps among the kept inputs, made small; return how many stay.

    Inputs of bugs that were found, named ``bug-…``, stay whatever they add.
    """
    chosen, folder = target(report.target), seeds.CORPUS / report.target
    found = [*seeds.corpus(report.target), *report.found]
    kept = loop.smallest(chosen, chosen.seeds(), found, ROOM)
    folder.mkdir(parents=True, exist_ok=True)
    names = {f"{hashlib.sha256(data).hexdigest()[:16]}.bin": data for data in kept}
    for path in folder.glob("*.bin"):
        if path.name not in names and not path.name.startswith("bug-"):
            path.unlink()
    for name, data in names.items():
        (folder / name).write_bytes(data)
    return len(kept)


def _line(found: watch.Finding) -> str:
    alone = "" if found.again else " (only after many others)"
    return (
        f"  {found.kind} {found.place} {found.detail}{alone}\n"
        f"    python -m fuzz {found.target} --replay {found.path}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target", help="a target, or all")
    parser.add_argument("--seconds", type=float, default=60.0, help="time for all targets together")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same search")
    parser.add_argument("--runs", type=int, default=0, help="end after so many runs per target")
    parser.add_argument("--keep", action="store_true", help="add what is new to fuzz/corpus")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run one input alone")
    engine = "atheris" if guided.there() else "own"
    parser.add_argument("--engine", choices=("own", "atheris"), default=engine,
                        help="own searches the same everywhere (here: %(default)s)")  # fmt: skip
    parser.add_argument("--time-limit", type=float, default=2.0, help="seconds for one input")
    parser.add_argument("--memory-limit", type=int, default=64, help="MiB for one input")
    parser.add_argument("--findings", type=Path, default=watch.FINDINGS, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
