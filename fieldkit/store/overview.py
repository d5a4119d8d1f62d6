"""The register at a glance: each place with its last result and what is still to be put right."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from fieldkit.domain.records import Finding, Site
from fieldkit.domain.rectification import OVER

from .sites import COLUMNS, site


@dataclass(frozen=True, slots=True)
class Standing:
    """A place, its last finished inspection (empty texts without one) and its open findings."""

    site: Site
    inspection: str
    day: str
    mode: str
    grade: str
    checklist: str
    findings: int


_WIDTH = COLUMNS.count(",") + 1


def standings(
    db: sqlite3.Connection, kinds: Sequence[str], hidden: Sequence[str] = ()
) -> list[Standing]:
    """The places of these kinds, those struck off too, in order of their codes.

    Inspections in ``hidden`` and their findings are left out of account.
    """
    of_kind, unseen = _marks(kinds), _marks(hidden)
    # With MAX the other columns are of the very row that has it (SQLite's rule).
    sql = (
        "WITH last AS (SELECT site, MAX(finished_hlc), id, day, mode, grade, checklist "
        f"FROM inspection WHERE finished_hlc IS NOT NULL AND id NOT IN ({unseen}) GROUP BY site), "
        "todo AS (SELECT site, COUNT(*) AS n FROM finding "
        f"WHERE state NOT IN ({_marks(OVER)}) AND inspection NOT IN ({unseen}) GROUP BY site) "
        f"SELECT {COLUMNS}, COALESCE(l.id, ''), COALESCE(l.day, ''), COALESCE(l.mode, ''), "
        "COALESCE(l.grade, ''), COALESCE(l.checklist, ''), COALESCE(t.n, 0) "
        "FROM site AS s LEFT JOIN last AS l ON l.site = s.id LEFT JOIN todo AS t ON t.site = s.id "
        f"WHERE s.kind IN ({of_kind}) ORDER BY s.code"
    )
    values = (*hidden, *sorted(OVER), *hidden, *kinds)
    rows = db.execute(sql, values)
    return [Standing(site(row[:_WIDTH]), *row[_WIDTH:]) for row in rows]


def kinds(db: sqlite3.Connection) -> set[str]:
    """The kinds of place that there are."""
    return {str(row[0]) for row in db.execute("SELECT DISTINCT kind FROM site")}


def pair_words(db: sqlite3.Connection) -> list[str]:
    """The words of all blind pairs."""
    rows = db.execute("SELECT DISTINCT pair FROM inspection_link WHERE pair != '' ORDER BY pair")
    return [str(row[0]) for row in rows]


def grades(db: sqlite3.Connection, site: str) -> dict[str, str]:
    """The grade of each finished inspection of a place."""
    rows = db.execute(
        "SELECT id, grade FROM inspection WHERE site = ? AND finished_hlc IS NOT NULL", (site,)
    )
    return {str(id): str(grade) for id, grade in rows}


def findings(db: sqlite3.Connection, site: str) -> list[Finding]:
    """The findings of a place that are not over, the first due first."""
    rows = db.execute(
        "SELECT id, inspection, item, site, text, criterion, severity, due, state, hlc, device "
        f"FROM finding WHERE site = ? AND state NOT IN ({_marks(OVER)}) ORDER BY due, item, id",
        (site, *sorted(OVER)),
    )
    return [Finding(*row) for row in rows]


def named(db: sqlite3.Connection, kinds: Sequence[str], text: str, limit: int) -> list[Site]:
    """Places of these kinds that still stand, with a text in their code or name; the code first."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM site AS s WHERE s.kind IN ({_marks(kinds)}) AND s.removed = 0 "
        "AND (instr(s.code, ?) OR instr(s.name, ?)) ORDER BY s.code != ?, s.code LIMIT ?",
        (*kinds, text, text, text, limit),
    )
    return [site(row) for row in rows]


def _marks(values: Sequence[str] | frozenset[str]) -> str:
    return ",".join("?" * len(values))
