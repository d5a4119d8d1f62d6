"""What one visit costs, as a ratio to the least that durability costs, at two sizes of journal.

The baseline is one row into a bare table in the same file system, WAL with synchronous=FULL,
measured in the same run and interleaved with the appends. Prints medians; asserts nothing.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from fieldkit.domain.kinds import site_id
from fieldkit.store.store import Draft, Store

ROUNDS = 300


def visit(door: int) -> Draft:
    """One visit to one of the doors."""
    body = {"outcome": "met", "materials": 1, "app": "none", "note": "", "day": "2026-11-22"}
    return Draft("visit.logged", site_id(f"D{door}"), "990121101001", body)


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(sizes: list[int]) -> None:
    """Fill a journal to each size, then interleave appends with bare inserts."""
    with tempfile.TemporaryDirectory() as folder:
        bare = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE t (a TEXT)")
        store = Store(Path(folder), "d" * 32, lambda: int(time.time() * 1000))
        held = 0
        for size in sizes:
            while held < size:
                step = min(10_000, size - held)
                store.append([visit((held + n) % 5000) for n in range(step)])
                held += step
            ours, least = [], []
            for n in range(ROUNDS):
                least.append(timed(lambda: bare.execute("INSERT INTO t VALUES ('x')")))
                ours.append(timed(lambda n=n: store.append([visit(n)])))  # type: ignore[misc]
            held += ROUNDS
            a, b = statistics.median(ours), statistics.median(least)
            print(f"{held:>9} events: one visit {a * 1000:.2f} ms, {a / b:.1f} x a bare insert")
        store.close()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1_000, 100_000])
