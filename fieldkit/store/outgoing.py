"""What may leave this home: runs of chains, where seals close them, and their lines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from fieldkit_sync.event import Event, parse

from . import merges

Numbers = tuple[int, int]
"""First and last number of an unbroken run."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What is held of one chain: its runs, and whether a number was used twice."""

    device: str
    epoch: str
    runs: tuple[Numbers, ...]
    forked: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one chain, each event linked to the one before; ``head`` is its last hash.

    ``branch`` marks a piece of a chain that forked: then its numbers alone do not name it.
    """

    device: str
    epoch: str
    first: int
    last: int
    head: str
    branch: bool = False

    @property
    def events(self) -> int:
        """How many events there are in it."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Link:
    """One event of a chain without its content."""

    seq: int
    hash: str
    prev: str


@dataclass(frozen=True, slots=True)
class CrossSeal:
    """A seal in a later epoch (``epoch``, ``seq``, ``hash``) that closes an earlier one at
    ``end``, whose hash is ``head``."""

    epoch: str
    seq: int
    hash: str
    end: int
    head: str


def chains(db: sqlite3.Connection, device: str) -> list[Chain]:
    """The chains of a device that stand here, the oldest epoch first.

    What a merge brought that was taken back is held, but not passed on.
    """
    forked = {
        str(epoch)
        for (epoch,) in db.execute(
            "SELECT DISTINCT epoch FROM chain_fork WHERE device = ?", (device,)
        )
    }
    rows = db.execute(
        "SELECT epoch, first, last FROM chain_run WHERE device = ? ORDER BY epoch, first", (device,)
    ).fetchall()
    found = []
    for epoch, group in groupby(rows, key=lambda row: str(row[0])):
        runs = merges.standing(db, (device, epoch), [(row[1], row[2]) for row in group])
        if runs:
            found.append(Chain(device, epoch, tuple(runs), epoch in forked))
    return found


def first_fork(db: sqlite3.Connection, device: str, epoch: str) -> int | None:
    """The first number of a chain that was used twice, as far as is known here."""
    (seq,) = db.execute(
        "SELECT MIN(seq) FROM chain_fork WHERE device = ? AND epoch = ?", (device, epoch)
    ).fetchone()
    return None if seq is None else int(seq)


def holds(db: sqlite3.Connection, device: str, epoch: str, seq: int, digest: str) -> bool:
    """Whether this very event is held."""
    row = db.execute(
        "SELECT 1 FROM event WHERE device = ? AND epoch = ? AND seq = ? AND hash = ?",
        (device, epoch, seq, digest),
    ).fetchone()
    return row is not None


def last_event(
    db: sqlite3.Connection, device: str, epoch: str, at_most: int | None = None
) -> Event | None:
    """The last event held of a chain, or of it up to a number."""
    row = db.execute(
        "SELECT line FROM event WHERE device = ? AND epoch = ? AND seq <= ? "
        "ORDER BY seq DESC, hash DESC LIMIT 1",
        (device, epoch, 2**62 if at_most is None else at_most),
    ).fetchone()
    return parse(bytes(row[0])) if row else None


def closes_itself(event: Event) -> bool:
    """Whether an event is a seal over the very chain that it stands in.

    A seal over an earlier epoch says nothing of its own. One whose body was erased says nothing.
    """
    return event.kind == "seal" and event.body is not None and event.body["epoch"] == event.epoch


def seals(
    db: sqlite3.Connection, device: str, epoch: str, first: int, last: int
) -> Iterator[Event]:
    """The seals of a chain over itself between two numbers, the last one first."""
    rows = db.execute(
        "SELECT line FROM event WHERE device = ? AND epoch = ? AND seq BETWEEN ? AND ? "
        "AND kind = 'seal' ORDER BY seq DESC, hash DESC",
        (device, epoch, first, last),
    )
    for (line,) in rows:
        event = parse(bytes(line))
        if closes_itself(event):
            yield event


def cross_seals(db: sqlite3.Connection, device: str, epoch: str) -> list[CrossSeal]:
    """The seals in later epochs of a device that close this one."""
    rows = db.execute(
        "SELECT line FROM event WHERE device = ? AND epoch > ? AND kind = 'seal'", (device, epoch)
    )
    events = (parse(bytes(line)) for (line,) in rows)
    return [
        CrossSeal(it.epoch, it.seq, it.hash, int(it.body["seq"]), str(it.body["head"]))
        for it in events
        if it.body is not None and it.body["epoch"] == epoch
    ]


def unbroken_from(db: sqlite3.Connection, device: str, epoch: str, seq: int) -> int:
    """The first number of the unbroken run that a number held here lies in."""
    (first,) = db.execute(
        "SELECT MAX(first) FROM chain_run WHERE device = ? AND epoch = ? AND first <= ?",
        (device, epoch, seq),
    ).fetchone()
    return int(first)


def links(db: sqlite3.Connection, device: str, epoch: str) -> list[Link]:
    """Every event of a chain without its content, by number; dear, and for forked chains only."""
    rows = db.execute(
        "SELECT seq, hash, prev FROM event WHERE device = ? AND epoch = ? ORDER BY seq, hash",
        (device, epoch),
    )
    return [Link(*row) for row in rows]


def numbered(db: sqlite3.Connection, part: Part) -> list[tuple[int, str]]:
    """Number and hash of each event of a part of a forked chain, in the order of the chain."""
    found, digest = [], part.head
    for seq in range(part.last, part.first - 1, -1):
        found.append((seq, digest))
        (digest,) = db.execute(
            "SELECT prev FROM event WHERE device = ? AND epoch = ? AND seq = ? AND hash = ?",
            (part.device, part.epoch, seq, digest),
        ).fetchone()
    return found[::-1]


def lines(db: sqlite3.Connection, part: Part) -> Iterator[bytes]:
    """The canonical lines of a part, in the order of the chain."""
    if not part.branch:
        yield from _lines(db, part)
        return
    for seq, digest in numbered(db, part):
        (line,) = db.execute(
            "SELECT line FROM event WHERE device = ? AND epoch = ? AND seq = ? AND hash = ?",
            (part.device, part.epoch, seq, digest),
        ).fetchone()
        yield bytes(line)


def _lines(db: sqlite3.Connection, part: Part, condition: str = "") -> Iterator[bytes]:
    rows = db.execute(
        "SELECT line FROM event WHERE device = ? AND epoch = ? AND seq BETWEEN ? AND ? "
        f"{condition} ORDER BY seq, hash",
        (part.device, part.epoch, part.first, part.last),
    )
    for (line,) in rows:
        yield bytes(line)


def evidence_named(db: sqlite3.Connection, part: Part) -> Iterator[str]:
    """The digests of the evidence files that the events of a part announce."""
    for line in _lines(db, part, "AND kind = 'evidence.added'"):
        event = parse(line)
        if event.body is not None:
            yield str(event.body["sha256"])


def first_stamp(db: sqlite3.Connection, part: Part) -> str:
    """The stamp of the first event of a part; stamps of a chain only grow."""
    row = db.execute(
        "SELECT MIN(hlc) FROM event WHERE device = ? AND epoch = ? AND seq = ?",
        (part.device, part.epoch, part.first),
    ).fetchone()
    return str(row[0])


def announced(db: sqlite3.Connection, sha256: str) -> list[tuple[str, str, int]]:
    """The events that announce an evidence file: device, epoch, number."""
    return db.execute(
        "SELECT device, epoch, seq FROM f_evidence WHERE sha256 = ?", (sha256,)
    ).fetchall()


def branches(
    its: list[Link], device: str, epoch: str, wanted: Callable[[Link], bool]
) -> list[Part]:
    """Cut the wanted events of a forked chain into parts, each of them linked and none twice."""
    chosen = {link.hash: link for link in its if wanted(link)}
    left = dict(chosen)
    parts: list[Part] = []
    # From the highest numbers down: what is met first is a tip.
    for tip in reversed(its):
        if tip.hash not in left:
            continue
        link = left.pop(tip.hash)
        while link.prev in left:
            link = left.pop(link.prev)
        parts.append(Part(device, epoch, link.seq, tip.seq, tip.hash, branch=True))
    return sorted(parts, key=lambda part: (part.first, part.last, part.head))


def event_at(
    db: sqlite3.Connection, device: str, epoch: str, seq: int, digest: str
) -> Event | None:
    """One event of a chain, checked as it is read; None where it is not held."""
    row = db.execute(
        "SELECT line FROM event WHERE device = ? AND epoch = ? AND seq = ? AND hash = ?",
        (device, epoch, seq, digest),
    ).fetchone()
    return parse(bytes(row[0])) if row else None


def seal_over(
    db: sqlite3.Connection, device: str, epoch: str, seq: int, digest: str
) -> Event | None:
    """The first seal over an event, in its chain or a later one; None where there is none.

    Every link is read and its hash worked out anew, so nothing between the two can be altered.
    """
    rows = db.execute(
        "SELECT line FROM event WHERE device = ? AND epoch = ? AND seq > ? ORDER BY seq, hash",
        (device, epoch, seq),
    )
    last, head = seq, digest
    reached = {(last, head)}
    for (line,) in rows:
        event = parse(bytes(line))
        if event.prev != head or event.seq != last + 1:
            if event.seq > last + 1:
                break
            # A branch of a chain that forked: not ours.
            continue
        last, head = event.seq, event.hash
        reached.add((last, head))
        if closes_itself(event):
            return event
    # A home that was restored seals the chain that it found from its next one.
    for seal in cross_seals(db, device, epoch):
        if (seal.end, seal.head) in reached:
            return event_at(db, device, seal.epoch, seal.seq, seal.hash)
    return None
