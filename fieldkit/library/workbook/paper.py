"""How the workbook looks: headers, widths, drop-downs. openpyxl is loaded here, on first use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import _

from .layout import END, ITEMS, NO, OPTIONS, SECTION, VOCABULARY, WORDS, YES, Column, word
from .records import Row

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as Sheeted

SPARE = 300
"""Empty rows below the last one that have drop-downs too."""
_ALWAYS = frozenset(
    ("type", "id", "text", "weight", "critical", "mode", "criterion", "evidence", "at_least")
) | {"unit", "required", "source", "phrases"}
"""Columns of the sheet of items that are shown even where nothing stands in them."""
_HEAD_FILL, _SECTION_FILL, _GROUP_FILL = "FFD9E2EC", "FFEEF2E6", "FFF5F5F5"


def openpyxl() -> ModuleType:
    """The library for workbooks. Raises Problem ``no-openpyxl`` where it is not installed."""
    try:
        import openpyxl as found
    except ImportError:
        raise Problem(
            "no-openpyxl",
            _("没有安装读写 .xlsx 的组件"),
            mend=_("请安装 fieldkit[office]，或直接编辑 .yaml 文件。"),
        ) from None
    return found


class Book:
    """A workbook being written, sheet by sheet."""

    def __init__(self) -> None:
        library = openpyxl()
        from openpyxl.styles import Alignment, Font, PatternFill

        self.book: Any = library.Workbook()
        self.book.remove(self.book.active)
        # A user's name is nobody's business; the library writes its own where there is none.
        self.book.properties.creator = "fieldkit"
        self.wrapped = Alignment(wrap_text=True, vertical="top")
        self.bold = Font(bold=True)
        self.fills = {
            name: PatternFill("solid", fgColor=name)
            for name in (_HEAD_FILL, _SECTION_FILL, _GROUP_FILL)
        }

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """A sheet with a header row that stays in view, and one row for each mapping."""
        sheet = self.book.create_sheet(title)
        used = {key for row in rows for key in row}
        for number, column in enumerate(columns, start=1):
            self._put(sheet.cell(1, number), column.header.strip(), head=True)
            self._shape(sheet, number, column)
            if title == ITEMS and not {column.key} & (_ALWAYS | used):
                sheet.column_dimensions[letter(number)].hidden = True
            self._choices(sheet, column, f"{letter(number)}2:{letter(number)}{len(rows) + SPARE}")
        for number, row in enumerate(rows, start=2):
            for place, column in enumerate(columns, start=1):
                cell = sheet.cell(number, place)
                if column.key in row:
                    self._put(cell, row[column.key])
                if title == ITEMS:
                    self._tint(cell, str(row.get("type", "")))
        fixed = {ITEMS: "D2", OPTIONS: "A2"}
        sheet.freeze_panes = fixed.get(title, "A2")

    def pairs(self, title: str, columns: Sequence[Column], row: Row) -> None:
        """A sheet with one row for each key: its name, its value."""
        sheet = self.book.create_sheet(title)
        for number, text in enumerate(("项目", "内容"), start=1):
            self._put(sheet.cell(1, number), text, head=True)
        sheet.column_dimensions["A"].width = 24
        self._shape(sheet, 2, Column("value", "内容", "text", 80))
        for number, column in enumerate(columns, start=2):
            self._put(sheet.cell(number, 1), column.header, head=True)
            if column.key in row:
                self._put(sheet.cell(number, 2), row[column.key])
            self._choices(sheet, column, f"B{number}")
        sheet.freeze_panes = "A2"

    def words(self) -> None:
        """The sheet of words that drop-downs offer."""
        sheet = self.book.create_sheet(WORDS)
        for number, (name, words) in enumerate(VOCABULARY.items(), start=1):
            self._put(sheet.cell(1, number), name, head=True)
            sheet.column_dimensions[letter(number)].width = 20
            for row, key in enumerate(words, start=2):
                self._put(sheet.cell(row, number), word(key, name))
        sheet.freeze_panes = "A2"

    def save(self, path: Path) -> None:
        """Write the file. Raises OSError."""
        self.book.save(path)

    def _put(self, cell: Sheeted, value: str | int, head: bool = False) -> None:
        cell.value = value
        # Else a text such as =1+1 would be taken for a formula, and #N/A for an error.
        if isinstance(value, str):
            cell.data_type = "s"
            cell.number_format = "@"
        cell.alignment = self.wrapped
        if head:
            cell.font = self.bold
            cell.fill = self.fills[_HEAD_FILL]

    def _shape(self, sheet: Any, number: int, column: Column) -> None:
        """Width, and the format "text", so that what is typed into an empty cell stays text."""
        shape = sheet.column_dimensions[letter(number)]
        shape.width = column.width
        shape.alignment = self.wrapped
        if column.form != "int":
            shape.number_format = "@"

    def _tint(self, cell: Sheeted, kind: str) -> None:
        if kind == word(SECTION, "type"):
            cell.fill, cell.font = self.fills[_SECTION_FILL], self.bold
        elif kind in {word(name, "type") for name in ("group", "repeat", END)}:
            cell.fill = self.fills[_GROUP_FILL]

    def _choices(self, sheet: Any, column: Column, cells: str) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        if column.form in ("bool", "flag"):
            source = f'"{YES},{NO}"'
        elif column.form == "word":
            place = letter(list(VOCABULARY).index(column.words) + 1)
            last = len(VOCABULARY[column.words]) + 1
            source = f"'{WORDS}'!${place}$2:${place}${last}"
        else:
            return
        found = DataValidation(type="list", formula1=source, allow_blank=True)
        # A word or an expression typed by hand is welcome too: reading is what judges it.
        found.showErrorMessage = False
        found.add(cells)
        sheet.add_data_validation(found)


def letter(number: int) -> str:
    """The letters over a column, from 1."""
    from openpyxl.utils import get_column_letter

    found: str = get_column_letter(number)
    return found
