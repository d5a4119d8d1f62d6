"""How much came over the net in each minute of the last day: for a graph, nothing else."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .exchange_files import write_json

_NAME = ".minutes.json"
KEPT = 24 * 60


class Minute(NamedTuple):
    """Volumes and bytes that came in the minute that began at ``at`` (seconds since 1970)."""

    at: int
    volumes: int
    bytes: int


class Book:
    """Counts of one receiver, written beside what it received."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = folder / _NAME, clock
        self._minutes = {it.at: it for it in read(folder)}
        self._lock = threading.Lock()

    def add(self, size: int) -> None:
        """One volume came."""
        at = int(self._clock()) // 60 * 60
        with self._lock:
            before = self._minutes.get(at, Minute(at, 0, 0))
            self._minutes[at] = Minute(at, before.volumes + 1, before.bytes + size)
            for old in sorted(self._minutes)[:-KEPT]:
                del self._minutes[old]

    def write(self) -> None:
        """Keep the counts; a disk that fails costs the graph, nothing else."""
        with self._lock:
            rows = [list(self._minutes[at]) for at in sorted(self._minutes)]
        with suppress(OSError):
            write_json(self._path, {"minutes": rows})


def read(folder: Path) -> list[Minute]:
    """The minutes in which something came, the oldest first; none where nothing is written."""
    try:
        rows = json.loads((folder / _NAME).read_text("utf-8"))["minutes"]
        return sorted(Minute(int(at), int(n), int(size)) for at, n, size in rows)[-KEPT:]
    except (OSError, ValueError, TypeError, KeyError):
        return []
