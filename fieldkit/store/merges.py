"""Which merge brought which events, and a merge taken back or in again.

An event stands while a merge in force brought it, or while it came here otherwise. What no merge
in force brought is *withheld*: its line stays in the journal, chained and acknowledged as before,
but no fact is drawn from it. So taking a merge back touches no other: what two of them brought
stands until both are taken back.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from fieldkit_sync.event import Event, parse

from . import project
from .facts import draw

OTHERWISE = "otherwise"
"""Stands for whatever is no merge: letters of an office, or merges of earlier programs."""

_CHUNK = 5000

Chain = tuple[str, str]
Numbers = tuple[int, int]
Keys = set[tuple[int, str]]
"""Events of one chain: number and hash."""


class Run(NamedTuple):
    """A run of one chain that came at once; without a ``head`` all that is held of its numbers."""

    first: int
    last: int
    head: str


class MergeState(NamedTuple):
    """One merge: its id, when it was, whether it is taken back, how much it brought."""

    id: str
    at: str
    undone: bool
    bundles: int
    events: int


def begin(db: sqlite3.Connection, merge: str, at: str) -> None:
    """Remember that there was such a merge."""
    db.execute("INSERT OR IGNORE INTO merge VALUES (?, ?, 0)", (merge, at))


def note_stage(db: sqlite3.Connection, stage: str, merge: str, names: Mapping[int, str]) -> None:
    """Remember what a stage brought: ``names`` are the digests of the files by their numbers.

    What was withheld and came now stands again; its facts were drawn with the stage.
    """
    rows = db.execute(
        f"SELECT bundle, device, epoch, first, last, head FROM {stage}.run"
    ).fetchall()
    db.executemany(
        "INSERT OR IGNORE INTO merge_run VALUES (?,?,?,?,?,?,?)",
        ((*row[1:3], merge, names.get(row[0], ""), *row[3:]) for row in rows),
    )
    if any_withheld(db):
        db.execute(
            "DELETE FROM withheld WHERE (device, epoch, seq, hash) IN "
            f"(SELECT c0, c1, c2, c3 FROM {stage}.event)"
        )


def note_known(db: sqlite3.Connection, merge: str, bundle: str) -> int:
    """A file that was taken in before came again, with another merge; gives what stands again."""
    db.execute(
        "INSERT OR IGNORE INTO merge_run SELECT device, epoch, ?, bundle, first, last, head "
        "FROM merge_run WHERE bundle = ?",
        (merge, bundle),
    )
    return _restore(db, merge, bundle) if any_withheld(db) else 0


def any_withheld(db: sqlite3.Connection) -> bool:
    """Whether anything is withheld at all."""
    return db.execute("SELECT 1 FROM withheld LIMIT 1").fetchone() is not None


def state(db: sqlite3.Connection, merge: str) -> MergeState | None:
    """One merge; None for an unknown one."""
    return next(iter(_states(db, "WHERE m.id = ?", (merge,))), None)


def states(db: sqlite3.Connection) -> list[MergeState]:
    """Every merge that is remembered, the latest first."""
    return list(_states(db, "", ()))


def by_prefix(db: sqlite3.Connection, prefix: str) -> list[str]:
    """The ids that begin so."""
    rows = db.execute("SELECT id FROM merge WHERE id >= ? AND id < ?", (prefix, prefix + "g"))
    return [str(row[0]) for row in rows]


def _states(db: sqlite3.Connection, where: str, values: tuple[str, ...]) -> Iterator[MergeState]:
    rows = db.execute(
        "SELECT m.id, m.at, m.undone, COUNT(DISTINCT r.bundle), "
        "COALESCE(SUM(r.last - r.first + 1), 0) FROM merge AS m "
        f"LEFT JOIN merge_run AS r ON r.merge = m.id {where} "
        "GROUP BY m.id ORDER BY m.at DESC, m.rowid DESC",
        values,
    )
    for id, at, undone, bundles, events in rows:
        yield MergeState(id, at, bool(undone), bundles, events)


def standing(db: sqlite3.Connection, chain: Chain, runs: list[Numbers]) -> list[Numbers]:
    """Of these runs of a chain the numbers under which something stands."""
    rows = db.execute(
        "SELECT DISTINCT w.seq FROM withheld AS w WHERE w.device = ? AND w.epoch = ? "
        "AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.device = w.device AND e.epoch = w.epoch "
        "AND e.seq = w.seq AND NOT EXISTS (SELECT 1 FROM withheld AS o WHERE o.device = e.device "
        "AND o.epoch = e.epoch AND o.seq = e.seq AND o.hash = e.hash))",
        chain,
    )
    return _without(runs, _joined(Run(seq, seq, "") for (seq,) in rows))


def undo(db: sqlite3.Connection, merge: str, own: str) -> int:
    """Take a merge back, inside the caller's transaction; gives how many events no longer stand.

    Events of the device ``own`` were written here and stand in any case.
    """
    db.execute("UPDATE merge SET undone = 1 WHERE id = ?", (merge,))
    count = _withhold(db, merge, own)
    _fold_withheld(db, merge)
    return count


def redo(db: sqlite3.Connection, merge: str) -> int:
    """Take a merge in again, inside the caller's transaction; gives how many events stand again."""
    db.execute("UPDATE merge SET undone = 0 WHERE id = ?", (merge,))
    return _restore(db, merge)


def recount(db: sqlite3.Connection, own: str) -> None:
    """Work out anew what is withheld, before everything is drawn and folded anew."""
    db.execute("DELETE FROM withheld")
    for (merge,) in db.execute("SELECT id FROM merge WHERE undone = 1").fetchall():
        _withhold(db, str(merge), own)


def _withhold(db: sqlite3.Connection, merge: str, own: str) -> int:
    """Withhold what this merge brought and nothing else that is in force."""
    before = db.total_changes
    for chain, mine in _runs(db, merge).items():
        if chain[0] == own:
            continue
        others = _others(db, chain, merge)
        if _forked(db, chain):
            alone = _members(db, chain, mine) - _members(db, chain, others)
            db.executemany(
                "INSERT OR IGNORE INTO withheld VALUES (?,?,?,?)",
                ((*chain, seq, digest) for seq, digest in sorted(alone)),
            )
            continue
        db.executemany(
            "INSERT OR IGNORE INTO withheld SELECT device, epoch, seq, hash FROM event "
            "WHERE device = ? AND epoch = ? AND seq BETWEEN ? AND ?",
            ((*chain, *span) for span in _without(_joined(mine), _joined(others))),
        )
    return db.total_changes - before


def _others(db: sqlite3.Connection, chain: Chain, merge: str) -> list[Run]:
    """What came of a chain by anything in force but this merge."""
    rows = db.execute(
        "SELECT r.first, r.last, r.head FROM merge_run AS r LEFT JOIN merge AS m ON m.id = r.merge "
        "WHERE r.device = ? AND r.epoch = ? AND r.merge != ? AND COALESCE(m.undone, 0) = 0",
        (*chain, merge),
    )
    return [Run(*row) for row in rows]


def _without(spans: Iterable[Numbers], holes: Iterable[Numbers]) -> list[Numbers]:
    """The numbers in some spans and in no hole; both in order and apart from each other."""
    found: list[Numbers] = []
    waiting = list(holes)
    for first, last in spans:
        at = first
        for low, high in waiting:
            if high < at or low > last:
                continue
            if low > at:
                found.append((at, low - 1))
            at = high + 1
        if at <= last:
            found.append((at, last))
    return found


def _runs(db: sqlite3.Connection, merge: str, bundle: str | None = None) -> dict[Chain, list[Run]]:
    sql = "SELECT device, epoch, first, last, head FROM merge_run WHERE merge = ?"
    values = [merge]
    if bundle is not None:
        sql, values = f"{sql} AND bundle = ?", [merge, bundle]
    found: dict[Chain, list[Run]] = defaultdict(list)
    for device, epoch, first, last, head in db.execute(sql, values):
        found[(device, epoch)].append(Run(first, last, head))
    return found


def _forked(db: sqlite3.Connection, chain: Chain) -> bool:
    found = db.execute(
        "SELECT 1 FROM chain_fork WHERE device = ? AND epoch = ? LIMIT 1", chain
    ).fetchone()
    return found is not None


def _members(db: sqlite3.Connection, chain: Chain, runs: Iterable[Run]) -> Keys:
    """The events of these runs of a forked chain: what leads to the head of each."""
    found: Keys = set()
    for run in runs:
        if run.head:
            found.update(_back(db, chain, run))
        else:
            found.update(
                db.execute(
                    "SELECT seq, hash FROM event "
                    "WHERE device = ? AND epoch = ? AND seq BETWEEN ? AND ?",
                    (*chain, run.first, run.last),
                )
            )
    return found


def _back(db: sqlite3.Connection, chain: Chain, run: Run) -> Iterator[tuple[int, str]]:
    """From the head of a run back to its first event, link by link."""
    digest = run.head
    for seq in range(run.last, run.first - 1, -1):
        row = db.execute(
            "SELECT prev FROM event WHERE device = ? AND epoch = ? AND seq = ? AND hash = ?",
            (*chain, seq, digest),
        ).fetchone()
        if row is None:
            return
        yield seq, digest
        digest = str(row[0])


def _joined(runs: Iterable[Run]) -> list[Numbers]:
    joined: list[Numbers] = []
    for run in sorted(runs):
        if joined and run.first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], run.last))
        else:
            joined.append((run.first, run.last))
    return joined


def _restore(db: sqlite3.Connection, merge: str, bundle: str | None = None) -> int:
    """Let everything stand again that a merge, or one file of it, brought."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS turned (device, epoch, seq, hash)")
    db.execute("DELETE FROM temp.turned")
    chosen = (
        "INSERT INTO temp.turned SELECT device, epoch, seq, hash FROM withheld "
        "WHERE device = ? AND epoch = ? AND "
    )
    for chain, runs in _runs(db, merge, bundle).items():
        if _forked(db, chain):
            keys = _members(db, chain, runs)
            db.executemany(f"{chosen} seq = ? AND hash = ?", ((*chain, *key) for key in keys))
        else:
            spans = _joined(runs)
            db.executemany(f"{chosen} seq BETWEEN ? AND ?", ((*chain, *span) for span in spans))
    dirty: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    count = 0
    for batch in _batches(db, "temp.turned"):
        count += len(batch)
        facts = draw(batch)
        project.insert(db, facts)
        for name, touched in facts.dirty.items():
            dirty[name] |= touched
    db.execute(
        "DELETE FROM withheld WHERE (device, epoch, seq, hash) IN "
        "(SELECT device, epoch, seq, hash FROM temp.turned)"
    )
    project.fold(db, dirty)
    return count


def _fold_withheld(db: sqlite3.Connection, merge: str) -> None:
    """Take the facts of what is withheld away, and fold what they touched."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS turned (device, epoch, seq, hash)")
    db.execute("DELETE FROM temp.turned")
    for chain, runs in _runs(db, merge).items():
        for first, last in _joined(runs):
            db.execute(
                "INSERT INTO temp.turned SELECT device, epoch, seq, hash FROM withheld "
                "WHERE device = ? AND epoch = ? AND seq BETWEEN ? AND ?",
                (*chain, first, last),
            )
    dirty: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    places = {table: project.key_places(db, table) for table in project.FACT_TABLES}
    names = {table: _columns(db, table) for table in project.FACT_TABLES}
    for batch in _batches(db, "temp.turned"):
        facts = draw(batch)
        for table, rows in facts.rows.items():
            where = " AND ".join(f"{names[table][place]} = ?" for place in places[table])
            db.executemany(
                f"DELETE FROM {table} WHERE {where}",
                (tuple(row[place] for place in places[table]) for row in rows),
            )
        for name, touched in facts.dirty.items():
            dirty[name] |= touched
    project.fold(db, dirty)


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [str(column[1]) for column in db.execute(f"PRAGMA main.table_info({table})")]


def _batches(db: sqlite3.Connection, keys: str) -> Iterator[list[Event]]:
    """The events named in a table, so many at once."""
    lines = db.execute(
        f"SELECT e.line FROM {keys} AS k CROSS JOIN event AS e ON e.device = k.device "
        "AND e.epoch = k.epoch AND e.seq = k.seq AND e.hash = k.hash"
    )
    while batch := [parse(bytes(line)) for (line,) in islice(lines, _CHUNK)]:
        yield batch
