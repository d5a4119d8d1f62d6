"""Reading the journal's own state: who wrote how far, what is missing, what disagrees."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import groupby

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
    """Every device that has events here."""
    rows = db.execute("SELECT device, epoch, seq, hlc FROM event ORDER BY device, epoch, seq, hash")
    return [_ledger(device, list(group)) for device, group in groupby(rows, lambda row: str(row[0]))]


def _ledger(device: str, rows: list[tuple[str, str, int, str]]) -> DeviceLedger:
    gaps: list[tuple[str, int, int]] = []
    forks: list[int] = []
    epoch, last = "", 0
    for _device, here, seq, _hlc in rows:
        if here != epoch:
            epoch, last = here, 0
        if seq == last and (not forks or forks[-1] != seq):
            forks.append(seq)
        if seq > last + 1:
            gaps.append((epoch, last + 1, seq - 1))
        last = seq
    newest = max(str(row[3]) for row in rows)
    return DeviceLedger(device, len(rows), last, newest, tuple(gaps), tuple(forks))


def count(db: sqlite3.Connection) -> int:
    """How many events the journal holds."""
    (number,) = db.execute("SELECT COUNT(*) FROM event").fetchone()
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
