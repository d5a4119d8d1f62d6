"""What is held whose term may be over: visits, cases and files, at one reading each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from fieldkit.domain.moments import day_of
from fieldkit.domain.retention import Finding, Inspection, Referral
from fieldkit_sync.event import Event, parse

from .columns import tuple_of


class Place(NamedTuple):
    """One place of the register, as far as totals need it."""

    parent: str
    kind: str
    code: str
    division: str


class File(NamedTuple):
    """One evidence file: size, the day on which it was announced last, and where it is used."""

    sha256: str
    size: int
    day: str
    used: tuple[str, ...]


def places(db: sqlite3.Connection) -> dict[str, Place]:
    """Every place by its id."""
    rows = db.execute("SELECT id, parent, kind, code, division FROM site")
    return {str(row[0]): Place(*row[1:]) for row in rows}


def visits(db: sqlite3.Connection, before: str) -> Iterator[tuple[str, str, str, int, int]]:
    """Visits that count, of earlier days: door, day, outcome, whether it delivers and meets."""
    yield from db.execute(
        "SELECT v.entity, v.day, v.outcome, v.delivers, v.meets FROM f_visit AS v WHERE v.day < ? "
        "AND NOT EXISTS (SELECT 1 FROM f_withdrawn AS w WHERE w.visit = v.hash "
        "AND w.entity = v.entity) ORDER BY v.entity",
        (before,),
    )


def visit_count(db: sqlite3.Connection, before: str) -> int:
    """How many visits of earlier days are held, those taken back too."""
    sql = "SELECT COUNT(*) FROM f_visit WHERE day < ?"
    return int(db.execute(sql, (before,)).fetchone()[0])


def inspections(db: sqlite3.Connection) -> list[Inspection]:
    """Every inspection."""
    rows = db.execute(
        "SELECT i.id, i.site, i.checklist_id, i.day, i.mode, i.finished_hlc, "
        "COALESCE(i.grade, ''), COALESCE(l.prior, '') FROM inspection AS i "
        "LEFT JOIN inspection_link AS l ON l.inspection = i.id ORDER BY i.id"
    )
    return [Inspection(*row[:5], *(day_of(row[5]) if row[5] else "", *row[6:])) for row in rows]


def findings(db: sqlite3.Connection) -> list[Finding]:
    """Every finding with the days and inspections of its steps."""
    days: dict[str, str] = {}
    looked: dict[str, set[str]] = {}
    for entity, inspection, day in db.execute("SELECT entity, inspection, day FROM f_move"):
        days[entity] = max(days.get(entity, ""), day)
        looked.setdefault(entity, set()).add(inspection)
    rows = db.execute("SELECT id, inspection, state, hlc FROM finding ORDER BY id")
    return [
        Finding(
            id_, inspection, state, days.get(id_) or day_of(hlc),
            tuple(sorted(looked.get(id_, set()) - {""})),
        )
        for id_, inspection, state, hlc in rows
    ]  # fmt: skip


def referrals(db: sqlite3.Connection) -> list[Referral]:
    """Every referral slip; ``answered`` is empty while nothing came back."""
    rows = db.execute(
        "SELECT r.id, r.inspection, r.day, COALESCE(a.day, '') FROM referral AS r "
        "LEFT JOIN referral_reply AS a ON a.referral = r.id ORDER BY r.id"
    )
    return [Referral(*row) for row in rows]


def photos(db: sqlite3.Connection) -> list[File]:
    """Every announced file, by its digest."""
    used: dict[str, set[str]] = {}
    for table in ("f_answer", "f_move"):
        for entity, listed in db.execute(
            f"SELECT entity, evidence FROM {table} WHERE evidence != ''"
        ):
            for sha256 in tuple_of(listed):
                used.setdefault(sha256, set()).add(entity)
    rows = db.execute(
        "SELECT sha256, MAX(size), MAX(hlc) FROM f_evidence GROUP BY sha256 ORDER BY sha256"
    )
    return [
        File(sha, size, day_of(hlc), tuple(sorted(used.get(sha, ())))) for sha, size, hlc in rows
    ]


def applied(db: sqlite3.Connection) -> list[Event]:
    """Every note of an erasure that still has its body, in order of time."""
    rows = db.execute(
        "SELECT line FROM event WHERE kind = 'retention.applied' ORDER BY hlc, device, seq, hash"
    )
    found = (parse(bytes(line)) for (line,) in rows)
    return [event for event in found if event.body is not None]
