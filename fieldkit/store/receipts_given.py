"""What an office can promise: the runs it holds, the runs its copies hold, its receipts so far."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

from fieldkit_sync.event import parse
from fieldkit_sync.receipt import Piece, Run

from . import outgoing

Chain = tuple[str, str]


def runs(db: sqlite3.Connection, device: str, table: str = "chain_run") -> dict[Chain, list[Run]]:
    """The runs held of a device's chains; of ``durable_run`` those that copies hold."""
    if table not in ("chain_run", "durable_run"):
        raise ValueError(table)
    found: dict[Chain, list[Run]] = {}
    rows = db.execute(
        f"SELECT epoch, first, last FROM {table} WHERE device = ? ORDER BY epoch, first", (device,)
    )
    for epoch, first, last in rows:
        found.setdefault((device, str(epoch)), []).append((int(first), int(last)))
    return found


def devices(db: sqlite3.Connection) -> list[str]:
    """Every device of which anything is held."""
    return [str(row[0]) for row in db.execute("SELECT DISTINCT device FROM chain ORDER BY device")]


def forks(db: sqlite3.Connection, device: str) -> list[tuple[str, str, int]]:
    """Numbers of a device that were used twice."""
    rows = db.execute(
        "SELECT device, epoch, seq FROM chain_fork WHERE device = ? ORDER BY epoch, seq", (device,)
    )
    return [(str(row[0]), str(row[1]), int(row[2])) for row in rows]


def head(db: sqlite3.Connection, device: str, epoch: str, seq: int) -> str:
    """The hash of an event; of several with one number the greatest, as in any home."""
    (found,) = db.execute(
        "SELECT MAX(hash) FROM event WHERE device = ? AND epoch = ? AND seq = ?",
        (device, epoch, seq),
    ).fetchone()
    return str(found)


def pieces(
    db: sqlite3.Connection, device: str, epoch: str, runs: list[Run], *, forked: bool
) -> list[Piece]:
    """All that is held of a chain in linked pieces, no event in two; nothing if ``runs`` tell it.

    Cut also where a seal in a later epoch closes the chain: there a home came back from a backup,
    and knows nothing of what comes after.
    """
    ends = {
        (it.end, it.head)
        for it in outgoing.cross_seals(db, device, epoch)
        if outgoing.holds(db, device, epoch, it.end, it.head)
    }
    if forked:
        return _linked(outgoing.links(db, device, epoch), {digest for _seq, digest in ends})
    tips = {last: head(db, device, epoch, last) for _first, last in runs} | dict(ends)
    if len(tips) == 1:
        return []
    cuts = sorted(tips)
    starts = [max(first for first, _last in runs if first <= cut) for cut in cuts]
    before = [0, *cuts]
    return [
        (max(start, last + 1), cut, tips[cut])
        for start, last, cut in zip(starts, before, cuts, strict=False)
    ]


def _linked(its: list[outgoing.Link], ends: set[str]) -> list[Piece]:
    followers = Counter(link.prev for link in its)
    left = {link.hash: link for link in its}
    found: list[Piece] = []
    for tip in reversed(its):
        if tip.hash not in left:
            continue
        link = left.pop(tip.hash)
        while link.prev in left and followers[link.prev] == 1 and link.prev not in ends:
            link = left.pop(link.prev)
        found.append((link.seq, tip.seq, tip.hash))
    return sorted(found)


def evidence(db: sqlite3.Connection, device: str) -> list[str]:
    """The evidence files that a device's events announce."""
    rows = db.execute(
        "SELECT DISTINCT sha256 FROM f_evidence WHERE device = ? ORDER BY sha256", (device,)
    )
    return [str(row[0]) for row in rows]


def announced(db: sqlite3.Connection) -> list[tuple[str, str, int, str]]:
    """Every announcement of an evidence file: device, epoch, number, digest."""
    rows = db.execute("SELECT device, epoch, seq, sha256 FROM f_evidence")
    return [(str(row[0]), str(row[1]), int(row[2]), str(row[3])) for row in rows]


def keep_durable(db: sqlite3.Connection, held: Iterable[tuple[str, str, int, int]]) -> None:
    """Note runs (device, epoch, first, last) that a copy off this machine holds now."""
    for device, epoch, first, last in held:
        near = db.execute(
            "SELECT first, last FROM durable_run "
            "WHERE device = ? AND epoch = ? AND first <= ? AND last >= ?",
            (device, epoch, last + 1, first - 1),
        ).fetchall()
        for old, _last in near:
            db.execute(
                "DELETE FROM durable_run WHERE device = ? AND epoch = ? AND first = ?",
                (device, epoch, old),
            )
        low = min([first, *(row[0] for row in near)])
        high = max([last, *(row[1] for row in near)])
        db.execute("INSERT INTO durable_run VALUES (?, ?, ?, ?)", (device, epoch, low, high))


def last_given(db: sqlite3.Connection, office_epoch: str) -> tuple[int, str]:
    """Number and digest of the last receipt of an epoch of this office; 0 for none."""
    row = db.execute(
        "SELECT receipt_seq, digest FROM receipt_given WHERE office_epoch = ? "
        "ORDER BY receipt_seq DESC LIMIT 1",
        (office_epoch,),
    ).fetchone()
    return (int(row[0]), str(row[1])) if row else (0, "0" * 64)


def keep_given(
    db: sqlite3.Connection, office_epoch: str, seq: int, device: str, digest: str, issued: str
) -> None:
    """Note a receipt that is about to be given."""
    db.execute(
        "INSERT INTO receipt_given VALUES (?, ?, ?, ?, ?)",
        (seq, office_epoch, device, digest, issued),
    )


def newest_given(db: sqlite3.Connection) -> dict[str, str]:
    """When each device was given its last receipt: a stamp."""
    rows = db.execute("SELECT device, MAX(issued) FROM receipt_given GROUP BY device")
    return {str(device): str(issued) for device, issued in rows}


def office_epoch(db: sqlite3.Connection) -> str:
    """This office's epoch, or nothing before its first receipt."""
    row = db.execute("SELECT value FROM home WHERE key = 'office_epoch'").fetchone()
    return str(row[0]) if row else ""


def keep_office_epoch(db: sqlite3.Connection, epoch: str) -> None:
    """Open an epoch of this office."""
    db.execute("INSERT OR REPLACE INTO home VALUES ('office_epoch', ?)", (epoch,))


def successor(db: sqlite3.Connection, device: str) -> str:
    """The key that took the place of a device's key, by the device's last word; or empty."""
    rows = db.execute(
        "SELECT kind, line FROM event WHERE device = ? ORDER BY epoch DESC, seq DESC LIMIT 8",
        (device,),
    )
    events = (parse(bytes(line)) for kind, line in rows if kind == "device.succeeded")
    return next((str(it.body["public_key"]) for it in events if it.body is not None), "")
