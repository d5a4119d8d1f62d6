"""Reading findings."""

from __future__ import annotations

import sqlite3

from fieldkit.domain.records import Finding

_COLUMNS = "id, inspection, item, site, text, criterion, severity, due, state, hlc, device"


def all(db: sqlite3.Connection) -> list[Finding]:
    """Every finding, the first due first."""
    sql = f"SELECT {_COLUMNS} FROM finding ORDER BY due, id"
    return [Finding(*row) for row in db.execute(sql)]


def get(db: sqlite3.Connection, id: str) -> Finding | None:
    """The finding with this id."""
    row = db.execute(f"SELECT {_COLUMNS} FROM finding WHERE id = ?", (id,)).fetchone()
    return Finding(*row) if row else None


def by_prefix(db: sqlite3.Connection, prefix: str) -> list[Finding]:
    """Findings whose id begins so."""
    sql = f"SELECT {_COLUMNS} FROM finding WHERE id >= ? AND id < ? ORDER BY id"
    return [Finding(*row) for row in db.execute(sql, (prefix, prefix + "g"))]
