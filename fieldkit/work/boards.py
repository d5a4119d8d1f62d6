"""Obligations as boards: for each checklist its places as rows and its periods as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from fieldkit.domain.checklist import Checklist
from fieldkit.store.duties import Owing
from fieldkit.text.i18n import _

from . import obligations
from .obligations import Obligation
from .workspace import Workspace


class Column(NamedTuple):
    """One period, or one campaign."""

    cadence: str
    name: str
    last: str


class Line(NamedTuple):
    """One place; a cell is None where it owes nothing in the column."""

    site: Owing
    cells: tuple[Obligation | None, ...]


class Board(NamedTuple):
    """One checklist: its columns in order of time, its places in natural order of their codes."""

    checklist: Checklist
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    counts: Mapping[str, int]
    """How many cells are in each state."""


def boards(ws: Workspace, at: str | None = None, within: str | None = None) -> list[Board]:
    """A board for each list that is owed anywhere, those with most overdue first.

    Raises Problem as `obligations.listing`.
    """
    lists: dict[str, Checklist] = {}
    places: dict[str, dict[Owing, dict[Column, Obligation]]] = {}
    for one in obligations.listing(ws, at, within):
        lists[one.of.id] = one.of
        column = Column(one.cadence, one.period, one.last)
        places.setdefault(one.of.id, {}).setdefault(one.site, {})[column] = one
    made = [_board(lists[id], rows) for id, rows in places.items()]
    return sorted(made, key=lambda it: (-it.counts["overdue"], -it.counts["due"], it.checklist.id))


def _board(checklist: Checklist, rows: dict[Owing, dict[Column, Obligation]]) -> Board:
    known = {column for cells in rows.values() for column in cells}
    columns = tuple(sorted(known, key=lambda one: (one.cadence == "campaign", one.last, one.name)))
    lines = tuple(
        Line(site, tuple(cells.get(column) for column in columns)) for site, cells in rows.items()
    )
    counts = Counter(one.state for cells in rows.values() for one in cells.values())
    return Board(checklist, columns, lines, counts)


def heading(column: Column) -> str:
    """A column's name in a few cells: 11月, 4季度, 下半年, 第1学期, 2026年; or the campaign's."""
    match column.cadence:
        case "month" | "statistical-month":
            return _("{n}月").format(n=int(column.name[-2:]))
        case "quarter":
            return _("{n}季度").format(n=column.name[-1])
        case "half-year":
            return _("上半年") if column.name.endswith("1") else _("下半年")
        case "school-term":
            return _("第{n}学期").format(n=column.name[-1])
        case "year":
            return _("{n}年").format(n=column.name)
    return column.name
