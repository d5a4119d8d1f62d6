"""Reading inspections and their answers."""

from __future__ import annotations

import sqlite3

from fieldkit.domain.records import Answer, Inspection

from .facts import tuple_of

_COLUMNS = (
    "id, site, checklist, checklist_id, checklist_version, mode, nature, day, "
    "CASE WHEN finished_hlc IS NULL THEN 'open' ELSE 'finished' END, "
    "started_hlc, finished_hlc, device, seed"
)


def get(db: sqlite3.Connection, id: str) -> Inspection | None:
    """The inspection with this id."""
    row = db.execute(f"SELECT {_COLUMNS} FROM inspection WHERE id = ?", (id,)).fetchone()
    return Inspection(*row) if row else None


def all(db: sqlite3.Connection) -> list[Inspection]:
    """Every inspection, the oldest first."""
    sql = f"SELECT {_COLUMNS} FROM inspection ORDER BY started_hlc, id"
    return [Inspection(*row) for row in db.execute(sql)]


def by_prefix(db: sqlite3.Connection, prefix: str) -> list[Inspection]:
    """Inspections whose id begins so."""
    sql = f"SELECT {_COLUMNS} FROM inspection WHERE id >= ? AND id < ? ORDER BY id"
    return [Inspection(*row) for row in db.execute(sql, (prefix, prefix + "g"))]


def answers(db: sqlite3.Connection, inspection: str, *, blank: bool = False) -> dict[str, Answer]:
    """The answer that counts for each answered item.

    With ``blank`` also those that a new version of the checklist left empty, to be answered again.
    """
    rows = db.execute(
        "SELECT inspection, item, value, note, evidence, hlc, device, event "
        "FROM answer WHERE inspection = ? ORDER BY item",
        (inspection,),
    )
    return {
        row[1]: Answer(row[0], row[1], row[2], row[3], tuple_of(row[4]), *row[5:])
        for row in rows
        if blank or row[2]
    }


def earlier(db: sqlite3.Connection, inspection: str) -> dict[str, Answer]:
    """The last word before it for each answer that was left empty."""
    empty = [item for item, it in answers(db, inspection, blank=True).items() if not it.value]
    found = {}
    for item in empty:
        row = db.execute(
            "SELECT entity, item, value, note, evidence, hlc, device, hash FROM f_answer "
            "WHERE entity = ? AND item = ? AND value != '' "
            "ORDER BY hlc DESC, device DESC, epoch DESC, seq DESC, hash DESC LIMIT 1",
            (inspection, item),
        ).fetchone()
        if row is not None:
            found[item] = Answer(row[0], row[1], row[2], row[3], tuple_of(row[4]), *row[5:])
    return found


def rebases(db: sqlite3.Connection, inspection: str) -> list[str]:
    """Hash of the rebase in force, while the inspection is open; none before the first."""
    rows = db.execute(
        "SELECT hash FROM f_rebased WHERE entity = ? "
        "ORDER BY hlc DESC, device DESC, epoch DESC, seq DESC, hash DESC LIMIT 1",
        (inspection,),
    )
    return [str(row[0]) for row in rows]


def heads(db: sqlite3.Connection, inspection: str, item: str) -> list[str]:
    """Hashes of the answers to an item that no other answer replaces."""
    rows = db.execute(
        "SELECT a.hash FROM f_answer AS a WHERE a.entity = ? AND a.item = ? AND NOT EXISTS "
        "(SELECT 1 FROM f_over AS o WHERE o.replaced = a.hash AND o.kind = 'answer.given' "
        "AND o.entity = a.entity AND o.slot = a.item) "
        "ORDER BY a.hash",
        (inspection, item),
    )
    return [str(row[0]) for row in rows]
