"""The order in which a person walks the doors of a building."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

Stairs = Sequence[Sequence[Sequence[str]]]
"""Staircases in their order, each with its floors from the top one down, each with its doors from
left to right."""


class Walk(NamedTuple):
    """How somebody likes to walk."""

    up: bool = False
    """From the lowest floor up the stairs, else from the top one down."""
    leftward: bool = False
    """Along a floor from right to left, else from left to right."""
    serpentine: bool = False
    """Every other floor the other way round, so that nobody walks an empty corridor back."""


def order(stairs: Stairs, walk: Walk) -> list[str]:
    """Every door once: staircase by staircase, floor by floor."""
    found: list[str] = []
    for floors in stairs:
        back = walk.leftward
        for doors in reversed(floors) if walk.up else floors:
            if not doors:
                continue
            found += reversed(doors) if back else doors
            back = back != walk.serpentine
    return found


def after(doors: Sequence[str], here: str, gone: Collection[str] = ()) -> str | None:
    """The next door behind one that is not gone; None at the end of the way."""
    start = doors.index(here) + 1 if here in doors else 0
    return next((door for door in doors[start:] if door not in gone), None)


def between(doors: Sequence[str], one: str, other: str) -> list[str]:
    """The doors on the way from one to another, both included, whichever comes first."""
    first, last = sorted((doors.index(one), doors.index(other)))
    return list(doors[first : last + 1])
