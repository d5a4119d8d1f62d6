"""A workbook that came back: the author's data, and a note for each cell that says nothing."""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _

from . import layout, yaml_text
from .book import Line, Note, Sheets
from .layout import OTHER, Column
from .records import merge, put

__all__ = ["Note", "ReadBack", "read_workbook"]

MAX_DEPTH = 6
_SHEET_NAME = re.compile(r"""<(?:\w+:)?sheet\s[^>]*?\bname=["']([^"']*)["']""")
MESSAGES = {
    "no-type": N_("这一行没有题型；请在“题型”一列选一个。"),
    "no-id": N_("这一行没有编号；请补上，不能和别的重复。"),
    "no-text": N_("这一行没有内容；请补上检查什么，或删去整行。"),
    "no-section": N_("第一节之前就有检查项；请在它上面加一行，题型选“节”。"),
    "stray-end": N_("这个“组结束”前面没有题组；请删去这一行。"),
    "wrong-end": N_("这里应结束题组“{open}”，写的是“{id}”；请核对各组的起止行。"),
    "open-group": N_("题组“{id}”没有“组结束”；请在组的最后一项下面补一行。"),
    "too-deep": N_("题组套题组超过 {n} 层；请减少层次。"),
    "same-id": N_("编号“{id}”第 {row} 行已经用过；请换一个。"),
    "no-owner": N_("没有写所属题目，也没有写所属名单；请补上一个。"),
    "two-owners": N_("所属题目和所属名单只能写一个；请删去一个。"),
    "unknown-owner": N_("检查表里没有编号为“{id}”的题；请改正所属题目。"),
    "file-and-rows": N_("名单“{id}”既写了文件又写了选项；请只留一样。"),
    "extra": N_("题目的选项没有“{title}”这一列；请清空，或改用名单。"),
    "no-code": N_("依据缺代号或全称；请补上，或删去整行。"),
    "same-code": N_("代号“{id}”前面已经有了；请删去一行。"),
    "no-head": N_("没有“{title}”；请在工作表“{sheet}”里补上。"),
    "same-key": N_("“{title}”写了两次；请删去一行。"),
    "no-sheet": N_("没有工作表“{title}”；请从导出的文件里复制回来。"),
    "no-column": N_("这里不能填“{title}”；请清空这一格。"),
}
Data = dict[str, Any]


@dataclass(frozen=True)
class ReadBack:
    """What a workbook holds: the author's data, the same as YAML, how many items, and the notes.

    ``rows`` are the row numbers in the sheet 检查表 of the sections, and of the items of every
    section as they follow one another, groups included; ``columns`` are that sheet's letters by
    key. ``head_rows`` are the rows of 表头 by key, ``option_rows`` those of 选项 by item.
    """

    data: Data
    yaml: str
    items: int
    not_supported: list[Note] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    head_rows: dict[str, int] = field(default_factory=dict)
    option_rows: dict[str, list[int]] = field(default_factory=dict)


def read_workbook(path: Path) -> ReadBack:
    """The checklist in an .xlsx file as `write_workbook` lays it out, whoever saved it last.

    Raises Problem for a file that is no such workbook, is too large or cannot be opened; every
    fault inside is a note, and the cell it names is left out.
    """
    sheets = Sheets(path)
    try:
        if not sheets.has(layout.ITEMS):
            raise Problem(
                "no-checklist-sheet",
                _("表格里没有工作表“{title}”").format(title=layout.ITEMS),
                where=sheets.name,
                mend=_("请用 fieldkit checklist export 导出一份，在那份上改。"),
            )
        back = _Back(sheets)
        back.read()
    finally:
        sheets.close()
    data = yaml_text.ordered(back.data)
    return ReadBack(
        data,
        yaml_text.dump(data),
        back.count,
        sheets.notes,
        back.rows,
        back.columns,
        back.head_rows,
        back.option_rows,
    )


def is_ours(path: Path) -> bool:
    """Whether a file looks like a workbook of `write_workbook` and not like another form: it is
    looked at no further than its list of sheets, and nothing is raised."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as part:
            text = html.unescape(part.read(1024 * 1024).decode("utf-8", "replace"))
    except (OSError, ValueError, KeyError, NotImplementedError, RuntimeError, zlib.error):
        return False
    except zipfile.BadZipFile:
        return False
    return any(layout.even(name) == layout.ITEMS for name in _SHEET_NAME.findall(text))


class _Back:
    """The walk over the sheets."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self.data: Data = {}
        self.count = 0
        self.sections: list[Data] = []
        self.items: dict[str, tuple[Data, int]] = {}
        self.groups: list[tuple[Data, str, int]] = []
        self.rows: list[int] = []
        self.columns: dict[str, str] = {}
        self.head_rows: dict[str, int] = {}
        self.option_rows: dict[str, list[int]] = {}

    def read(self) -> None:
        self._head()
        grades = [
            self._record(layout.GRADES, line, layout.GRADE_COLUMNS)
            for line in self.sheets.lines(layout.GRADES, layout.GRADE_COLUMNS)
        ]
        sources = self._sources()
        for line in self.sheets.lines(layout.ITEMS, layout.ITEM_COLUMNS):
            self.columns = self.columns or {k: at for k, (_c, at) in line.columns.items()}
            self._item_row(line)
        self._close_groups(0)
        lists = self._options()
        found = {
            "grades": grades,
            "sources": sources,
            "lists": lists,
            "sections": self.sections,
        }
        other = self.data.pop(OTHER, {})
        self.data.update({name: value for name, value in found.items() if value})
        merge(self.data, other)

    def _note(self, sheet: str, line: Line, key: str, code: str, **words: object) -> None:
        letter = line.columns[key][1] if key in line.columns else "A"
        self.sheets.note(sheet, line.number, letter, _(MESSAGES[code]).format(**words))

    def _record(
        self, sheet: str, line: Line, columns: Sequence[Column], skip: Sequence[str] = ()
    ) -> Data:
        """The mapping that a row stands for; cells of other columns are noted."""
        known = {column.key: column for column in columns}
        renamed = {c.key: c.place[0] for c in columns if c.key != c.place[0]}
        record: Data = {}
        for key in line.cells:
            column = line.columns[key][0]
            if key in skip:
                continue
            if column.place[0] == "translations":
                language, name = column.place[1:]
                value = self.sheets.value(sheet, line, key)
                if value is not None:
                    put(record, ("translations", language, renamed.get(name, name)), value)
            elif key not in known:
                self._note(sheet, line, key, "no-column", title=column.title)
            elif key != OTHER:
                value = self.sheets.value(sheet, line, key, known[key])
                if value is not None and value != []:
                    put(record, known[key].place, value)
        other = self.sheets.value(sheet, line, OTHER)
        if isinstance(other, dict):
            merge(record, other)
        return record

    def _head(self) -> None:
        title = layout.HEAD
        if not self.sheets.has(title):
            what = _(MESSAGES["no-sheet"]).format(title=title)
            self.sheets.note(title, 1, "A", what)
            return
        rows = self.head_rows
        for line in self.sheets.pairs(title, layout.HEAD_COLUMNS):
            key = next(iter(line.columns))
            if key in rows:
                self._note(title, line, key, "same-key", title=line.columns[key][0].title)
                continue
            rows[key] = line.number
            record = self._record(title, line, layout.HEAD_COLUMNS)
            if key == OTHER:
                self.data[OTHER] = record
            else:
                merge(self.data, record)
        for column in layout.HEAD_COLUMNS[:3]:
            if column.key not in self.data and column.key not in self.data.get(OTHER, {}):
                what = _(MESSAGES["no-head"]).format(title=column.title, sheet=title)
                self.sheets.note(title, rows.get(column.key, 1), "B", what)

    def _sources(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self.sheets.lines(layout.SOURCES, layout.SOURCE_COLUMNS):
            code = self.sheets.value(layout.SOURCES, line, "code")
            title = self.sheets.value(layout.SOURCES, line, "title")
            if code is None or title is None:
                self._note(layout.SOURCES, line, "code", "no-code")
            elif code in found:
                self._note(layout.SOURCES, line, "code", "same-code", id=code)
            else:
                found[code] = title
        return found

    def _item_row(self, line: Line) -> None:
        sheet = layout.ITEMS
        kind = self.sheets.value(sheet, line, "type")
        if kind == layout.END:
            self._end(line)
            return
        if kind == layout.SECTION:
            self._close_groups(0)
            section = self._record(sheet, line, layout.SECTION_COLUMNS, skip=("type",))
            self._needs(line, section, ("id", "title"))
            self.rows.append(line.number)
            self.sections.append({**section, "items": []})
            return
        item = self._record(sheet, line, layout.ITEM_COLUMNS)
        self._needs(line, item, ("id", "text", "type"))
        self._place(item, line)
        if item.get("type") not in layout.CONTAINERS:
            self.count += 1
        else:
            if len(self.groups) >= MAX_DEPTH:
                self._note(sheet, line, "type", "too-deep", n=MAX_DEPTH)
            item["items"] = []
            self.groups.append((item, str(item.get("id", "")), line.number))

    def _needs(self, line: Line, record: Data, keys: Sequence[str]) -> None:
        """Note what every section or item has, unless its cell had a fault already."""
        codes = {"id": "no-id", "type": "no-type", "text": "no-text", "title": "no-text"}
        for key in keys:
            shown = "text" if key == "title" else key
            if key not in record and shown not in line.faulty:
                self._note(layout.ITEMS, line, shown, codes[key])

    def _place(self, item: Data, line: Line) -> None:
        if not self.sections:
            self._note(layout.ITEMS, line, "type", "no-section")
            self.rows.append(line.number)
            self.sections.append({"id": "items", "title": "检查项", "items": []})
        owner = self.groups[-1][0] if self.groups else self.sections[-1]
        owner["items"].append(item)
        self.rows.append(line.number)
        name = item.get("id")
        if not isinstance(name, str):
            return
        if name in self.items:
            self._note(layout.ITEMS, line, "id", "same-id", id=name, row=self.items[name][1])
        else:
            self.items[name] = (item, line.number)

    def _end(self, line: Line) -> None:
        name = self.sheets.value(layout.ITEMS, line, "id")
        if not self.groups:
            self._note(layout.ITEMS, line, "type", "stray-end")
            return
        open_ = self.groups[-1][1]
        if name is not None and name != open_:
            self._note(layout.ITEMS, line, "id", "wrong-end", open=open_, id=name)
            names = [group[1] for group in self.groups]
            if name in names:
                self._close_groups(len(names) - 1 - names[::-1].index(name) + 1)
        self.groups.pop()

    def _close_groups(self, keep: int) -> None:
        while len(self.groups) > keep:
            _group, name, row = self.groups.pop()
            self.sheets.note(layout.ITEMS, row, "A", _(MESSAGES["open-group"]).format(id=name))

    def _options(self) -> dict[str, Any]:
        lists: dict[str, Any] = {}
        sheet = layout.OPTIONS
        known = [*layout.OWNER_COLUMNS, *layout.OPTION_COLUMNS]
        for line in self.sheets.lines(sheet, known, extras=True):
            owner = self.sheets.value(sheet, line, "item")
            named = self.sheets.value(sheet, line, "list")
            if owner is None and named is None:
                self._note(sheet, line, "id", "no-owner")
            elif owner is not None and named is not None:
                self._note(sheet, line, "list", "two-owners")
            elif named is not None:
                self._list_row(line, named, lists)
            elif owner not in self.items:
                self._note(sheet, line, "item", "unknown-owner", id=owner)
            else:
                row = self._option(line, extras=False)
                self.option_rows.setdefault(owner, []).append(line.number)
                params = self.items[owner][0].setdefault("params", {})
                if isinstance(params, dict):
                    params.setdefault("options", []).append(row)
        return lists

    def _list_row(self, line: Line, name: str, lists: dict[str, Any]) -> None:
        file = self.sheets.value(layout.OPTIONS, line, "file")
        rows = lists.get(name)
        if (file is not None and rows is not None) or isinstance(rows, dict):
            self._note(layout.OPTIONS, line, "list", "file-and-rows", id=name)
        elif file is not None:
            lists[name] = {"file": file}
        else:
            lists.setdefault(name, []).append(self._option(line, extras=True))

    def _option(self, line: Line, extras: bool) -> Data:
        sheet = layout.OPTIONS
        known = {column.key for column in (*layout.OWNER_COLUMNS, *layout.OPTION_COLUMNS)}
        others = [k for k in line.cells if k not in known and line.columns[k][0].title == k]
        skip = [column.key for column in layout.OWNER_COLUMNS] + others
        row = self._record(sheet, line, layout.OPTION_COLUMNS, skip)
        for key in others:
            if extras:
                row.setdefault(key, self.sheets.value(sheet, line, key))
            else:
                self._note(sheet, line, key, "extra", title=key)
        return row
