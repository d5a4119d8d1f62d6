"""A database file looked at from outside: nothing is made, moved or mended."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from .open import SCHEMA_VERSION, problem

_STEP = 10_000
"""Instructions of the database machine between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a look at a database file tells.

    ``faults`` are those of the quick check, in English; ``whole`` says whether there was time for
    all of it.
    """

    journal_mode: str
    schema: int
    events: int
    newest: str
    faults: tuple[str, ...]
    whole: bool

    @property
    def current(self) -> bool:
        """Whether the file is as this version writes it."""
        return self.schema == SCHEMA_VERSION


def library_version() -> str:
    """The version of the SQLite library."""
    return sqlite3.sqlite_version


def look(path: Path, seconds: float = 10.0) -> Health:
    """Look at a file for at most about so many seconds. Raises Problem when it cannot be read."""
    try:
        # Only opened read-only, or a missing file would be made.
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)
        try:
            return _look(db, seconds)
        finally:
            db.close()
    except sqlite3.Error as error:
        raise problem(error, path) from error


def _look(db: sqlite3.Connection, seconds: float) -> Health:
    (mode,) = db.execute("PRAGMA journal_mode").fetchone()
    (schema,) = db.execute("PRAGMA user_version").fetchone()
    tables = {str(name) for (name,) in db.execute("SELECT name FROM sqlite_master")}
    events, newest = 0, ""
    if "chain" in tables:
        (events,) = db.execute("SELECT coalesce(sum(events), 0) FROM chain").fetchone()
    if "home" in tables:
        row = db.execute("SELECT value FROM home WHERE key = 'hlc'").fetchone()
        newest = str(row[0]) if row else ""
    faults, whole = _quick_check(db, seconds)
    return Health(str(mode), int(schema), int(events), newest, faults, whole)


def _quick_check(db: sqlite3.Connection, seconds: float) -> tuple[tuple[str, ...], bool]:
    deadline = time.monotonic() + seconds
    db.set_progress_handler(lambda: time.monotonic() > deadline, _STEP)
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA quick_check(5)")]
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            return (), False
        raise
    finally:
        db.set_progress_handler(None, 0)
    return tuple(fault for fault in found if fault != "ok"), True
