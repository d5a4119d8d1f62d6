"""Reading findings and the steps of putting them right."""

from __future__ import annotations

import sqlite3

from fieldkit.domain.records import Finding
from fieldkit.domain.rectification import Case, Move

from .columns import tuple_of
from .held import quiet

_COLUMNS = "id, inspection, item, site, text, criterion, severity, due, state, hlc, device"
_CASE = "rounds, number, step, day, inspection, device"
_REPLACED = (
    "SELECT 1 FROM f_over AS o WHERE o.replaced = m.hash AND o.kind = 'finding.moved' "
    "AND o.entity = m.entity"
)


def all(db: sqlite3.Connection) -> list[Finding]:
    """Every finding, the first due first."""
    sql = f"SELECT {_COLUMNS} FROM finding ORDER BY due, id"
    return [Finding(*row) for row in db.execute(sql)]


def get(db: sqlite3.Connection, id: str) -> Finding | None:
    """The finding with this id."""
    row = db.execute(f"SELECT {_COLUMNS} FROM finding WHERE id = ?", (id,)).fetchone()
    return Finding(*row) if row else None


def by_prefix(db: sqlite3.Connection, prefix: str) -> list[Finding]:
    """Findings whose id begins so."""
    sql = f"SELECT {_COLUMNS} FROM finding WHERE id >= ? AND id < ? ORDER BY id"
    return [Finding(*row) for row in db.execute(sql, (prefix, prefix + "g"))]


def of_inspection(db: sqlite3.Connection, inspection: str) -> list[Finding]:
    """The findings that one inspection opened, in order of their items' ids."""
    sql = f"SELECT {_COLUMNS} FROM finding WHERE inspection = ? ORDER BY item, id"
    return [Finding(*row) for row in db.execute(sql, (inspection,))]


def cases(db: sqlite3.Connection) -> dict[str, Case]:
    """What the steps of each finding come to; those without a step are left out."""
    return {
        str(row[0]): Case(*row[1:])
        for row in db.execute(f"SELECT finding, {_CASE} FROM finding_case")
    }


def case(db: sqlite3.Connection, id: str) -> Case:
    """What the steps of one finding come to."""
    row = db.execute(f"SELECT {_CASE} FROM finding_case WHERE finding = ?", (id,)).fetchone()
    return Case(*row) if row else Case()


def moves(db: sqlite3.Connection, id: str) -> list[Move]:
    """Every step of a finding, the oldest first."""
    rows = db.execute(
        "SELECT hash, step, state, due, note, number, evidence, inspection, day, hlc, device "
        "FROM f_move WHERE entity = ? ORDER BY hlc, device, epoch, seq, hash",
        (id,),
    )
    return [
        Move(*(*row[:4], quiet(db, row[4], row[0]), row[5], tuple_of(row[6]), *row[7:]))
        for row in rows
    ]


def moves_between(db: sqlite3.Connection, step: str, first: str, last: str) -> dict[str, Move]:
    """The latest such step of these days by finding, also where others followed it."""
    rows = db.execute(
        "SELECT entity, hash, step, state, due, note, number, evidence, inspection, day, hlc, "
        "device FROM f_move WHERE step = ? AND day BETWEEN ? AND ? "
        "ORDER BY hlc, device, epoch, seq, hash",
        (step, first, last),
    )
    return {
        str(row[0]): Move(
            *(*row[1:5], quiet(db, row[5], row[1]), row[6], tuple_of(row[7]), *row[8:])
        )
        for row in rows
    }


def heads(db: sqlite3.Connection, id: str) -> list[str]:
    """Hashes of the steps of a finding that no other step replaces."""
    sql = f"SELECT m.hash FROM f_move AS m WHERE m.entity = ? AND NOT EXISTS ({_REPLACED})"
    return [str(row[0]) for row in db.execute(f"{sql} ORDER BY m.hash", (id,))]


def contested(db: sqlite3.Connection, id: str) -> bool:
    """Whether several laptops moved the finding differently without having seen each other."""
    sql = "SELECT 1 FROM conflict WHERE kind = 'finding' AND entity = ? LIMIT 1"
    return db.execute(sql, (id,)).fetchone() is not None
