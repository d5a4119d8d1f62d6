"""Folding facts into projections: the same SQL text for one new event and for all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import tally

if TYPE_CHECKING:
    from .facts import Facts

FOLDS = Path(__file__).resolve().parent / "folds"


class Projection(NamedTuple):
    """One folded table: its text, the set of dirty keys it reads, and its key columns."""

    table: str
    fold: str
    dirty: str
    key: str
    where: str = ""
    """A further condition on the rows that belong to this fold."""


PROJECTIONS: tuple[Projection, ...] = (
    Projection("site", "site", "site", "id"),
    Projection("conflict", "conflict_site", "site", "entity", " AND kind = 'site'"),
    Projection("checklist", "checklist", "checklist", "digest"),
    Projection("inspection", "inspection", "inspection", "id"),
    Projection("inspection_link", "inspection_link", "inspection", "inspection"),
    Projection("particulars", "particulars", "inspection", "inspection"),
    Projection("returned", "returned", "inspection", "inspection"),
    Projection("answer", "answer", "answer", "inspection, item"),
    Projection("conflict", "conflict_answer", "answer", "entity, slot", " AND kind = 'answer'"),
    Projection("door_state", "door_state", "visit", "door"),
    Projection("finding", "finding", "finding", "id"),
    Projection("finding_case", "finding_case", "finding", "finding"),
    Projection("conflict", "conflict_finding", "finding", "entity", " AND kind = 'finding'"),
    Projection("referral", "referral", "referral", "id"),
    Projection("referral_reply", "referral_reply", "referral", "referral"),
    Projection("conflict", "conflict_referral", "referral", "entity", " AND kind = 'referral'"),
    Projection("campaign", "campaign", "campaign", "id"),
    Projection("conflict", "conflict_campaign", "campaign", "entity", " AND kind = 'campaign'"),
    Projection("assignment", "assignment", "assignment", "id"),
    Projection(
        "conflict", "conflict_assignment", "assignment", "entity", " AND kind = 'assignment'"
    ),
    Projection("evidence_ref", "evidence_ref", "evidence", "sha256"),
    Projection("standing", "standing", "standing", "id"),
    Projection("conflict", "conflict_standing", "standing", "entity", " AND kind = 'standing'"),
    Projection("standing_issue", "standing_issue", "standing_issue", "id"),
    Projection(
        "conflict",
        "conflict_standing_issue",
        "standing_issue",
        "entity",
        " AND kind = 'standing_issue'",
    ),
    Projection("standing_word", "standing_word", "standing_word", "id"),
    Projection(
        "conflict",
        "conflict_standing_word",
        "standing_word",
        "entity",
        " AND kind = 'standing_word'",
    ),
)

FACT_KEYS: dict[str, tuple[str, str]] = {
    "site": ("f_site", "entity"),
    "checklist": ("f_checklist", "digest"),
    "inspection": ("f_inspection", "entity"),
    "answer": ("f_answer", "entity, item"),
    "visit": ("f_visit", "entity"),
    "finding": ("f_finding", "entity"),
    "referral": ("f_referral", "entity"),
    "campaign": ("f_campaign", "entity"),
    "assignment": ("f_assignment", "entity"),
    "evidence": ("f_evidence", "sha256"),
    "standing": ("f_standing", "entity"),
    "standing_issue": ("f_standing_issue", "entity"),
    "standing_word": ("f_standing_word", "entity"),
}
"""Where all the keys of a dirty set come from, for a rebuild."""

FACT_TABLES: dict[str, int] = {
    "f_over": 5,
    "f_site": 15,
    "f_removed": 3,
    "f_dated": 6,
    "f_review": 9,
    "f_checklist": 3,
    "f_inspection": 14,
    "f_link": 5,
    "f_rebased": 9,
    "f_particulars": 11,
    "f_reopened": 7,
    "f_returned": 7,
    "f_finished": 10,
    "f_answer": 10,
    "f_turn": 4,
    "f_finding": 13,
    "f_move": 14,
    "f_referral": 15,
    "f_reply": 10,
    "f_campaign": 11,
    "f_assignment": 12,
    "f_unassigned": 7,
    "f_evidence": 9,
    "f_visit": 14,
    "f_withdrawn": 3,
    "f_standing": 9,
    "f_standing_issue": 13,
    "f_standing_word": 15,
}
"""Each fact table and how many columns it has."""

DIGESTED: dict[str, str] = {
    "site": "id, code, name, kind, parent, division, grid, address, floor, registered, removed",
    "checklist": "digest",
    "inspection": "id, site, checklist, checklist_id, checklist_version, mode, nature, day, seed, "
    "started_hlc, device, finished_hlc, points, max_points, grade, veto",
    "answer": "inspection, item, value, note, evidence, hlc, device, event",
    "visit": "event, door, outcome, materials, app, note, day, hlc, device",
    "door_state": "door, best, latest, visits, delivered, met, last_hlc",
    "finding": "id, inspection, item, site, text, criterion, severity, due, state, hlc, device",
    "conflict": "kind, entity, slot, place, event, device, hlc, value",
    "evidence_ref": "sha256, size, ext, media",
}
"""What ``state_digest`` covers, in this order: the field's facts, no home's bookkeeping."""

DIGESTED_LATER: dict[str, str] = {
    "inspection_link": "inspection, pair, prior, asks",
    "particulars": "inspection, inspectors, observed_from, observed_to, unit_view, unit_sign, "
    "hlc, device",
    "returned": "inspection, reason, hlc, device",
    "finding_case": "finding, rounds, number, step, day, inspection, hlc, device",
    "referral": "id, site, inspection, item, matter, facts, receiver, unit, number, day, hlc, "
    "device",
    "referral_reply": "referral, result, day, note, number, hlc, device",
    "campaign": "id, name, first_day, last_day, phases, lists, hlc, device",
    "assignment": "id, site, checklist, inspector, day, due, campaign, withdrawn, hlc, device",
    "standing": "id, scope, month, figures, hlc, device",
    "standing_issue": "id, step, scope, month, digest, reason, impact, hlc, device",
    "standing_word": "id, word, scope, unit, name, number, day, state, sources, reason, hlc, "
    "device",
}
"""What came with later releases: without a row they leave the digest as it was."""


@cache
def fold_text(name: str) -> str:
    """One fold's SELECT, as it is written."""
    return (FOLDS / f"{name}.sql").read_text("utf-8")


def keys_of(name: str) -> str:
    """The columns of a dirty set: ``k``, and ``k2`` where a key has two parts."""
    return ", ".join(("k", "k2")[: FACT_KEYS[name][1].count(",") + 1])


def prepare(db: sqlite3.Connection) -> None:
    """The temporary key sets of this connection."""
    for name in FACT_KEYS:
        columns = keys_of(name)
        db.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS dirty_{name} "
            f"({columns}, PRIMARY KEY ({columns})) WITHOUT ROWID"
        )


def insert(db: sqlite3.Connection, facts: Facts) -> None:
    """Keep fact rows; a row that is there already is the same row."""
    for table, rows in facts.rows.items():
        marks = ",".join("?" * FACT_TABLES[table])
        db.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)


def fold(db: sqlite3.Connection, dirty: dict[str, set[tuple[str, ...]]]) -> None:
    """Make the projections of these keys anew."""
    for name in FACT_KEYS:
        db.execute(f"DELETE FROM temp.dirty_{name}")
        if keys := dirty.get(name):
            marks = ", ".join("?" * len(next(iter(keys))))
            db.executemany(f"INSERT INTO temp.dirty_{name} VALUES ({marks})", sorted(keys))
    fold_dirty(db, {name for name, keys in dirty.items() if keys})


def fold_all(db: sqlite3.Connection) -> None:
    """Make every projection anew from the facts."""
    for name, (table, column) in FACT_KEYS.items():
        db.execute(f"DELETE FROM temp.dirty_{name}")
        db.execute(f"INSERT INTO temp.dirty_{name} SELECT DISTINCT {column} FROM {table}")
    for projection in PROJECTIONS:
        db.execute(f"DELETE FROM {projection.table}")
    fold_dirty(db, set(FACT_KEYS))


def key_places(db: sqlite3.Connection, table: str) -> list[int]:
    """Where the columns of a fact table's key stand in it, in the order of the key."""
    info = db.execute(f"PRAGMA main.table_info({table})").fetchall()
    return [column[0] for column in sorted(info, key=lambda column: column[5]) if column[5]]


def fold_dirty(db: sqlite3.Connection, touched: Iterable[str]) -> None:
    """Make the projections anew whose keys are in these temporary sets."""
    wanted = set(touched)
    tally.note(db, wanted)
    for p in PROJECTIONS:
        if p.dirty not in wanted:
            continue
        keys = f"SELECT {keys_of(p.dirty)} FROM temp.dirty_{p.dirty}"
        db.execute(f"DELETE FROM {p.table} WHERE ({p.key}) IN ({keys}){p.where}")
        db.execute(f"INSERT INTO {p.table} {fold_text(p.fold)}")
    # A door that is new, or hangs elsewhere now.
    tally.note(db, wanted & {"site"})


def clear(db: sqlite3.Connection) -> None:
    """Empty facts and projections; the journal alone stays."""
    tally.clear(db)
    for table in (*FACT_TABLES, *{projection.table for projection in PROJECTIONS}):
        db.execute(f"DELETE FROM {table}")


def state_digest(db: sqlite3.Connection) -> str:
    """SHA-256 over every projected fact in bytewise order, whatever the order of arrival."""
    from hashlib import sha256

    from fieldkit_sync.canon import encode

    digest = sha256()
    for table, columns in DIGESTED.items():
        digest.update(encode([table]) + b"\n")
        for row in _ordered(db, table, columns):
            digest.update(encode(list(row)) + b"\n")
    for table, columns in DIGESTED_LATER.items():
        for row in _ordered(db, table, columns):
            digest.update(encode([table, *row]) + b"\n")
    return digest.hexdigest()


def _ordered(db: sqlite3.Connection, table: str, columns: str) -> sqlite3.Cursor:
    places = ",".join(str(n + 1) for n in range(columns.count(",") + 1))
    return db.execute(f"SELECT {columns} FROM {table} ORDER BY {places}")
