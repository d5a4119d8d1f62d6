"""Tables of any length, row by row: whole or not at all, readable by other programs."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.report import streams
from fieldkit.text.plain import shown

from .sample_paper import EVIL


def book(rows: list[list[str]], heads: list[str], most: int = 0) -> bytes:
    """A workbook of these rows, all text."""
    out = io.BytesIO()
    sheet = streams.Xlsx(out, heads, "数据", most)
    for row in rows:
        sheet.row([sheet.cell(cell) for cell in row])
    sheet.close()
    return out.getvalue()


def opened(raw: bytes) -> Any:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(raw))


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_two_programs_read_what_was_written(rows: list[tuple[str, str]]) -> None:
    """Texts of every kind, short and long, again and again; control characters visible."""
    long = [(a * 9, b) for a, b in rows]
    raw = book([list(row) for row in (*rows, *long, *rows)], ["甲", "=乙"])
    wanted = [["甲", "=乙"]] + [
        [shown(cell, keep_newlines=True) for cell in row] for row in (*rows, *long, *rows)
    ]
    sheet = opened(raw).active
    found = [[cell.value or "" for cell in row] for row in sheet.iter_rows(max_col=2)]
    empty = ["", ""]
    assert [row for row in found if row != empty] == [row for row in wanted if row != empty]
    other = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
    both = [[str(cell) for cell in row] for row in other.to_python(skip_empty_area=False)]
    assert [row for row in both if row != empty] == [row for row in wanted if row != empty]


def test_no_text_is_a_formula_and_stays_none() -> None:
    """Also when somebody edits the cell: the text is marked as such."""
    raw = book([[text] for text in EVIL], ["h"])
    for row in opened(raw).active.iter_rows(min_row=2):
        assert row[0].data_type == "s"
        assert row[0].quotePrefix


@pytest.mark.parametrize("text", ["_x0041_", "a_x000D_b", "_x005F_x0041_", "_x_"])
def test_what_looks_like_an_escape_is_text(text: str) -> None:
    """Workbooks write signs as _x0041_: words of people that look so stay as they are."""
    raw = book([[text], ["长" * 99 + text]], ["h"])
    other = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
    assert other.to_python()[1:] == [[text], ["长" * 99 + text]]


def test_numbers_are_numbers() -> None:
    """As far as a spreadsheet holds them exactly."""
    out = io.BytesIO()
    sheet = streams.Xlsx(out, ["n"] * 6, "数据")
    sheet.row([sheet.number(n) for n in ("7", "-1.25", "007", "1234567890123456", "na", "")])
    sheet.close()
    values = [cell.value for cell in opened(out.getvalue()).active[2]]
    assert values == [7, -1.25, "007", "1234567890123456", "na", None]


def test_a_full_sheet_goes_on_on_the_next() -> None:
    """With its heads again, frozen."""
    found = opened(book([[str(n)] for n in range(7)], ["h"], most=4))
    assert found.sheetnames == ["数据", "数据-2", "数据-3"]
    for sheet in found:
        assert sheet["A1"].value == "h"
        assert sheet.freeze_panes == "A2"
    rows = [[row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in found]
    assert rows == [["0", "1", "2"], ["3", "4", "5"], ["6"]]


def test_what_no_cell_holds_is_cut_with_a_mark() -> None:
    """32,767 characters."""
    value = opened(book([["长" * 40_000]], ["h"])).active["A2"].value
    assert len(value) <= 32_767
    assert value.endswith("……（过长）")


def test_more_columns_than_a_sheet_has_are_told() -> None:
    """In a sentence that names the way out."""
    with pytest.raises(Problem) as told:
        streams.Xlsx(io.BytesIO(), ["h"] * 16_385, "数据")
    assert told.value.code == "too-many-columns"
    assert ".csv" in told.value.mend


def test_the_same_rows_give_the_same_bytes() -> None:
    """Nothing of the moment is in the file."""
    assert book([["a"]], ["h"]) == book([["a"]], ["h"])


def test_a_csv_has_its_mark_and_its_guard() -> None:
    """As every .csv of this program."""
    out = io.BytesIO()
    lines = streams.Csv(out, ["=h", "b"])
    lines.row([lines.cell("=1"), lines.number("-2")])
    lines.close()
    assert out.getvalue() == "\ufeff'=h,b\r\n'=1,-2\r\n".encode()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5))
def test_csv_rows_come_back(rows: list[list[str]]) -> None:
    """Commas, quotes and line breaks within a cell."""
    out = io.BytesIO()
    lines = streams.Csv(out, ["a", "b"])
    for row in rows:
        lines.row([lines.cell(cell) for cell in row])
    lines.close()
    found = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert found[1:] == [[lines.cell(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, ValueError, Problem("x", "x")])
def test_what_is_interrupted_leaves_nothing(tmp_path: Path, fault: Any) -> None:
    """Neither the file nor a part of it; an older file of that name stays."""
    path = tmp_path / "t.csv"
    path.write_text("old", "utf-8")

    def act() -> None:
        with streams.atomically(path) as file:
            file.write(b"new")
            raise fault

    with pytest.raises((KeyboardInterrupt, Problem)):
        act()
    assert [one.name for one in tmp_path.iterdir()] == ["t.csv"]
    assert path.read_text("utf-8") == "old"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """In a sentence."""
    with (
        pytest.raises(Problem) as told,
        streams.atomically(tmp_path / "none" / "t.csv"),
    ):
        pass
    assert told.value.code == "report-write"
