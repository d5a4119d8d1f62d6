"""Reading at which doors nobody was home, and when that was."""

from __future__ import annotations

import sqlite3

from .sites import BELOW


def absences(db: sqlite3.Connection, within: str) -> dict[str, list[tuple[str, str]]]:
    """The stamp and the day of every standing visit that met nobody, by door, the oldest first.

    ``within`` is the id of a door or of any place above doors.
    """
    sql = BELOW + (
        "SELECT v.door, v.hlc, v.day FROM visit AS v "
        "WHERE v.door IN (SELECT id FROM below) AND v.outcome = 'absent' ORDER BY v.hlc, v.event"
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for door, hlc, day in db.execute(sql, (within,)):
        found.setdefault(door, []).append((hlc, day))
    return found
