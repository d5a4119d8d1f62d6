"""Reading what the office sent back."""

from __future__ import annotations

import sqlite3

from .held import quiet


def all(db: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """Inspection, reason, stamp and device of everything sent back and not answered."""
    rows = db.execute(
        "SELECT inspection, reason, hlc, device, event FROM returned ORDER BY hlc DESC, inspection"
    ).fetchall()
    return [
        (str(id), quiet(db, str(reason), str(event), "reason"), str(hlc), str(device))
        for id, reason, hlc, device, event in rows
    ]


def reason(db: sqlite3.Connection, inspection: str) -> str:
    """Why one inspection was sent back; empty where it was not."""
    row = db.execute(
        "SELECT reason, event FROM returned WHERE inspection = ?", (inspection,)
    ).fetchone()
    return quiet(db, str(row[0]), str(row[1]), "reason") if row else ""


def count(db: sqlite3.Connection, device: str) -> int:
    """How many inspections that a device began were sent back and not answered."""
    row = db.execute(
        "SELECT COUNT(*) FROM returned AS r JOIN inspection AS i ON i.id = r.inspection "
        "WHERE i.device = ?",
        (device,),
    ).fetchone()
    return int(row[0])
