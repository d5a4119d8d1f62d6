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

    A try that fails for a reason of `AGAIN` is made again; ``patience`` seconds of failing without
    a byte more over there end it. Raises the last `Refusal` then, and every other one at once; also
    what ``watch`` raises. What is across stays across.
    """
    fresh = sent = resumed = 0
    for number, volume in enumerate(volumes):
        sure, pause = -1, LEAST
        failing: float | None = None
        at: int | None = None

        def tell(done: int, volume: Volume = volume, number: int = number) -> None:
            nonlocal sent, sure, failing, pause, at
            if at is None:
                # What lies over there when a try begins is sure; the rest is on its way at best.
                if done > sure:
                    sure, failing, pause = done, None, LEAST
            else:
                sent += max(done - at, 0)
            at = done
            if watch is not None:
                watch(Step(number, len(volumes), done, volume.size))

        broke, before = False, sent
        while True:
            at = None
            try:
                went = wire.put(volume, box, tell)
            except Refusal as refusal:
                now = clock()
                failing = now if failing is None else failing
                if refusal.code not in AGAIN or now - failing >= patience:
                    raise
                broke = True
                wait = pause * (0.5 + chance() / 2)
                pause = min(pause * 2, MOST)
                if watch is not None:
                    step = Step(number, len(volumes), max(sure, 0), volume.size, wait, refusal.code)
                    watch(step)
                sleep(wait)
            else:
                fresh += went > 0 or sent > before
                resumed += broke or 0 < went < volume.size
                break
    if watch is not None:
        watch(Step(len(volumes), len(volumes), 0, 0))
    return Brought(len(volumes), fresh, sent, resumed)
