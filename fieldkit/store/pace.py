"""How long this home's inspector looked at each item: bookkeeping, in no bundle and no digest."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from .open import transaction


def add(db: sqlite3.Connection, inspection: str, spent: Mapping[str, int]) -> None:
    """Add milliseconds by item, one look each."""
    with transaction(db):
        db.executemany(
            "INSERT INTO pace VALUES (?, ?, ?, 1) ON CONFLICT (inspection, item) "
            "DO UPDATE SET ms = ms + excluded.ms, looks = looks + 1",
            ((inspection, item, ms) for item, ms in spent.items()),
        )


def of(db: sqlite3.Connection, inspection: str) -> dict[str, tuple[int, int]]:
    """Milliseconds and looks by item."""
    rows = db.execute("SELECT item, ms, looks FROM pace WHERE inspection = ?", (inspection,))
    return {str(item): (int(ms), int(looks)) for item, ms, looks in rows}
