"""An apsw connection that answers as the standard library's sqlite3 does, as far as we use it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import apsw

from .disk import Disk

_OPERATIONAL = (
    *("ERROR", "PERM", "ABORT", "BUSY", "LOCKED", "READONLY", "INTERRUPT", "IOERR"),
    *("FULL", "CANTOPEN", "PROTOCOL", "EMPTY", "SCHEMA"),
)
_KINDS: dict[str, type[sqlite3.Error]] = {
    **{f"SQLITE_{name}": sqlite3.OperationalError for name in _OPERATIONAL},
    "SQLITE_CONSTRAINT": sqlite3.IntegrityError,
    "SQLITE_MISMATCH": sqlite3.IntegrityError,
    "SQLITE_TOOBIG": sqlite3.DataError,
    "SQLITE_MISUSE": sqlite3.InterfaceError,
    "SQLITE_RANGE": sqlite3.InterfaceError,
}


def translated(error: apsw.Error) -> sqlite3.Error:
    """The standard library's exception for the same SQLite code."""
    codes = apsw.mapping_result_codes
    result = int(getattr(error, "result", 0)) & 0xFF or int(apsw.SQLITE_ERROR)
    extended = int(getattr(error, "extendedresult", 0)) or result
    name = str(codes.get(result, "SQLITE_ERROR"))
    made = _KINDS.get(name, sqlite3.DatabaseError)(str(error))
    made.sqlite_errorcode = extended
    made.sqlite_errorname = str(apsw.mapping_extended_result_codes.get(extended, name))
    return made


@contextmanager
def _as_stdlib() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise translated(error) from error


def _noting(columns: dict[str, Any]) -> Callable[[apsw.Cursor, str, Any], bool]:
    """Note the columns at the start, since apsw forgets them after the last row.

    No method of the cursor's owner: a cycle would keep an unfinished statement alive.
    """

    def note(cursor: apsw.Cursor, sql: str, values: Any) -> bool:
        columns["are"] = [(name, *(None,) * 6) for name, _ in cursor.get_description()] or None
        return True

    return note


class Cursor:
    """A cursor whose rows come by iteration or by ``fetch...``."""

    def __init__(self, cursor: apsw.Cursor) -> None:
        self._cursor = cursor
        self._columns: dict[str, Any] = {}
        cursor.exec_trace = _noting(self._columns)

    @property
    def description(self) -> Any:
        return self._columns.get("are")

    def execute(self, sql: str, values: Any = ()) -> Cursor:
        with _as_stdlib():
            self._cursor.execute(sql, values or None)
        return self

    def executemany(self, sql: str, rows: Iterable[Any]) -> Cursor:
        with _as_stdlib():
            self._cursor.executemany(sql, rows)
        return self

    def __iter__(self) -> Cursor:
        return self

    def __next__(self) -> Any:
        with _as_stdlib():
            return next(self._cursor)

    def fetchone(self) -> Any:
        return next(self, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for _, row in zip(range(size), self, strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self)

    @property
    def lastrowid(self) -> int:
        return int(self._cursor.connection.last_insert_rowid())

    @property
    def rowcount(self) -> int:
        return int(self._cursor.connection.changes())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class Connection:
    """Autocommit, as ``isolation_level=None`` gives it; what is not named here apsw answers."""

    isolation_level = None
    row_factory = None

    def __init__(self, path: str, disk: Disk, timeout: float) -> None:
        with _as_stdlib():
            self._db = apsw.Connection(path, vfs=disk.name)
            self._db.set_busy_timeout(int(timeout * 1000))

    def cursor(self) -> Cursor:
        return Cursor(self._db.cursor())

    def execute(self, sql: str, values: Any = ()) -> Cursor:
        return self.cursor().execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Any]) -> Cursor:
        return self.cursor().executemany(sql, rows)

    def executescript(self, sql: str) -> Cursor:
        return self.execute(sql)

    @property
    def in_transaction(self) -> bool:
        return bool(self._db.in_transaction)

    @property
    def total_changes(self) -> int:
        return int(self._db.total_changes())

    def close(self) -> None:
        with _as_stdlib():
            self._db.close(True)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)


@contextmanager
def opened_through(disk: Disk, root: Path) -> Iterator[Disk]:
    """Whoever calls ``sqlite3.connect`` for a file under ``root`` is given this disk."""
    real = sqlite3.connect

    def connect(path: Any, *given: Any, **named: Any) -> Any:
        if not str(path).startswith(str(root)):
            return real(path, *given, **named)
        return Connection(str(path), disk, float(named.get("timeout", 5.0)))

    with patch.object(sqlite3, "connect", connect):
        yield disk
