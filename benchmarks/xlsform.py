"""What importing an XLSForm costs, as a ratio to pyxform's conversion of the same workbook.

One run, one process for each tool, the same made-up form: groups, repeats, selects from lists,
relevances, constraints, calculations, two languages. Needs ``pyxform`` beside fieldkit. Prints
medians; asserts nothing. Usage: ``python benchmarks/xlsform.py [--rows 5000] [--runs 5]``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HEADERS = (
    "type", "name", "label::English (en)", "label::中文 (zh)", "hint::English (en)", "relevant",
    "constraint", "constraint_message", "required", "calculation", "choice_filter",
)  # fmt: skip
_TIMED = """
import sys, time, json
from pathlib import Path
path = Path(sys.argv[1])
{prepare}
began = time.perf_counter()
{run}
print(json.dumps(time.perf_counter() - began))
"""
TOOLS = {
    "fieldkit": (
        "from datetime import date\nfrom fieldkit.library.xlsform import convert\n"
        "import python_calamine",
        "convert(path, date(2026, 11, 1))",
    ),
    "pyxform": (
        "import warnings\nfrom pyxform.xls2xform import convert",
        "convert(path, validate=False, pretty_print=False)",
    ),
}


def form(path: Path, rows: int) -> None:
    """Write a form with so many rows of questions."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    survey = book.create_sheet("survey")
    survey.append(HEADERS)
    for n in range(rows):
        place, group = n % 20, n // 20
        before = f" after ${{q{n - 1}}}" if place > 1 else ""
        label, other = f"Question {n}{before}", f"第 {n} 题"
        if place == 0:
            kind = "begin repeat" if group % 10 == 9 else "begin group"
            survey.append((kind, f"g{group}", f"Group {group}", f"第 {group} 组"))
        elif place == 19:
            survey.append(("end repeat" if group % 10 == 9 else "end group",))
        elif place % 6 == 1:
            survey.append(("integer", f"q{n}", label, other, "a number", None,
                           ". >= 0 and . <= 120", "0–120", "yes"))  # fmt: skip
        elif place % 6 == 2:
            survey.append(("select_one towns", f"q{n}", label, other))
        elif place % 6 == 3:
            survey.append(("select_one villages", f"q{n}", label, other, None, None, None, None,
                           "yes", None, f"town = ${{q{n - 1}}}"))  # fmt: skip
        elif place % 6 == 4:
            survey.append(("text", f"q{n}", label, other, None, f"selected(${{q{n - 1}}}, 'v1')"))
        elif place % 6 == 5:
            result = f"if(${{q{n - 1}}} != '', 1, 0) + string-length(${{q{n - 1}}})"
            survey.append(("calculate", f"q{n}", *[None] * 7, result))
        else:
            survey.append(("select_multiple towns", f"q{n}", label, other, "all that apply",
                           f"${{q{n - 1}}} > 0", "count-selected(.) <= 3"))  # fmt: skip
    choices = book.create_sheet("choices")
    choices.append(("list_name", "name", "label::English (en)", "label::中文 (zh)", "town"))
    for n in range(20):
        choices.append(("towns", f"t{n}", f"Town {n}", f"{n} 镇"))
    for n in range(200):
        choices.append(("villages", f"v{n}", f"Village {n}", f"{n} 村", f"t{n % 20}"))
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id", "version", "default_language"))
    settings.append(("Benchmark", "benchmark", "2026.11", "English (en)"))
    book.save(path)


def timed(tool: str, path: Path) -> float:
    """Seconds that one tool takes in a fresh process, its modules loaded already."""
    prepare, run = TOOLS[tool]
    code = _TIMED.format(prepare=prepare, run=run)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Time both tools in turn and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.xlsx"
        form(path, chosen.rows)
        seconds: dict[str, list[float]] = {tool: [] for tool in TOOLS}
        for _run in range(chosen.runs):
            for tool in TOOLS:
                seconds[tool].append(timed(tool, path))
    middle = {tool: statistics.median(found) for tool, found in seconds.items()}
    for tool, found in seconds.items():
        print(f"{tool:9} {middle[tool]:.2f} s  ({', '.join(f'{s:.2f}' for s in found)})")
    print(f"ratio     {middle['fieldkit'] / middle['pyxform']:.2f}  ({chosen.rows} rows)")


if __name__ == "__main__":
    main()
