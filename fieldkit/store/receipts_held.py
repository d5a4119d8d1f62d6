"""The newest receipt of each office above, and the newest policy of each: as they came, signed."""

from __future__ import annotations

import sqlite3


def receipt(db: sqlite3.Connection, office: str) -> bytes | None:
    """The receipt document held of an office."""
    row = db.execute("SELECT letter FROM receipt_held WHERE office = ?", (office,)).fetchone()
    return bytes(row[0]) if row else None


def keep_receipt(
    db: sqlite3.Connection, office: str, office_epoch: str, receipt_seq: int, raw: bytes
) -> None:
    """Put a receipt in the place of the one held before."""
    db.execute(
        "INSERT OR REPLACE INTO receipt_held VALUES (?, ?, ?, ?)",
        (office, office_epoch, receipt_seq, raw),
    )


def policy(db: sqlite3.Connection, office: str) -> bytes | None:
    """The policy document held of an office."""
    row = db.execute("SELECT letter FROM policy_held WHERE office = ?", (office,)).fetchone()
    return bytes(row[0]) if row else None


def policies(db: sqlite3.Connection) -> list[bytes]:
    """Every policy document held, of offices above and below."""
    return [bytes(raw) for (raw,) in db.execute("SELECT letter FROM policy_held ORDER BY office")]


def keep_policy(db: sqlite3.Connection, office: str, version: int, raw: bytes) -> None:
    """Put a policy in the place of the one held before."""
    db.execute("INSERT OR REPLACE INTO policy_held VALUES (?, ?, ?)", (office, version, raw))


def strange_epochs(db: sqlite3.Connection) -> set[str]:
    """Epochs of this device that an office told of and nobody here remembers."""
    row = db.execute("SELECT value FROM home WHERE key = 'strange'").fetchone()
    return set(str(row[0]).split()) if row else set()


def keep_strange_epochs(db: sqlite3.Connection, epochs: set[str]) -> None:
    """Note which of them a new epoch was opened for."""
    db.execute("INSERT OR REPLACE INTO home VALUES ('strange', ?)", (" ".join(sorted(epochs)),))
