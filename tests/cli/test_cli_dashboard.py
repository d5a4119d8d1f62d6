"""``fieldkit office dashboard``: people's table, the document, and the page that says the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain import values

from .line import Line

REGISTER = (
    "类别,编码,名称,上级,区划,网格,地址,楼层,户籍\n"
    "village,990100000001,<b>澜渡社区,,990100000001,,澜渡镇,,\n"
    "building,TF-3,3栋,990100000001,,,,,\n"
    "door,TF-3-101,101室,TF-3,,,,1,1\n"
    "door,TF-3-201,201室,TF-3,,,,2,1\n"
)


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """A home with a building of two doors, one of them met."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made = Line(tmp_path / "home", capsys)
    made.json("site", "import", str(tmp_path / "r.csv"))
    made.words("visit", "log", "TF-3-101", "met")
    return made


def test_the_table_is_for_people(line: Line) -> None:
    """Totals in sentences, villages below."""
    out = line.words("office", "dashboard")
    assert "发放 1/2（50%）" in out
    assert "<b>澜渡社区" in out


def test_the_page_says_what_the_document_says(line: Line, tmp_path: Path) -> None:
    """Each number that the page shows stands at its path in ``--json``; the name stays text."""
    document = line.json("office", "dashboard")
    told = line.json("office", "dashboard", "-o", str(tmp_path / "d.html"))
    file = told.pop("file")
    assert told == document
    assert document["totals"]["delivery"] == {"part": 1, "of": 2, "rate": 0.5}
    assert document["map"][0]["delivered"] == "#0"
    page = Path(file).read_text("utf-8")
    shown = re.findall(r'data-n="([a-z_.0-9]+)">([^<]*)<', page)
    assert len(shown) > 30
    for path, text in shown:
        value: Any = document
        for step in path.split("."):
            value = value[int(step)] if isinstance(value, list) else value[step]
        if isinstance(value, dict):
            value = values.percent(values.Fraction(value["part"], value["of"]))
        assert text == ("—" if value is None else str(value)), path
    assert "<b>澜渡社区" not in page
    assert "TF-3-101" not in page
    assert "TF-3-101" not in json.dumps(document)


def test_what_is_refused(line: Line, tmp_path: Path) -> None:
    """Another kind of file, a door, a place that is not there: one sentence each, exit 2."""
    for words in (
        ("-o", str(tmp_path / "d.pdf")),
        ("--within", "TF-3-101"),
        ("--within", "nowhere"),
    ):
        line.words("office", "dashboard", *words, code=2)
        assert line.err
    assert line.json("office", "dashboard", "--within", "TF-3")["totals"]["doors"] == 2
