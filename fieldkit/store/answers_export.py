"""Inspections with all their answers, one after the other, for tables of any length.

Only the ids in order are held (by SQLite's sorter, about 60 bytes each); everything else is read
when its turn comes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .held import quiet
from .sites import BELOW


class Wanted(NamedTuple):
    """Which inspections: a list's id, days from and to (both count), the id of a place above."""

    checklist: str = ""
    since: str = ""
    until: str = ""
    within: str = ""


class Kept(NamedTuple):
    """One inspection as it stands; ``place`` is its site, or the building of a door."""

    id: str
    code: str
    name: str
    kind: str
    parent_code: str
    parent_name: str
    checklist: str
    version: str
    mode: str
    day: str
    finished: bool
    points: str
    max_points: str
    grade: str
    veto: str


@contextmanager
def instant(db: sqlite3.Connection) -> Iterator[None]:
    """All reading inside sees the home as it was at one moment."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def lists(db: sqlite3.Connection, wanted: Wanted) -> list[tuple[str, str, str, int]]:
    """Id, version and digest of every list met, and with how many inspections."""
    begun, where, values = _where(wanted)
    rows = db.execute(
        f"{begun}SELECT i.checklist_id, i.checklist_version, i.checklist, COUNT(*) "
        f"FROM inspection AS i{where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        values,
    )
    return [(str(row[0]), str(row[1]), str(row[2]), int(row[3])) for row in rows]


def ids(db: sqlite3.Connection, wanted: Wanted) -> Iterator[str]:
    """The inspections by day."""
    begun, where, values = _where(wanted)
    sql = f"{begun}SELECT i.id FROM inspection AS i{where} ORDER BY i.day, i.id"
    for (id,) in db.execute(sql, values):
        yield id


def head(db: sqlite3.Connection, id: str) -> Kept:
    """What is known of one inspection beside its answers."""
    row = db.execute(
        "SELECT i.id, COALESCE(s.code, substr(i.site, 1, 8)), COALESCE(s.name, ''), "
        "COALESCE(s.kind, ''), COALESCE(p.code, ''), COALESCE(p.name, ''), i.checklist, "
        "i.checklist_version, i.mode, i.day, i.finished_hlc IS NOT NULL, "
        "COALESCE(i.points, ''), COALESCE(i.max_points, ''), COALESCE(i.grade, ''), "
        "COALESCE(i.veto, '') FROM inspection AS i LEFT JOIN site AS s ON s.id = i.site "
        "LEFT JOIN site AS p ON p.id = s.parent WHERE i.id = ?",
        (id,),
    ).fetchone()
    return Kept(*row)


def answers(db: sqlite3.Connection, id: str) -> list[tuple[str, str, str, str, str]]:
    """Item, value, note, evidence and event of each answer of one inspection.

    Values and notes are raw: ``quiet`` says what of them may be shown.
    """
    return db.execute(
        "SELECT item, value, note, evidence, event FROM answer "
        "WHERE inspection = ? AND value != '' ORDER BY item",
        (id,),
    ).fetchall()


def is_free(db: sqlite3.Connection, value: str) -> bool:
    """Whether a value may be shown whoever wrote it: the guard finds no person in it."""
    return len(value) <= 6 or quiet(db, value, "", "value") == value


def value_of(db: sqlite3.Connection, value: str, event: str) -> str:
    """A value as it may be shown."""
    return quiet(db, value, event, "value")


def note_of(db: sqlite3.Connection, note: str, event: str) -> str:
    """A note as it may be shown."""
    return quiet(db, note, event)


def _where(wanted: Wanted) -> tuple[str, str, list[str]]:
    begun, parts, values = "", [], []
    if wanted.within:
        begun = BELOW
        values.append(wanted.within)
        parts.append("i.site IN (SELECT id FROM below)")
    for condition, value in (
        ("i.checklist_id = ?", wanted.checklist),
        ("i.day >= ?", wanted.since),
        ("i.day <= ?", wanted.until),
    ):
        if value:
            parts.append(condition)
            values.append(value)
    return begun, f" WHERE {' AND '.join(parts)}" if parts else "", values
