"""The register and the visits as they stood on a day: the same folds over facts of that time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import project

_SCHEMA = Path(__file__).resolve().parent / "schema"
_TABLES = ("f_site", "f_removed", "f_over", "f_visit", "f_withdrawn", "f_dated")


@contextmanager
def as_of(db: sqlite3.Connection, day: str, first: str = "") -> Iterator[sqlite3.Connection]:
    """A database in memory with what counted on a day (``YYYY-MM-DD``), for coverage.

    A place is there from the day that its first write names, gone from the day that its removal
    names; a visit counts on the day on which it was observed, and its withdrawal from the day on
    which it was withdrawn. So nothing that happens after a day changes the figures of that day.
    With ``first``, visits before that day do not count.
    """
    then = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for table in (*_TABLES, "site", "door_state", "conflict", "tally_stale"):
            (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            then.execute(sql)
        _copy(db, then, day, first)
        project.prepare(then)
        for name in ("site", "visit"):
            table, column = project.FACT_KEYS[name]
            then.execute(f"INSERT INTO temp.dirty_{name} SELECT DISTINCT {column} FROM {table}")
        project.fold_dirty(then, ("site", "visit"))
        yield then
    finally:
        then.close()


def _copy(db: sqlite3.Connection, into: sqlite3.Connection, day: str, first: str) -> None:
    dated = "EXISTS (SELECT 1 FROM f_dated AS d WHERE d.entity = t.entity AND d.hash = t.hash"
    dated += " AND d.day <= :day)"
    wanted = {
        "f_site": dated,
        "f_removed": dated,
        "f_withdrawn": dated,
        "f_dated": "t.day <= :day",
        "f_visit": "t.day BETWEEN :first AND :day",
        # A write of a later day has replaced nothing yet.
        "f_over": "t.kind = 'site.put' AND EXISTS (SELECT 1 FROM f_dated AS d "
        "WHERE d.entity = t.entity AND d.hash = t.hash AND d.day <= :day)",
    }
    into.execute("BEGIN")
    for table, where in wanted.items():
        marks = ",".join("?" * project.FACT_TABLES[table])
        rows = db.execute(f"SELECT * FROM {table} AS t WHERE {where}", {"day": day, "first": first})
        into.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    into.execute("COMMIT")
