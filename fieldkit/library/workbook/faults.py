"""What the lint says of a line of YAML, said of the cell that the line came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fieldkit.library.faults import Fault
from fieldkit.library.positions import Map, Node, Scalar, Seq, compose

from . import layout
from .read import Note, ReadBack

_SHEETS = {
    "grades": layout.GRADES,
    "sources": layout.SOURCES,
    "lists": layout.OPTIONS,
    "sections": layout.ITEMS,
}

Spot = tuple[tuple[int, int], str, int, str]
"""Where a place of the YAML (line, column) came from: sheet, row, column."""


def as_notes(back: ReadBack, faults: Iterable[Fault]) -> list[Note]:
    """The lint's faults in ``back.yaml`` as notes on the workbook.

    Row 0 and an empty column say that only the sheet is known.
    """
    root, _slips = compose(back.yaml)
    spots = sorted(_spots(root, back), key=lambda spot: spot[0])
    nowhere = ((0, 0), layout.HEAD, 0, "")
    notes = []
    for fault in faults:
        place = (fault.line, fault.column)
        _at, sheet, row, column = next((s for s in reversed(spots) if s[0] <= place), nowhere)
        notes.append(Note(sheet, row, column, fault.message))
    return list(dict.fromkeys(notes))


def _spots(root: Node | None, back: ReadBack) -> Iterator[Spot]:
    if not isinstance(root, Map):
        return
    for key, value in root.entries:
        row = back.head_rows.get(key.text, 0)
        sheet = _SHEETS.get(key.text, layout.HEAD)
        yield _at(key), sheet, row if sheet == layout.HEAD else 0, "B" if row else ""
        if key.text == "sections":
            records = (record for section in _maps(value) for record in _records(section))
            for record, number in zip(records, back.rows, strict=False):
                yield from _cells(record, number, back)


def _records(record: Map) -> Iterator[Map]:
    """A section or item and, after it, those in it: the order of the rows."""
    yield record
    for item in _maps(record.get("items")):
        yield from _records(item)


def _cells(record: Map, row: int, back: ReadBack) -> Iterator[Spot]:
    yield _at(record), layout.ITEMS, row, back.columns.get("id", "")
    for key, value in record.entries:
        if key.text == "items":
            continue
        name = "text" if key.text == "title" else key.text
        yield _at(key), layout.ITEMS, row, back.columns.get(name, back.columns.get("id", ""))
        if key.text != "params" or not isinstance(value, Map):
            continue
        for inner, options in value.entries:
            if inner.text != "options":
                yield _at(inner), layout.ITEMS, row, back.columns.get(inner.text, "")
                continue
            name_node = record.get("id")
            owner = name_node.text if isinstance(name_node, Scalar) else ""
            rows = back.option_rows.get(owner, [])
            for option, number in zip(_maps(options), rows, strict=False):
                yield _at(option), layout.OPTIONS, number, ""


def _at(node: Node) -> tuple[int, int]:
    return node.line, node.column


def _maps(node: Node | None) -> list[Map]:
    return [row for row in node.items if isinstance(row, Map)] if isinstance(node, Seq) else []
