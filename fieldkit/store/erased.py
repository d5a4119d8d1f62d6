"""Erasing bodies: the line keeps its header, so the chain still verifies, and nothing comes back.

What is to go is gathered in a temporary set of this connection, then erased with its facts inside
the caller's transaction. Files are named there and removed only after the commit, by the caller.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from fieldkit.domain.moments import day_of
from fieldkit_sync.event import parse

from . import project
from .facts import TOUCHES
from .open import problem

RECORDS = (
    "inspection.started", "inspection.rebased", "inspection.finished", "inspection.particulars",
    "inspection.reopened", "answer.given", "finding.opened", "finding.moved", "referral.made",
    "referral.answered",
)  # fmt: skip
"""The kinds that make up an inspection and what followed from it."""
KINDS = ("visit.logged", "evidence.added", *RECORDS)
"""Kinds whose bodies may be erased; places, lists, seals and decisions stay."""

_BODY = "instr({}, '\"b\":') > 0"
_PENDING = "erasing"


class Key(NamedTuple):
    """One event, whether it is held or not."""

    device: str
    epoch: str
    seq: int
    hash: str


class Run(NamedTuple):
    """Erased events of one chain with consecutive numbers, by their hashes."""

    device: str
    epoch: str
    first: int
    hashes: tuple[str, ...]

    @property
    def keys(self) -> Iterator[Key]:
        """Each event of it."""
        for place, digest in enumerate(self.hashes):
            yield Key(self.device, self.epoch, self.first + place, digest)


def _header(alias: str, names: tuple[str, ...]) -> str:
    """The line without its body, made of the columns (event.py writes it so).

    The digest of the body is read where it stands, counted from the end of the line.
    """
    device, epoch, seq, prev, hlc, kind, entity, division, line = (f"{alias}.{n}" for n in names)
    return (
        f'CAST(\'{{"a":"\' || {division} || \'","d":"\' || {device} || \'","e":"\' || {epoch} '
        f'|| \'","h":"\' || '
        f"substr(CAST({line} AS TEXT), -256 - length({kind}) - length({seq}), 64) "
        f'|| \'","k":"\' || {kind} '
        f'|| \'","n":"\' || {entity} || \'","p":"\' || {prev} || \'","s":\' || {seq} '
        f'|| \',"t":"\' || {hlc} || \'","v":1}}\' AS BLOB)'
    )


_MAIN = ("device", "epoch", "seq", "prev", "hlc", "kind", "entity", "division", "line")
_STAGE = ("c0", "c1", "c2", "c4", "c5", "c6", "c7", "c8", "c9")


def strip(db: sqlite3.Connection, stage: str) -> None:
    """Take the bodies off what lies on a stage and was erased here, and the facts drawn of them."""
    if db.execute("SELECT 1 FROM main.erased LIMIT 1").fetchone() is None:
        return
    clear(db)
    marks = ",".join("?" * len(KINDS))
    db.execute(
        f"INSERT OR IGNORE INTO temp.going SELECT s.c3, s.c0, s.c1, s.c2 FROM {stage}.event AS s "
        f"WHERE s.c6 IN ({marks}) AND {_BODY.format('s.c9')} AND EXISTS (SELECT 1 FROM main.erased "
        "AS g WHERE g.device = s.c0 AND g.epoch = s.c1 AND g.seq = s.c2 AND g.hash = s.c3)",
        KINDS,
    )
    if db.execute("SELECT 1 FROM temp.going LIMIT 1").fetchone() is None:
        return
    visit = [row[1] for row in db.execute(f"PRAGMA {stage}.table_info(event)") if row[1][0] == "v"]
    bare = ", ".join([f"c9 = {_header('s', _STAGE)}", *(f"{name} = NULL" for name in visit)])
    went = "SELECT hash FROM temp.going"
    db.execute(f"UPDATE {stage}.event AS s SET {bare} WHERE s.c3 IN ({went})")
    staged = {row[0] for row in db.execute(f"SELECT name FROM {stage}.sqlite_master")}
    for table in staged & project.FACT_TABLES.keys():
        columns = [row[1] for row in db.execute(f"PRAGMA main.table_info({table})")]
        db.execute(f"DELETE FROM {stage}.{table} WHERE c{columns.index('hash')} IN ({went})")


def clear(db: sqlite3.Connection) -> None:
    """Begin with nothing to erase."""
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS going (hash, device, epoch, seq, "
        "PRIMARY KEY (hash, device, epoch, seq)) WITHOUT ROWID"
    )
    db.execute("CREATE TEMP TABLE IF NOT EXISTS going_entity (k PRIMARY KEY) WITHOUT ROWID")
    db.execute("CREATE TEMP TABLE IF NOT EXISTS going_file (sha256 PRIMARY KEY) WITHOUT ROWID")
    for name in ("going", "going_entity", "going_file"):
        db.execute(f"DELETE FROM temp.{name}")


def add_visits(db: sqlite3.Connection, before: str) -> None:
    """Every visit of an earlier day, those taken back too."""
    db.execute(
        "INSERT OR IGNORE INTO temp.going SELECT hash, device, epoch, seq FROM f_visit "
        "WHERE day < ?",
        (before,),
    )


def add_records(db: sqlite3.Connection, entities: Iterable[str]) -> None:
    """Everything of these inspections, findings and slips, and what came late of erased ones."""
    db.executemany(
        "INSERT OR IGNORE INTO temp.going_entity VALUES (?)", ((one,) for one in entities)
    )
    marks = ",".join("?" * len(RECORDS))
    db.execute(
        "INSERT OR IGNORE INTO temp.going_entity SELECT e.entity FROM erased AS g "
        "CROSS JOIN event AS e ON e.device = g.device AND e.epoch = g.epoch AND e.seq = g.seq "
        f"AND e.hash = g.hash WHERE e.kind IN ({marks})",
        RECORDS,
    )
    db.execute(
        "INSERT OR IGNORE INTO temp.going SELECT e.hash, e.device, e.epoch, e.seq FROM event AS e "
        f"WHERE e.kind IN ({marks}) AND e.entity IN (SELECT k FROM temp.going_entity) "
        f"AND {_BODY.format('e.line')}",
        RECORDS,
    )


def add_photos(db: sqlite3.Connection, digests: Iterable[str]) -> None:
    """Every announcement of these files."""
    db.executemany(
        "INSERT OR IGNORE INTO temp.going SELECT hash, device, epoch, seq FROM f_evidence "
        "WHERE sha256 = ?",
        ((one,) for one in digests),
    )


def add_withheld(db: sqlite3.Connection, before: Mapping[str, str]) -> Counter[str]:
    """Of what an undone merge brought, each kind before its day; gives how many by kind.

    No fact is drawn from it, so its day is read out of it: that of a visit, else of the writing.
    """
    rows = db.execute(
        "SELECT e.line FROM withheld AS w CROSS JOIN event AS e ON e.device = w.device "
        "AND e.epoch = w.epoch AND e.seq = w.seq AND e.hash = w.hash "
        f"WHERE {_BODY.format('e.line')}"
    ).fetchall()
    found: Counter[str] = Counter()
    for (line,) in rows:
        event = parse(bytes(line))
        body = event.body or {}
        day = str(body.get("day") or day_of(event.hlc))
        if event.kind in KINDS and day < before.get(event.kind, ""):
            found[event.kind] += 1
            values = (event.hash, event.device, event.epoch, event.seq)
            db.execute("INSERT OR IGNORE INTO temp.going VALUES (?,?,?,?)", values)
            if event.kind == "evidence.added":
                db.execute("INSERT OR IGNORE INTO temp.going_file VALUES (?)", (body["sha256"],))
    return found


def add_keys(db: sqlite3.Connection, keys: Collection[Key]) -> None:
    """Those of these events that are held with a body that may be erased; all are remembered."""
    db.executemany("INSERT OR IGNORE INTO erased VALUES (?,?,?,?)", keys)
    marks = ",".join("?" * len(KINDS))
    db.executemany(
        "INSERT OR IGNORE INTO temp.going SELECT hash, device, epoch, seq FROM event AS e WHERE "
        f"device = ? AND epoch = ? AND seq = ? AND hash = ? AND kind IN ({marks}) "
        f"AND {_BODY.format('e.line')}",
        ((*key, *KINDS) for key in keys),
    )


def going(db: sqlite3.Connection) -> list[Key]:
    """What was gathered, by chain and number."""
    sql = "SELECT device, epoch, seq, hash FROM temp.going ORDER BY 1, 2, 3, 4"
    return [Key(*row) for row in db.execute(sql)]


def going_files(db: sqlite3.Connection) -> list[str]:
    """The files of which every announcement was gathered."""
    sql = (
        "SELECT f.sha256 FROM (SELECT sha256 FROM f_evidence WHERE hash IN (SELECT hash FROM "
        "temp.going) UNION SELECT sha256 FROM temp.going_file) AS f WHERE NOT EXISTS "
        "(SELECT 1 FROM f_evidence AS o WHERE o.sha256 = f.sha256 "
        "AND o.hash NOT IN (SELECT hash FROM temp.going)) ORDER BY f.sha256"
    )
    return [str(row[0]) for row in db.execute(sql)]


def erase(db: sqlite3.Connection) -> None:
    """Erase what was gathered: bodies and facts; folds anew what they touched.

    Names the files to be removed and notes that the rest is still to be done (``pending``).
    """
    db.executemany(
        "INSERT OR IGNORE INTO erased_file VALUES (?)", ((one,) for one in going_files(db))
    )
    db.execute("INSERT OR IGNORE INTO erased SELECT device, epoch, seq, hash FROM temp.going")
    for name in project.FACT_KEYS:
        db.execute(f"DELETE FROM temp.dirty_{name}")
    touched = set()
    went = "hash IN (SELECT hash FROM temp.going)"
    for table in project.FACT_TABLES:
        if table in TOUCHES:
            name, places = TOUCHES[table]
            columns = [row[1] for row in db.execute(f"PRAGMA main.table_info({table})")]
            keys = ", ".join(columns[place] for place in places)
            done = db.execute(
                f"INSERT OR IGNORE INTO temp.dirty_{name} SELECT {keys} FROM {table} WHERE {went}"
            )
            touched |= {name} if done.rowcount else set()
        db.execute(f"DELETE FROM {table} WHERE {went}")
    db.execute(
        f"UPDATE main.event AS e SET line = {_header('e', _MAIN)} FROM temp.going AS g "
        "WHERE e.device = g.device AND e.epoch = g.epoch AND e.seq = g.seq AND e.hash = g.hash "
        f"AND {_BODY.format('e.line')}"
    )
    project.fold_dirty(db, touched)
    db.execute("INSERT OR IGNORE INTO home VALUES (?, '1')", (_PENDING,))


def pending(db: sqlite3.Connection) -> bool:
    """Whether an erasure was committed whose files and leftover bytes are not cleared away."""
    return db.execute("SELECT 1 FROM home WHERE key = ?", (_PENDING,)).fetchone() is not None


def files(db: sqlite3.Connection, among: Collection[str] | None = None) -> list[str]:
    """Erased files (of these) that no announcement names again."""
    sql = (
        "SELECT sha256 FROM erased_file AS f WHERE NOT EXISTS "
        "(SELECT 1 FROM f_evidence AS e WHERE e.sha256 = f.sha256) ORDER BY sha256"
    )
    found = (str(row[0]) for row in db.execute(sql))
    return [one for one in found if among is None or one in among]


def overwriting(db: sqlite3.Connection) -> None:
    """From now on this connection leaves no deleted byte in the file."""
    db.execute("PRAGMA secure_delete=ON")


def settle(db: sqlite3.Connection) -> bool:
    """Write the file anew without a byte of what was erased, and empty the log beside it.

    False while another program still reads an older state; then it is to be done again. Raises
    Problem where the disk does not let it.
    """
    try:
        db.execute("VACUUM")
        (busy, _log, _done) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            db.execute("DELETE FROM home WHERE key = ?", (_PENDING,))
    except sqlite3.Error as error:
        raise problem(error) from error
    return not busy


def runs(db: sqlite3.Connection, devices: Collection[str] | None = None) -> list[Run]:
    """Everything erased here, of these devices or all."""
    found: list[Run] = []
    rows = db.execute("SELECT device, epoch, seq, hash FROM erased ORDER BY 1, 2, 3, 4")
    keys = (Key(*row) for row in rows if devices is None or row[0] in devices)
    for (device, epoch), chain in groupby(keys, key=lambda it: (it.device, it.epoch)):
        first, last, hashes = 0, -1, list[str]()
        for key in chain:
            if key.seq != last + 1 and hashes:
                found.append(Run(device, epoch, first, tuple(hashes)))
                hashes = []
            first = first if hashes else key.seq
            last = key.seq
            hashes.append(key.hash)
        found.append(Run(device, epoch, first, tuple(hashes)))
    return found
