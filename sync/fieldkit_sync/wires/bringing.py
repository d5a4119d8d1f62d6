"""Bringing volumes across a wire that breaks: each try goes on from where the last one ended."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fieldkit_sync.errors import Refusal

from .base import AGAIN, OFFICE, Volume, Wire

LEAST, MOST = 0.5, 30.0
"""Seconds between two tries: doubled each time, each drawn at random between half of it and it."""


class Step(NamedTuple):
    """Where the work stands: volumes that are across, of how many; bytes of this one, of how many.

    ``waits`` are the seconds until the next try; 0 while bytes flow.
    """

    done: int
    of: int
    bytes: int
    size: int
    waits: float = 0.0
    code: str = ""


class Brought(NamedTuple):
    """What came of it: volumes that are across now, those that were not there before, bytes that
    went out, and how many volumes were gone on with after a break."""

    volumes: int
    fresh: int
    bytes: int
    resumed: int


def bring(
    wire: Wire,
    volumes: Sequence[Volume],
    *,
    box: str = OFFICE,
    patience: float = 60.0,
    watch: Callable[[Step], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    chance: Callable[[], float] = random.random,
) -> Brought:
    """Put every volume; on return all lie there, whole.

    A try that fails for a reason of `AGAIN` is made again; ``patience`` seconds without a byte of
    progress end it. Raises the last `Refusal` then, and every other one at once; also what
    ``watch`` raises. What is across stays across.
    """
    fresh = sent = resumed = 0
    for number, volume in enumerate(volumes):
        best, pause, since, broke = -1, LEAST, clock(), False

        def tell(done: int, volume: Volume = volume, number: int = number) -> None:
            nonlocal sent, best, since, pause
            if done > best:
                # Only what is further than ever before is progress.
                best, since, pause = done, clock(), LEAST
            if watch is not None:
                watch(Step(number, len(volumes), done, volume.size))

        while True:
            try:
                went = wire.put(volume, box, tell)
            except Refusal as refusal:
                if refusal.code not in AGAIN or clock() - since >= patience:
                    raise
                broke = True
                wait = pause * (0.5 + chance() / 2)
                pause = min(pause * 2, MOST)
                if watch is not None:
                    step = Step(number, len(volumes), max(best, 0), volume.size, wait, refusal.code)
                    watch(step)
                sleep(wait)
            else:
                sent += went
                fresh += went > 0
                resumed += broke or 0 < went < volume.size
                break
    if watch is not None:
        watch(Step(len(volumes), len(volumes), 0, 0))
    return Brought(len(volumes), fresh, sent, resumed)
