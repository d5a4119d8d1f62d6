"""Reading the register: places, their parents, their doors."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from fieldkit.domain.records import Site

COLUMNS = (
    "s.id, s.code, s.name, s.kind, s.parent, s.division, s.grid, s.address, s.floor, "
    "s.registered, s.removed"
)
BELOW = (
    "WITH RECURSIVE below(id) AS (SELECT id FROM site WHERE id = ? "
    "UNION SELECT c.id FROM site AS c JOIN below AS b ON c.parent = b.id) "
)
"""All places under one, itself included; UNION ends the walk even where parents form a ring."""


def site(row: Sequence[object]) -> Site:
    """A Site from the columns of COLUMNS."""
    id, code, name, kind, parent, division, grid, address, floor = map(str, row[:9])
    registered = None if row[9] is None else bool(row[9])
    removed = bool(row[10])
    return Site(id, code, name, kind, parent, division, grid, address, floor, registered, removed)


def get(db: sqlite3.Connection, id: str) -> Site | None:
    """The place with this id."""
    row = db.execute(f"SELECT {COLUMNS} FROM site AS s WHERE s.id = ?", (id,)).fetchone()
    return site(row) if row else None


def by_ref(db: sqlite3.Connection, ref: str) -> list[Site]:
    """Places meant by a code, an id, or the first four or more digits of an id."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM site AS s WHERE s.code = ? OR s.id = ? ORDER BY s.id", (ref, ref)
    ).fetchall()
    if not rows and len(ref) >= 4 and set(ref) <= set("0123456789abcdef"):
        rows = db.execute(
            f"SELECT {COLUMNS} FROM site AS s WHERE s.id >= ? AND s.id < ? ORDER BY s.id",
            (ref, ref + "g"),
        ).fetchall()
    return [site(row) for row in rows]


def all(
    db: sqlite3.Connection, kinds: Sequence[str] | None = None, within: str | None = None
) -> list[Site]:
    """Places of some kinds, under one place (its id) or everywhere, in order of their codes."""
    sql, values = "", []
    if within is not None:
        sql, values = BELOW, [within]
    sql += f"SELECT {COLUMNS} FROM site AS s"
    conditions = []
    if within is not None:
        conditions.append("s.id IN (SELECT id FROM below)")
    if kinds is not None:
        conditions.append(f"s.kind IN ({','.join('?' * len(kinds))})")
        values += list(kinds)
    if conditions:
        sql += " WHERE " + " AND ".join(conditions)
    return [site(row) for row in db.execute(sql + " ORDER BY s.code", values)]


def children(db: sqlite3.Connection, id: str) -> list[Site]:
    """Places whose parent this is."""
    sql = f"SELECT {COLUMNS} FROM site AS s WHERE s.parent = ? ORDER BY s.code"
    return [site(row) for row in db.execute(sql, (id,))]


def doors(db: sqlite3.Connection, within: str | None = None) -> list[Site]:
    """Doors under one place, or all."""
    return all(db, ("door",), within)


def ancestors(db: sqlite3.Connection, id: str) -> list[Site]:
    """The places above one, the nearest first."""
    found: list[Site] = []
    here = get(db, id)
    while here is not None and here.parent and len(found) < 16:
        here = get(db, here.parent)
        if here is not None:
            found.append(here)
    return found


def heads(db: sqlite3.Connection, id: str) -> list[str]:
    """Hashes of the writes of a place that no other write replaces."""
    rows = db.execute(
        "SELECT s.hash FROM f_site AS s WHERE s.entity = ? AND NOT EXISTS "
        "(SELECT 1 FROM f_over AS o WHERE o.replaced = s.hash AND o.kind = 'site.put' "
        "AND o.entity = s.entity AND o.slot = '') "
        "ORDER BY s.hash",
        (id,),
    )
    return [str(row[0]) for row in rows]


def count(db: sqlite3.Connection, kind: str) -> int:
    """How many places of a kind there are, struck off or not; read from the index alone."""
    (found,) = db.execute("SELECT COUNT(*) FROM site WHERE kind = ?", (kind,)).fetchone()
    return int(found)
