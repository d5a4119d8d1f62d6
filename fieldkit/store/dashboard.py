"""What the dashboard reads: sums alone, however many doors and visits they are made of."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from fieldkit.domain.rectification import OVER, SETTLED
from fieldkit.domain.referral import PENDING

from . import tally
from .columns import tuple_of
from .held import quiet
from .sweeps import LIST
from .tally import WEEK

Ids = Collection[str] | None
"""Ids of places, none of them doors; None is everywhere."""


class Area(NamedTuple):
    """A place that is no door, and what it hangs under."""

    id: str
    code: str
    name: str
    kind: str
    parent: str
    division: str
    removed: int


class Latest(NamedTuple):
    """The latest finished inspection of a place that is scored; points as ``n/d``."""

    place: str
    door: bool
    """Whether it was a door under the place that was inspected."""
    inspection: str
    checklist: str
    checklist_id: str
    day: str
    points: str
    max_points: str
    veto: tuple[str, ...]
    findings: int
    """Findings of the place that are not over."""


class Failed(NamedTuple):
    """An item that failed: its finding, and what was noted and photographed."""

    inspection: str
    finding: str
    item: str
    text: str
    state: str
    due: str
    note: str
    evidence: tuple[str, ...]


def prepare(db: sqlite3.Connection) -> None:
    """Bring the sums up to date. Raises Problem where the home cannot be written."""
    tally.refresh(db)


@contextmanager
def still(db: sqlite3.Connection) -> Iterator[None]:
    """Bring the sums up to date, then read everything of one instant.

    Raises Problem where sums are to be made and the home cannot be written.
    """
    tally.refresh(db)
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def areas(db: sqlite3.Connection) -> list[Area]:
    """Every place but the doors."""
    # Two stretches of the index of kinds: not one door is read.
    columns = (
        "SELECT id, code, name, kind, parent, division, removed FROM site INDEXED BY site_kind"
    )
    rows = db.execute(f"{columns} WHERE kind < 'door' UNION ALL {columns} WHERE kind > 'door'")
    return list(map(Area._make, rows))


DOORS = ("doors", "registered", "removed", "visited", "delivered", "met", "revisit")
"""What is counted of doors, as `coverage` counts it."""


def doors(db: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """The place and the division that doors name, and the counts of ``DOORS``."""
    return db.execute(f"SELECT parent, division, {', '.join(DOORS)} FROM tally_door").fetchall()


def weeks(db: sqlite3.Connection, within: Ids) -> dict[int, tuple[int, int, int]]:
    """By week: visits; households that got material first then; doors first met then."""
    where, values = _among("parent", within)
    rows = db.execute(
        "SELECT week, SUM(visits), SUM(delivered), SUM(met) FROM tally_week "
        f"WHERE {where} GROUP BY week",
        values,
    )
    return {week: (visits, delivered, met) for week, visits, delivered, met in rows}


_HOLDER = "CASE WHEN s.kind = 'door' THEN s.parent ELSE x.site END"
"""The place of a row: of one about a door the place above it."""


def _among(column: str, within: Ids) -> tuple[str, tuple[str, ...]]:
    if within is None:
        return "1", ()
    return f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(sorted(within)),)


def _unseen(column: str, hidden: Collection[str]) -> tuple[str, tuple[str, ...]]:
    where, values = _among(column, hidden)
    return f"NOT {where}", values


def finished(
    db: sqlite3.Connection, within: Ids, hidden: Collection[str]
) -> list[tuple[str, str, str, str, int]]:
    """Finished inspections: place, checklist, points, highest points, how many."""
    some, places = _among("place", within)
    seen, ids = _unseen("x.id", hidden)
    return db.execute(
        f"SELECT {_HOLDER} AS place, x.checklist_id, COALESCE(x.points, ''), "
        "COALESCE(x.max_points, ''), COUNT(*) "
        "FROM inspection AS x LEFT JOIN site AS s ON s.id = x.site "
        f"WHERE x.finished_hlc IS NOT NULL AND {seen} GROUP BY 1, 2, 3, 4 HAVING {some}",
        (*ids, *places),
    ).fetchall()


def finished_weeks(db: sqlite3.Connection, within: Ids, hidden: Collection[str]) -> dict[int, int]:
    """How many of the inspections of each week are finished."""
    some, places = _among(_HOLDER, within)
    seen, ids = _unseen("x.id", hidden)
    rows = db.execute(
        f"SELECT {WEEK.format(day='x.day')}, COUNT(*) "
        "FROM inspection AS x LEFT JOIN site AS s ON s.id = x.site "
        f"WHERE x.finished_hlc IS NOT NULL AND {seen} AND {some} GROUP BY 1",
        (*ids, *places),
    )
    return {int(week): int(count) for week, count in rows}


def findings(
    db: sqlite3.Connection, within: Ids, hidden: Collection[str], day: str
) -> list[tuple[str, int, int]]:
    """Findings that are not over, by place: how many, and of these past their day."""
    some, places = _among("place", within)
    seen, ids = _unseen("x.inspection", hidden)
    over, settled = (",".join(f"'{state}'" for state in sorted(them)) for them in (OVER, SETTLED))
    return db.execute(
        f"SELECT {_HOLDER} AS place, COUNT(*), SUM(x.state NOT IN ({settled}) AND x.due < ?) "
        "FROM finding AS x LEFT JOIN site AS s ON s.id = x.site "
        f"WHERE x.state NOT IN ({over}) AND {seen} GROUP BY 1 HAVING {some}",
        (day, *ids, *places),
    ).fetchall()


def referrals(db: sqlite3.Connection, within: Ids) -> list[tuple[str, int]]:
    """Slips that still wait for their answer, by place."""
    some, places = _among("place", within)
    waiting = ",".join("?" * len(PENDING))
    return db.execute(
        f"SELECT {_HOLDER} AS place, COUNT(*) "
        "FROM referral AS x LEFT JOIN referral_reply AS a ON a.referral = x.id "
        "LEFT JOIN site AS s ON s.id = x.site "
        f"WHERE COALESCE(a.result, '') IN ({waiting}) GROUP BY 1 HAVING {some}",
        (*sorted(PENDING), *places),
    ).fetchall()


def swept(
    db: sqlite3.Connection, hidden: Collection[str], first: str, last: str
) -> dict[str, bool]:
    """The places swept on these days, and whether one of their sweeps is finished."""
    seen, ids = _unseen("id", hidden)
    rows = db.execute(
        f"SELECT site, MAX(finished_hlc IS NOT NULL AND {seen}) FROM inspection "
        "WHERE checklist_id = ? AND day BETWEEN ? AND ? GROUP BY site",
        (*ids, LIST, first, last),
    )
    return {str(site): bool(done) for site, done in rows}


def latest(db: sqlite3.Connection, within: Ids, hidden: Collection[str]) -> list[Latest]:
    """The latest finished scored inspection of each place inspected."""
    some, places = _among("place", within)
    seen, ids = _unseen("x.id", hidden)
    seen_too, ids_too = _unseen("inspection", hidden)
    over = ",".join(f"'{state}'" for state in sorted(OVER))
    # With MAX the other columns are of the very row that has it (SQLite's rule).
    rows = db.execute(
        "WITH todo AS (SELECT site, COUNT(*) AS n FROM finding "
        f"WHERE state NOT IN ({over}) AND {seen_too} GROUP BY site), "
        "last AS (SELECT x.site, MAX(x.finished_hlc || x.id), x.id, x.checklist, x.checklist_id, "
        "x.day, x.points, x.max_points, x.veto FROM inspection AS x "
        "WHERE x.finished_hlc IS NOT NULL AND x.max_points NOT IN ('', '0/1') "
        f"AND {seen} GROUP BY x.site) "
        f"SELECT {_HOLDER} AS place, COALESCE(s.kind = 'door', 0), x.id, x.checklist, "
        "x.checklist_id, x.day, x.points, x.max_points, COALESCE(x.veto, ''), COALESCE(t.n, 0) "
        "FROM last AS x LEFT JOIN site AS s ON s.id = x.site "
        "LEFT JOIN todo AS t ON t.site = x.site "
        f"WHERE {some}",
        (*ids_too, *ids, *places),
    )
    return [
        Latest._make((row[0], bool(row[1]), *row[2:8], tuple_of(row[8]), row[9])) for row in rows
    ]


def failed(db: sqlite3.Connection, inspections: Sequence[str]) -> list[Failed]:
    """The items that failed in these inspections, in order of their ids."""
    where, values = _among("f.inspection", inspections)
    rows = db.execute(
        "SELECT f.inspection, f.id, f.item, f.text, f.state, f.due, COALESCE(a.note, ''), "
        "COALESCE(a.evidence, ''), COALESCE(a.event, '') FROM finding AS f "
        "LEFT JOIN answer AS a ON a.inspection = f.inspection AND a.item = f.item "
        f"WHERE f.state != 'withdrawn' AND {where} ORDER BY f.inspection, f.item, f.id",
        values,
    )
    return [Failed._make((*row[:6], quiet(db, row[6], row[8]), tuple_of(row[7]))) for row in rows]


def files(db: sqlite3.Connection, digests: Collection[str]) -> dict[str, str]:
    """The extension of each of these evidence files that was announced."""
    where, values = _among("sha256", digests)
    return dict(db.execute(f"SELECT sha256, ext FROM evidence_ref WHERE {where}", values))


def titles(db: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """Digest, id, title and English title of each checklist that is kept."""
    rows = db.execute(
        "SELECT digest, json_extract(doc, '$.id'), json_extract(doc, '$.title'), "
        "COALESCE(json_extract(doc, '$.title_en'), '') FROM checklist "
        "ORDER BY json_extract(doc, '$.version'), digest"
    )
    return [(str(row[0]), str(row[1]), str(row[2]), str(row[3])) for row in rows]
