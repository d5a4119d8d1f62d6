"""Events on their way into a journal: verified, drawn apart, but not yet anybody's.

A stage is a small database of its own, on disk in a private folder or in memory. Another process
may fill it while the journal is busy. The journal then takes all of it in at the speed of SQLite,
in one transaction (``taking``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from fieldkit_sync.event import (
    BODY,
    DEVICE,
    EPOCH,
    HASH,
    HLC,
    KIND,
    PREV,
    SEQ,
    Event,
    Fields,
    fields_of,
    of_fields,
)

from .facts import Facts, visit_columns
from .open import in_words
from .project import FACT_TABLES

NAME = "stage"
"""The name by which a stage is attached to a journal's connection."""

EVENT_COLUMNS = 10
VISIT = "f_visit"
"""The commonest fact by far: its own columns lie beside its event, not in a row of their own."""
VISIT_COLUMNS = 8
VISIT_FACTS = (3, 0, 1, 2, 5, 7)
"""The columns of the event that the fact repeats, in its order."""

_CHUNK = 5000
_NO_VISIT = (None,) * VISIT_COLUMNS


def create(db: sqlite3.Connection, schema: str = "main") -> None:
    """Make the tables of a stage; they have no keys, since nothing is looked up in them."""
    columns = f"{_columns(EVENT_COLUMNS)}, {_columns(VISIT_COLUMNS, 'v')}"
    db.execute(f"CREATE TABLE {schema}.event (bundle, {columns})")
    db.execute(f"CREATE TABLE {schema}.run (bundle, device, epoch, first, last, last_hlc, head)")
    for table, width in FACT_TABLES.items():
        if table != VISIT:
            db.execute(f"CREATE TABLE {schema}.{table} ({_columns(width)})")


def _columns(width: int, letter: str = "c") -> str:
    return ", ".join(f"{letter}{n}" for n in range(width))


def add(
    db: sqlite3.Connection, events: Iterable[Fields], bundle: int = 0, schema: str = "main"
) -> int:
    """Put events on a stage, as those of one bundle; gives their number.

    Raises BadBody for a known kind whose body is not as it should be.
    """
    source, count = iter(events), 0
    runs: list[list[Any]] = []
    marks = ",".join("?" * (1 + EVENT_COLUMNS + VISIT_COLUMNS))
    while batch := list(islice(source, _CHUNK)):
        count += len(batch)
        facts = Facts()
        _follow(runs, batch)
        db.executemany(f"INSERT INTO {schema}.event VALUES ({marks})", _rows(batch, bundle, facts))
        for table, rows in facts.rows.items():
            places = ",".join("?" * FACT_TABLES[table])
            db.executemany(f"INSERT INTO {schema}.{table} VALUES ({places})", rows)
    db.executemany(
        f"INSERT INTO {schema}.run VALUES (?,?,?,?,?,?,?)", ((bundle, *run) for run in runs)
    )
    return count


def _rows(batch: list[Fields], bundle: int, facts: Facts) -> Iterator[tuple[object, ...]]:
    for found in batch:
        raw = found[BODY]
        if raw is None:
            visit: tuple[object, ...] = _NO_VISIT
        elif found[KIND] == "visit.logged":
            visit = visit_columns(raw)
        else:
            visit = _NO_VISIT
            facts.add(of_fields(found))
        yield (bundle, *found[:EVENT_COLUMNS], *visit)


def _follow(runs: list[list[Any]], events: Iterable[Fields]) -> None:
    """Note which runs of which chains the events are, each one linked to the one before."""
    run: list[Any] = runs[-1] if runs else [None] * 6
    device, epoch, _first, last, _hlc, head = run
    for event in events:
        seq, hlc = event[SEQ], event[HLC]
        if (
            event[PREV] == head
            and seq == last + 1
            and event[DEVICE] == device
            and event[EPOCH] == epoch
        ):
            run[3] = seq
            if hlc > run[4]:
                run[4] = hlc
        else:
            device, epoch = event[DEVICE], event[EPOCH]
            run = [device, epoch, seq, seq, hlc, ""]
            runs.append(run)
        last = seq
        run[5] = head = event[HASH]


def row(event: Event) -> tuple[object, ...]:
    """An event as the journal keeps it."""
    return fields_of(event)[:EVENT_COLUMNS]


class Stage:
    """A stage on disk, filled bundle by bundle; what is not kept leaves no trace.

    Every call raises Problem where the disk does not let it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        new = not path.exists()
        with in_words():
            self._db = sqlite3.connect(path, isolation_level=None)
            # Written once in a row and read once in a row: large pages do that at less cost.
            self._db.execute("PRAGMA page_size=32768")
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

    def add(self, events: Iterable[Fields], bundle: int) -> int:
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
