"""Reading what several laptops wrote without having seen each other, and when it came here."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from typing import Any, NamedTuple

from fieldkit_sync.event import Event, parse

TABLES = {
    "answer": "f_answer",
    "site": "f_site",
    "referral": "f_reply",
    "finding": "f_move",
    "campaign": "f_campaign",
    "assignment": "f_assignment",
    "standing": "f_standing",
    "standing_issue": "f_standing_issue",
    "standing_word": "f_standing_word",
}
"""Where the writes of each kind of conflict are drawn."""


class Side(NamedTuple):
    """One of the writes that differ: its hash, who wrote it, its stamp, what it says in short."""

    hash: str
    device: str
    hlc: str
    value: str


class Dispute(NamedTuple):
    """One place of the state that is told in several ways; the first side counts meanwhile."""

    kind: str
    entity: str
    slot: str
    sides: tuple[Side, ...]


def disputes(db: sqlite3.Connection) -> list[Dispute]:
    """Every open one, each with its sides in the order in which they count."""
    rows = db.execute(
        "SELECT kind, entity, slot, event, device, hlc, value FROM conflict "
        "ORDER BY kind, entity, slot, place"
    )
    return [
        Dispute(*key, tuple(Side(*row[3:]) for row in group))
        for key, group in groupby(rows, key=lambda row: (row[0], row[1], row[2]))
    ]


def event_of(db: sqlite3.Connection, dispute: Dispute, side: Side) -> Event | None:
    """The event behind a side; None when it is not held any more."""
    row = db.execute(
        f"SELECT e.line FROM {TABLES[dispute.kind]} AS f JOIN event AS e ON e.device = f.device "
        "AND e.epoch = f.epoch AND e.seq = f.seq AND e.hash = f.hash "
        "WHERE f.entity = ? AND f.hash = ?",
        (dispute.entity, side.hash),
    ).fetchone()
    return parse(bytes(row[0])) if row else None


def came(db: sqlite3.Connection, event: Event) -> str:
    """When the first merge brought an event (RFC 3339); empty where nobody knows."""
    (found,) = db.execute(
        "SELECT MIN(m.at) FROM merge_run AS r JOIN merge AS m ON m.id = r.merge "
        "WHERE r.device = ? AND r.epoch = ? AND r.first <= ? AND r.last >= ?",
        (event.device, event.epoch, event.seq, event.seq),
    ).fetchone()
    return str(found or "")


def ahead(db: sqlite3.Connection, device: str) -> list[tuple[str, str]]:
    """For each merge that brought something of a device: when that was, and its latest stamp."""
    rows: list[tuple[Any, Any]] = db.execute(
        "SELECT m.at, MAX(e.hlc) FROM merge_run AS r JOIN merge AS m ON m.id = r.merge "
        "JOIN event AS e ON e.device = r.device AND e.epoch = r.epoch AND e.seq = r.last "
        "WHERE r.device = ? GROUP BY m.id",
        (device,),
    ).fetchall()
    return [(str(at), str(hlc)) for at, hlc in rows]
