"""Finding a place by the code on its label, whatever a scanner made of its letters."""

from __future__ import annotations

import sqlite3

from fieldkit.domain.records import Site

from .sites import COLUMNS, site


def by_code(db: sqlite3.Connection, code: str) -> Site | None:
    """The place with exactly this code."""
    row = db.execute(f"SELECT {COLUMNS} FROM site AS s WHERE s.code = ?", (code,)).fetchone()
    return site(row) if row else None


def by_any_case(db: sqlite3.Connection, code: str) -> list[Site]:
    """Up to two places whose code differs in nothing but the case of ASCII letters."""
    sql = f"SELECT {COLUMNS} FROM site AS s WHERE s.code = ? COLLATE NOCASE ORDER BY s.id LIMIT 2"
    return [site(row) for row in db.execute(sql, (code,))]
