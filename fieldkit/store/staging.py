"""Events on their way into a journal: verified, drawn apart, but not yet anybody's.

A stage is a small database of its own, on disk in a private folder or in memory. Another process
may fill it while the journal is busy. The journal then takes all of it in at the speed of SQLite,
in one transaction (``taking``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from fieldkit_sync.event import Event

from .facts import draw
from .open import in_words
from .project import FACT_TABLES

NAME = "stage"
"""The name by which a stage is attached to a journal's connection."""

EVENT_COLUMNS = 10
_CHUNK = 5000


def create(db: sqlite3.Connection, schema: str = "main") -> None:
    """Make the tables of a stage; they have no keys, since nothing is looked up in them."""
    db.execute(f"CREATE TABLE {schema}.event (bundle, {_columns(EVENT_COLUMNS)})")
    db.execute(f"CREATE TABLE {schema}.run (bundle, device, epoch, first, last, last_hlc)")
    for table, width in FACT_TABLES.items():
        db.execute(f"CREATE TABLE {schema}.{table} ({_columns(width)})")


def _columns(width: int) -> str:
    return ", ".join(f"c{n}" for n in range(width))


def add(
    db: sqlite3.Connection, events: Iterable[Event], bundle: int = 0, schema: str = "main"
) -> int:
    """Put events on a stage, as those of one bundle; gives their number.

    Raises BadBody for a known kind whose body is not as it should be.
    """
    source, count = iter(events), 0
    runs: list[list[Any]] = []
    while batch := list(islice(source, _CHUNK)):
        count += len(batch)
        facts = draw(batch)
        _follow(runs, batch)
        marks = ",".join("?" * (EVENT_COLUMNS + 1))
        db.executemany(
            f"INSERT INTO {schema}.event VALUES ({marks})", ((bundle, *row(it)) for it in batch)
        )
        for table, rows in facts.rows.items():
            marks = ",".join("?" * FACT_TABLES[table])
            db.executemany(f"INSERT INTO {schema}.{table} VALUES ({marks})", rows)
    db.executemany(
        f"INSERT INTO {schema}.run VALUES (?,?,?,?,?,?)", ((bundle, *run[:5]) for run in runs)
    )
    return count


def _follow(runs: list[list[Any]], events: Iterable[Event]) -> None:
    """Note which runs of which chains the events are, each one linked to the one before."""
    run: list[Any] = runs[-1] if runs else [None] * 6
    device, epoch, _first, last, _hlc, head = run
    for event in events:
        if (
            event.prev == head
            and event.seq == last + 1
            and event.device == device
            and event.epoch == epoch
        ):
            run[3] = event.seq
            if event.hlc > run[4]:
                run[4] = event.hlc
        else:
            device, epoch = event.device, event.epoch
            run = [device, epoch, event.seq, event.seq, event.hlc, ""]
            runs.append(run)
        last = event.seq
        run[5] = head = event.hash


def row(event: Event) -> tuple[object, ...]:
    """An event as the journal keeps it."""
    return (
        event.device,
        event.epoch,
        event.seq,
        event.hash,
        event.prev,
        event.hlc,
        event.kind,
        event.entity,
        event.division,
        event.line,
    )


class Stage:
    """A stage on disk, filled bundle by bundle; what is not kept leaves no trace.

    Every call raises Problem where the disk does not let it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        new = not path.exists()
        with in_words():
            self._db = sqlite3.connect(path, isolation_level=None)
            # Nothing here must survive: whoever dies begins anew with the bundles.
            self._db.execute("PRAGMA journal_mode=MEMORY")
            self._db.execute("PRAGMA synchronous=OFF")
            if new:
                create(self._db)

    @property
    def busy(self) -> bool:
        """Whether a bundle was begun and neither kept nor taken away."""
        return self._db.in_transaction

    def begin(self) -> None:
        """Start with a bundle."""
        with in_words():
            self._db.execute("BEGIN")

    def add(self, events: Iterable[Event], bundle: int) -> int:
        """As `add`, between ``begin`` and ``keep``."""
        with in_words():
            return add(self._db, events, bundle)

    def keep(self, keep: bool) -> None:
        """Leave the bundle on the stage, or take it away again."""
        with in_words():
            self._db.execute("COMMIT" if keep else "ROLLBACK")

    def close(self) -> None:
        """Let the file go; an unfinished bundle is taken away."""
        with suppress(sqlite3.Error):
            self._db.close()
