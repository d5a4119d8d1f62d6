"""The steps of ``merge.py``, each run in a process of its own: its memory and caches are its own.

``python benchmarks/merge_steps.py NAME`` reads its arguments as JSON and prints what it found.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from fieldkit.work.workspace import Workspace

Numbers = dict[str, Any]

PRAGMAS = ("cache_size", "wal_autocheckpoint", "temp_store", "mmap_size", "foreign_keys")
"""Settings of our connections that the baseline's share; both write ahead and sync FULL."""


def usage() -> float:
    """CPU seconds of this process and of those it has waited for."""
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


@contextmanager
def timed(into: Numbers) -> Iterator[None]:
    """Note wall and CPU seconds, the load of the machine before, and the largest processes."""
    into["load"] = os.getloadavg()[0]
    cpu, start = usage(), time.perf_counter()
    yield
    into["seconds"] = time.perf_counter() - start
    into["cpu"] = usage() - cpu
    for name, who in (("self", resource.RUSAGE_SELF), ("child", resource.RUSAGE_CHILDREN)):
        into[f"maxrss_{name}_mb"] = resource.getrusage(who).ru_maxrss / 1024


def step_fleet(out: str, devices: int, visits: int, seed: int) -> Numbers:
    """Write a fleet."""
    from fieldkit.work.demo_fleet import write_fleet

    found = write_fleet(Path(out), devices, visits, seed)
    return {"events": found.events, "bundles": found.bundles, "doors": found.doors}


def step_merge(home: str, groups: list[list[str]], incremental: bool = False) -> Numbers:
    """Merge group after group of paths into a home, in one process.

    ``incremental``: as into a home that holds much, so that nothing is put off to the end.
    """
    from fieldkit.work import feeding, merging

    found: Numbers = {"new": 0, "known": 0, "rejected": 0}
    with Workspace.open(Path(home)) as ws, timed(found):
        for group in groups:
            paths = [Path(name) for name in group]
            size = feeding.GROUP_EVENTS if incremental else None
            done = merging.merge(ws, paths, group_events=size)
            found["new"] += done.events_new
            found["known"] += done.events_known
            found["rejected"] += len(done.rejected)
    return found


def step_parts(office: str, files: list[str], out: str) -> Numbers:
    """Merge each bundle alone into an empty office, and keep that journal: the bundle's rows."""
    from fieldkit.work import merging

    for number, file in enumerate(files):
        home = Path(out) / "one"
        shutil.copytree(office, home)
        with Workspace.open(home) as ws:
            merging.merge(ws, [Path(file)])
        (home / "journal.db").rename(Path(out) / f"{number}.db")
        shutil.rmtree(home)
    return {"parts": len(files)}


def step_holdout(office: str, files: list[str], out: str) -> Numbers:
    """Put the last bundle of each device aside."""
    from fieldkit.work import offices
    from fieldkit_sync.bundle import read

    with Workspace.open(Path(office)) as ws:
        identity = offices.load(ws).age_identity
    last: dict[str, tuple[int, str]] = {}
    for file in files:
        with read(Path(file), [identity], events_later=True) as opened:
            place = (int(opened.header["ranges"][-1]["to_seq"]), file)
            last[opened.device] = max(last.get(opened.device, place), place)
    for _seq, file in last.values():
        shutil.move(file, out)
    return {"spare": len(last)}


def tables(db: sqlite3.Connection, schema: str = "main") -> list[str]:
    """Every table that lies in the file."""
    rows = db.execute(
        f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND name NOT LIKE "
        "'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return [str(name) for (name,) in rows]


def bare(path: Path, settings: Numbers) -> sqlite3.Connection:
    """A connection with the settings of ours."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    for name in PRAGMAS:
        db.execute(f"PRAGMA {name}={settings[name]}")
    return db


def step_empty(office: str, out: str) -> Numbers:
    """An empty database as we would make it, and the settings that we would use it with."""
    with Workspace.open(Path(office)) as ws:
        found = {name: ws.store.db.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
        found["page_size"] = ws.store.db.execute("PRAGMA page_size").fetchone()[0]
    shutil.copyfile(Path(office) / "journal.db", out)
    with closing(bare(Path(out), found)) as db:
        for table in tables(db):
            db.execute(f"DELETE FROM {table}")
    return found


def step_kinds(empty: str, parts: list[str], last: str, settings: Numbers) -> Numbers:
    """Which tables are the sum of the bundles' rows, and which are a state, whole at the end."""
    path = Path(empty).with_name("kinds.db")
    shutil.copyfile(empty, path)
    sums: list[Numbers] = []
    states: list[Numbers] = []
    with closing(bare(path, settings)) as db:
        db.execute("PRAGMA temp_store=FILE")
        for part in parts:
            copy_rows(db, part, tables(db))
        db.execute("ATTACH ? AS src", (last,))
        for table in tables(db, "src"):
            held, wanted = (
                db.execute(f"SELECT COUNT(*) FROM {schema}.{table}").fetchone()[0]
                for schema in ("main", "src")
            )
            less = f"SELECT * FROM src.{table} EXCEPT SELECT * FROM main.{table} LIMIT 1"
            if not wanted:
                continue
            same = held == wanted and db.execute(less).fetchone() is None
            (sums if same else states).append({"table": table, "rows": wanted})
    path.unlink()
    return {"sums": sums, "states": states}


def copy_rows(db: sqlite3.Connection, source: str, names: Iterable[str]) -> None:
    """Copy the rows of these tables in one transaction."""
    db.execute("ATTACH ? AS src", (source,))
    db.execute("BEGIN IMMEDIATE")
    for table in names:
        db.execute(f"INSERT OR IGNORE INTO main.{table} SELECT * FROM src.{table}")
    db.execute("COMMIT")
    db.execute("DETACH src")


def step_baseline(
    empty: str, out: str, parts: list[str], last: str, sums: list[str], states: list[str],
    settings: Numbers,
) -> Numbers:  # fmt: skip
    """The least: SQLite copies the rows of one bundle after another, at the end the rest."""
    shutil.copyfile(empty, out)
    found: Numbers = {}
    with closing(bare(Path(out), settings)) as db:
        with timed(found):
            for part in parts[:-1]:
                copy_rows(db, part, sums)
            db.execute("ATTACH ? AS src", (parts[-1],))
            db.execute("ATTACH ? AS fin", (last,))
            db.execute("BEGIN IMMEDIATE")
            for table in sums:
                db.execute(f"INSERT OR IGNORE INTO main.{table} SELECT * FROM src.{table}")
            for table in states:
                db.execute(f"INSERT OR IGNORE INTO main.{table} SELECT * FROM fin.{table}")
            db.execute("COMMIT")
        found["short"] = [
            table
            for table in (*sums, *states)
            if db.execute(f"SELECT COUNT(*) FROM main.{table}").fetchone()
            != db.execute(f"SELECT COUNT(*) FROM fin.{table}").fetchone()
        ]
    return found


STEPS: dict[str, Callable[..., Numbers]] = {
    "fleet": step_fleet,
    "merge": step_merge,
    "parts": step_parts,
    "holdout": step_holdout,
    "empty": step_empty,
    "kinds": step_kinds,
    "baseline": step_baseline,
}


if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](**json.load(sys.stdin))))
