"""Calculations that go round in circles: one of each circle's expressions is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fieldkit.domain.expressions import parse, walk
from fieldkit.domain.expressions.nodes import Own

FIELDS = ("relevant", "calculate", "count", "default")
"""The expressions whose outcome others can see."""


@dataclass(slots=True, eq=False)
class _Entry:
    data: dict[str, Any]
    parent: _Entry | None
    refs: list[tuple[str, str]]


def broken(items: list[dict[str, Any]], note: Callable[[str, str], None]) -> None:
    """Leave out expressions until none depends on itself; ``note`` hears the id and the field."""
    known = {entry.data["id"]: entry for entry in _entries(items, None)}
    while (found := _circle(known)) is not None:
        entry, field = found
        entry.refs = [ref for ref in entry.refs if ref[0] != field]
        if field == "calculate":
            entry.data[field] = "''"
        else:
            del entry.data[field]
        note(entry.data["id"], field)


def _entries(items: list[dict[str, Any]], parent: _Entry | None) -> Iterator[_Entry]:
    for data in items:
        refs = [
            (field, name)
            for field in FIELDS
            if field in data
            for name in _names(data[field], data["id"])
        ]
        entry = _Entry(data, parent, refs)
        yield entry
        if "items" in data:
            yield from _entries(data["items"], entry)


def _names(source: str, own: str) -> list[str]:
    """What an expression reads; ``.`` is the item itself."""
    parsed = parse(source, own=True)
    itself = any(isinstance(node, Own) for node in walk(parsed.tree))
    return [*parsed.names, *([own] if itself else [])]


def _steps(entry: _Entry, known: dict[str, _Entry]) -> Iterator[tuple[str, _Entry]]:
    if entry.parent is not None:
        yield "", entry.parent
    for field, name in entry.refs:
        if name in known:
            yield field, known[name]


def _circle(known: dict[str, _Entry]) -> tuple[_Entry, str] | None:
    """The last expression of the first circle, None where there is none."""
    done: set[int] = set()
    for start in known.values():
        if id(start) in done or not (start.refs or start.parent):
            continue
        path: list[tuple[_Entry, str]] = [(start, "")]
        pending = [_steps(start, known)]
        on_path = {id(start)}
        while pending:
            field, fed = next(pending[-1], ("", None))
            if fed is None:
                pending.pop()
                entry, _field = path.pop()
                on_path.discard(id(entry))
                done.add(id(entry))
            elif id(fed) in on_path:
                return _breakable(path, field, fed)
            elif id(fed) not in done:
                path.append((fed, field))
                on_path.add(id(fed))
                pending.append(_steps(fed, known))
    return None


def _breakable(path: list[tuple[_Entry, str]], field: str, fed: _Entry) -> tuple[_Entry, str]:
    """The nearest step of the circle that an expression makes; being inside a group is none."""
    at = len(path) - 1
    while not field:
        field = path[at][1]
        at -= 1
        if path[at + 1][0] is fed:
            break
    return path[at][0], field
