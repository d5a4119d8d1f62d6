"""Reading building sweeps of a span of days, and the slips that came of them."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from fieldkit.domain.referral import Referral

from .held import quiet

LIST = "building-sweep"
"""The checklist of a sweep."""

_SLIP = (
    "SELECT r.id, r.site, r.inspection, r.item, r.matter, r.facts, r.receiver, r.unit, r.number, "
    "r.day, r.hlc, r.device, COALESCE(a.result, ''), COALESCE(a.day, ''), COALESCE(a.note, ''), "
    "COALESCE(a.number, ''), r.event, COALESCE(a.event, '') "
    "FROM referral AS r LEFT JOIN referral_reply AS a ON a.referral = r.id"
)
_ORDER = "ORDER BY r.day, r.hlc, r.id"


class Swept(NamedTuple):
    """One sweep of one building; ``grade`` and ``red`` stand once it is finished."""

    inspection: str
    site: str
    day: str
    checklist: str
    finished: bool
    grade: str
    red: tuple[str, ...]


def _slip(db: sqlite3.Connection, row: tuple[str, ...]) -> Referral:
    *told, made, replied = row
    found = Referral(*told)
    return found._replace(
        facts=quiet(db, found.facts, made, "facts"),
        unit=quiet(db, found.unit, made, "unit"),
        note=quiet(db, found.note, replied),
    )


def referrals(db: sqlite3.Connection) -> list[Referral]:
    """Every slip, the oldest first."""
    return [_slip(db, row) for row in db.execute(f"{_SLIP} {_ORDER}")]


def referrals_between(db: sqlite3.Connection, first: str, last: str) -> list[Referral]:
    """The slips made on these days, the oldest first."""
    sql = f"{_SLIP} WHERE r.day BETWEEN ? AND ? {_ORDER}"
    return [_slip(db, row) for row in db.execute(sql, (first, last))]


def referrals_of(db: sqlite3.Connection, site: str) -> list[Referral]:
    """The slips about one place, the latest first."""
    rows = db.execute(f"{_SLIP} WHERE r.site = ? {_ORDER}", (site,))
    return [_slip(db, row) for row in rows][::-1]


def by_prefix(db: sqlite3.Connection, prefix: str) -> list[Referral]:
    """Slips whose id begins so."""
    sql = f"{_SLIP} WHERE r.id >= ? AND r.id < ? ORDER BY r.id"
    return [_slip(db, row) for row in db.execute(sql, (prefix, prefix + "g"))]


def reply_heads(db: sqlite3.Connection, id: str) -> list[str]:
    """Hashes of the answers to a slip that no other answer replaces."""
    rows = db.execute(
        "SELECT s.hash FROM f_reply AS s WHERE s.entity = ? AND NOT EXISTS "
        "(SELECT 1 FROM f_over AS o WHERE o.replaced = s.hash AND o.kind = 'referral.answered' "
        "AND o.entity = s.entity) ORDER BY s.hash",
        (id,),
    )
    return [str(row[0]) for row in rows]


def contested(db: sqlite3.Connection) -> set[str]:
    """Slips that several laptops answered differently without having seen each other."""
    return {str(row[0]) for row in db.execute("SELECT entity FROM conflict WHERE kind='referral'")}


def sweeps(db: sqlite3.Connection, first: str, last: str) -> list[Swept]:
    """The sweeps of these days, the oldest first."""
    rows = db.execute(
        "SELECT id, site, day, checklist, finished_hlc IS NOT NULL, COALESCE(grade, ''), "
        "COALESCE(veto, '') FROM inspection WHERE checklist_id = ? AND day BETWEEN ? AND ? "
        "ORDER BY day, started_hlc, id",
        (LIST, first, last),
    )
    return [
        Swept(id, site, day, checklist, bool(done), grade, tuple(filter(None, veto.split(","))))
        for id, site, day, checklist, done, grade, veto in rows
    ]
