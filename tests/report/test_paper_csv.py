"""One table of a document as a .csv file."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from fieldkit.errors import Problem
from fieldkit.report import paper_csv
from fieldkit.report.paper import Column, Paper, Row, Section, Table

from .sample_paper import EVIL, paper, table


def lines(raw: bytes) -> list[list[str]]:
    """The rows as any program reads them."""
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_a_chinese_spreadsheet_reads_it() -> None:
    """The mark first, CRLF, groups in the heads, numbers as printed."""
    raw = paper_csv.render(paper())
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 6
    heads, first, *_more, last = lines(raw)
    assert heads[2:5] == ["户籍户口径・应发放户", "户籍户口径・已发放户", "户籍户口径・发放率"]
    assert first == [
        "1",
        "菱歌社区",
        "1250",
        "1249",
        "99.9%",
        "+3",
        "4.09",
        "86.3",
        "2026-11-22",
        "—",
    ]
    assert last[:5] == ["合计", "—", "1981", "1694", "85.5%"]


def test_minus_signs_are_those_of_programs() -> None:
    """U+2212 and thousands separators are for people."""
    one = Table("t", "", (Column("a", "同比", kind="signed"),), (Row(("−1,250",)), Row(("-2",))))
    assert lines(paper_csv.render(only(one)))[1:] == [["-1250"], ["-2"]]


def test_formulas_are_made_text() -> None:
    """In any column, numbers' too."""
    rows = [Row((text, text)) for text in EVIL]
    one = Table("t", "", (Column("a", "=a"), Column("b", "b", kind="count")), rows)
    found = lines(paper_csv.render(only(one)))
    assert found[0][0] == "'=a"
    for row in found[1:]:
        assert row[0][0] == row[1][0] == "'"


def test_the_table_is_chosen_by_name() -> None:
    """The first without one; an unknown name or a paper without tables is told."""
    two = replace(paper(), sections=(Section([table("甲"), table("乙")]),))
    assert paper_csv.render(two) == paper_csv.render(two, "乙")
    with pytest.raises(Problem) as told:
        paper_csv.render(two, "丙")
    assert told.value.code == "no-table"
    assert "甲、乙" in told.value.mend
    with pytest.raises(Problem):
        paper_csv.render(replace(paper(), sections=()))


def only(one: Table) -> Paper:
    """A paper of that table."""
    return replace(paper(), sections=(Section([one]),), facts={})
