"""The journal of one home: append, take in, refold, verify."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from fieldkit_sync import clock
from fieldkit_sync.errors import Refusal
from fieldkit_sync.event import GENESIS, Event, make, parse

from . import project
from .facts import Facts, draw
from .open import connect, transaction

_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has its place in the chain."""

    kind: str
    entity: str
    division: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ingested:
    """How many of the events that came were new here, and how many were held already."""

    new: int
    known: int


class Store:
    """One home's database. Not for sharing between threads: open another."""

    def __init__(self, folder: Path, device: str, now_ms: Callable[[], int]) -> None:
        self.path = folder / "journal.db"
        self.device = device
        self._now_ms = now_ms
        self.db = connect(self.path)
        project.prepare(self.db)

    def close(self) -> None:
        """Let the file go."""
        self.db.close()

    def append(
        self, drafts: Sequence[Draft] | Callable[[sqlite3.Connection], Sequence[Draft]]
    ) -> list[Event]:
        """Chain, keep and fold these events in one durable transaction.

        A callable is asked for its drafts inside the transaction, so that what it reads is what
        it replaces. On return the events are synced to disk. Raises Problem (disk full, busy)
        or BadBody, with nothing kept.
        """
        with transaction(self.db):
            wanted = drafts(self.db) if callable(drafts) else drafts
            events = self._chained(wanted)
            self._keep(events)
            if events:
                self._set("hlc", events[-1].hlc)
        return events

    def _chained(self, drafts: Sequence[Draft]) -> list[Event]:
        if not drafts:
            return []
        wall = self._now_ms()
        epoch = self._get("epoch")
        if epoch is None:
            epoch = clock.new_epoch(wall)
            self._set("epoch", epoch)
        row = self.db.execute(
            "SELECT seq, hash FROM event WHERE device = ? AND epoch = ? "
            "ORDER BY seq DESC, hash DESC LIMIT 1",
            (self.device, epoch),
        ).fetchone()
        seq, prev = row or (0, GENESIS)
        hlc = self._get("hlc")
        events = []
        for draft in drafts:
            seq += 1
            hlc = clock.tick(hlc, wall)
            event = make(
                device=self.device,
                epoch=epoch,
                seq=seq,
                prev=prev,
                hlc=hlc,
                kind=draft.kind,
                entity=draft.entity,
                division=draft.division,
                body=draft.body,
                salt=secrets.token_hex(16),
            )
            prev = event.hash
            events.append(event)
        return events

    def ingest(self, events: Iterable[Event]) -> Ingested:
        """Take events of other devices in: all or none, in any order, any number of times.

        Raises BadBody when a known kind's body is not as it should be, Problem as ``append``.
        """
        new = known = 0
        with transaction(self.db):
            seen = self._get("hlc")
            batch: list[Event] = []
            for event in events:
                if self._holds(event):
                    known += 1
                    continue
                new += 1
                batch.append(event)
                seen = clock.observe(seen, event.hlc, self._now_ms()) or seen
                if len(batch) >= _CHUNK:
                    new -= self._keep(batch)
                    batch = []
            new -= self._keep(batch)
            if seen is not None:
                self._set("hlc", seen)
        return Ingested(new, known)

    def _holds(self, event: Event) -> bool:
        return (
            self.db.execute(
                "SELECT 1 FROM event WHERE device=? AND epoch=? AND seq=? AND hash=?", event.id
            ).fetchone()
            is not None
        )

    def _keep(self, events: Sequence[Event]) -> int:
        """Insert and fold; gives how many were in the batch twice."""
        facts = draw(events)
        rows = {
            e.id: (*e.id, e.prev, e.hlc, e.kind, e.entity, e.division, e.line) for e in events
        }
        self.db.executemany("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?)", rows.values())
        project.insert(self.db, facts)
        project.fold(self.db, facts.dirty)
        return len(events) - len(rows)

    def events(
        self, device: str | None = None, after: tuple[str, int] | None = None
    ) -> Iterator[Event]:
        """Events in the order (device, epoch, seq, hash); ``after`` is (epoch, seq) of a device."""
        for line in self.lines(device, after):
            yield parse(line)

    def lines(
        self, device: str | None = None, after: tuple[str, int] | None = None
    ) -> Iterator[bytes]:
        """The canonical lines of ``events``, as they came."""
        sql, values = "SELECT line FROM event", []
        if device is not None:
            sql += " WHERE device = ?"
            values.append(device)
            if after is not None:
                sql += " AND (epoch > ? OR (epoch = ? AND seq > ?))"
                values += [after[0], after[0], after[1]]  # type: ignore[list-item]
        sql += " ORDER BY device, epoch, seq, hash"
        for (line,) in self.db.execute(sql, values):
            yield bytes(line)

    def rebuild(self) -> int:
        """Drop every table but the journal and fold it all anew; gives the number of events."""
        with transaction(self.db):
            project.clear(self.db)
            count = 0
            facts = Facts()
            for line in self.lines():
                facts.add(parse(line))
                count += 1
                if count % _CHUNK == 0:
                    project.insert(self.db, facts)
                    facts = Facts()
            project.insert(self.db, facts)
            project.fold_all(self.db)
        return count

    def state_digest(self) -> str:
        """The digest of the field's facts (CLI.md, last section)."""
        return project.state_digest(self.db)

    def verify(self) -> list[str]:
        """Everything wrong with the journal and what was folded from it, in English codes.

        Each line is checked byte for byte, each chain link by link; the projections are compared
        with a refold, which is rolled back.
        """
        problems = []
        rows = self.db.execute(
            "SELECT device, epoch, seq, hash, line FROM event ORDER BY device, epoch, seq, hash"
        )
        for (device, epoch), chain in groupby(rows, key=lambda row: (row[0], row[1])):
            problems += _check_chain(device, epoch, chain, own=device == self.device)
        problems += self._check_projections()
        return problems

    def _check_projections(self) -> list[str]:
        before, problem = self.state_digest(), ""

        class _Undo(Exception):
            pass

        after = before
        with suppress(_Undo), transaction(self.db):
            try:
                self.rebuild()
                after = self.state_digest()
            except (Refusal, ValueError) as error:
                problem = f"cannot be folded: {error}"
                raise _Undo from error
            raise _Undo
        if problem:
            return [problem]
        return [] if after == before else ["projections differ from the journal: rebuild"]

    def _get(self, key: str) -> str | None:
        row = self.db.execute("SELECT value FROM home WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _set(self, key: str, value: str) -> None:
        self.db.execute(
            "INSERT INTO home VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )


def _check_chain(
    device: str, epoch: str, rows: Iterable[tuple[Any, ...]], *, own: bool
) -> list[str]:
    """Faults of one chain; a gap is a fault only in our own, elsewhere a bundle is on its way."""
    problems: list[str] = []
    heads: set[str] = {GENESIS}
    last = 0
    for seq, group in groupby(rows, key=lambda row: int(row[2])):
        place = f"{device[:8]}/{epoch}/{seq}"
        hashes = set()
        for _device, _epoch, _seq, stored, line in group:
            try:
                event = parse(bytes(line))
            except Refusal as refusal:
                problems.append(f"{place} {refusal.code}")
                continue
            if event.id != (device, epoch, seq, stored):
                problems.append(f"{place} altered")
            elif seq == last + 1 and event.prev not in heads:
                problems.append(f"{place} chain broken")
            hashes.add(event.hash)
        if own and seq != last + 1:
            problems.append(f"{device[:8]}/{epoch} gap {last + 1}-{seq - 1}")
        if own and len(hashes) > 1:
            problems.append(f"{place} fork")
        heads, last = hashes, seq
    return problems
