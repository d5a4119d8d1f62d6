"""The rules of expressions, held against the tree of a file: every fault at its place."""

from __future__ import annotations

from collections.abc import Iterator

from fieldkit.domain import logic, logic_doubts
from fieldkit.domain.logic import Entry, Fault

from .positions import Map, Node, Scalar, Seq, Slip

_FIELD_KEYS = {"required_if": "required"}


def check(root: Map) -> Iterator[tuple[bool, Slip]]:
    """Faults of the expressions, each with whether it is an error."""
    lists = root.get("lists")
    places: dict[int, Map] = {}
    entries: list[Entry] = []
    for section in _maps(root.get("sections")):
        gate: Entry | None = None
        if _text(section, "relevant"):
            gate = Entry("", "section", {"relevant": _text(section, "relevant")})
            _note(entries, places, gate, section)
        _walk(section, gate, lists, entries, places)
    for fault in logic.errors(entries):
        yield True, _slip(fault, places[id(fault.entry)])
    for fault in (*logic.doubts(entries), *logic_doubts.unreachable(entries)):
        yield False, _slip(fault, places[id(fault.entry)])


def _walk(
    holder: Map,
    parent: Entry | None,
    lists: Node | None,
    entries: list[Entry],
    places: dict[int, Map],
) -> None:
    for item in _maps(holder.get("items")):
        entry = _entry(item, parent, lists)
        _note(entries, places, entry, item)
        _walk(item, entry, lists, entries, places)


def _note(entries: list[Entry], places: dict[int, Map], entry: Entry, node: Map) -> None:
    entries.append(entry)
    places[id(entry)] = node


def _entry(item: Map, parent: Entry | None, lists: Node | None) -> Entry:
    params = item.get("params")
    given = params if isinstance(params, Map) else Map(item.line, item.column)
    fields = {name: _text(item, _FIELD_KEYS.get(name, name)) for name in logic.FIELDS}
    fields |= {"filter": _text(given, "filter"), "message": _text(item, "message")}
    weight = item.get("weight")
    number = weight.value if isinstance(weight, Scalar) else 0
    named = lists.get(_text(given, "list")) if isinstance(lists, Map) else None
    rows = _maps(given.get("options") or named)
    options = None
    if _text(item, "type") in ("choice", "choices") and rows:
        options = frozenset(_text(row, "id") for row in rows)
    return Entry(
        _text(item, "id") or "?",
        _text(item, "type"),
        {name: text for name, text in fields.items() if text},
        parent,
        options,
        frozenset(key.text for row in rows for key, _value in row.entries),
        number if isinstance(number, int) and not isinstance(number, bool) else 0,
    )


def _slip(fault: Fault, item: Map) -> Slip:
    """Where the fault is: within the expression where that stands on one line as it is."""
    key = _FIELD_KEYS.get(fault.field, fault.field)
    holder = item
    if fault.field == "filter" and isinstance(params := item.get("params"), Map):
        holder = params
    value = holder.get(key)
    if not isinstance(value, Scalar):
        place: Node = holder.key(key) or item.key("id") or item
        return Slip(place.line, place.column, fault.code, fault.message)
    inside = fault.column - 1 if fault.field not in ("type", "message", "weight") else 0
    quoted = 0 if value.plain else 1
    return Slip(value.line, value.column + quoted + inside, fault.code, fault.message)


def _maps(node: Node | None) -> list[Map]:
    return [row for row in node.items if isinstance(row, Map)] if isinstance(node, Seq) else []


def _text(node: Map, name: str) -> str:
    value = node.get(name)
    if isinstance(value, Scalar) and not value.broken and isinstance(value.value, str):
        return value.value
    return ""
