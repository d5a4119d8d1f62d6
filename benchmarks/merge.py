"""What merging costs, as ratios to the least that the same rows cost when SQLite copies them.

One run, one tree of processes, a fresh process for every measured merge. A made-up fleet (``demo
fleet``) is merged bundle by bundle, as one folder, and once more; the baseline copies the rows of
the same bundles, in the same order, one transaction a bundle, out of attached databases into an
empty one of the same schema and settings. Prints medians; asserts nothing. See README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Numbers = dict[str, Any]

STEPS = Path(__file__).with_name("merge_steps.py")

EXTRA = 5
"""How many different bundles are merged into a home of each size."""

PER_BUNDLE = 5_000


def step(name: str, **arguments: Any) -> Numbers:
    """Run one step in a fresh process."""
    return watched(name, arguments, None)


def watched(name: str, arguments: Numbers, peak: list[float] | None) -> Numbers:
    """As ``step``; with a list, also note the most memory of its processes together, in MB."""
    process = subprocess.Popen(
        [sys.executable, str(STEPS), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    over = threading.Event()

    def sample() -> None:
        while peak is not None and not over.wait(0.05):
            peak.append(sum(map(proportional, family(process.pid))) / 1024)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        out, _err = process.communicate(json.dumps(arguments))
    finally:
        over.set()
        sampler.join()
    if process.returncode:
        raise SystemExit(f"step {name} failed")
    found: Numbers = json.loads(out)
    return found


def family(pid: int) -> list[int]:
    """A process and all below it, where there is /proc."""
    found = [pid]
    for place in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [one for word in place.read_text().split() for one in family(int(word))]
        except OSError:
            continue
    return found


def proportional(pid: int) -> int:
    """A process's memory in KiB, what it shares counted in parts (PSS); 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(text.split("\nPss:")[1].split()[0])


@dataclass(frozen=True, slots=True)
class Setting:
    """A fleet, its rows as SQLite would copy them, and an office without a journal."""

    folder: Path
    files: list[str]
    office: Path
    baseline: Numbers
    facts: Numbers

    def home(self) -> str:
        """A fresh copy of the empty office; there is one at a time."""
        place = self.folder / "home"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.office, place)
        return str(place)


def prepare(folder: Path, events: int, bundles: int) -> Setting:
    """Everything that is not measured."""
    fleet = folder / "fleet"
    facts = step("fleet", out=str(fleet), devices=bundles, visits=events - bundles, seed=1)
    files = sorted(str(path) for path in fleet.glob("*.age"))
    office = folder / "office"
    shutil.move(fleet / "office", office)
    for path in office.glob("journal.db*"):
        path.unlink()
    setting = Setting(folder, files, office, {}, facts)
    settings = step("empty", office=setting.home(), out=str(folder / "empty.db"))
    (folder / "parts").mkdir()
    step("parts", office=str(office), files=files, out=str(folder / "parts"))
    home = Path(setting.home())
    whole = step("merge", home=str(home), groups=[[str(fleet)]])
    if whole["rejected"] or whole["new"] != facts["events"]:
        raise SystemExit(f"the fleet does not merge: {whole}")
    (home / "journal.db").rename(folder / "last.db")
    setting.baseline.update(
        empty=str(folder / "empty.db"),
        out=str(folder / "copied.db"),
        last=str(folder / "last.db"),
        settings=settings,
    )
    parts = [str(folder / "parts" / f"{number}.db") for number in range(len(files))]
    kinds = step("kinds", parts=parts, **pick(setting.baseline, "empty", "last", "settings"))
    facts.update(kinds)
    for kind in ("sums", "states"):
        setting.baseline[kind] = [row["table"] for row in kinds[kind]]
    return setting


def pick(source: Numbers, *names: str) -> Numbers:
    """Some of the numbers."""
    return {name: source[name] for name in names}


def one_round(setting: Setting, number: int) -> Numbers:
    """Baseline, then our ways over the same shuffle: bundle by bundle, folder, first import."""
    order = list(range(len(setting.files)))
    random.Random(number).shuffle(order)
    parts = [str(setting.folder / "parts" / f"{place}.db") for place in order]
    found = {"baseline": step("baseline", parts=parts, **setting.baseline)}
    each = [[setting.files[place]] for place in order]
    found["each"] = step("merge", home=setting.home(), groups=each)
    folder = [[str(setting.folder / "fleet")]]
    found["incremental"] = step("merge", home=setting.home(), groups=folder, incremental=True)
    home = setting.home()
    found["first"] = step("merge", home=home, groups=folder)
    found["second"] = step("merge", home=home, groups=folder)
    return found


def memory(setting: Setting) -> Numbers:
    """The most memory of both ways to merge, measured apart, since looking costs time."""
    found: Numbers = {}
    ways = {
        "each": [[file] for file in setting.files],
        "first": [[str(setting.folder / "fleet")]],
    }
    for name, groups in ways.items():
        peak: list[float] = [0.0]
        told = watched("merge", {"home": setting.home(), "groups": groups}, peak)
        found[name] = {
            "pss_mb": max(peak),
            "samples": len(peak) - 1,
            **pick(told, "maxrss_self_mb", "maxrss_child_mb"),
        }
    return found


def grown(cache: Path, size: int) -> Path:
    """A home of so many visits, and bundles beside it that it lacks; kept for the next run.

    Each of its devices has as many bundles of 5,000 visits as the next; the last ones lie aside.
    """
    place = cache / f"home-{size}"
    if (place / "ready").exists() and len(list((place / "spare").glob("*.age"))) >= EXTRA:
        return place
    shutil.rmtree(place, ignore_errors=True)
    (place / "spare").mkdir(parents=True)
    fleet = place / "fleet"
    devices = max(EXTRA, min(100, size // (4 * PER_BUNDLE)))
    each = max(1, round(size / devices / PER_BUNDLE)) + 1
    step("fleet", out=str(fleet), devices=devices, visits=devices * each * PER_BUNDLE, seed=2)
    files = [str(path) for path in fleet.glob("*.age")]
    office = str(fleet / "office")
    step("holdout", office=office, files=files, out=str(place / "spare"))
    told = step("merge", home=office, groups=[[str(fleet)]])
    print(f"  built: {told['new']} events merged in {told['seconds']:.0f} s", flush=True)
    for path in fleet.glob("*.age"):
        path.unlink()
    (place / "ready").touch()
    return place


def growth(cache: Path, sizes: list[int]) -> Numbers:
    """Bundles into a small home and a large one by turns: seconds for 5,000 events of each."""
    places = [grown(cache, size) for size in sizes]
    took: dict[int, list[float]] = {size: [] for size in sizes}
    for _turn in range(EXTRA):
        for size, place in zip(sizes, places, strict=True):
            file = min((place / "spare").glob("*.age"))
            home = str(place / "fleet" / "office")
            told = step("merge", home=home, groups=[[str(file)]])
            if not told["new"]:
                raise SystemExit(f"{file} was known already: remove the cache")
            took[size].append(told["seconds"] * PER_BUNDLE / told["new"])
            file.unlink()
    medians = [statistics.median(took[size]) for size in sizes]
    return {"sizes": sizes, "seconds": [took[size] for size in sizes], "medians": medians,
            "ratio": medians[1] / medians[0]}  # fmt: skip


def described(setting: Setting) -> None:
    """Print what is merged, and which tables the baseline fills when."""
    facts = setting.facts
    print(f"{facts['events']} events in {len(setting.files)} bundles", flush=True)
    for kind, when in (("sums", "bundle by bundle"), ("states", "at the end")):
        rows = ", ".join(f"{row['table']} {row['rows']}" for row in facts[kind])
        print(f"  the baseline copies {when}: {rows}", flush=True)


def report(rounds: list[Numbers], least: Numbers) -> Numbers:
    """The medians of each round's ratios, printed."""
    said: Numbers = {}
    base = [turn["baseline"] for turn in rounds]
    seconds = statistics.median(one["seconds"] for one in base)
    said["baseline_seconds"] = seconds
    loads = [turn[name]["load"] for turn in rounds for name in turn]
    said["load"] = [min(loads), max(loads)]
    shown = ", ".join(f"{one['seconds']:.2f}" for one in base)
    print(f"baseline {seconds:.2f} s (rounds: {shown}); load {min(loads):.1f}-{max(loads):.1f}")
    for table in sorted({table for one in base for table in one["short"]}):
        print(f"  beware: the baseline's {table} has other rows than ours")
    labels = {
        "each": "bundle by bundle",
        "incremental": "one folder",
        "first": "first import",
        "second": "the folder again",
    }
    for name, label in labels.items():
        ratio, cpu = (
            statistics.median(turn[name][key] / turn["baseline"][key] for turn in rounds)
            for key in ("seconds", "cpu")
        )
        ours = statistics.median(turn[name]["seconds"] for turn in rounds)
        said[name] = {"ratio": ratio, "cpu_ratio": cpu, "seconds": ours}
        print(f"{label:>17}: {ratio:6.2f} x the baseline's time, {cpu:.2f} x its CPU; {ours:.2f} s")
    return said | least


def main() -> None:
    """Prepare, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--bundles", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--small", action="store_true", help="a few seconds' worth, for a smoke test"
    )
    parser.add_argument("--big", type=int, default=2_000_000, help="events of the large home")
    parser.add_argument("--no-growth", action="store_true", help="leave out the homes of two sizes")
    parser.add_argument("--cache", type=Path, help="where the large home is kept between runs")
    parser.add_argument("--json", type=Path, help="write all numbers to this file, on one line")
    given = parser.parse_args()
    events, bundles, sizes = given.events, given.bundles, [100_000, given.big]
    if given.small:
        events, bundles, sizes = 20_000, 20, [50_000, 100_000]
    if given.cache is not None:
        given.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="merge-", dir=given.cache) as name:
        folder = Path(name)
        os.environ["FIELDKIT_STATE"] = str(folder / "state")
        setting = prepare(folder, events, bundles)
        described(setting)
        rounds = [one_round(setting, number) for number in range(given.rounds)]
        said = report(rounds, {"facts": setting.facts, "rounds": rounds})
        said["memory"] = memory(setting)
        for way, one in said["memory"].items():
            print(f"memory, {way}: {one['pss_mb']:.0f} MB in all processes together; the largest "
                  f"{max(one['maxrss_self_mb'], one['maxrss_child_mb']):.0f} MB")  # fmt: skip
        shutil.rmtree(folder / "parts")
        if not given.no_growth:
            said["growth"] = grow = growth(given.cache or folder, sizes)
            (one, two), (few, many) = grow["medians"], sizes
            print(f"5,000 more events into {many}: {grow['ratio']:.2f} x the time into {few} "
                  f"({two:.3f} s, {one:.3f} s); load {os.getloadavg()[0]:.1f}")  # fmt: skip
    said["machine"] = {"cpus": os.cpu_count(), "python": platform.python_version(),
                       "sqlite": sqlite3.sqlite_version}  # fmt: skip
    if given.json is not None:
        given.json.write_text(json.dumps(said) + "\n", "utf-8")


if __name__ == "__main__":
    main()
