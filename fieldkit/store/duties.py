"""Reading what is owed: places with their days, finished inspections, campaigns, assignments."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from fieldkit.domain.campaign import Assignment, Campaign, Phase

from .held import quiet
from .sites import BELOW


class Owing(NamedTuple):
    """A place that may owe inspections, from its day in the register to the day it left it."""

    id: str
    code: str
    name: str
    kind: str
    holder: str
    """The name of the place above it."""
    since: str
    until: str
    """Empty while it is in the register."""


class Inspected(NamedTuple):
    """One finished inspection, as far as a duty asks for it."""

    id: str
    site: str
    checklist: str
    day: str
    mode: str


def owing(db: sqlite3.Connection, kinds: Sequence[str], within: str | None = None) -> list[Owing]:
    """Places of some kinds, under one place (its id) or everywhere.

    A staircase is a unit as an office is; it owes nothing of its own.
    """
    sql, values = ("", []) if within is None else (BELOW, [within])
    below = "" if within is None else " AND s.id IN (SELECT id FROM below)"
    sql += (
        "SELECT s.id, s.code, s.name, s.kind, COALESCE(p.name, ''), "
        "COALESCE((SELECT MIN(d.day) FROM f_dated AS d "
        "WHERE d.entity = s.id AND d.kind = 'site.put'), ''), "
        "CASE WHEN s.removed = 0 THEN '' ELSE COALESCE((SELECT MIN(d.day) FROM f_dated AS d "
        "WHERE d.entity = s.id AND d.kind = 'site.removed'), '0') END "
        "FROM site AS s LEFT JOIN site AS p ON p.id = s.parent "
        f"WHERE s.kind IN ({','.join('?' * len(kinds))}){below} "
        "AND NOT (s.kind = 'unit' AND COALESCE(p.kind, '') IN ('building', 'estate', 'unit'))"
    )
    return [Owing(*map(str, row)) for row in db.execute(sql, [*values, *kinds])]


def register_begun(db: sqlite3.Connection) -> str:
    """The first day of which the register tells anything."""
    row = db.execute("SELECT MIN(day) FROM f_dated WHERE kind = 'site.put'").fetchone()
    return str(row[0] or "")


def inspected(db: sqlite3.Connection, first: str, last: str) -> list[Inspected]:
    """The finished inspections of these days, the oldest first."""
    rows = db.execute(
        "SELECT id, site, checklist_id, day, mode FROM inspection "
        "WHERE finished_hlc IS NOT NULL AND day BETWEEN ? AND ? ORDER BY day, id",
        (first, last),
    )
    return [Inspected(*row) for row in rows]


def campaigns(db: sqlite3.Connection) -> list[Campaign]:
    """Every campaign, the earliest first."""
    rows = db.execute(
        "SELECT id, name, first_day, last_day, phases, lists, event FROM campaign "
        "ORDER BY first_day, last_day, name"
    )
    return [
        Campaign(id, quiet(db, name, event, "name"), first, last, _phases(phases), _words(lists))
        for id, name, first, last, phases, lists, event in rows
    ]


def _phases(text: str) -> tuple[Phase, ...]:
    rows = (line.split("\t", 2) for line in _words(text))
    return tuple(Phase(name, first, last) for first, last, name in rows)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def campaign_heads(db: sqlite3.Connection, id: str) -> list[str]:
    """Hashes of the words on a campaign that no other replaces."""
    return _heads(db, "f_campaign", "campaign.put", id)


def assignment_heads(db: sqlite3.Connection, id: str) -> list[str]:
    """Hashes of the words on an assignment that no other replaces."""
    return _heads(db, "f_assignment", "assignment.put", id)


def _heads(db: sqlite3.Connection, table: str, kind: str, id: str) -> list[str]:
    rows = db.execute(
        f"SELECT s.hash FROM {table} AS s WHERE s.entity = ? AND NOT EXISTS "
        "(SELECT 1 FROM f_over AS o WHERE o.replaced = s.hash AND o.kind = ? "
        "AND o.entity = s.entity) ORDER BY s.hash",
        (id, kind),
    )
    return [str(row[0]) for row in rows]


_DONE = (
    "(SELECT MIN(i.day) FROM inspection AS i WHERE i.site = a.site "
    "AND i.checklist_id = a.checklist AND i.finished_hlc IS NOT NULL "
    "AND i.day >= a.day AND i.mode <> 'reinspection')"
)
"""The day on which what was assigned was done."""

_ASSIGNMENT = (
    f"SELECT a.id, a.site, a.checklist, a.inspector, a.day, a.due, a.campaign, a.withdrawn, "
    f"COALESCE({_DONE}, ''), a.event FROM assignment AS a"
)


def _assignment(db: sqlite3.Connection, row: Sequence[str]) -> Assignment:
    id, site, checklist, inspector, day, due, campaign, withdrawn, done, event = row
    # A device's id is no text.
    who = inspector if len(inspector) > 20 else quiet(db, inspector, event, "inspector")
    return Assignment(id, site, checklist, who, day, due, campaign, bool(withdrawn), done)


def assignments(db: sqlite3.Connection, site: str | None = None) -> list[Assignment]:
    """The assignments of one place or all, the most pressing first."""
    where, values = ("", ()) if site is None else ("WHERE a.site = ?", (site,))
    sql = f"{_ASSIGNMENT} {where} ORDER BY a.due = '', a.due, a.day, a.id"
    return [_assignment(db, row) for row in db.execute(sql, values)]


def assignments_by_prefix(db: sqlite3.Connection, prefix: str) -> list[Assignment]:
    """Assignments whose id begins so."""
    sql = f"{_ASSIGNMENT} WHERE a.id >= ? AND a.id < ? ORDER BY a.id"
    return [_assignment(db, row) for row in db.execute(sql, (prefix, prefix + "g"))]


def assigned_to(db: sqlite3.Connection, whom: Sequence[str], at: str) -> tuple[int, int]:
    """How many assignments to these, or to nobody by name, are open, and how many of them late."""
    marks = ",".join("?" * len(whom))
    row = db.execute(
        "SELECT COUNT(*), COALESCE(SUM(a.due <> '' AND a.due < ?), 0) FROM assignment AS a "
        f"WHERE a.withdrawn = 0 AND a.inspector IN ('', {marks}) AND {_DONE} IS NULL",
        (at, *whom),
    ).fetchone()
    return int(row[0]), int(row[1])


def contested(db: sqlite3.Connection, kind: str) -> set[str]:
    """Campaigns or assignments on which several laptops said different things."""
    return {str(row[0]) for row in db.execute("SELECT entity FROM conflict WHERE kind=?", (kind,))}
