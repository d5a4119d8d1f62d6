"""A home with something for every kind of document, made by the commands; all of it fictional."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.start import run

NOW = "2026-11-22T10:00:00+08:00"
KINDS = (
    "bulletin", "standing", "coverage", "half-year", "inspection", "rectification-notice",
    "assessment", "assessment-summary", "obligations", "referral", "notice",
)  # fmt: skip
SECRET = "西侧楼梯口杂物堵门"
"""What an inspector remarked: for the office, for nobody outside."""
FACTS = "九层整层挂牌无人办公"
"""What a referral says between offices."""
BUILDING = "990121101001-XQ01-20"
_CASES = (
    ("听枫社区（演示）", 3, 4, 12000),
    ("菱歌社区（演示）", 0, 0, 9000),
    ("檐铃社区（演示）", 5, 2, 15000),
    ("霜桥村（演示）", 1, 1, 3000),
    ("杏坞村（演示）", 2, 0, 2500),
)


class Home:
    """One home's command line, with what it printed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "home"
        self.out = self.err = ""

    def do(self, *words: str, code: int = 0, at: str = NOW) -> str:
        """Run one command; what it printed."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FIELDKIT_STATE", str(self.folder / "state"))
            patch.setenv("FIELDKIT_NOW", at)
            patch.delenv("FIELDKIT_LANG", raising=False)
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                done = run(["--home", str(self.home), *words])
        self.out, self.err = out.getvalue(), err.getvalue()
        assert done == code, (words, self.out, self.err)
        return self.out

    def json(self, *words: str, code: int = 0, at: str = NOW) -> Any:
        """The same for programs."""
        return json.loads(self.do(*words, "--json", code=code, at=at))

    def report(self, kind: str, name: str, *more: str) -> Path:
        """Make a document; gives the file."""
        path = self.folder / name
        self.do("office", "report", kind, "-o", str(path), *more)
        return path

    def inspection(self, start: str) -> str:
        """The id of the finished inspection of a place whose name begins so."""
        rows = self.json("inspect", "list")
        return next(
            row["inspection"] for row in rows
            if row["site_name"].startswith(start) and row["state"] == "finished"
        )  # fmt: skip

    def amend(self, inspection: str, item: str, value: str, *more: str) -> None:
        """Reopen, answer one item otherwise, finish again."""
        self.do("inspect", "reopen", inspection, "--reason", "现场复核后更正")
        self.do("inspect", "answer", inspection, item, value, *more)
        self.do("inspect", "finish", inspection)


@contextmanager
def town(folder: Path) -> Iterator[Home]:
    """The demo town with a tower, a slip, a month of figures and a remark on a failed item."""
    made = Home(folder)
    made.do("demo", "--no-tui")
    made.do("site", "generate", "990121101001-XQ01", "20栋 2单元 18层 每层4户 跳4层")
    made.do("referral", "make", BUILDING, "--to", "market", "--matter", "vacant", "--facts",
            FACTS, "--unit", "鹭汀县市场监督管理局")  # fmt: skip
    table = folder / "cases.csv"
    rows = [",".join(map(str, row)) for row in _CASES]
    table.write_text("\n".join(["村社区,本期,上年同期,人口", *rows, ""]), "utf-8")
    made.do("office", "standing", "--month", "2026-10", str(table))
    made.amend(made.inspection("A座"), "SL02", "fail", "--note", SECRET)
    yield made
