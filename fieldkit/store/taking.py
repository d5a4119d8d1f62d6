"""Taking a stage into the journal: what is new is kept, folded and counted.

Runs inside one transaction of the journal's connection, with the stage attached beside it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from . import chains, project
from .facts import TOUCHES
from .staging import EVENT_COLUMNS, NAME

_KEY = ("device", "epoch", "seq", "hash")
_SAME = " AND ".join(f"e.{name} = s.c{n}" for n, name in enumerate(_KEY))
_VALUES = ", ".join(f"s.c{n}" for n in range(EVENT_COLUMNS))

Chain = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """New events by bundle (its number on the stage), and the chains in which there are any."""

    new: dict[int, int]
    chains: frozenset[Chain]


def prepare(db: sqlite3.Connection) -> None:
    """The temporary table of this connection."""
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS arriving (device, epoch, seq, hash, hlc, bundle, "
        "PRIMARY KEY (device, epoch, seq, hash)) WITHOUT ROWID"
    )


def take(db: sqlite3.Connection) -> Taken:
    """Take everything on the stage in; events that are held already change nothing.

    An event that is held without its body is completed by one that has it.
    """
    db.execute("DELETE FROM temp.arriving")
    # The order of the key keeps the walk through the journal in one direction.
    db.execute(
        f"INSERT OR IGNORE INTO temp.arriving SELECT s.c0, s.c1, s.c2, s.c3, s.c5, s.bundle "
        f"FROM {NAME}.event AS s WHERE NOT EXISTS "
        f"(SELECT 1 FROM main.event AS e WHERE {_SAME}) ORDER BY s.bundle"
    )
    new = {int(b): int(n) for b, n in db.execute(
        "SELECT bundle, COUNT(*) FROM temp.arriving GROUP BY bundle"
    )}  # fmt: skip
    total = db.execute(f"SELECT COUNT(*) FROM {NAME}.event").fetchone()[0]
    if new:
        db.execute(
            f"INSERT OR IGNORE INTO main.event SELECT {_VALUES} FROM {NAME}.event AS s "
            "ORDER BY s.c0, s.c1, s.c2, s.c3"
        )
    if sum(new.values()) < total:
        _complete(db)
    touched = _note(db)
    _facts(db)
    return Taken(new, touched)


def _complete(db: sqlite3.Connection) -> None:
    """Give events that are here without their bodies the bodies that came now."""
    bare = "instr({}, '\"b\":')"
    db.execute(
        f"UPDATE main.event AS e SET line = s.c9 FROM {NAME}.event AS s "
        f"WHERE {_SAME} AND {bare.format('e.line')} = 0 AND {bare.format('s.c9')} > 0"
    )


def _note(db: sqlite3.Connection) -> frozenset[Chain]:
    seqs: dict[Chain, list[int]] = defaultdict(list)
    latest: dict[Chain, str] = {}
    for device, epoch, seq, hlc in db.execute("SELECT device, epoch, seq, hlc FROM temp.arriving"):
        chain = (str(device), str(epoch))
        seqs[chain].append(int(seq))
        latest[chain] = max(latest.get(chain, ""), str(hlc))
    for chain, its in sorted(seqs.items()):
        chains.note_numbers(db, chain, its, latest[chain])
    return frozenset(seqs)


def _facts(db: sqlite3.Connection) -> None:
    filled = [
        table
        for table in project.FACT_TABLES
        if db.execute(f"SELECT 1 FROM {NAME}.{table} LIMIT 1").fetchone()
    ]
    for name in project.FACT_KEYS:
        db.execute(f"DELETE FROM temp.dirty_{name}")
    for table in filled:
        width = project.FACT_TABLES[table]
        order = ", ".join(f"c{n}" for n in project.key_places(db, table))
        values = ", ".join(f"c{n}" for n in range(width))
        source = f"SELECT {values} FROM {NAME}.{table} ORDER BY {order}"
        db.execute(f"INSERT OR IGNORE INTO main.{table} {source}")
        if table in TOUCHES:
            name, place = TOUCHES[table]
            db.execute(
                f"INSERT OR IGNORE INTO temp.dirty_{name} SELECT c{place} FROM {NAME}.{table}"
            )
    project.fold_dirty(db, {TOUCHES[table][0] for table in filled if table in TOUCHES})
