"""A workbook as rows of text, whatever was typed into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import guard
from .notes import Notes

MAX_BYTES = guard.MAX_BYTES
MAX_ROWS = 50_000
MAX_COLUMNS = 300
MAX_CELL = 32_767
MAX_BLANK_ROWS = 60
"""After so many blank rows the form is over for every tool that reads XLSForms."""
OWN = "检查表"
"""The first sheet of the workbooks that fieldkit writes itself."""
SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")


@dataclass(slots=True)
class Row:
    """A line of a sheet: Excel's row number and the cells that hold something, by column."""

    number: int
    cells: dict[int, str]


@dataclass(slots=True)
class Sheet:
    """A sheet under its own name: the headers by column, the row they stand in, what follows."""

    title: str
    header: dict[int, str] = field(default_factory=dict)
    header_row: int = 1
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    """The sheets that mean something, by their XLSForm name, and the names of all."""

    names: list[str] = field(default_factory=list)
    sheets: dict[str, Sheet] = field(default_factory=dict)


Grid = Sequence[Sequence[Any]]


def read(path: Path, notes: Notes) -> Book:
    """The sheets of a workbook; cells that hold an error or no value are noted.

    Raises Problem for a file that is missing, too large, damaged or no workbook.
    """
    raw = _bytes(path)
    name = shown(path.name)
    if raw.startswith(b"PK\x03\x04"):
        safe, odd = guard.checked(raw, name)
        return _book(guard.grids(safe, name, wanted), notes, odd)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return _book(guard.grids_apart(raw, name, wanted), notes, {})
    raise Problem(
        "workbook-format",
        _("这不是 Excel 工作簿"),
        where=name,
        mend=_("请另存为 .xlsx 再导入。"),
    )


def book(grids: dict[str, Grid], notes: Notes) -> Book:
    """A book of cells that are at hand already, under the names of their sheets."""
    names = list(grids)
    return _book((names, {name: grids[name] for name in wanted(names)}), notes, {})


def key(name: str) -> str:
    """A sheet's name without case, spaces and underscores mattering."""
    return "_".join(name.replace("_", " ").split()).casefold()


def wanted(names: Sequence[str]) -> list[str]:
    """The names of the sheets to read; the only sheet of a workbook is the survey."""
    found: dict[str, str] = {}
    for name in names:
        if key(name) in SHEETS:
            found.setdefault(key(name), name)
    if not found and len(names) == 1 and names[0] != OWN:
        return list(names)
    return list(found.values())


def _bytes(path: Path) -> bytes:
    where = shown(str(path))
    try:
        if not path.is_file():
            raise Problem("no-file", _("没有这个文件。"), where=where, mend=_("检查路径。"))
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Problem(
            "workbook-unreadable",
            _("打不开工作簿：{reason}").format(reason=reason),
            where=where,
            mend=_("请检查路径和权限。"),
        ) from error
    if len(raw) > MAX_BYTES:
        raise guard.too_large(where)
    return raw


def _book(
    found: tuple[list[str], dict[str, Grid]], notes: Notes, odd: dict[str, list[guard.Odd]]
) -> Book:
    names, grids = found
    book = Book(names=names)
    for title, grid in grids.items():
        known = key(title) if key(title) in SHEETS else "survey"
        book.sheets[known] = sheet = _sheet(title, grid, notes)
        for cell in odd.get(title, ()):
            notes.add(title, cell.row, sheet.header.get(cell.column, cell.name), cell.what)
    return book


def _sheet(title: str, grid: Grid, notes: Notes) -> Sheet:
    sheet = Sheet(title)
    began = False
    last = 0
    for number, line in enumerate(grid, start=1):
        if number > MAX_ROWS:
            what = _("一张工作表最多读 {n} 行，后面的没有导入。").format(n=MAX_ROWS)
            notes.add(title, number, "", what)
            break
        cells = {
            index: text
            for index, value in enumerate(line[:MAX_COLUMNS])
            if value != "" and value is not None and (text := said(value))
        }
        if not cells:
            continue
        if last and number - last > MAX_BLANK_ROWS + 1:
            what = _("隔了 {n} 个以上的空行，从这一行起没有导入。").format(n=MAX_BLANK_ROWS)
            notes.add(title, number, "", what)
            break
        last = number
        if len(line) > MAX_COLUMNS and any(value not in ("", None) for value in line[MAX_COLUMNS:]):
            what = _("一张工作表最多读 {n} 列，右边的没有导入。").format(n=MAX_COLUMNS)
            notes.add(title, 1, "", what)
        if began:
            sheet.rows.append(Row(number, cells))
        else:
            began, sheet.header, sheet.header_row = True, cells, number
    return sheet


def said(value: Any) -> str:
    """A cell's value as the text that its author meant."""
    if isinstance(value, str):
        text = value.replace("\u00a0", " ").strip()
        return text[:MAX_CELL]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value)
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)
