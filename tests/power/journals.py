"""Small journals to be hurt: drafts of three, and what must be true of them afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb
from typing import ParamSpec, TypeVar

from fieldkit.domain.kinds import site_id
from fieldkit.errors import Problem
from fieldkit.store.store import Draft, Store

P = ParamSpec("P")
T = TypeVar("T")

FULL_RUN = bool(os.environ.get("FIELDKIT_POWER_FULL"))
"""Every operation instead of a thinned choice (minutes instead of seconds)."""

NOW = 1_790_000_000_000
DEVICE = "d" * 32
BATCH = 3


def batch(number: int) -> list[Draft]:
    """Three visits that say which batch they are of."""
    bodies = [
        {
            "outcome": "met",
            "materials": place,
            "app": "none",
            "note": f"{number}",
            "day": "2026-11-22",
        }
        for place in range(BATCH)
    ]
    return [
        Draft("visit.logged", site_id(f"D{number % 7}{place}"), "", body)
        for place, body in enumerate(bodies)
    ]


def open_store(folder: Path, device: str = DEVICE) -> Store:
    """A store whose clock stands still."""
    return Store(folder, device, lambda: NOW)


def batches_of(store: Store) -> list[str]:
    """The batch numbers of the visits held, in the order of the journal."""
    return [str((event.body or {})["note"]) for event in store.events()]


def whole(numbers: list[str]) -> bool:
    """Whether these are batches 0, 1, 2, ... with three events each."""
    return numbers == [str(n // BATCH) for n in range(len(numbers))] and len(numbers) % BATCH == 0


def outcome(action: Callable[P, T], *given: P.args, **named: P.kwargs) -> tuple[T | None, str]:
    """What came of a call: its result, and the code of its Problem ("" if it went well).

    Any other error is told as ``TRACEBACK`` and the way that it came.
    """
    try:
        return action(*given, **named), ""
    except Problem as problem:
        return None, problem.code
    except Exception as error:
        tb = extract_tb(error.__traceback__)
        frames = [it for it in tb if "fieldkit" in it.filename and "tests" not in it.filename]
        way = " < ".join(f"{Path(it.filename).name}:{it.lineno}" for it in reversed(frames[-5:]))
        return None, f"TRACEBACK {type(error).__name__}: {error} at {way}"
