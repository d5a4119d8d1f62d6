"""Counting for the first screen."""

from __future__ import annotations

import sqlite3


def inspections(db: sqlite3.Connection) -> tuple[int, int]:
    """How many inspections are unfinished, and how many finished."""
    row = db.execute(
        "SELECT COUNT(*) - COUNT(finished_hlc), COUNT(finished_hlc) FROM inspection"
    ).fetchone()
    return int(row[0]), int(row[1])


def places(db: sqlite3.Connection) -> tuple[int, int]:
    """How many premises there are (villages to venues), and how many buildings."""
    premises, buildings = db.execute(
        "SELECT SUM(kind NOT IN ('building', 'unit', 'door', 'grid')), SUM(kind = 'building') "
        "FROM site WHERE removed = 0"
    ).fetchone()
    return int(premises or 0), int(buildings or 0)


def findings(db: sqlite3.Connection, day: str) -> tuple[int, int, int]:
    """How many findings are not settled, of these due on this day, and past their day."""
    from fieldkit.domain.rectification import SETTLED

    marks = ",".join("?" * len(SETTLED))
    row = db.execute(
        f"SELECT COUNT(*), SUM(due = ?), SUM(due < ?) FROM finding WHERE state NOT IN ({marks})",
        (day, day, *sorted(SETTLED)),
    ).fetchone()
    return int(row[0] or 0), int(row[1] or 0), int(row[2] or 0)


def newest_open(db: sqlite3.Connection, device: str) -> str | None:
    """The unfinished inspection that a device began last."""
    row = db.execute(
        "SELECT id FROM inspection WHERE finished_hlc IS NULL AND device = ? "
        "ORDER BY started_hlc DESC, id LIMIT 1",
        (device,),
    ).fetchone()
    return str(row[0]) if row else None


def still_open(db: sqlite3.Connection, inspection: str) -> str | None:
    """The inspection, if it is there and not finished."""
    row = db.execute(
        "SELECT id FROM inspection WHERE id = ? AND finished_hlc IS NULL", (inspection,)
    ).fetchone()
    return str(row[0]) if row else None
