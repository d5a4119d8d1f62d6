"""The choices sheet as named lists, every option with an id that a checklist can hold."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldkit.domain.checklist import valid_id
from fieldkit.text.i18n import _

from .columns import Cells, Table, Tongues, cells
from .notes import Notes, clipped
from .words import Wording

MAX_FILE = 2 * 1024 * 1024
MAX_OPTIONS = 20_000
_UNFIT = re.compile(r"[^A-Za-z0-9_.\-\u3400-\u4dbf\u4e00-\u9fff]+")
_COLUMN = re.compile(
    r"[A-Za-z_\u3400-\u4dbf\u4e00-\u9fff]"
    r"(?:[A-Za-z0-9_\-\u3400-\u4dbf\u4e00-\u9fff]{0,62}[A-Za-z0-9_\u3400-\u4dbf\u4e00-\u9fff])?"
)
"""What is both a key of a list's row and a bare word of an expression."""
_RESERVED = frozenset(("na", "unseen", "none"))
_TAKEN = frozenset(
    ("id", "title", "verdict", "translations", "file", "name", "label", "and", "or", "div", "mod")
)


@dataclass(slots=True)
class ChoiceList:
    """A list of options: XLSForm's names to our ids, its columns, its rows as they are written."""

    name: str
    id: str
    ids: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    row: int = 0
    used: bool = False
    _taken: set[str] = field(default_factory=set)
    _remapped: set[str] = field(default_factory=set)

    def claim(self, name: str) -> str:
        """An id for an option of this name that no other option has."""
        fits = valid_id(name) and name.casefold() not in _RESERVED
        stem = name if fits else fitted(name, 60)
        wanted, n = stem, 1
        while wanted.casefold() in self._taken or wanted.casefold() in _RESERVED:
            n += 1
            wanted = f"{stem}_{n}"
        self._taken.add(wanted.casefold())
        return wanted

    def remap(self, header: str, other: ChoiceList) -> None:
        """Let a column that names the options of another list name them by their new ids."""
        own = self.columns.get(header)
        if own is None or own in ("id", "title") or header in self._remapped:
            return
        self._remapped.add(header)
        for row in self.rows:
            if own in row:
                row[own] = other.ids.get(row[own], row[own])

    def add_other(self, title: str, translations: dict[str, str]) -> None:
        """The option ``other``, which ``or_other`` asks for, where it is not there yet."""
        if "other" in self.ids:
            return
        self.ids["other"] = self.claim("other")
        row: dict[str, Any] = {"id": self.ids["other"], "title": title}
        if translations:
            row["translations"] = {code: {"title": text} for code, text in translations.items()}
        self.rows.append(row)


def fitted(name: str, most: int) -> str:
    """An id near to the given name; ``o`` where nothing of it is left."""
    name = re.sub(r"^-(?=\d)", "m", name.strip())
    stem = _UNFIT.sub("_", name).lstrip("_.-")[:most].rstrip("_.-")
    if not stem:
        return "o"
    return f"{stem}_" if stem.casefold() in _RESERVED else stem


class Lists:
    """The lists of a form by the names that its questions use."""

    def __init__(self, notes: Notes, tongues: Tongues, wording: Wording) -> None:
        self.notes = notes
        self.tongues = tongues
        self.wording = wording
        self.found: dict[str, ChoiceList] = {}
        self.external: dict[str, ChoiceList] = {}
        self._ids: set[str] = set()

    def read(self, table: Table, *, external: bool = False) -> None:
        """Take in a sheet; rows without a list or a name are noted."""
        known = self.external if external else self.found
        for line in table.sheet.rows:
            row = cells(line, table)
            name, listed = row.get("name"), row.get("list")
            if not name or not listed:
                if row.texts or row.words:
                    what = _("这一行没有选项编号，没有导入。") if listed else _(
                        "这一行没有选项表的名称，没有导入。"
                    )  # fmt: skip
                    self.notes.add(table.title, row.number, row.headers.get("label", ""), what)
                continue
            if listed not in known:
                known[listed] = self._new(listed, table.title, row)
            self._option(known[listed], name, row, table)

    def _new(self, name: str, sheet: str, row: Cells) -> ChoiceList:
        stem = name if valid_id(name) else fitted(name, 60)
        wanted, n = stem, 1
        while wanted.casefold() in self._ids:
            n += 1
            wanted = f"{stem}_{n}"
        self._ids.add(wanted.casefold())
        if wanted != name and sheet:
            what = _("选项表“{old}”改名为 {new}。").format(old=clipped(name, 40), new=wanted)
            self.notes.add(sheet, row.number, row.headers.get("list", ""), what)
        return ChoiceList(name, wanted, row=row.number, columns={"name": "id", "label": "title"})

    def _option(self, known: ChoiceList, name: str, row: Cells, table: Table) -> None:
        add = self.notes.add
        if len(known.rows) >= MAX_OPTIONS:
            what = _("一张选项表最多 {n} 项，后面的没有导入。").format(n=MAX_OPTIONS)
            add(table.title, known.row, row.headers.get("list", ""), what)
            return
        again = name in known.ids
        new = known.claim(name)
        if new != name:
            say = (
                _("选项编号“{old}”重复，改为 {new}。")
                if again
                else _("选项编号“{old}”改为 {new}。")
            )
            add(table.title, row.number, row.headers.get("name", ""),
                say.format(old=clipped(name, 40), new=new))  # fmt: skip
        known.ids.setdefault(name, new)
        words = self.wording.of(row, "label", table.title, most=200)
        data: dict[str, Any] = {
            "id": new,
            "title": words.text or self.wording.plain(name)[:200] or new,
        }
        for column, text in row.others:
            if column.key == "media":
                add(table.title, row.number, column.header, _("选项的图片、声音或录像没有导入。"))
                continue
            own = self._column(known, column.header, table)
            value = self.wording.plain(text)[:200]
            if own and value:
                data[own] = value
        if words.others:
            data["translations"] = {c: {"title": text} for c, text in words.others.items()}
        known.rows.append(data)

    def _column(self, known: ChoiceList, header: str, table: Table) -> str:
        if header in known.columns:
            return known.columns[header]
        own = header
        if not _COLUMN.fullmatch(header) or header.casefold() in _TAKEN:
            stem = _UNFIT.sub("_", header).replace(".", "_")[:36].strip("_-") or "c"
            own = stem if _COLUMN.fullmatch(stem) and stem.casefold() not in _TAKEN else f"c_{stem}"
            what = _("选项表的列“{old}”改名为 {new}。").format(old=clipped(header, 40), new=own)
            self.notes.add(table.title, table.sheet.header_row, header, what)
        while own in known.columns.values():
            own += "_"
        known.columns[header] = own
        return own

    def file(self, name: str, folder: Path, keys: dict[str, str]) -> ChoiceList | None:
        """The list in a CSV file beside the workbook; None where it cannot be read."""
        if name in self.found:
            return self.found[name]
        try:
            path = folder / Path(name).name
            if path.suffix.casefold() != ".csv" or path.stat().st_size > MAX_FILE:
                return None
            with io.StringIO(path.read_text("utf-8-sig"), newline="") as stream:
                lines = list(csv.DictReader(stream))[: MAX_OPTIONS + 1]
        except (OSError, ValueError, csv.Error):
            return None
        at, shown = keys.get("value", "name"), keys.get("label", "label")
        if not lines or len(lines) > MAX_OPTIONS or not {at, shown} <= lines[0].keys():
            return None
        known = self._new(Path(name).stem, "", Cells(0))
        known.name = Path(name).stem
        for line in lines:
            value = (line.get(at) or "").strip()
            if not value:
                continue
            new = known.claim(value)
            known.ids.setdefault(value, new)
            title = self.wording.plain(line.get(shown) or value)[:200] or new
            known.rows.append({"id": new, "title": title})
        known.columns |= {at: "id", shown: "title"}
        self.found[name] = known
        return known

    def acknowledgement(self) -> ChoiceList:
        """The list with the one answer of an acknowledgement."""
        name = "acknowledge"
        if name not in self.found or self.found[name].ids != {"OK": "OK"}:
            name = "acknowledge" if name not in self.found else "acknowledge OK"
        if name not in self.found:
            known = self._new("acknowledge", "", Cells(0))
            known.ids["OK"] = known.claim("OK")
            known.rows.append({"id": "OK", "title": _("确认")})
            self.found[name] = known
        return self.found[name]
