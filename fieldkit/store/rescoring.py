"""A campaign at one reading: the latest whole finished inspection of each site, and all answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

_BELOW = (
    "WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT c.id FROM site AS c "
    "JOIN below AS b ON c.parent = b.id) "
)


class Finished(NamedTuple):
    """One finished inspection and where it was."""

    id: str
    site: str
    checklist: str
    mode: str
    day: str
    code: str
    name: str


def finished(
    db: sqlite3.Connection, checklist_id: str, since: str, until: str, within: str | None, mode: str
) -> tuple[list[Finished], int]:
    """The latest of each site with any version of a list, in order of the sites' codes.

    Days and mode that are empty leave all in. Also gives how many were left out because a later
    one of the same site is there, or because they ask only some items again.
    """
    where = ["i.checklist_id = ?", "i.finished_hlc IS NOT NULL"]
    values: list[str] = [checklist_id]
    for condition, value in (("i.day >= ?", since), ("i.day <= ?", until), ("i.mode = ?", mode)):
        if value:
            where.append(condition)
            values.append(value)
    begun = ""
    if within is not None:
        begun = _BELOW
        where.append("i.site IN (SELECT id FROM below)")
        values.insert(0, within)
    sql = (
        f"{begun}SELECT i.id, i.site, i.checklist, i.mode, i.day, "
        "COALESCE(s.code, substr(i.site, 1, 8)), COALESCE(s.name, ''), COALESCE(l.asks, '') != '' "
        "FROM inspection AS i LEFT JOIN site AS s ON s.id = i.site "
        "LEFT JOIN inspection_link AS l ON l.inspection = i.id "
        f"WHERE {' AND '.join(where)} ORDER BY i.day, i.finished_hlc, i.id"
    )
    latest: dict[str, Finished] = {}
    count = 0
    for row in db.execute(sql, values):
        count += 1
        if not row[7]:
            latest[row[1]] = Finished(*row[:7])
    kept = sorted(latest.values(), key=lambda it: (it.code, it.id))
    return kept, count - len(kept)


def answers(db: sqlite3.Connection, inspections: set[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The answers of these inspections by item, one inspection after the other; one query."""
    rows = db.execute(
        "SELECT a.inspection, a.item, a.value FROM answer AS a WHERE a.value != '' "
        "ORDER BY a.inspection, a.item"
    )
    here, found = "", dict[str, str]()
    for inspection, item, value in rows:
        if inspection != here:
            if here in inspections:
                yield here, found
            here, found = inspection, {}
        found[item] = value
    if here in inspections:
        yield here, found
