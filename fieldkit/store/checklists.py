"""Reading the checklists that inspections brought with them."""

from __future__ import annotations

import sqlite3
from typing import Any

from .columns import document


def doc(db: sqlite3.Connection, digest: str) -> dict[str, Any] | None:
    """The checklist with this digest as the document that was put."""
    row = db.execute("SELECT doc FROM checklist WHERE digest = ?", (digest,)).fetchone()
    return document(row[0]) if row else None


def all(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every checklist document, in order of digests."""
    return [document(row[0]) for row in db.execute("SELECT doc FROM checklist ORDER BY digest")]


def ids(db: sqlite3.Connection) -> dict[str, str]:
    """The id of every checklist under its digest, in order of digests."""
    rows = db.execute("SELECT digest, json_extract(doc, '$.id') FROM checklist ORDER BY digest")
    return {str(row[0]): str(row[1]) for row in rows}
