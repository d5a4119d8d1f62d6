"""Taking stages into the journal: what is new is kept and counted, and folded once at the end.

Runs inside one transaction of the journal's connection, with the stages attached beside it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from . import chains, erased, project
from .facts import TOUCHES
from .staging import EVENT_COLUMNS, VISIT, VISIT_COLUMNS, VISIT_FACTS

_KEY = ("device", "epoch", "seq", "hash")
_SAME = " AND ".join(f"e.{name} = s.c{n}" for n, name in enumerate(_KEY))
_VALUES = ", ".join(f"s.c{n}" for n in range(EVENT_COLUMNS))

Chain = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """New events by bundle (its number on the stage), and the chains in which there are any."""

    new: dict[int, int]
    chains: frozenset[Chain]


class _Run(NamedTuple):
    bundle: int
    device: str
    epoch: str
    first: int
    last: int
    last_hlc: str

    @property
    def chain(self) -> Chain:
        return (self.device, self.epoch)


def begin(db: sqlite3.Connection) -> None:
    """Start with nothing to fold."""
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS arriving (device, epoch, seq, hash, hlc, bundle, "
        "PRIMARY KEY (device, epoch, seq, hash)) WITHOUT ROWID"
    )
    for name in project.FACT_KEYS:
        db.execute(f"DELETE FROM temp.dirty_{name}")


def take(db: sqlite3.Connection, stage: str) -> Taken:
    """Take everything on an attached stage in; events that are held already change nothing.

    An event that is held without its body is completed by one that has it, unless the body was
    erased here: that one is left behind on the stage.
    """
    erased.strip(db, stage)
    runs = [_Run(*row) for row in db.execute(
        f"SELECT bundle, device, epoch, first, last, last_hlc FROM {stage}.run "
        "ORDER BY device, epoch, first"
    )]  # fmt: skip
    taken = _take_new(db, stage, runs) if _all_new(db, runs) else _take_unknown(db, stage)
    _facts(db, stage)
    return taken


def end(db: sqlite3.Connection) -> None:
    """Fold what the stages touched."""
    touched = {
        name
        for name in project.FACT_KEYS
        if db.execute(f"SELECT 1 FROM temp.dirty_{name} LIMIT 1").fetchone()
    }
    project.fold_dirty(db, touched)


def _all_new(db: sqlite3.Connection, runs: list[_Run]) -> bool:
    """Whether no number of these runs is held, nor there twice on the stage."""
    for one, two in pairwise(runs):
        if one.chain == two.chain and two.first <= one.last:
            return False
    return not any(chains.meets(db, run.chain, (run.first, run.last)) for run in runs)


def _take_new(db: sqlite3.Connection, stage: str, runs: list[_Run]) -> Taken:
    """The usual case: nothing needs to be looked up."""
    db.execute(f"INSERT INTO main.event SELECT {_VALUES} FROM {stage}.event AS s")
    new: dict[int, int] = defaultdict(int)
    for run in runs:
        chains.note_run(db, run.chain, (run.first, run.last), run.last_hlc)
        chains.note_seams(db, run.chain, (run.first, run.last))
        new[run.bundle] += run.last - run.first + 1
    return Taken(dict(new), frozenset(run.chain for run in runs))


def _take_unknown(db: sqlite3.Connection, stage: str) -> Taken:
    """Take the events that are not held, one by one looked up."""
    db.execute("DELETE FROM temp.arriving")
    db.execute(
        f"INSERT OR IGNORE INTO temp.arriving SELECT s.c0, s.c1, s.c2, s.c3, s.c5, s.bundle "
        f"FROM {stage}.event AS s WHERE NOT EXISTS "
        f"(SELECT 1 FROM main.event AS e WHERE {_SAME}) ORDER BY s.bundle"
    )
    new = {int(b): int(n) for b, n in db.execute(
        "SELECT bundle, COUNT(*) FROM temp.arriving GROUP BY bundle"
    )}  # fmt: skip
    if new:
        db.execute(f"INSERT OR IGNORE INTO main.event SELECT {_VALUES} FROM {stage}.event AS s")
    _complete(db, stage)
    return Taken(new, _note(db))


def _complete(db: sqlite3.Connection, stage: str) -> None:
    """Give events that are here without their bodies the bodies that came now."""
    bare = "instr({}, '\"b\":')"
    db.execute(
        f"UPDATE main.event AS e SET line = s.c9 FROM {stage}.event AS s "
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
    chains.note_breaks(db, "temp.arriving")
    return frozenset(seqs)


def _facts(db: sqlite3.Connection, stage: str) -> None:
    _visits(db, stage)
    filled = [
        table
        for table in project.FACT_TABLES
        if table != VISIT and db.execute(f"SELECT 1 FROM {stage}.{table} LIMIT 1").fetchone()
    ]
    for table in filled:
        width = project.FACT_TABLES[table]
        order = ", ".join(f"c{n}" for n in project.key_places(db, table))
        values = ", ".join(f"c{n}" for n in range(width))
        source = f"SELECT {values} FROM {stage}.{table} ORDER BY {order}"
        db.execute(f"INSERT OR IGNORE INTO main.{table} {source}")
        if table in TOUCHES:
            name, key = TOUCHES[table]
            columns = ", ".join(f"c{place}" for place in key)
            db.execute(
                f"INSERT OR IGNORE INTO temp.dirty_{name} SELECT {columns} FROM {stage}.{table}"
            )


def _visits(db: sqlite3.Connection, stage: str) -> None:
    """The visits, whose columns lie beside their events."""
    places = [f"c{n}" for n in VISIT_FACTS] + [f"v{n}" for n in range(VISIT_COLUMNS)]
    order = ", ".join(places[n] for n in project.key_places(db, VISIT))
    source = f"FROM {stage}.event WHERE v0 IS NOT NULL"
    db.execute(
        f"INSERT OR IGNORE INTO main.{VISIT} SELECT {', '.join(places)} {source} ORDER BY {order}"
    )
    name, (key,) = TOUCHES[VISIT]
    db.execute(f"INSERT OR IGNORE INTO temp.dirty_{name} SELECT {places[key]} {source}")
