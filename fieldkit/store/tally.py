"""Sums of doors and visits by the place that the doors hang under, kept for the dashboard.

Whatever folds a door or its visits notes the place as stale, which costs next to nothing; the sums
are made anew when they are read next. So a visit logged at a door stays as quick as it was, and a
million visits are added up once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Set

from fieldkit.domain.outcomes import REVISIT

from .open import transaction

COUNTS = (
    "COUNT(*), "
    "COALESCE(SUM(s.removed = 0 AND s.registered = 1), 0), "
    "COALESCE(SUM(s.removed = 1), 0), "
    "COALESCE(SUM(s.removed = 0 AND COALESCE(d.visits, 0) > 0), 0), "
    "COALESCE(SUM(s.removed = 0 AND s.registered = 1 AND COALESCE(d.delivered, 0)), 0), "
    "COALESCE(SUM(s.removed = 0 AND COALESCE(d.met, 0)), 0), "
    "COALESCE(SUM(s.removed = 0 AND COALESCE(d.best, 'none') IN ({revisit})), 0)"
).format(revisit=", ".join(f"'{code}'" for code in sorted(REVISIT)))
"""Doors, registered, removed, visited, delivered, met, to be visited again."""

WEEK = "COALESCE(CAST((julianday({day}) - 2440584.5) / 7 AS INTEGER), 0)"
"""The number of a day's week: weeks begin on Mondays, week 0 on 1969-12-29."""

# Named and in this order: SQLite would else go through all doors for each place.
_OF_STALE = (
    "FROM tally_stale AS t CROSS JOIN site AS s INDEXED BY site_parent ON s.parent = t.parent "
)
_VISITS = (
    f"{_OF_STALE}CROSS JOIN f_visit AS v ON v.entity = s.id WHERE +s.kind = 'door' AND NOT EXISTS "
    "(SELECT 1 FROM f_withdrawn AS w WHERE w.visit = v.hash AND w.entity = v.entity) "
)
_FIRST = (
    "SELECT parent, {week} AS week, 0, {columns} FROM temp.tally_first "
    "WHERE {day} IS NOT NULL GROUP BY 1, 2"
)


def note(db: sqlite3.Connection, touched: Set[str]) -> None:
    """Note the places of the doors in the dirty sets of sites and visits as stale."""
    # The plus and the order: each key is looked up, and no door besides.
    for name in ("site", "visit"):
        if name in touched:
            db.execute(
                "INSERT OR IGNORE INTO tally_stale SELECT s.parent FROM "
                f"temp.dirty_{name} AS n CROSS JOIN site AS s ON s.id = n.k WHERE +s.kind = 'door'"
            )


def clear(db: sqlite3.Connection) -> None:
    """Forget every sum, for a rebuild."""
    for table in ("tally_stale", "tally_door", "tally_week"):
        db.execute(f"DELETE FROM {table}")


def refresh(db: sqlite3.Connection) -> None:
    """Make the sums of stale places anew. Raises Problem where the home cannot be written."""
    if db.execute("SELECT 1 FROM tally_stale LIMIT 1").fetchone() is None:
        return
    with transaction(db):
        for table in ("tally_door", "tally_week"):
            db.execute(f"DELETE FROM {table} WHERE parent IN (SELECT parent FROM tally_stale)")
        db.execute(
            f"INSERT INTO tally_door SELECT s.parent, s.division, s.grid, {COUNTS} {_OF_STALE}"
            "LEFT JOIN door_state AS d ON d.door = s.id "
            "WHERE +s.kind = 'door' AND s.removed < 2 GROUP BY 1, 2, 3"
        )
        db.execute(
            "CREATE TEMP TABLE tally_first AS SELECT s.parent AS parent, "
            "MIN(CASE WHEN v.delivers AND s.registered = 1 THEN v.day END) AS given, "
            f"MIN(CASE WHEN v.meets THEN v.day END) AS met {_VISITS}AND s.removed = 0 "
            "GROUP BY s.parent, s.id"
        )
        given = _FIRST.format(week=WEEK.format(day="given"), columns="COUNT(*), 0", day="given")
        spoken = _FIRST.format(week=WEEK.format(day="met"), columns="0, COUNT(*)", day="met")
        week = WEEK.format(day="v.day")
        db.execute(
            "INSERT INTO tally_week (parent, week, visits, delivered, met) "
            "SELECT parent, week, SUM(visits), SUM(delivered), SUM(met) FROM ("
            f"SELECT s.parent AS parent, {week} AS week, COUNT(*) AS visits, 0 AS delivered, "
            f"0 AS met {_VISITS}GROUP BY 1, 2 UNION ALL {given} UNION ALL {spoken}) GROUP BY 1, 2"
        )
        db.execute("DROP TABLE temp.tally_first")
        db.execute("DELETE FROM tally_stale")
