"""From a key to the next question on the screen, the answer on disk, in a large list and home.

The screens and a bare Textual app run beside each other and take the keys by turns; a bare durable
insert on the same disk is timed too. Prints medians and 99th percentiles; asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from merge import step
from pty_screen import BARE, Screen
from start import START, environment

from fieldkit.domain.checklist import Checklist, Grade, Item, Section
from fieldkit.work import bookmarks, inspecting, sites
from fieldkit.work.workspace import Workspace

ITEMS = 1_000
REGISTER = (
    "kind,code,name,parent,division,grid,address,floor,registered\n"
    "village,V-KEY,听枫社区（演示）,,990121101001,,,,\n"
    "estate,E-KEY,鹭汀花园（演示）,V-KEY,,,鹭汀路6号,,\n"
)


def large() -> Checklist:
    """A thousand checks in twenty sections."""
    items = [
        Item(f"K{n + 1:04}", f"s{n // 50}", f"第{n + 1}题：公示栏张贴反诈提示", "check", weight=1)
        for n in range(ITEMS)
    ]
    sections = tuple(
        Section(f"s{n}", f"第{n + 1}节", tuple(items[n * 50 : n * 50 + 50]))
        for n in range(ITEMS // 50)
    )
    return Checklist(
        "keys", "1", "大表", "", "", "", "guidance", (), "", (Grade("g", "达标", 0),), sections, {}
    )


def grown(place: Path, events: int) -> Path:
    """A home with so many events out of a made-up fleet; kept for the next run."""
    home = place / "fleet" / "office"
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        fleet = str(place / "fleet")
        step("fleet", out=fleet, devices=max(1, events // 10_000), visits=events, seed=3)
        step("merge", home=str(home), groups=[[fleet]])
        for path in (place / "fleet").glob("*.age"):
            path.unlink()
        (place / "ready").touch()
    return home


def begun(home: Path) -> None:
    """A fresh inspection with the large list, to be opened at once."""
    with Workspace.open(home) as ws:
        table = home / "register.csv"
        table.write_text(REGISTER, "utf-8")
        sites.import_register(ws, table)
        sheet = inspecting.begin(ws, large(), "E-KEY")
        bookmarks.remember(ws, bookmarks.STRAIGHT, sheet.inspection.id)


def pressed(ours: Screen, bare: Screen, keys: int, disk: Path) -> dict[str, list[float]]:
    """Seconds from key to paint, and of one durable insert, by turns."""
    found: dict[str, list[float]] = {"ours": [], "bare": [], "commit": []}
    db = sqlite3.connect(disk / f"bare-{secrets.token_hex(4)}.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE t (a TEXT)")
    for n in range(1, keys + 1):
        for name, screen, marker in (
            ("bare", bare, f"BARE{n:04}".encode()),
            ("ours", ours, f"K{n + 1:04}".encode()),
        ):
            start = screen.press(b"1")
            found[name].append(screen.until(marker) - start)
            # A person's pause: what is done after the paint is not charged to the next key.
            screen.drain(0.05)
        start = time.perf_counter()
        db.execute("INSERT INTO t VALUES ('x')")
        found["commit"].append(time.perf_counter() - start)
    db.close()
    return found


def main() -> None:
    """Make the home, press the keys, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--keys", type=int, default=500, help="at most 999")
    parser.add_argument(
        "--small", action="store_true", help="a few seconds' worth, for a smoke test"
    )
    parser.add_argument("--cache", type=Path, help="where the large home is kept between runs")
    given = parser.parse_args()
    events, keys = (2_000, 5) if given.small else (given.events, min(given.keys, ITEMS - 1))
    if given.cache is not None:
        given.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="keypress-", dir=given.cache) as name:
        folder = Path(name)
        env = environment(folder)
        os.environ["FIELDKIT_STATE"] = env["FIELDKIT_STATE"]
        home = grown((given.cache or folder) / f"keys-{events}", events)
        begun(home)
        ours = Screen([sys.executable, "-c", START, "--home", str(home)], env)
        ours.until(b"K0001")
        bare = Screen([sys.executable, "-c", BARE], env)
        bare.until(b"BARE0000")
        for screen in (ours, bare):
            screen.drain(1.5)
        found = pressed(ours, bare, keys, folder)
        ours.close()
        bare.close()
    last = {name: statistics.quantiles(times, n=100)[98] for name, times in found.items()}
    half = {name: statistics.median(times) for name, times in found.items()}
    print(f"{events} events, {ITEMS} items, {keys} keys; load {os.getloadavg()[0]:.1f}")
    for name, label in (("bare", "bare Textual"), ("ours", "ours"), ("commit", "one commit")):
        print(f"{label:>14}: p50 {half[name] * 1000:6.2f} ms, p99 {last[name] * 1000:6.2f} ms")
    for name, said in ((half, "p50"), (last, "p99")):
        more = name["ours"] - name["bare"]
        ratio, rest = name["ours"] / name["bare"], more - name["commit"]
        print(f"{said}: ours {more * 1000:.2f} ms beyond bare, {ratio:.2f} x; "
              f"{rest * 1000:.2f} ms beyond bare and a commit")  # fmt: skip


if __name__ == "__main__":
    main()
