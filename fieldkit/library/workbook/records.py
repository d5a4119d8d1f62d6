"""One mapping of a checklist as one row of cells, and back."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from .cells import Cell, dump_other, encode
from .layout import LANGUAGE, OTHER, TRANSLATED, Column, translated

Row = dict[str, Cell]
"""Cells by the key of their column."""


def pack(record: Mapping[str, Any], columns: Sequence[Column]) -> Row:
    """The cells of a mapping; what no column can bring back goes whole into the column 其他."""
    rest = copy.deepcopy(dict(record))
    row: Row = {}
    for column in columns:
        if column.key != OTHER:
            _move(rest, column.place, column, row)
    # The title of a section stands in the column of texts, in every language.
    renamed = {c.place[0]: c.key for c in columns if len(c.place) == 1 and c.key in TRANSLATED}
    words = rest.get("translations")
    for language, texts in list(words.items()) if isinstance(words, dict) else ():
        if LANGUAGE.fullmatch(str(language)) is None or not isinstance(texts, dict):
            continue
        for field in [name for name in texts if name in TRANSLATED]:
            shown = renamed.get(field, field)
            if shown == field and field in renamed.values() and field not in renamed:
                continue
            column = translated(shown, language)
            _move(rest, ("translations", language, field), column, row)
    if rest:
        row[OTHER] = dump_other(rest)
    return row


def _move(rest: dict[str, Any], place: tuple[str, ...], column: Column, row: Row) -> None:
    """Move one value into its cell; a mapping that is empty after that is gone as well."""
    owner: Any = rest
    for name in place[:-1]:
        owner = owner.get(name) if isinstance(owner, dict) else None
    if not isinstance(owner, dict) or place[-1] not in owner or column.key in row:
        return
    cell = encode(owner[place[-1]], column)
    if cell is None:
        return
    row[column.key] = cell
    prune(rest, place)


def prune(record: dict[str, Any], place: tuple[str, ...]) -> None:
    """Take out one value, and the mappings around it that hold nothing else."""
    inner = record
    if len(place) > 1:
        inner = record[place[0]]
        prune(inner, place[1:])
        if inner:
            return
    del record[place[0]]


def put(record: dict[str, Any], place: tuple[str, ...], value: object) -> None:
    """Set a value at its place, making the mappings on the way."""
    for name in place[:-1]:
        record = record.setdefault(name, {})
    record[place[-1]] = value


def merge(record: dict[str, Any], other: Mapping[str, Any]) -> None:
    """Add what was kept aside; a value that stands in a cell of its own is newer and stays."""
    for name, value in other.items():
        if name not in record:
            record[name] = value
        elif isinstance(record[name], dict) and isinstance(value, Mapping):
            merge(record[name], value)
