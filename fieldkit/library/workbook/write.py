"""An author's checklist as a workbook."""

from __future__ import annotations

import copy
import os
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import layout, paper
from .cells import MAX_CELL, Cell, encode
from .layout import OTHER, Column
from .records import Row, pack

Data = dict[str, Any]
_ID = Column("id", "编号", "id")
_NAME = Column("column", "列")
MOST_EXTRAS = 60
"""Further columns of named lists; what goes beyond is kept in 其他."""


def write_workbook(data: Data, path: Path) -> int:
    """Write the plain data of a checklist file as an .xlsx file; the number of its items.

    Raises Problem ``no-openpyxl``, or ``cell-too-long`` for a text that no cell can hold, and
    OSError where the file cannot be written.
    """
    book = paper.Book()
    sheets = _Sheets(data)
    book.table(layout.ITEMS, sheets.item_columns(), sheets.items)
    book.table(layout.OPTIONS, sheets.option_columns(), sheets.options)
    book.pairs(layout.HEAD, sheets.head_columns(), sheets.head)
    book.table(layout.GRADES, _used(layout.GRADE_COLUMNS, sheets.grades), sheets.grades)
    book.table(layout.SOURCES, layout.SOURCE_COLUMNS, sheets.sources)
    book.words()
    book.save(path)
    return sheets.count


def save_workbook(data: Data, path: Path) -> int:
    """`write_workbook` through a neighbour file: the name holds the whole workbook or what it
    held before. Raises Problem ``workbook-write`` where the disk refuses."""
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        count = write_workbook(data, part)
        os.replace(part, path)
    except (OSError, ValueError) as error:
        raise Problem(
            "workbook-write",
            _("文件无法写入：{why}").format(why=getattr(error, "strerror", None) or str(error)),
            where=shown(str(path)),
            mend=_("请检查文件夹是否存在、文件是否已被其他程序打开、磁盘是否已满。"),
        ) from error
    finally:
        with suppress(OSError, ValueError):
            part.unlink()
    return count


def _used(columns: Sequence[Column], rows: Sequence[Row]) -> list[Column]:
    """The columns, with those of translations and 其他 only where a row needs them."""
    used = {key for row in rows for key in row}
    known = {column.key for column in columns}
    more = []
    for key in sorted(used - known):
        field, colon, language = key.partition(":")
        if colon and field in layout.TRANSLATED:
            more.append(layout.translated(field, language))
    last = [column for column in columns if column.key == OTHER and OTHER in used]
    return [column for column in columns if column.key != OTHER] + more + last


class _Sheets:
    """The rows of every sheet; what fits into none goes into 其他 of the sheet 表头."""

    def __init__(self, data: Data) -> None:
        rest = copy.deepcopy(data)
        self.items: list[Row] = []
        self.options: list[Row] = []
        self.extras: list[str] = []
        self.count = 0
        if _sections_fit(rest.get("sections")):
            sections = rest.pop("sections")
            ids = Counter(item.get("id") for s in sections for item in _each(s["items"]))
            self.unique = {name for name, times in ids.items() if times == 1}
            for section in sections:
                self._section(section)
        if isinstance(rest.get("lists"), dict):
            self._lists(rest)
        self.grades = self._grades(rest)
        self.sources = self._sources(rest)
        self.head = pack(rest, layout.HEAD_COLUMNS)
        rows = [*self.items, *self.options, *self.grades, self.head]
        if any(isinstance(row.get(OTHER), str) and len(str(row[OTHER])) > MAX_CELL for row in rows):
            raise Problem(
                "cell-too-long",
                _("有一段内容太长，表格的一个单元格装不下"),
                mend=_("请先在检查表文件里缩短它。"),
            )

    def item_columns(self) -> list[Column]:
        return _used(layout.ITEM_COLUMNS, self.items)

    def option_columns(self) -> list[Column]:
        extras = [Column(name, "", width=14) for name in self.extras]
        columns = _used(layout.OPTION_COLUMNS, self.options)
        return [*layout.OWNER_COLUMNS, *columns, *extras]

    def head_columns(self) -> list[Column]:
        return _used(layout.HEAD_COLUMNS, [self.head])

    def _section(self, section: Data) -> None:
        own = {name: value for name, value in section.items() if name != "items"}
        self.items.append({"type": _type(layout.SECTION), **pack(own, layout.SECTION_COLUMNS)})
        self._items(section["items"])

    def _items(self, items: list[Data]) -> None:
        for item in items:
            own = copy.deepcopy(item)
            inside = own.pop("items") if _is_container(item) else None
            self.options += self._options(own)
            row = pack(own, layout.ITEM_COLUMNS)
            self.items.append(row)
            if inside is None:
                self.count += 1
                continue
            self._items(inside)
            end: Row = {"type": _type(layout.END)}
            self.items.append(end | ({"id": row["id"]} if "id" in row else {}))

    def _options(self, item: Data) -> list[Row]:
        """Take the options out of an item, where rows of their own can bring them back."""
        params = item.get("params")
        rows = params.get("options") if isinstance(params, dict) else None
        owner = encode(item.get("id"), _ID)
        if not _are_rows(rows) or owner is None or item.get("id") not in self.unique:
            return []
        del item["params"]["options"]
        if not item["params"]:
            del item["params"]
        head: Row = {"item": owner}
        return [head | pack(row, layout.OPTION_COLUMNS) for row in rows or ()]

    def _lists(self, rest: Data) -> None:
        lists = rest["lists"]
        file = layout.OWNER_COLUMNS[2]
        before = len(lists)
        for name, rows in list(lists.items()):
            owner = encode(name, _ID)
            if owner is None:
                continue
            if isinstance(rows, dict) and set(rows) == {"file"}:
                found = encode(rows["file"], file)
                if found is None:
                    continue
                self.options.append({"list": owner, "file": found})
            elif _are_rows(rows):
                head: Row = {"list": owner}
                self.options += [head | self._list_row(row) for row in rows]
            else:
                continue
            del lists[name]
        if before and not lists:
            del rest["lists"]

    def _list_row(self, row: Data) -> Row:
        """A row of a named list: its further texts have columns under their own names."""
        own = dict(row)
        cells: Row = {}
        for name, value in row.items():
            if name in ("id", "title", "verdict", "translations") or not is_extra(name):
                continue
            cell = encode(value, _NAME)
            if cell is None or (name not in self.extras and len(self.extras) >= MOST_EXTRAS):
                continue
            if name not in self.extras:
                self.extras.append(name)
            cells[name] = cell
            del own[name]
        return {**pack(own, layout.OPTION_COLUMNS), **cells}

    def _grades(self, rest: Data) -> list[Row]:
        rows = rest.get("grades")
        if not _are_rows(rows) or not all(rows or ()):
            return []
        del rest["grades"]
        return [pack(row, layout.GRADE_COLUMNS) for row in rows or ()]

    def _sources(self, rest: Data) -> list[Row]:
        sources = rest.get("sources")
        found: list[Row] = []
        if not isinstance(sources, dict):
            return found
        code, title = layout.SOURCE_COLUMNS
        for name, text in list(sources.items()):
            first, second = encode(name, code), encode(text, title)
            if first is not None and first == name and second is not None:
                found.append({"code": first, "title": second})
                del sources[name]
        if not sources and found:
            del rest["sources"]
        return found


def is_extra(name: str) -> bool:
    """Whether a column of a named list may stand under this name as its header."""
    known = [*layout.OWNER_COLUMNS, *layout.OPTION_COLUMNS]
    return encode(name, _NAME) == name and layout.resolve(name, known) is None


def _type(name: str) -> Cell:
    return layout.word(name, "type")


def _is_container(item: Data) -> bool:
    return item.get("type") in layout.CONTAINERS and "items" in item


def _are_rows(rows: object) -> bool:
    return isinstance(rows, list) and bool(rows) and all(isinstance(row, dict) for row in rows)


def _each(items: list[Data]) -> Iterator[Data]:
    for item in items:
        yield item
        if _is_container(item):
            yield from _each(item["items"])


def _sections_fit(sections: object) -> bool:
    """Whether sections are what rows can stand for: mappings with lists of mappings."""
    if not _are_rows(sections) or not isinstance(sections, list):
        return False
    return all(_items_fit(section.get("items")) for section in sections)


def _items_fit(items: object) -> bool:
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return False
    for item in items:
        if item.get("type") in layout.CONTAINERS:
            if not _items_fit(item.get("items")):
                return False
        elif item.get("type") in (layout.SECTION, layout.END) or not isinstance(
            item.get("type"), str
        ):
            return False
    return True
