"""Reading the journal's own state: who wrote how far, what is missing, what disagrees."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from fieldkit.domain.records import Conflict

from .project import DIGESTED


@dataclass(frozen=True, slots=True)
class DeviceLedger:
    """One device in the journal: events held, last number and stamp, gaps and forks.

    ``gaps`` are (epoch, first missing, last missing); ``forks`` are numbers used twice.
    """

    device: str
    events: int
    last_seq: int
    last_hlc: str
    gaps: tuple[tuple[str, int, int], ...]
    forks: tuple[int, ...]


def devices(db: sqlite3.Connection) -> list[DeviceLedger]:
    """Every device that has events here; costs as much as there are chains, not events."""
    rows = db.execute(
        "SELECT device, epoch, events, last_hlc FROM chain ORDER BY device, epoch"
    ).fetchall()
    return [_ledger(db, device, list(group)) for device, group in groupby(rows, itemgetter(0))]


def _ledger(
    db: sqlite3.Connection, device: str, chains: list[tuple[str, str, int, str]]
) -> DeviceLedger:
    gaps: list[tuple[str, int, int]] = []
    epoch, last = "", 0
    runs = db.execute(
        "SELECT epoch, first, last FROM chain_run WHERE device = ? ORDER BY epoch, first", (device,)
    )
    for here, first, reached in runs:
        if here != epoch:
            epoch, last = here, 0
        if first > last + 1:
            gaps.append((epoch, last + 1, first - 1))
        last = reached
    forks = db.execute(
        "SELECT seq FROM chain_fork WHERE device = ? ORDER BY epoch, seq", (device,)
    ).fetchall()
    events = sum(chain[2] for chain in chains)
    newest = max(chain[3] for chain in chains)
    return DeviceLedger(device, events, last, newest, tuple(gaps), tuple(row[0] for row in forks))


def reach(db: sqlite3.Connection, device: str) -> dict[str, int]:
    """The last number held of each epoch of a device."""
    rows = db.execute(
        "SELECT epoch, MAX(last) FROM chain_run WHERE device = ? GROUP BY epoch", (device,)
    )
    return {str(epoch): int(last) for epoch, last in rows}


def runs(db: sqlite3.Connection, device: str) -> dict[str, list[tuple[int, int]]]:
    """The unbroken runs held of each epoch of a device."""
    found: dict[str, list[tuple[int, int]]] = {}
    rows = db.execute(
        "SELECT epoch, first, last FROM chain_run WHERE device = ? ORDER BY epoch, first", (device,)
    )
    for epoch, first, last in rows:
        found.setdefault(str(epoch), []).append((int(first), int(last)))
    return found


def hash_at(db: sqlite3.Connection, device: str, epoch: str, seq: int) -> str:
    """The hash of an event, or nothing if it is not held or its number was used twice."""
    rows = db.execute(
        "SELECT hash FROM event WHERE device = ? AND epoch = ? AND seq = ?", (device, epoch, seq)
    ).fetchall()
    return str(rows[0][0]) if len(rows) == 1 else ""


def count(db: sqlite3.Connection) -> int:
    """How many events the journal holds."""
    (number,) = db.execute("SELECT coalesce(sum(events), 0) FROM chain").fetchone()
    return int(number)


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """How many rows each projection has."""
    return {
        table: int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]) for table in DIGESTED
    }


def head(db: sqlite3.Connection, device: str) -> tuple[str, int, str] | None:
    """The last event of a device's newest epoch: (epoch, seq, hash)."""
    row = db.execute(
        "SELECT epoch, seq, hash FROM event WHERE device = ? "
        "ORDER BY epoch DESC, seq DESC, hash DESC LIMIT 1",
        (device,),
    ).fetchone()
    return (str(row[0]), int(row[1]), str(row[2])) if row else None


def count_conflicts(db: sqlite3.Connection) -> int:
    """How many answers or places are told in several ways; costs as much as there are of them."""
    sql = "SELECT COUNT(*) FROM (SELECT DISTINCT kind, entity, slot FROM conflict)"
    return int(db.execute(sql).fetchone()[0])


def conflicts(db: sqlite3.Connection) -> list[Conflict]:
    """Concurrent writes that differ, each with the one that counts first."""
    rows = db.execute(
        "SELECT kind, entity, slot, device, hlc, value FROM conflict "
        "ORDER BY kind, entity, slot, place"
    )
    return [
        Conflict(*key, tuple((str(r[3]), str(r[4]), str(r[5])) for r in group))
        for key, group in groupby(rows, lambda row: (str(row[0]), str(row[1]), str(row[2])))
    ]
