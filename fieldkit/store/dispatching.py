"""Reading the lines that an office sends down: the words in force, as they were written."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence

from .sites import BELOW

SENT = frozenset(
    (
        "checklist.put",
        "site.put",
        "site.removed",
        "campaign.put",
        "assignment.put",
        "assignment.withdrawn",
        "inspection.returned",
        "text.reviewed",
    )
)
"""The kinds of events that a dispatch may bring: what an office decides, no record of the field."""

_EVENT = (
    "JOIN event AS e ON e.device = f.device AND e.epoch = f.epoch AND e.seq = f.seq "
    "AND e.hash = f.hash"
)
_HEAD = (
    "NOT EXISTS (SELECT 1 FROM f_over AS o WHERE o.replaced = f.hash AND o.kind = e.kind "
    "AND o.entity = f.entity)"
)


def _lines(db: sqlite3.Connection, sql: str, values: Sequence[str] = ()) -> Iterator[bytes]:
    for (line,) in db.execute(sql, values):
        yield bytes(line)


def sites(db: sqlite3.Connection, within: str | None) -> list[bytes]:
    """The descriptions in force of all places, or of those under one and above it."""
    sql = f"SELECT e.line FROM f_site AS f {_EVENT} WHERE {_HEAD}"
    if within is None:
        return list(_lines(db, sql))
    above = (
        ", above(id) AS (SELECT parent FROM site WHERE id = ?1 UNION "
        "SELECT s.parent FROM site AS s JOIN above AS a ON s.id = a.id WHERE s.parent != '')"
    )
    head = BELOW.rstrip().replace("?", "?1") + above + " "
    scope = " AND (f.entity IN (SELECT id FROM below) OR f.entity IN (SELECT id FROM above))"
    return list(_lines(db, f"{head}{sql}{scope}", [within]))


def removals(db: sqlite3.Connection, places: Collection[str]) -> list[bytes]:
    """The words that struck these places off; nothing is read where none was."""
    struck = {str(row[0]) for row in db.execute("SELECT DISTINCT entity FROM f_removed")}
    wanted = struck.intersection(places)
    if not wanted:
        return []
    hashes = {
        str(digest)
        for digest, entity in db.execute("SELECT hash, entity FROM f_removed")
        if entity in wanted
    }
    rows = db.execute("SELECT hash, line FROM event WHERE kind = 'site.removed'")
    return [bytes(line) for digest, line in rows if digest in hashes]


def checklists(db: sqlite3.Connection) -> list[bytes]:
    """Every checklist that was put into the journal and stands."""
    hashes = {str(row[0]) for row in db.execute("SELECT hash FROM f_checklist")}
    if not hashes:
        return []
    rows = db.execute("SELECT hash, line FROM event WHERE kind = 'checklist.put'")
    return [bytes(line) for digest, line in rows if digest in hashes]


def campaigns(db: sqlite3.Connection) -> list[bytes]:
    """The campaigns as they are described now."""
    return list(_lines(db, f"SELECT e.line FROM f_campaign AS f {_EVENT} WHERE {_HEAD}"))


def assignments(db: sqlite3.Connection, others: Collection[str]) -> list[bytes]:
    """Assignments and their withdrawals, but for those of ``others``, which are devices."""
    marks = ",".join("?" * len(others))
    mine = f"WHERE f.inspector NOT IN ({marks})"
    put = _lines(
        db, f"SELECT e.line FROM f_assignment AS f {_EVENT} {mine} AND {_HEAD}", list(others)
    )
    gone = _lines(
        db,
        f"SELECT e.line FROM f_unassigned AS f {_EVENT} WHERE EXISTS "
        f"(SELECT 1 FROM f_assignment AS a WHERE a.entity = f.entity "
        f"AND a.inspector NOT IN ({marks}))",
        list(others),
    )
    return [*put, *gone]


def returned(db: sqlite3.Connection, devices: Collection[str]) -> list[bytes]:
    """What was sent back of inspections that these devices began, and not answered since."""
    marks = ",".join("?" * len(devices))
    sql = (
        f"SELECT e.line FROM f_returned AS f {_EVENT} "
        "JOIN returned AS r ON r.inspection = f.entity AND r.event = f.hash "
        f"JOIN inspection AS i ON i.id = f.entity WHERE i.device IN ({marks})"
    )
    return list(_lines(db, sql, list(devices)))


def unknown(db: sqlite3.Connection, keys: Sequence[tuple[str, str, int, str]]) -> set[str]:
    """The hashes of those of these events that are not held."""
    found = set()
    for device, epoch, seq, digest in keys:
        row = db.execute(
            "SELECT 1 FROM event WHERE device = ? AND epoch = ? AND seq = ? AND hash = ?",
            (device, epoch, seq, digest),
        ).fetchone()
        if row is None:
            found.add(digest)
    return found
