"""Small forms written as tables, and what a checklist made of them must hold.

A form is lines of cells between ``|``; a line that begins with a word begins that sheet, and its
other cells are the headers. ``want`` maps ``item.field`` (or ``list/option``, ``@field`` of the
whole checklist) to its value, ``...`` to its being there at all and None to its not being there.
``notes`` are ``row: words`` for every note there may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from fieldkit.domain.logic import Entry, Fault, errors
from fieldkit.library import xlsform
from fieldkit.library.lint import examine
from fieldkit.library.positions import plain
from fieldkit.library.repair import read

NOW = date(2026, 11, 22)
Sheets = dict[str, list[list[Any]]]


@dataclass(frozen=True)
class Case:
    """One form with what must come of it."""

    name: str
    form: str
    want: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    order: str = ""


def sheets(form: str) -> Sheets:
    """The sheets of a form written as a table; ``\\n`` in a cell is a new line."""
    found: Sheets = {}
    rows: list[list[Any]] = []
    for line in form.strip("\n").splitlines():
        if not line.strip():
            continue
        first, *cells = (
            cell.strip().replace("\\n", "\n").replace("¦", "|") for cell in line.split("|")
        )
        if first:
            rows = found.setdefault(first, [])
        rows.append([cell or None for cell in cells])
    return found


def saved(found: Sheets, path: Path) -> Path:
    """The sheets as an .xlsx."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in found.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def imported(form: str, folder: Path, name: str = "form") -> xlsform.Imported:
    """What a form written as a table becomes."""
    return xlsform.convert(saved(sheets(form), folder / f"{name}.xlsx"), NOW)


def items(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every item, groups before what is in them."""
    pending = [item for section in data["sections"] for item in section["items"]]
    while pending:
        item = pending.pop(0)
        yield item
        pending = [*item.get("items", []), *pending]


def at(data: Mapping[str, Any], path: str) -> Any:
    """The value under a path of ``want``; None where there is none."""
    value: Any
    if path.startswith("@"):
        value, steps = data, path[1:].split(".")
    elif "/" in path:
        name, _slash, rest = path.partition("/")
        option, *steps = rest.split(".")
        rows = {row["id"]: row for row in data.get("lists", {}).get(name, [])}
        value = rows.get(option)
    else:
        name, *steps = path.split(".")
        value = {item["id"]: item for item in items(data)}.get(name)
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def outline(found: list[dict[str, Any]]) -> str:
    """The ids in order, those of a group in parentheses after it."""
    return " ".join(
        f"{item['id']}({outline(item['items'])})" if "items" in item else item["id"]
        for item in found
    )


def faults(data: Mapping[str, Any]) -> list[Fault]:
    """What the checklist's own rules find wrong with the expressions."""
    entries: list[Entry] = []

    def add(found: list[dict[str, Any]], parent: Entry | None) -> None:
        for item in found:
            fields = {k: v for k, v in item.items() if isinstance(v, str)}
            fields |= {"filter": item.get("params", {}).get("filter", "")}
            fields["required_if"] = fields.pop("required", "")
            rows = data.get("lists", {}).get(item.get("params", {}).get("list"))
            options = frozenset(row["id"] for row in rows) if rows else None
            columns = frozenset(name for row in rows or () for name in row) - {"translations"}
            fields = {name: text for name, text in fields.items() if text}
            entry = Entry(item["id"], item["type"], fields, parent, options, columns)
            entries.append(entry)
            add(item.get("items", []), entry)

    for section in data["sections"]:
        add(section["items"], None)
    return list(errors(entries))


def check(case: Case, folder: Path) -> None:
    """A case holds: its values, its notes and no others; the YAML says the same as the data."""
    found = imported(case.form, folder)
    for path, wanted in case.want.items():
        value = at(found.data, path)
        if wanted is ...:
            assert value is not None, path
        else:
            assert value == wanted, (path, value)
    if case.order:
        assert outline([i for s in found.data["sections"] for i in s["items"]]) == case.order
    said = [f"{note.row}: {note.what}" for note in found.not_supported]
    for wanted in case.notes:
        row, _colon, words = wanted.partition(": ")
        assert any(s.startswith(f"{row}: ") and words in s for s in said), (wanted, said)
    assert len(said) == len(case.notes), said
    assert faults(found.data) == []
    root, slips, _dropped = read(found.yaml, {})
    assert slips == []
    assert root is not None
    assert plain(root) == found.data
    written = folder / f"{found.data['id']}.yaml"
    written.write_text(found.yaml, "utf-8")
    assert [fault.message for fault in examine(written).errors] == []
