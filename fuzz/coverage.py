"""Which steps of the watched modules an input takes, seen through ``sys.settrace``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import fieldkit_sync

#: (place of the code object, line before, line): more telling than the line alone.
Step = tuple[int, int, int]

_Trace = Callable[[FrameType, str, Any], Any]
_OWN = Path(__file__).parent


class Coverage:
    """Counts the steps taken in the named files of ``fieldkit_sync`` (or of the harness)."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        folders = [*map(Path, fieldkit_sync.__path__), _OWN]
        self._files = frozenset(str(folder / name) for folder in folders for name in modules)
        # Steps name code objects by number, so that two runs of one seed agree on the order.
        self._codes: dict[CodeType, int] = {}
        self._wanted: dict[int, int] = {}
        self._steps: set[Step] = set()
        self.seen: set[Step] = set()

    def steps(self, run: Callable[[bytes], None], data: bytes) -> set[Step]:
        """Return the steps that ``run`` took; what it raises passes through."""
        self._steps = set()
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            run(data)
        finally:
            sys.settrace(before)
        return self._steps

    def last(self) -> set[Step]:
        """The steps of the last run, also where it raised."""
        return self._steps

    def fresh(self) -> set[Step]:
        """The steps of the last run that no run before it took; they count as seen now."""
        new = self._steps - self.seen
        self.seen |= new
        return new

    def _enter(self, frame: FrameType, _event: str, _arg: Any) -> _Trace | None:
        code = frame.f_code
        number = self._wanted.get(id(code))
        if number is None:
            number = len(self._codes) if code.co_filename in self._files else -1
            if number >= 0:
                self._codes[code] = number  # Kept alive, so that its id stays its own.
                self._wanted[id(code)] = number
        if number < 0:
            return None
        steps, last = self._steps, 0

        def line(frame: FrameType, event: str, _arg: Any) -> _Trace:
            nonlocal last
            if event == "line":
                now = frame.f_lineno
                steps.add((number, last, now))
                last = now
            return line

        return line
