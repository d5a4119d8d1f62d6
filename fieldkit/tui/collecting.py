"""Looking for dead objects while nobody presses a key, never between a key and its answer."""

from __future__ import annotations

import gc
import time

CALM = 0.8
"""Seconds without a key after which there is time to look."""
ENOUGH = 5_000
"""New objects that make looking worth while."""


class Calm:
    """Stands in for the automatic collector for as long as the screens are open."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._first = True

    def begin(self) -> None:
        """From now on only `look` collects."""
        gc.disable()

    def end(self) -> None:
        """Leave the process as it was found."""
        gc.enable()
        gc.unfreeze()

    def pressed(self) -> None:
        """A key came."""
        self._last = time.monotonic()

    def look(self) -> None:
        """Collect if nobody is typing; what is there the first time (the program) is set aside."""
        if time.monotonic() - self._last < CALM or gc.get_count()[0] < ENOUGH:
            return
        gc.collect()
        if self._first:
            self._first = False
            gc.freeze()
