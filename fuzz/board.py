"""A small file that a worker and its watcher share: what is being run now, and how it goes."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

_FORM = struct.Struct("<6Q")
_ROOM = 1 << 20


@dataclass(slots=True)
class Score:
    """Numbers of one worker. ``runs`` counts the input that is being run now."""

    runs: int = 0
    pool: int = 0
    first: int = 0
    cover: int = 0
    done: int = 0


class Board:
    """Numbers and the input at work, readable also after the worker was killed."""

    def __init__(self, path: Path, *, new: bool) -> None:
        if new:
            path.write_bytes(bytes(_FORM.size + _ROOM))
        with path.open("r+b") as source:
            self._map = mmap.mmap(source.fileno(), 0)

    def put(self, score: Score, data: bytes) -> None:
        """Say what is run next."""
        data = data[:_ROOM]
        self._map[_FORM.size : _FORM.size + len(data)] = data
        self._map[: _FORM.size] = _FORM.pack(
            score.runs, score.pool, score.first, score.cover, score.done, len(data)
        )

    def get(self) -> tuple[Score, bytes]:
        """Return the numbers, and the input that was put last."""
        *numbers, length = _FORM.unpack(self._map[: _FORM.size])
        return Score(*numbers), bytes(self._map[_FORM.size : _FORM.size + length])

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()
