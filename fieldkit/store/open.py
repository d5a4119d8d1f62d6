"""Opening a home's database: pragmas, transactions, schema version."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

Database = sqlite3.Connection
"""An open journal, for those who may hand it on but not speak SQL to it."""

SCHEMA_VERSION = 13
"""What ``PRAGMA user_version`` says of a database that this program wrote."""

_WAIT_SECONDS = 10.0

_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    # NORMAL loses acknowledged events when power fails; an answer a minute can afford FULL.
    "PRAGMA synchronous=FULL",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    # Entities lie at random in their tables: 16 MiB hold the pages that a bundle comes back to.
    "PRAGMA cache_size=-16384",
    # A commit is durable in the log; what lies at random is written home a little less often.
    "PRAGMA wal_autocheckpoint=16000",
)


def connect(path: Path) -> sqlite3.Connection:
    """The database at ``path``, made and brought to this version when needed.

    Raises Problem when the file is no database of ours, is newer than this program, or cannot
    be opened.
    """
    if sqlite3.sqlite_version_info < (3, 37, 0):
        raise Problem(
            "sqlite-too-old",
            _("SQLite {version} 太旧，至少要 3.37。").format(version=sqlite3.sqlite_version),
            mend=_("请换用较新的 Python。"),
        )
    try:
        # Made private before SQLite makes the files beside it, which copy its mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        db = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_SECONDS)
        _write_ahead(db)
        for pragma in _PRAGMAS:
            db.execute(pragma)
        _bring_up(db, path)
    except sqlite3.Error as error:
        raise problem(error, path) from error
    except OSError as error:
        raise Problem(
            "database-unusable",
            _("数据库文件打不开：{reason}。").format(reason=error.strerror or ""),
            where=shown(str(path)),
            mend=_("检查文件夹权限。"),
        ) from error
    return db


def _write_ahead(db: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, once for a file; a share that has none keeps its own mode.

    SQLite does not wait here when another process opens the same new file, so this does.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            busy = getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


@contextmanager
def direct(db: sqlite3.Connection) -> Iterator[bool]:
    """Write into the file itself for as long as this lasts, if nobody else has it open.

    New pages are then written once and not first into the log: half the work where a file is
    filled. Each commit is as durable as otherwise (a journal of what was there before is synced,
    and its emptying too). Gives whether it is so; when another connection is open it is not.
    """
    db.execute("PRAGMA busy_timeout=0")
    try:
        (mode,) = db.execute("PRAGMA journal_mode=TRUNCATE").fetchone()
    except sqlite3.OperationalError:
        mode = ""
    finally:
        db.execute(f"PRAGMA busy_timeout={int(_WAIT_SECONDS * 1000)}")
    try:
        yield mode == "truncate"
    finally:
        # Whoever opens the file next would switch it back, were it not possible now.
        with suppress(sqlite3.Error):
            _write_ahead(db)


def _bring_up(db: sqlite3.Connection, path: Path) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version == SCHEMA_VERSION:
        return
    if version > SCHEMA_VERSION:
        raise Problem(
            "schema-newer",
            _("这个工作目录由更新的版本写成（结构 {theirs}，本程序 {ours}）。").format(
                theirs=version, ours=SCHEMA_VERSION
            ),
            where=shown(str(path)),
            mend=_("请升级 fieldkit。"),
        )
    from .migrations import migrate

    migrate(db, SCHEMA_VERSION)


@contextmanager
def in_words() -> Iterator[None]:
    """Say a fault of the database in words, wherever in the block it comes."""
    try:
        yield
    except sqlite3.Error as error:
        raise problem(error) from error


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One durable transaction that takes the write lock at once; nested blocks join it.

    Raises Problem when the disk is full, the file is damaged, or another program holds the lock
    for longer than ten seconds; nothing of the block is kept then.
    """
    if db.in_transaction:
        yield
        return
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise problem(error) from error
    try:
        yield
        db.execute("COMMIT")
    except sqlite3.Error as error:
        _roll_back(db)
        raise problem(error) from error
    except BaseException:
        _roll_back(db)
        raise


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")


def problem(error: sqlite3.Error, path: Path | None = None) -> Problem:
    """A database error as a sentence with its mend."""
    name = getattr(error, "sqlite_errorname", "")
    where = shown(str(path)) if path else ""
    if name == "SQLITE_FULL":
        return Problem(
            "disk-full", _("磁盘已满，没有写入任何内容。"), where=where, mend=_("请腾出空间再试。")
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Problem(
            "database-busy",
            _("另一个程序正占用这个工作目录。"),
            where=where,
            mend=_("稍后再试，或关闭另一个窗口。"),
        )
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return Problem(
            "database-damaged",
            _("数据库文件已损坏或不是 fieldkit 的数据库。"),
            where=where,
            mend=_("不要改动它，先复制一份，再从备份或数据包恢复。"),
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return Problem(
            "database-unusable",
            _("数据库文件打不开或不能写。"),
            where=where,
            mend=_("检查文件夹权限。"),
        )
    return Problem(
        "database-error",
        _("数据库出错：{text}。").format(text=shown(str(error))[:120]),
        where=where,
        mend=_("没有写入任何内容，请重试。"),
    )
