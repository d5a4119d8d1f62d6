"""The journal of one home: append, take in, refold, verify."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fieldkit_sync import clock
from fieldkit_sync.errors import Refusal

from . import project
from .open import connect, direct, transaction

# Most commands only read: what makes, checks and takes in events is loaded by those that do.
if TYPE_CHECKING:
    from fieldkit_sync.event import Event

    from . import taking as stages
    from .mark import Mark
    from .taking_in import Taking

EventId = tuple[str, str, int, str]

SeenBefore = tuple[str, int, list[str]]
"""What is remembered of such a bundle: device, events, evidence."""


class Draft(NamedTuple):
    """An event before it has its place in the chain."""

    kind: str
    entity: str
    division: str
    body: dict[str, Any]


class Ingested(NamedTuple):
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
        self._marked = False
        project.prepare(self.db)

    @cached_property
    def _mark(self) -> Mark:
        from .mark import Mark

        return Mark(self.path.parent, self.device)

    def stamp(self) -> tuple[int, int]:
        """Changes with every change of the database, here or by another process."""
        return (*self.db.execute("PRAGMA data_version").fetchone(), self.db.total_changes)

    def close(self) -> None:
        """Let the file go."""
        self.db.close()

    def append(
        self,
        drafts: Sequence[Draft] | Callable[[sqlite3.Connection], Sequence[Draft]],
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Event]:
        """Chain, keep and fold these events in one durable transaction.

        A callable is asked for its drafts inside the transaction, so that what it reads is what
        it replaces. ``progress`` is told now and then how many of how many events are chained;
        what it raises leaves nothing kept. On return the events are synced to disk. Raises
        Problem (disk full, busy) or BadBody, with nothing kept.
        """
        with transaction(self.db):
            wanted = drafts(self.db) if callable(drafts) else drafts
            if wanted and not self._marked:
                self._compare_mark()
            events = self._chained(wanted, progress)
            self._keep(events)
            if events:
                self._set("hlc", events[-1].hlc)
        if events:
            from .mark import Place

            last = events[-1]
            self._marked = True
            # An export ends with a seal: from then on others know these numbers.
            place = Place(last.epoch, last.seq, last.hash)
            self._mark.write(place, durable=last.kind == "seal")
        return events

    def _compare_mark(self) -> None:
        """Open a new epoch if the note outside says that this home is a copy, or was rewound."""
        if not self._mark.usable():
            return
        place = self._mark.read()
        if place is None:
            known = self._get("epoch") is None
        else:
            known = self._has((self.device, place.epoch, place.seq, place.hash))
        if not known:
            self._set("rewound", "mark")

    def _has(self, event_id: EventId) -> bool:
        row = self.db.execute(
            "SELECT 1 FROM event WHERE device = ? AND epoch = ? AND seq = ? AND hash = ?", event_id
        ).fetchone()
        return row is not None

    def _chained(
        self, drafts: Sequence[Draft], progress: Callable[[int, int], None] | None = None
    ) -> list[Event]:
        from fieldkit_sync.event import GENESIS, make

        if not drafts:
            return []
        wall = self._now_ms()
        epoch = self._epoch(wall)
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
                salt=os.urandom(16).hex(),
            )
            prev = event.hash
            events.append(event)
            if progress and len(events) % 1000 == 0:
                progress(len(events), len(drafts))
        if progress:
            progress(len(drafts), len(drafts))
        return events

    def _epoch(self, wall: int) -> str:
        """This home's epoch; a new one when it turned out to be a copy or a rewound backup."""
        epoch = self._get("epoch")
        if epoch is None or self._get("rewound") is not None:
            # Later than the last one even if the clock has fallen: epochs sort by their time.
            after = int(epoch[:12], 16) + 1 if epoch else 0
            epoch = clock.new_epoch(max(wall, after))
            self._set("epoch", epoch)
            self.db.execute("DELETE FROM home WHERE key = 'rewound'")
        return epoch

    def ingest(self, events: Iterable[Event]) -> Ingested:
        """Take events of other devices in: all or none, in any order, any number of times.

        An event that is held without its body is completed by one that has it, never the other
        way round, so that the outcome is the same in whatever order the two come. Raises BadBody
        when a known kind's body is not as it should be, Problem as ``append``.
        """
        from fieldkit_sync.event import fields_of

        from . import staging

        with self.taking() as take:
            stage = take.attach(":memory:")
            staging.create(self.db, stage)
            count = staging.add(self.db, map(fields_of, events), schema=stage)
            new = sum(take.take(stage).values())
        return Ingested(new, count - new)

    def direct(self) -> AbstractContextManager[bool]:
        """As ``open.direct``: for a first import, while nobody else has this home open."""
        return direct(self.db)

    @contextmanager
    def taking(self) -> Iterator[Taking]:
        """One transaction that takes stages in: all of them or none, folded once at its end.

        Raises Problem as ``append``.
        """
        from . import taking as stages
        from .taking_in import Taking

        taking_in = Taking(self)
        try:
            with transaction(self.db):
                stages.begin(self.db)
                yield taking_in
                stages.end(self.db)
        finally:
            taking_in.detach()

    def note_taken(self, taken: stages.Taken, stage: str) -> None:
        """Move the clock on, and notice if events of our own came that are not remembered."""
        if (self.device, self._get("epoch")) in taken.chains:
            # We wrote it and do not remember: this home is a copy or was rewound.
            self._set("rewound", "1")
        wall = self._now_ms()
        limit = clock.pack(min(wall + clock.DAY_MS, clock.MAX_MS), clock.MAX_COUNTER)
        (seen,) = self.db.execute(
            f"SELECT MAX(c5) FROM {stage}.event WHERE c5 <= ?", (limit,)
        ).fetchone()
        if seen is not None:
            # The latest stamp that came moves the clock on, unless it is a day ahead of ours.
            self._set("hlc", clock.observe(self._get("hlc"), seen, wall) or seen)

    def seen(self, sha256: str) -> SeenBefore | None:
        """A sealed file that was taken in whole: its device, events, and evidence; or None."""
        row = self.db.execute(
            "SELECT device, events, evidence FROM bundle_seen WHERE sha256 = ?", (sha256,)
        ).fetchone()
        return (str(row[0]), int(row[1]), str(row[2]).split()) if row else None

    def all_seen(self) -> dict[str, SeenBefore]:
        """Every sealed file that was taken in, by its SHA-256."""
        rows = self.db.execute("SELECT sha256, device, events, evidence FROM bundle_seen")
        return {str(row[0]): (str(row[1]), int(row[2]), str(row[3]).split()) for row in rows}

    def reopen_epoch(self, reason: str) -> None:
        """Open a new epoch at the next append: this home turned out to be a copy, or rewound."""
        with transaction(self.db):
            self._set("rewound", reason)

    def _keep(self, events: Collection[Event]) -> None:
        """Insert new events of this device and fold what they touch."""
        from . import chains, staging
        from .facts import draw

        facts = draw(events)
        self.db.executemany(
            "INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?)", map(staging.row, events)
        )
        chains.note(self.db, events)
        project.insert(self.db, facts)
        project.fold(self.db, facts.dirty)

    def events(
        self, device: str | None = None, after: tuple[str, int] | None = None
    ) -> Iterator[Event]:
        """Events in the order (device, epoch, seq, hash); ``after`` is (epoch, seq) of a device."""
        from fieldkit_sync.event import parse

        for line in self.lines(device, after):
            yield parse(line)

    def lines(
        self, device: str | None = None, after: tuple[str, int] | None = None
    ) -> Iterator[bytes]:
        """The canonical lines of ``events``, as they came."""
        sql = "SELECT line FROM event"
        values: list[str | int] = []
        if device is not None:
            sql += " WHERE device = ?"
            values.append(device)
            if after is not None:
                sql += " AND (epoch > ? OR (epoch = ? AND seq > ?))"
                values += [after[0], after[0], after[1]]
        sql += " ORDER BY device, epoch, seq, hash"
        for (line,) in self.db.execute(sql, values):
            yield bytes(line)

    def run_lines(self, device: str, epoch: str, run: tuple[int, int]) -> Iterator[bytes]:
        """The lines of a run of one chain, of forked numbers all."""
        rows = self.db.execute(
            "SELECT line FROM event WHERE device = ? AND epoch = ? AND seq BETWEEN ? AND ? "
            "ORDER BY seq, hash",
            (device, epoch, *run),
        )
        for (line,) in rows:
            yield bytes(line)

    def rebuild(self) -> int:
        """Drop every table but the journal and fold it all anew; gives the number of events."""
        from . import merges
        from .refold import refold

        with transaction(self.db):
            merges.recount(self.db, self.device)
            return refold(self.db)

    def state_digest(self) -> str:
        """The digest of the field's facts, all read at one instant."""
        if self.db.in_transaction:
            return project.state_digest(self.db)
        self.db.execute("BEGIN")
        try:
            return project.state_digest(self.db)
        finally:
            self.db.execute("ROLLBACK")

    def verify(self) -> list[str]:
        """Everything wrong with the journal and what was folded from it, in English codes.

        Each line is checked byte for byte, each chain link by link; the projections are compared
        with a refold, which is rolled back.
        """
        from .checking import COLUMNS, check_chain

        problems = []
        try:
            rows = self.db.execute(f"SELECT {COLUMNS} FROM event ORDER BY device, epoch, seq, hash")
            for (device, epoch), chain in groupby(rows, key=lambda row: (row[0], row[1])):
                problems += check_chain(device, epoch, chain, own=device == self.device)
            problems += self._check_projections()
        except sqlite3.DatabaseError as error:
            problems.append(f"database cannot be read: {error}")
        return problems

    def _check_projections(self) -> list[str]:
        """Refold everything in a transaction that is taken back, and compare."""
        from . import chains

        problems: list[str] = []

        class _Undo(Exception):
            pass

        with suppress(_Undo), transaction(self.db):
            before, reach = self.state_digest(), chains.rows(self.db)
            try:
                self.rebuild()
            except (Refusal, ValueError) as error:
                problems.append(f"cannot be folded: {error}")
                raise _Undo from error
            if self.state_digest() != before:
                problems.append("projections differ from the journal: rebuild")
            if chains.rows(self.db) != reach:
                problems.append("ledger of chains differs from the journal: rebuild")
            raise _Undo
        return problems

    def _get(self, key: str) -> str | None:
        row = self.db.execute("SELECT value FROM home WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _set(self, key: str, value: str) -> None:
        self.db.execute(
            "INSERT INTO home VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )
