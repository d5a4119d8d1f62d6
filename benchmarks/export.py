"""Every answer of 132,229 inspections of 510 items as one .csv and one .xlsx: time and memory.

A scratch home gets its rows straight into the journal's tables (that is not measured); every export
is a fresh process of ``fieldkit.papers.answers_export``. The baselines write the same cells, read
from the .csv that was made, through a bare ``csv.writer`` and a bare XlsxWriter (constant memory).
Prints seconds, peak memory and ratios; asserts nothing. See README.md.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ITEMS, INSPECTIONS = 510, 132_229
CYCLE = 1_000
"""So many inspections are made up; the others repeat their answers under ids of their own."""
WORDS = "台账缺最近一月板栏内容陈旧建议更换现场未见公示已提醒负责人补齐培训记录不完整"


def checklist() -> Any:
    """A made-up list: checks, numbers, days, choices and short texts."""
    from fieldkit.domain.checklist import Checklist

    items = []
    for n in range(ITEMS):
        kind = ("check", "check", "check", "number", "choice", "check", "number", "text")[n % 8]
        item: dict[str, Any] = {
            "id": f"Q{n:03}", "text": f"第{n}项检查内容", "type": kind, "criterion": "",
            "evidence": "", "weight": 0, "critical": False, "mode": "both", "required": True,
            "source": [], "params": {}, "partial": "threshold", "phrases": [],
        }  # fmt: skip
        if kind == "choice":
            rows = [{"id": c, "title": f"选项{c}"} for c in "abcd"]
            item["params"] = {"options": rows}
        items.append(item)
    return Checklist.from_doc(
        {
            "v": 1, "id": "bench", "version": "1", "title": "基准", "title_en": "bench",
            "target": "公共场所", "boundary": "", "nature": "supervision",
            "site_kinds": ["venue"], "critical_effect": "", "grades": [], "sources": {},
            "sections": [{"id": "A", "title": "全部", "items": items}],
        }
    )  # fmt: skip


def given(rng: random.Random, item: Any) -> tuple[str, str, str]:
    """One answer: value, note, evidence."""
    value = {
        "check": lambda: rng.choice(("pass", "pass", "pass", "fail", "na")),
        "number": lambda: str(rng.randrange(500)),
        "choice": lambda: rng.choice("abcd"),
        "text": lambda: "".join(rng.choices(WORDS, k=rng.randrange(8, 24))),
    }[item.type]()
    note = "".join(rng.choices(WORDS, k=16)) if rng.random() < 0.02 else ""
    return value, note, f"{rng.getrandbits(256):064x}" if rng.random() < 0.02 else ""


def make(home: Path, inspections: int) -> None:
    """Fill a home's tables; identifiers have the lengths of real ones."""
    from fieldkit.work import checklists
    from fieldkit.work.workspace import Workspace

    rng = random.Random(1)
    with Workspace.open(home) as ws:
        known = checklist()
        ws.store.append(checklists.keeping(ws, known))
        db = ws.store.db
        db.execute("PRAGMA journal_mode=OFF")
        db.execute("PRAGMA synchronous=OFF")
        cycle = [[(item.id, *given(rng, item)) for item in known.items] for _n in range(CYCLE)]
        db.execute("BEGIN")
        db.executemany(
            "INSERT INTO site VALUES (?, ?, ?, 'venue', '', '', '', '', '', NULL, 0, '')",
            ((f"{n:032x}", f"990121{n:06}", f"场所{n}") for n in range(CYCLE)),
        )
        device = "d" * 32
        db.executemany(
            "INSERT INTO inspection VALUES (?, ?, ?, 'bench', '1', 'open', 'supervision', ?, '', "
            "?, ?, ?, '90', '100', 'none', '')",
            (
                (f"{n:032x}", f"{n % CYCLE:032x}", known.digest,
                 f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}", f"{n:020x}", device, f"{n:020x}")
                for n in range(inspections)
            ),
        )  # fmt: skip
        db.executemany(
            "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (f"{n:032x}", *answer, f"{n:020x}", device, f"{n:064x}")
                for n in range(inspections)
                for answer in cycle[n % CYCLE]
            ),
        )
        db.execute("COMMIT")


def ours(home: Path, out: Path, inspections: int) -> dict[str, Any]:
    """The export as the command makes it."""
    from fieldkit.papers import answers_export
    from fieldkit.work.workspace import Workspace

    with Workspace.open(home) as ws:
        done = answers_export.export(ws, out, answers_export.Asked())
    assert done.rows == inspections
    return {"rows": done.rows, "columns": done.columns}


def rows(source: Path, many: int) -> Iterator[list[str]]:
    """The heads and the first rows of a .csv, the rows again and again until there are enough."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        heads = next(lines)
        known = list(itertools.islice(lines, CYCLE))
    yield heads
    yield from itertools.islice(itertools.cycle(known), many)


def bare_csv(source: Path, out: Path, many: int) -> dict[str, Any]:
    """``csv.writer`` and nothing else."""
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows(source, many))
    return {"rows": many}


def bare_xlsx(source: Path, out: Path, many: int) -> dict[str, Any]:
    """XlsxWriter in constant memory, each cell as text or as a number by its column."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows(source, many)):
            for place, cell in enumerate(row):
                if cell.isdigit() and len(cell) < 15:
                    sheet.write_number(number, place, int(cell))
                elif cell:
                    sheet.write_string(number, place, cell)
    return {"rows": many}


def step(*words: str | Path | int) -> dict[str, Any]:
    """One step in a fresh process: what it told, seconds, peak memory."""
    command = [sys.executable, __file__, "--step", *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def run_step(words: list[str]) -> None:
    """Do one step here and print what it took."""
    name, *rest = words
    started = time.perf_counter()
    if name == "make":
        make(Path(rest[0]), int(rest[1]))
        told: dict[str, Any] = {}
    else:
        work = {"ours": ours, "bare-csv": bare_csv, "bare-xlsx": bare_xlsx}[name]
        told = work(Path(rest[0]), Path(rest[1]), int(rest[2]))
        told["bytes"] = Path(rest[1]).stat().st_size
    told["seconds"] = time.perf_counter() - started
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


def say(name: str, told: dict[str, Any]) -> None:
    """One line of figures."""
    print(
        f"{name:>16}: {told['seconds']:8.1f} s, {told['peak_mb']:5.0f} MB peak, "
        f"{told['rows']} rows, {told['bytes'] / 2**20:.0f} MB file",
        flush=True,
    )


def measure(folder: Path, inspections: int, sample: int) -> None:
    """Prepare and print."""
    home = folder / "home"
    made = step("make", home, inspections)
    size = (home / "journal.db").stat().st_size / 2**30
    cells = inspections * ITEMS
    print(f"{inspections} inspections x {ITEMS} items = {cells} answers; home {size:.1f} GB, "
          f"made in {made['seconds']:.0f} s; load {os.getloadavg()[0]:.1f}")  # fmt: skip
    table, book = folder / "ours.csv", folder / "ours.xlsx"
    other = folder / "bare"
    ours_csv = step("ours", home, table, inspections)
    say("export .csv", ours_csv)
    bare = step("bare-csv", table, other, inspections)
    say("bare csv.writer", bare)
    print(f"{'':>16}  ratio {ours_csv['seconds'] / bare['seconds']:.2f}", flush=True)
    ours_xlsx = step("ours", home, book, inspections)
    say("export .xlsx", ours_xlsx)
    bare = step("bare-xlsx", table, other, sample)
    say("bare XlsxWriter", bare)
    ratio = ours_xlsx["seconds"] / inspections * sample / bare["seconds"]
    print(f"{'':>16}  ratio {ratio:.2f} a row", flush=True)


def main() -> None:
    """Read the options, measure in a scratch folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--inspections", type=int, default=INSPECTIONS)
    parser.add_argument("--sample", type=int, default=5_000, help="rows for bare XlsxWriter")
    parser.add_argument(
        "--small", "--quick", action="store_true", help="a hundred inspections: a smoke test"
    )
    parser.add_argument("--folder", type=Path, help="where the home is made; needs 20 GB")
    asked = parser.parse_args()
    if asked.step:
        run_step(asked.step)
        return
    inspections, sample = (100, 100) if asked.small else (asked.inspections, asked.sample)
    with tempfile.TemporaryDirectory(prefix="export-", dir=asked.folder) as name:
        os.environ["FIELDKIT_STATE"] = str(Path(name) / "state")
        measure(Path(name), inspections, min(sample, inspections))


if __name__ == "__main__":
    main()
