"""The schema, step by step. Runs only when a database is behind; imports sqlite-utils then."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from .refold import refold

HERE = Path(__file__).resolve().parent


def steps() -> Any:
    """The migrations in order; each is applied once, in a savepoint, with its record."""
    from sqlite_utils import Migrations

    migrations = Migrations("fieldkit")

    @migrations()
    def m001_journal_and_projections(db: Any) -> None:
        """The journal, the facts drawn from it, and the projections folded from those."""
        _run(db.conn, (HERE / "schema" / "001.sql").read_text("utf-8"))

    @migrations()
    def m002_facts_in_their_order(db: Any) -> None:
        """Facts lie as they are folded; bookkeeping of bundles and receipts."""
        _run(db.conn, (HERE / "schema" / "002.sql").read_text("utf-8"))
        # What is refolded here is today's facts, also those of later steps.
        _run(db.conn, (HERE / "schema" / "003.sql").read_text("utf-8"))
        refold(db.conn)

    @migrations()
    def m003_versions_of_a_checklist(db: Any) -> None:
        """Inspections that went over to another version of their checklist."""
        _run(db.conn, (HERE / "schema" / "003.sql").read_text("utf-8"))
        # An earlier program kept such events and drew nothing from them.
        early = "SELECT 1 FROM event WHERE kind = 'inspection.rebased' LIMIT 1"
        if db.conn.execute(early).fetchone():
            refold(db.conn)

    return migrations


def migrate(db: sqlite3.Connection, version: int) -> None:
    """Bring a database to ``version``; of two processes that try at once, one waits."""
    from sqlite_utils import Database

    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] < version:
            steps().apply(Database(db, execute_plugins=False))
            db.execute(f"PRAGMA user_version={version:d}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _run(db: sqlite3.Connection, script: str) -> None:
    """Run statements one by one: ``executescript`` would commit the open transaction."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    if statement.strip():
        db.execute(statement)
