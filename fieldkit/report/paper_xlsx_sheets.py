"""The sheets of a document's workbook: its text, its tables, its charts with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from fieldkit.report import cells
from fieldkit.report.ooxml import BIAOSONG, HEI, KAI
from fieldkit.report.paper import (
    Blank,
    Block,
    Cell,
    Chart,
    Column,
    Form,
    FormRow,
    Para,
    Table,
    Text,
)
from fieldkit.report.phrases import EMPTY
from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from fieldkit.report.paper_xlsx import Book

_TEXT_WIDTH = 84
_PARTS = 24
"""So many columns that the boxes of a form find theirs."""
_ACROSS = 132
"""Characters in a line of a page upright, and across."""
_LINE = 15.0
"""Points from line to line in a table."""
_POINTS_PER_MM = 2.835
_MOST_HIGH = 400.0
_STYLES: Mapping[str, tuple[dict[str, Any], str]] = {
    "body": ({}, "　　"),
    "to": ({}, ""),
    "left": ({}, ""),
    "h1": ({"font_name": HEI}, "　　"),
    "h2": ({"font_name": KAI}, "　　"),
    "h3": ({}, "　　"),
    "h4": ({}, "　　"),
    "title": ({"font_name": BIAOSONG, "font_size": 18, "align": "center"}, ""),
    "subtitle": ({"font_name": KAI, "align": "center"}, ""),
    "annex": ({"font_name": HEI}, ""),
    "note": ({"font_size": 9}, ""),
    "sign": ({"align": "right"}, ""),
    "line": ({}, ""),
    "part": ({"font_name": HEI}, ""),
}
_BOXES: Mapping[str, dict[str, Any]] = {
    "": {},
    "mid": {"align": "center"},
    "head": {"align": "center", "font_name": HEI, "bg_color": "#F2F2F2"},
    "band": {"font_name": KAI},
}
_TONES: Mapping[str, dict[str, Any]] = {
    "": {},
    "sub": {"font_name": KAI, "bg_color": "#F2F2F2"},
    "total": {"font_name": HEI, "bg_color": "#E7E6E6"},
}


def text(book: Book, blocks: Sequence[Block], facts: Mapping[str, Text]) -> None:
    """The sheet of sentences, and single facts below what is printed."""
    sheet = book.sheet(_("正文"))
    # A single column that is wider than the page would not be shrunk to it.
    widths = [_TEXT_WIDTH / _PARTS] * _PARTS
    sheet.set_column(0, _PARTS - 1, widths[0])
    row = 0
    for block in blocks:
        row = _line(book, sheet, row, block, widths)
    sheet.print_area(0, 0, max(row - 1, 0), _PARTS - 1)
    sheet.hide_gridlines(2)
    for name, said in facts.items():
        label = book.format(align="right", font_color="#595959")
        sheet.merge_range(row + 1, 0, row + 1, _PARTS // 3 - 1, "", label)
        book.text(sheet, row + 1, 0, name, label)
        sheet.merge_range(row + 1, _PARTS // 3, row + 1, _PARTS - 1, "", book.format())
        book.put(sheet, row + 1, _PARTS // 3, said, book.format())
        row += 1


def _line(book: Book, sheet: Worksheet, row: int, block: Block, widths: Sequence[float]) -> int:
    """One paragraph, one box to fill in, or where a table is to be found; the next free row."""
    if isinstance(block, Table | Chart):
        words = _("（见工作表“{name}”）").format(name=_name(block))
        return _line(book, sheet, row, Para(words, "note"), widths)
    if isinstance(block, Blank):
        _across(book, sheet, row, len(widths), block.label, book.format(font_name=HEI))
        box = book.format(border=1)
        _across(book, sheet, row + 1, len(widths), "", box)
        sheet.set_row(row + 1, min(block.height * _POINTS_PER_MM, _MOST_HIGH))
        return row + 2
    if isinstance(block, Form):
        return _form(book, sheet, row, block, widths)
    how, lead = _STYLES[block.style]
    said: Text = (lead, *(block.text if isinstance(block.text, tuple) else (block.text,)))
    if not lead:
        said = block.text
    prefixed = {"quote_prefix": True} if cells.is_formula(cells.plain(said)) else {}
    style = book.format(**{"font_size": 12, "text_wrap": True} | prefixed | how)
    _across(book, sheet, row, len(widths), said, style)
    size = float(how.get("font_size", 12))
    lines = _lines(cells.plain(said), sum(widths) * 10.5 / size)
    sheet.set_row(row, min(lines * size * 1.6, _MOST_HIGH))
    return row + 1


def _form(book: Book, sheet: Worksheet, row: int, form: Form, widths: Sequence[float]) -> int:
    """The boxes of a form over the columns of the sheet; gives the next free row."""
    edges = _edges(form.widths, len(widths))
    for n, line in enumerate(form.rows):
        _form_row(book, sheet, row + n, line, edges, widths)
    return row + len(form.rows)


def _edges(shares: Sequence[int], columns: int) -> list[int]:
    """Where each box begins and the last ends, each at least one column wide."""
    whole, total, found = sum(shares), 0, [0]
    for n, share in enumerate(shares, 1):
        total += share
        least, most = found[-1] + 1, columns - (len(shares) - n)
        found.append(min(max(round(columns * total / whole), least), most))
    return found


def _form_row(
    book: Book, sheet: Worksheet, row: int, line: FormRow, edges: Sequence[int],
    widths: Sequence[float],
) -> None:  # fmt: skip
    at, high = 0, 1
    for cell in line.cells:
        first, last = edges[at], edges[at + cell.span] - 1
        at += cell.span
        said = cells.plain(cell.text)
        quoted = {"quote_prefix": True} if cells.is_formula(said) else {}
        style = book.format(border=1, text_wrap=True, **quoted, **_BOXES[cell.style])
        if last > first:
            sheet.merge_range(row, first, row, last, "", style)
        book.put(sheet, row, first, cell.text, style)
        high = max(high, _lines(said, sum(widths[first : last + 1]) - 1))
    sheet.set_row(row, min(max(high * _LINE + 4, line.height * _POINTS_PER_MM), _MOST_HIGH))


def _name(block: Table | Chart) -> str:
    return block.name if isinstance(block, Table) else block.title


def _across(
    book: Book, sheet: Worksheet, row: int, columns: int, said: Text, style: Format
) -> None:
    """Text over all columns of a table."""
    if columns > 1:
        sheet.merge_range(row, 0, row, columns - 1, "", style)
    book.put(sheet, row, 0, said, style)


def _lines(said: str, width: float) -> int:
    """How many lines a text takes in a column of so many characters."""
    return sum(max(1, -(-cell_width(line) // max(int(width), 1))) for line in said.split("\n"))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a table stands on its sheet."""

    first: int
    """The row of its first line below the head."""
    widths: Sequence[float]


def table(
    book: Book, one: Table, before: Sequence[Block], after: Sequence[Block], *, wide: bool
) -> None:
    """One table on a sheet of its own: title, unit, head, rows, notes."""
    sheet = book.sheet(one.name, wide=wide)
    widths = _widths(one, _ACROSS if wide else _TEXT_WIDTH)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    row = 0
    for block in before:
        row = _line(book, sheet, row, block, widths)
    if one.title:
        row = _line(book, sheet, row, Para(one.title, "title"), widths)
    if one.unit:
        _across(book, sheet, row, len(widths), one.unit, book.format(align="right"))
        row += 1
    head = row
    row = _head(book, sheet, row, one.columns, widths)
    sheet.repeat_rows(head, row - 1)
    sheet.freeze_panes(row, 0)
    row = _rows(book, sheet, one, _Place(row, widths))
    for note in one.notes:
        row = _line(book, sheet, row, Para(note, "note"), widths)
    for block in after:
        row = _line(book, sheet, row, block, widths)
    sheet.print_area(0, 0, max(row - 1, 0), len(widths) - 1)


def _widths(one: Table, room: int) -> list[float]:
    """Shares of the page, but no number ever wider than its column."""
    shares = sum(column.width for column in one.columns) or 1
    found = []
    for n, column in enumerate(one.columns):
        width = room * column.width / shares
        if column.kind != "text":
            said = [cells.plain(row.cells[n] or EMPTY) for row in one.rows]
            width = max(width, *(cell_width(text) + 3.0 for text in (*said, "")))
        found.append(round(min(max(width, 4.5), 80.0), 1))
    return found


def _head(
    book: Book, sheet: Worksheet, row: int, columns: Sequence[Column], widths: Sequence[float]
) -> int:
    """One row, or two where columns share a head; gives the row below."""
    style = book.format(font_name=HEI, align="center", text_wrap=True, border=1, bg_color="#DDEBF7")
    grouped = any(column.group for column in columns)
    place = 0
    for group, many in groupby(columns, key=lambda column: column.group):
        inside = list(many)
        if group and len(inside) > 1:
            sheet.merge_range(row, place, row, place + len(inside) - 1, "", style)
        if group:
            book.text(sheet, row, place, group, style)
        for column in inside:
            if grouped and not group:
                sheet.merge_range(row, place, row + 1, place, "", style)
            book.text(sheet, row + bool(group), place, column.title, style)
            place += 1
    titles = zip(columns, widths, strict=True)
    lines = max((_lines(column.title, width - 1) for column, width in titles), default=1)
    sheet.set_row(row + grouped, lines * _LINE + 4)
    return row + 1 + grouped


def _rows(book: Book, sheet: Worksheet, one: Table, place: _Place) -> int:
    """The lines of a table; gives the row below the last."""
    rows, columns = list(one.rows), list(one.columns)
    live = cells.formulas(columns, rows)
    for n, row in enumerate(rows):
        lines = 1
        for column, cell in enumerate(row.cells):
            how = _TONES[row.tone] | {"border": 1}
            formula = live.get((n, column))
            words = _formula(formula, one, place, (n, column)) if formula else ""
            _cell(book, sheet, (place.first + n, column), columns[column], cell, how, words)
            if columns[column].kind == "text" and cell is not None:
                lines = max(lines, _lines(cells.plain(cell), place.widths[column] - 1))
        sheet.set_row(place.first + n, min(lines * _LINE + 3, _MOST_HIGH))
    return place.first + len(rows)


def _cell(
    book: Book,
    sheet: Worksheet,
    at: tuple[int, int],
    column: Column,
    cell: Cell,
    how: dict[str, Any],
    formula: str,
) -> None:
    """One cell: a number, a day, a formula with what it gives, or text that is no formula."""
    row, place = at
    said = EMPTY if cell is None or cell == "" else cells.plain(cell)
    held = cells.number(said, column.kind)
    if held is not None or formula:
        mask = held.format if held is not None else "0"
        style = book.format(**how, align="right", indent=1, num_format=mask)
        if formula:
            value = said if held is None else held.value
            sheet.write_formula(row, place, formula, style, value)
        else:
            assert held is not None
            sheet.write_number(row, place, held.value, style)
    elif column.kind == "day" and _day(said) is not None:
        style = book.format(**how, align="center", num_format="yyyy-mm-dd")
        sheet.write_datetime(row, place, _day(said), style)
    else:
        middle = said in (EMPTY, "/") or column.kind != "text"
        quoted = {"quote_prefix": True} if cells.is_formula(said) else {}
        align = {"align": "center" if middle else "left"}
        book.text(sheet, row, place, said, book.format(**how, **align, **quoted, text_wrap=True))
    if cell is not None:
        book.mark(sheet, row, place, cell)


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if len(said) == 10 and day.year >= 1901 else None


def _formula(formula: cells.Formula, one: Table, place: _Place, at: tuple[int, int]) -> str:
    """The formula in a spreadsheet's words; divisions of whole numbers, so that none is off."""
    from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

    row, column = at
    if formula.runs:
        runs = ((place.first + first, place.first + last) for first, last in formula.runs)
        return f"=SUM({','.join(xl_range(first, column, last, column) for first, last in runs)})"
    ids = [known.id for known in one.columns]
    part, of = (xl_rowcol_to_cell(place.first + row, ids.index(id)) for id in formula.divided)
    units = 10**formula.places
    times = f"*{formula.scale * units}" if formula.scale * units != 1 else ""
    over = f"/{units}" if units != 1 else ""
    cut = f"TRUNC({part}{times}/{of})" if formula.cut else f"ROUND({part}{times}/{of},0)"
    return f'=IF({of}=0,"{EMPTY}",{cut}{over})'
