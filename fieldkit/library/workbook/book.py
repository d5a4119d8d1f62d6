"""The sheets of a workbook as rows of typed cells under known headers, with every fault's place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import first_control, shown

from . import layout, paper
from .cells import Typed, Unreadable, decode, text_of, typed
from .layout import Column, even

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 40_000
MAX_COLUMNS = 256
MAX_NOTES = 500
_MAX_BLANK = 5_000
_HEADER_WITHIN = 20

MESSAGES = {
    "no-header": N_("找不到表头一行；请从导出的文件里复制第一行回来。"),
    "twice": N_("“{title}”这一列有两列；请删去或改名其中一列。"),
    "unknown-column": N_("不认识这一列“{title}”，没有读取；请改正列名或删去这一列。"),
    "unknown-key": N_("不认识“{title}”，没有读取；请改正或删去这一行。"),
    "untitled": N_("这一列有内容却没有列名；请补上列名或清空。"),
    "too-many-rows": N_("超过 {n} 行，后面的没有读取；请拆成几张检查表。"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing of a workbook that could not be taken over: the cell, and what to do about it."""

    sheet: str
    row: int
    column: str
    what: str


@dataclass(slots=True)
class Line:
    """One row: its number, its cells by column key, and the columns of the whole sheet, each
    with its letter. ``faulty`` are cells that were noted already."""

    number: int
    columns: dict[str, tuple[Column, str]]
    cells: dict[str, Typed] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)


class Sheets:
    """A workbook that was opened, and the notes on it."""

    def __init__(self, path: Path) -> None:
        self.notes: list[Note] = []
        self.name = shown(path.name)
        self.book = _opened(path, self.name)
        self.by_title: dict[str, Any] = {}
        self._texts: dict[int, str] = {}
        self._strays: set[int] = set()
        for sheet in self.book.worksheets:
            self.by_title.setdefault(even(str(sheet.title)), sheet)

    def close(self) -> None:
        """Let go of the file."""
        self.book.close()

    def has(self, title: str) -> bool:
        """Whether there is a sheet of that name."""
        return title in self.by_title

    def note(self, sheet: str, row: int, column: str, what: str) -> None:
        """Write a fault down; more of them than anybody reads are left out."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(Note(sheet, row, column, what))

    def rows(self, title: str) -> Iterator[list[Any]]:
        """The cells of every row of a sheet, from the first; empty rows count."""
        if not self.has(title):
            return
        sheet = self.by_title[title]
        try:
            # Some programs write a wrong extent, and rows beyond it would be lost.
            sheet.reset_dimensions()
            blank = 0
            for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
                if number > MAX_ROWS:
                    what = _(MESSAGES["too-many-rows"]).format(n=MAX_ROWS)
                    self.note(title, number, "A", what)
                    return
                blank = 0 if any(cell.value is not None for cell in cells) else blank + 1
                if blank > _MAX_BLANK:
                    return
                yield list(cells) if not blank else []
        except Problem:
            raise
        except Exception as error:  # a damaged workbook raises whatever its parsers raise
            raise _damaged(self.name) from error

    def lines(self, title: str, known: Sequence[Column], extras: bool = False) -> Iterator[Line]:
        """The rows under the header as cells by key; with ``extras``, unknown headers are keys
        of their own."""
        header: dict[int, tuple[Column, str]] | None = None
        columns: dict[str, tuple[Column, str]] = {}
        above = 0
        for number, cells in enumerate(self.rows(title), start=1):
            if header is None:
                found = self._header(title, number, cells, known, extras)
                if found:
                    header, columns = found, {c.key: (c, at) for c, at in found.values()}
                    continue
                above += bool(cells)
                if above > _HEADER_WITHIN:
                    break
                continue
            line = Line(number, columns)
            for place, cell in enumerate(cells):
                if place in header:
                    self._cell(title, line, cell, *header[place])
                elif cell.value is not None and str(cell.value).strip():
                    self._stray(title, number, place)
            if line.cells or line.faulty:
                yield line
        if header is None and self.has(title) and above:
            self.note(title, 1, "A", _(MESSAGES["no-header"]))

    def pairs(self, title: str, known: Sequence[Column]) -> Iterator[Line]:
        """The rows of a sheet of names and values, each as a line of one cell."""
        for number, cells in enumerate(self.rows(title), start=1):
            texts = [_header_text(cell) for cell in cells]
            place = next((i for i, text in enumerate(texts) if text), None)
            if place is None:
                continue
            column = layout.resolve(texts[place], known)
            if column is None:
                if number > 1 and place + 1 < len(cells) and cells[place + 1].value is not None:
                    what = _(MESSAGES["unknown-key"]).format(title=shown(texts[place])[:30])
                    self.note(title, number, paper.letter(place + 1), what)
                continue
            line = Line(number, {column.key: (column, paper.letter(place + 2))})
            if place + 1 < len(cells):
                self._cell(title, line, cells[place + 1], column, paper.letter(place + 2))
            yield line

    def _header(
        self, title: str, number: int, cells: list[Any], known: Sequence[Column], extras: bool
    ) -> dict[int, tuple[Column, str]]:
        """The columns of a row by place, empty where the row is no header."""
        texts = {place: _header_text(cell) for place, cell in enumerate(cells)}
        resolved = {place: layout.resolve(text, known) for place, text in texts.items() if text}
        hits = {column.key for column in resolved.values() if column is not None}
        if len(hits) < 2 or not hits & {"id", "type", "text", "code", "title"}:
            return {}
        found: dict[int, tuple[Column, str]] = {}
        seen: set[str] = set()
        self._strays, self._texts = set(), texts
        for place, column in resolved.items():
            letter = paper.letter(place + 1)
            if column is None and extras and first_control(texts[place]) is None:
                column = Column(texts[place], texts[place])
            if column is None:
                continue
            if column.key in seen:
                what = _(MESSAGES["twice"]).format(title=column.title)
                self.note(title, number, letter, what)
                self._strays.add(place)
                continue
            seen.add(column.key)
            found[place] = (column, letter)
        return found

    def _cell(self, title: str, line: Line, cell: Any, column: Column, letter: str) -> None:
        try:
            value = typed(cell)
        except Unreadable as fault:
            self.note(title, line.number, letter, str(fault))
            line.faulty.add(column.key)
            return
        if value is not None:
            line.cells[column.key] = value

    def _stray(self, title: str, number: int, place: int) -> None:
        """Something under a header that says nothing; once for each column."""
        if place in self._strays:
            return
        self._strays.add(place)
        text = self._texts.get(place, "")
        code = "unknown-column" if text else "untitled"
        what = _(MESSAGES[code]).format(title=shown(text)[:30])
        self.note(title, number, paper.letter(place + 1), what)

    def value(self, title: str, line: Line, key: str, as_column: Column | None = None) -> Any:
        """One cell read as its column's form, None where there is nothing or a fault (noted)."""
        if key not in line.cells:
            return None
        column, letter = line.columns[key]
        try:
            return decode(line.cells[key], as_column or column)
        except Unreadable as fault:
            self.note(title, line.number, letter, str(fault))
            line.faulty.add(key)
            return None


def _header_text(cell: Any) -> str:
    try:
        value = typed(cell)
    except Unreadable:
        return ""
    return text_of(value) if value is not None else ""


def _opened(path: Path, name: str) -> Any:
    library = paper.openpyxl()
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise Problem(
            "workbook-unreadable",
            _("打不开表格文件：{reason}").format(reason=error.strerror or type(error).__name__),
            where=name,
            mend=_("请检查路径和权限。"),
        ) from error
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        what = _("这是旧版 .xls 文件，或加了打开密码")
        raise Problem("workbook-xls", what, where=name, mend=_save_as())
    _check_size(raw, name)
    try:
        return library.load_workbook(io.BytesIO(raw), read_only=True, data_only=False)
    except Exception as error:  # a damaged workbook raises whatever its parsers raise
        raise _damaged(name) from error


def _check_size(raw: bytes, name: str) -> None:
    """Refuse what is no workbook, or would unpack to more than the bound."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            total = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(name) from error
    if len(raw) > MAX_BYTES or total > MAX_BYTES:
        raise Problem(
            "workbook-large",
            _("表格解开后超过 {n} MB").format(n=MAX_BYTES // 2**20),
            where=name,
            mend=_("请只留检查表的几张工作表，另存后再试。"),
        )


def _damaged(name: str) -> Problem:
    return Problem(
        "workbook-damaged", _("这不是表格文件，或文件已损坏"), where=name, mend=_save_as()
    )


def _save_as() -> str:
    return _("请用表格软件打开，另存为 .xlsx 后再试。")
