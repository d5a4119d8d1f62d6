"""The schema, step by step. Runs only when a database is behind; imports sqlite-utils then."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from fieldkit.domain import kinds_standing

from .merges import OTHERWISE
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
        _later(db.conn)
        refold(db.conn)

    @migrations()
    def m003_versions_of_a_checklist(db: Any) -> None:
        """Inspections that went over to another version of their checklist."""
        _later(db.conn)
        _draw_what_was_only_kept(db.conn, "inspection.rebased")

    @migrations()
    def m004_beside_the_answers(db: Any) -> None:
        """Pairs, priors, particulars, taking up again, undo; the inspector's own pace."""
        _later(db.conn)
        _draw_what_was_only_kept(db.conn, "inspection.particulars", "inspection.reopened")

    @migrations()
    def m005_putting_right(db: Any) -> None:
        """The steps of findings."""
        _later(db.conn)
        _draw_what_was_only_kept(db.conn, "finding.moved")

    @migrations()
    def m006_days_of_the_register(db: Any) -> None:
        """From which day on each change of the register counts."""
        _later(db.conn)
        _draw_what_was_only_kept(
            db.conn, "site.put", "site.removed", "visit.withdrawn", "text.reviewed"
        )

    @migrations()
    def m007_referrals(db: Any) -> None:
        """Slips that hand a building's facts over, and their answers."""
        _later(db.conn)
        _draw_what_was_only_kept(db.conn, "referral.made", "referral.answered")

    @migrations()
    def m008_merges(db: Any) -> None:
        """What each merge brought; what came before this is in force whatever is taken back."""
        _later(db.conn)
        db.conn.execute(
            "INSERT OR IGNORE INTO merge_run "
            "SELECT device, epoch, ?, '', first, last, '' FROM chain_run",
            (OTHERWISE,),
        )

    @migrations()
    def m009_campaigns_and_assignments(db: Any) -> None:
        """Drives with their phases, and who is to inspect what."""
        _later(db.conn)
        _draw_what_was_only_kept(db.conn, "campaign.put", "assignment.put", "assignment.withdrawn")

    @migrations()
    def m010_erased(db: Any) -> None:
        """Bodies whose term is over may be erased, and stay erased."""
        _later(db.conn)

    @migrations()
    def m011_sent_back(db: Any) -> None:
        """Inspections that the office sent back."""
        _later(db.conn)
        _draw_what_was_only_kept(db.conn, "inspection.returned")

    @migrations()
    def m012_sums_for_the_dashboard(db: Any) -> None:
        """Doors and weeks by the place they hang under; made when they are read."""
        _later(db.conn)

    @migrations()
    def m013_monthly_standing(db: Any) -> None:
        """Figures, issued months, delistings and units made of others."""
        _later(db.conn)
        _draw_what_was_only_kept(db.conn, *kinds_standing.KINDS)

    return migrations


LATER = ("003", "004", "005", "006", "007", "008", "009", "010", "011", "012", "013")
"""Steps after the last that began anew; each may run twice."""


def _later(db: sqlite3.Connection) -> None:
    """Make the tables of all later steps: what is refolded in any step is today's facts."""
    for name in LATER:
        _run(db, (HERE / "schema" / f"{name}.sql").read_text("utf-8"))


def _draw_what_was_only_kept(db: sqlite3.Connection, *kinds: str) -> None:
    """Refold if there are events of which an earlier program kept the line and drew nothing."""
    marks = ",".join("?" * len(kinds))
    early = f"SELECT 1 FROM event WHERE kind IN ({marks}) LIMIT 1"
    if db.execute(early, kinds).fetchone():
        refold(db)


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
