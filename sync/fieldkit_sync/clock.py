"""A hybrid logical clock: 16 hex digits that sort as text and tolerate wrong laptops.

Twelve digits count milliseconds since 1970 (UTC), four count events within a millisecond. A
stamp is a claim, never a proof: nothing is refused because of its clock, and a stamp from
far in the future does not drag the home's own clock along (DESIGN, "Rules of the fold").
"""

from __future__ import annotations

import os
import re

from fieldkit_sync.errors import Refusal

MAX_MS = 0xFFFF_FFFF_FFFF
MAX_COUNTER = 0xFFFF
DAY_MS = 86_400_000

_STAMP = re.compile(r"[0-9a-f]{16}")


def pack(ms: int, counter: int) -> str:
    """Write milliseconds and counter as 16 hex digits; `Refusal` ("bad-clock") out of range."""
    if not (0 <= ms <= MAX_MS and 0 <= counter <= MAX_COUNTER):
        raise Refusal("bad-clock", f"{ms}, {counter} does not fit a stamp")
    return f"{ms:012x}{counter:04x}"


def unpack(hlc: str) -> tuple[int, int]:
    """Read a stamp as (milliseconds, counter); `Refusal` ("bad-clock") if it is none."""
    if not _STAMP.fullmatch(hlc):
        raise Refusal("bad-clock", "a stamp is 16 lower-case hex digits")
    return int(hlc[:12], 16), int(hlc[12:], 16)


def tick(last: str | None, wall_ms: int) -> str:
    """Return a stamp for a new event: the wall clock, or just after ``last`` if that is later."""
    if last is None:
        return pack(wall_ms, 0)
    ms, counter = unpack(last)
    if wall_ms > ms:
        return pack(wall_ms, 0)
    return pack(ms, counter + 1) if counter < MAX_COUNTER else pack(ms + 1, 0)


def observe(last: str | None, seen: str, wall_ms: int) -> str | None:
    """Return the home's latest stamp after it has seen a foreign one.

    Never later than the wall clock plus 24 h on account of ``seen``: a laptop set to 2099
    must not push everybody there. ``last`` itself is never taken back.
    """
    ms, _ = unpack(seen)
    if ms > wall_ms + DAY_MS:
        return last
    return seen if last is None or seen > last else last


def new_epoch(wall_ms: int) -> str:
    """Return a fresh epoch: sorts by the time it began, and differs even between clones."""
    return f"{pack(wall_ms, 0)[:12]}{os.urandom(2).hex()}"
