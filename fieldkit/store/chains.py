"""How far each chain reaches: kept up with every event, so that nobody has to walk the journal."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from fieldkit_sync.event import Event

TABLES = ("chain", "chain_run", "chain_fork")

Run = tuple[int, int]


def note(db: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Take events into account that are new in the journal."""
    chains: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        chains[(event.device, event.epoch)].append(event)
    for chain, its in sorted(chains.items()):
        note_numbers(db, chain, [event.seq for event in its], max(event.hlc for event in its))


def note_numbers(
    db: sqlite3.Connection, chain: tuple[str, str], numbers: list[int], last_hlc: str
) -> None:
    """Take new events of one chain into account: their numbers, and the latest stamp."""
    seqs = sorted(numbers)
    near = _near(db, chain, seqs[0], seqs[-1])
    # A new event with a number that is held already is a fork: its hash is another one.
    twice = _repeated(seqs) | _inside(near, seqs)
    db.executemany(
        "INSERT OR IGNORE INTO chain_fork VALUES (?, ?, ?)", ((*chain, seq) for seq in twice)
    )
    _join(db, chain, near, [(seq, seq) for seq in seqs])
    _count(db, chain, len(numbers), last_hlc)


def note_run(db: sqlite3.Connection, chain: tuple[str, str], run: Run, last_hlc: str) -> None:
    """Take a whole run of one chain into account, of which no number was held."""
    _join(db, chain, _near(db, chain, *run), [run])
    _count(db, chain, run[1] - run[0] + 1, last_hlc)


_BROKEN = (
    "INSERT OR IGNORE INTO main.chain_fork "
    "SELECT DISTINCT e.device, e.epoch, e.seq - 1 FROM {source} WHERE {which} "
    "AND EXISTS (SELECT 1 FROM main.event AS p "
    "WHERE p.device = e.device AND p.epoch = e.epoch AND p.seq = e.seq - 1) "
    "AND NOT EXISTS (SELECT 1 FROM main.event AS p "
    "WHERE p.device = e.device AND p.epoch = e.epoch AND p.seq = e.seq - 1 AND p.hash = e.prev)"
)
# An event that follows another one than is held under the number before its own: that number was
# used twice, though the other event has not come.


def note_seams(db: sqlite3.Connection, chain: tuple[str, str], run: Run) -> None:
    """Note forks at both ends of a run that has been inserted and is whole in itself."""
    which = "e.device = ? AND e.epoch = ? AND e.seq IN (?, ?)"
    sql = _BROKEN.format(source="main.event AS e", which=which)
    db.execute(sql, (*chain, run[0], run[1] + 1))


def note_breaks(db: sqlite3.Connection, arrived: str | None = None) -> None:
    """Note forks beside the events of a table of arrivals, or in the whole journal."""
    if arrived is None:
        db.execute(_BROKEN.format(source="main.event AS e", which="e.seq > 1"))
        return
    source = (
        # CROSS keeps the few that arrived outside, and the journal looked up by its key.
        f"{arrived} AS a CROSS JOIN main.event AS e "
        "ON e.device = a.device AND e.epoch = a.epoch AND e.seq IN (a.seq, a.seq + 1)"
    )
    db.execute(_BROKEN.format(source=source, which="e.seq > 1"))


def meets(db: sqlite3.Connection, chain: tuple[str, str], run: Run) -> bool:
    """Whether any number of a run is held."""
    found = db.execute(
        "SELECT 1 FROM chain_run WHERE device = ? AND epoch = ? AND first <= ? AND last >= ?",
        (*chain, run[1], run[0]),
    ).fetchone()
    return found is not None


def _near(db: sqlite3.Connection, chain: tuple[str, str], low: int, high: int) -> list[Run]:
    """The runs held that a run would touch."""
    return db.execute(
        "SELECT first, last FROM chain_run "
        "WHERE device = ? AND epoch = ? AND first <= ? AND last >= ? ORDER BY first",
        (*chain, high + 1, low - 1),
    ).fetchall()


def _join(
    db: sqlite3.Connection, chain: tuple[str, str], near: list[Run], fresh: list[Run]
) -> None:
    """Put runs in the place of those that they touch."""
    db.executemany(
        "DELETE FROM chain_run WHERE device = ? AND epoch = ? AND first = ?",
        ((*chain, first) for first, _last in near),
    )
    db.executemany(
        "INSERT INTO chain_run VALUES (?, ?, ?, ?)",
        ((*chain, *run) for run in _joined(near, fresh)),
    )


def _count(db: sqlite3.Connection, chain: tuple[str, str], events: int, last_hlc: str) -> None:
    db.execute(
        "INSERT INTO chain VALUES (?, ?, ?, ?) ON CONFLICT (device, epoch) DO UPDATE SET "
        "events = events + excluded.events, last_hlc = max(last_hlc, excluded.last_hlc)",
        (*chain, events, last_hlc),
    )


def _repeated(seqs: list[int]) -> set[int]:
    return {one for one, two in pairwise(seqs) if one == two}


def _inside(runs: list[Run], seqs: list[int]) -> set[int]:
    found, place = set(), 0
    for seq in seqs:
        while place < len(runs) and runs[place][1] < seq:
            place += 1
        if place < len(runs) and runs[place][0] <= seq:
            found.add(seq)
    return found


def _joined(runs: list[Run], fresh: list[Run]) -> list[Run]:
    joined: list[Run] = []
    for first, last in sorted([*runs, *fresh]):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def clear(db: sqlite3.Connection) -> None:
    """Forget all of it, before a rebuild."""
    for table in TABLES:
        db.execute(f"DELETE FROM {table}")


def rows(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    """All that is kept, to be compared with a rebuild."""
    return [row for table in TABLES for row in db.execute(f"SELECT * FROM {table}")]
