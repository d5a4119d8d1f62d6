"""Obligations as boards: for each checklist its places as rows and its periods as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import groupby
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
    found: dict[str, list[Obligation]] = {}
    for one in obligations.listing(ws, at, within):
        found.setdefault(one.of.id, []).append(one)
    made = [_board(rows[0].of, rows) for rows in found.values()]
    return sorted(made, key=lambda it: (-it.counts["overdue"], -it.counts["due"], it.checklist.id))


def _board(checklist: Checklist, found: list[Obligation]) -> Board:
    known = {(one.cadence, one.period, one.last) for one in found}
    columns = sorted(known, key=lambda it: (it[0] == "campaign", it[2], it[1]))
    places = {column[:2]: at for at, column in enumerate(columns)}
    lines = []
    # What one place owes stands together.
    for _id, of_one in groupby(found, lambda one: one.site.id):
        cells: list[Obligation | None] = [None] * len(columns)
        for one in of_one:
            cells[places[one.cadence, one.period]] = one
            site = one.site
        lines.append(Line(site, tuple(cells)))
    counts = Counter(one.state for one in found)
    return Board(checklist, tuple(Column(*it) for it in columns), tuple(lines), counts)


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
