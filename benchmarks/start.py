"""What a start costs: commands against ``python -c pass``, the first paint against bare Textual.

Every measured start has its baseline right before it. Prints medians of wall and CPU time; asserts
nothing. See README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pty_screen import BARE, Screen

Cost = tuple[float, float]
"""Wall and CPU seconds."""

START = "import sys; from fieldkit.start import main; sys.argv[0] = 'fieldkit'; main()"


def environment(folder: Path) -> dict[str, str]:
    """Ours, with bytecode kept in the folder: an installed program has its own."""
    env = {**os.environ, "FIELDKIT_STATE": str(folder / "state"), "FIELDKIT_LANG": "zh"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**env, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def process(words: list[str], env: dict[str, str]) -> Cost:
    """One command to its end, its output thrown away."""
    quiet = [(os.POSIX_SPAWN_OPEN, n, os.devnull, os.O_WRONLY, 0) for n in (1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawn(words[0], words, env, file_actions=quiet)
    _pid, status, used = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"{words} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime


def painted(words: list[str], marker: bytes, env: dict[str, str]) -> Cost:
    """A start in a pseudo-terminal until this was painted."""
    screen = Screen(words, env)
    wall = screen.until(marker) - screen.began
    return wall, screen.close()


def by_turns(
    ways: dict[str, Callable[[], Cost]], least: Callable[[], Cost], rounds: int, what: str
) -> None:
    """Each way after its baseline, round by round; prints the ratios."""
    ours: dict[str, list[Cost]] = {name: [] for name in ways}
    base: list[Cost] = []
    for way in (least, *ways.values()):
        way()
    for _round in range(rounds):
        for name, way in ways.items():
            base.append(least())
            ours[name].append(way())
    wall, cpu = (statistics.median(one[n] for one in base) for n in (0, 1))
    print(f"{what}: {wall * 1000:.0f} ms, CPU {cpu * 1000:.0f} ms; load {os.getloadavg()[0]:.1f}")
    for name, costs in ours.items():
        a, b = (statistics.median(one[n] for one in costs) for n in (0, 1))
        low = min(one[1] for one in costs) / min(one[1] for one in base)
        print(f"{name:>24}: {a / wall:5.2f} x its time, {b / cpu:5.2f} x its CPU ({low:.2f} least)")


def main() -> None:
    """Fill a home, then commands, then first paints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--small", action="store_true", help="two rounds, for a smoke test")
    given = parser.parse_args()
    rounds = 2 if given.small else given.rounds
    python = [sys.executable, "-c"]
    with tempfile.TemporaryDirectory(prefix="start-") as name:
        folder = Path(name)
        env = environment(folder)
        home, empty = folder / "home", folder / "empty"
        filled = [*python, START, "--home", str(home)]
        subprocess.run([*filled, "demo"], env=env, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        listed = [*filled, "inspect", "list", "--json"]
        rows = json.loads(subprocess.run(listed, env=env, check=True, capture_output=True).stdout)
        mine = next(r for r in rows if r["state"] == "open" and "pass" in {
            it["value"] for it in r["answers"].values()})  # fmt: skip
        item = next(id for id, it in mine["answers"].items() if it["value"] == "pass")
        commands = {
            "--version": ["--version"],
            "--help": ["--help"],
            "checklist list": ["checklist", "list"],
            "site list --json": ["site", "list", "--json"],
            "inspect list --json": ["inspect", "list", "--json"],
            "inspect answer": ["inspect", "answer", mine["inspection"], item, "pass"],
        }
        by_turns(
            {
                name: lambda w=words: process(  # type: ignore[misc]
                    [*python, START, *([] if w == ["--version"] else ["--home", str(home)]), *w],
                    env,
                )
                for name, words in commands.items()
            },
            lambda: process([*python, "pass"], env),
            rounds,
            "python -c pass",
        )
        marker = "新的检查".encode()
        by_turns(
            {
                f"screens, {said} home": lambda h=place: painted(  # type: ignore[misc]
                    [*python, START, "--home", str(h)], marker, env
                )
                for said, place in (("filled", home), ("empty", empty))
            },
            lambda: painted([*python, BARE], b"BARE0000", env),
            rounds,
            "bare Textual, first paint",
        )


if __name__ == "__main__":
    main()
