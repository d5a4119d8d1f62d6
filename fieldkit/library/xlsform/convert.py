"""A workbook in, a checklist out, with everything that was left behind."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import circles, columns, emit, items, kinds, sheets, survey
from .choices import ChoiceList, Lists
from .columns import Table
from .nodes import Names, Node
from .notes import Note, Notes, clipped
from .sheets import Book
from .types import SELECTS
from .words import Wording
from .xpath import Translator

MODELINE = "yaml-language-server: $schema=schema/checklist.schema.json"
MOST_IN_SECTION = 2_000
_VERSION = re.compile(r"[0-9]{4}\.(0[1-9]|1[0-2])(\.[0-9]{1,3})?")
_OTHER = {"zh": "其他", "en": "Other", "fr": "Autre", "es": "Otro", "pt": "Outro", "ru": "Другое"}


@dataclass(frozen=True, slots=True)
class Imported:
    """A checklist as data and as YAML, how many items it asks, and what could not be kept."""

    data: dict[str, Any]
    yaml: str
    items: int
    not_supported: list[Note]


def convert(path: Path, now: date) -> Imported:
    """The checklist of an XLSForm workbook; ``now`` gives the version where it names none.

    Raises Problem for a file that cannot be opened, is no workbook or has no survey sheet.
    """
    notes = Notes()
    book = sheets.read(path, notes)
    if "survey" not in book.sheets and sheets.OWN in book.names:
        return _own_format(path)
    return convert_book(book, path, now, notes)


def _own_format(path: Path) -> Imported:
    """A workbook that fieldkit wrote itself."""
    from fieldkit.library.workbook.read import read_workbook

    found = read_workbook(path)
    notes = [Note(n.sheet, n.row, n.column, n.what) for n in found.not_supported]
    return Imported(found.data, found.yaml, found.items, notes)


def convert_book(book: Book, path: Path, now: date, notes: Notes) -> Imported:
    """As ``convert``, for a workbook that is read already."""
    if "survey" not in book.sheets:
        raise _no_survey(book, path)
    table = columns.understood(book.sheets["survey"], "survey", notes)
    if not table.has("type"):
        raise Problem(
            "xlsform-no-type",
            _("survey 表没有 type 列"),
            where=shown(path.name),
            mend=_("请检查第一行的列名。"),
        )
    settings = _settings(book, notes)
    options = [
        (known, columns.understood(book.sheets[known], "choices", notes))
        for known in ("choices", "external_choices")
        if known in book.sheets
    ]
    tables = [table, *(found for _known, found in options)]
    tongues = columns.tongues(tables, settings.get("language", ""), _sample(tables), notes)
    wording = Wording(tongues, notes)
    lists = Lists(notes, tongues, wording)
    for known, found in options:
        if found.sheet.rows:
            lists.read(found, external=known == "external_choices")
    root = survey.tree(table, notes, settings)
    _others(root, lists)
    survey.expand_loops(root, lists, table.title, notes)
    names = Names(root)
    survey.name_all(root, table.title, notes)
    survey.flatten(root, table.title, notes)
    _unkept(root, table.title, notes)
    _files(root, lists, path)
    translator = Translator(names, _list_of(lists))
    form = items.Form(table.title, path.parent, notes, wording, lists, names, translator)
    _unknown(table, book, notes)
    found_items = items.items(form, root.children)
    _break_circles(form, root, found_items)
    if not found_items:
        raise Problem(
            "xlsform-empty",
            _("survey 表里没有题目"),
            where=shown(path.name),
            mend=_("请检查 type 列。"),
        )
    data = _head(settings, path, now, wording, notes, book) | _body(form, found_items, tongues.code)
    asked = sum(1 for node in root.below() if node.kept and not node.container)
    return Imported(data, emit.document(data, MODELINE), asked, notes.sorted())


def _no_survey(book: Book, path: Path) -> Problem:
    near = [n for n in book.names if difflib.get_close_matches(sheets.key(n), ["survey"], 1, 0.7)]
    guess = _("（“{name}”是不是写错了？）").format(name=clipped(near[0], 30)) if near else ""
    return Problem(
        "xlsform-no-survey",
        _("工作簿里没有 survey 表{guess}").format(guess=guess),
        where=shown(path.name),
        mend=_("XLSForm 的题目写在名为 survey 的工作表里。"),
    )


def _settings(book: Book, notes: Notes) -> dict[str, str]:
    """The settings by meaning; those without a counterpart are noted."""
    sheet = book.sheets.get("settings")
    found: dict[str, str] = {}
    if sheet is None or not sheet.rows:
        return found
    table = columns.understood(sheet, "settings", notes)
    row = columns.cells(sheet.rows[0], table)
    found.update(row.texts)
    found.update({f"_{key}": header for key, header in row.headers.items()})
    found["_sheet"], found["_row"] = sheet.title, str(row.number)
    for column, text in row.others:
        what = _("设置“{text}”没有对应的写法，没有导入。").format(text=clipped(text))
        notes.add(sheet.title, row.number, column.header, what)
    return found


def _sample(tables: list[Table]) -> str:
    """Some of the texts, to tell in which language they are."""
    wanted = {"label", "hint"}
    parts = []
    for table in tables:
        marked = [c.index for c in table.columns if c.key in wanted and not c.language]
        for row in table.sheet.rows[:50]:
            parts += [row.cells.get(index, "") for index in marked]
    return " ".join(parts)


def _others(root: Node, lists: Lists) -> None:
    """Give the lists of ``or_other`` questions their other option."""
    tongues = lists.tongues
    for node in root.below():
        known = lists.found.get(node.type.list) if node.type.other else None
        if known is not None:
            said = {code: _OTHER[code] for code in tongues.codes.values() if code in _OTHER}
            known.add_other(_OTHER.get(tongues.code, "其他" if tongues.code == "zh" else "Other"),
                            said)  # fmt: skip


def _list_of(lists: Lists) -> Callable[[Node], ChoiceList | None]:
    def found(node: Node) -> ChoiceList | None:
        return survey.list_of(node, lists) if node.kind in SELECTS else None

    return found


def _unkept(root: Node, sheet: str, notes: Notes) -> None:
    """Note the rows that a checklist has no item for; groups of nothing else go with them."""
    for node in reversed(list(root.below())):
        if node.container:
            node.kept = any(child.kept for child in node.children)
        elif node.kind in kinds.UNKEPT:
            node.kept = False
            what = _(kinds.UNKEPT[node.kind]).format(type=clipped(node.cells.get("type"), 40))
            notes.add(sheet, node.cells.number, node.cells.headers.get("type", ""), what)


def _files(root: Node, lists: Lists, path: Path) -> None:
    """Read the lists in files beside the workbook."""
    for node in root.below():
        if node.type.source == "file":
            lists.file(node.type.list, path.parent, kinds.parameters(node.cells))


def _break_circles(form: items.Form, root: Node, found: list[dict[str, Any]]) -> None:
    nodes = {node.id: node for node in root.below()}

    def note(id_: str, field: str) -> None:
        node = nodes[id_]
        key = {"calculate": "calculation", "count": "repeat_count"}.get(field, field)
        key = "calculation" if key == "default" and not node.cells.get("default") else key
        form.note(node, key, _("“{name}”绕回到自己，成了一个圈，没有导入。").format(name=id_))

    circles.broken(found, note)


def _unknown(table: Table, book: Book, notes: Notes) -> None:
    """Note the columns and sheets that mean nothing here, once each."""
    for column in table.columns:
        used = column.key == "other" and any(column.index in r.cells for r in table.sheet.rows)
        if used:
            notes.add(table.title, table.sheet.header_row, column.header,
                      _("这一列没有对应的写法，没有导入。"))  # fmt: skip
    for known in ("entities", "osm"):
        if known in book.sheets and book.sheets[known].rows:
            sheet = book.sheets[known]
            notes.add(sheet.title, sheet.header_row, "", _("这张工作表没有对应的写法，没有导入。"))


def _head(
    settings: dict[str, str], path: Path, now: date, wording: Wording, notes: Notes, book: Book
) -> dict[str, Any]:
    sheet, row = settings.get("_sheet", "settings"), int(settings.get("_row", "0"))
    written = settings.get("id") or path.stem
    id_ = re.sub(r"[^A-Za-z0-9_.-]+", "-", written).strip("-_.")[:40] or "form"
    if settings.get("id") and id_ != written:
        what = _("编号“{old}”改为 {new}。").format(old=clipped(written), new=id_)
        notes.add(sheet, row, settings.get("_id", "form_id"), what)
    version = settings.get("version", "")
    if not _VERSION.fullmatch(version):
        month = f"{now.year:04d}.{now.month:02d}"
        if version:
            what = _("版本“{old}”不是年.月，改为 {new}。").format(old=clipped(version), new=month)
            notes.add(sheet, row, settings.get("_version", "version"), what)
        version = month
    title = wording.plain(settings.get("title", ""))
    if len(title) > 200:
        what = _("文字超过 {n} 个字，只导入前面的。").format(n=200)
        notes.add(sheet, row, settings.get("_title", "form_title"), what)
    return {"id": id_, "version": version, "title": title[:200] or wording.plain(path.stem)[:200]
            or id_, "kind": "record"}  # fmt: skip


def _body(form: items.Form, found: list[dict[str, Any]], language: str) -> dict[str, Any]:
    body: dict[str, Any] = {"language": language}
    known = [*form.lists.found.values(), *form.lists.external.values()]
    rows = {one.id: one.rows for one in known if one.rows and one.used}
    for one in known:
        if not one.used:
            what = _("选项表“{name}”没有题目用到，没有导入。").format(name=clipped(one.name, 40))
            form.notes.add("choices", one.row, "list_name", what)
    if rows:
        body["lists"] = rows
    parts = [found[at : at + MOST_IN_SECTION] for at in range(0, len(found), MOST_IN_SECTION)]
    body["sections"] = [
        {"id": "main" if not n else f"main-{n + 1}", "title": _("题目"), "items": part}
        for n, part in enumerate(parts)
    ]
    return body
