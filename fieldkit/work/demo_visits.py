"""Made-up visits of the demonstration: who was in, who was not, over twenty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from fieldkit.domain.outcomes import BY_CODE
from fieldkit.domain.records import Site

from .demo_town import data

DAYS = 20
"""Visits lie on the days before today, at most this many back."""

_FIRST = {
    "met": 40, "absent": 24, "handed": 9, "left": 7, "refused": 4, "vacant": 6, "away": 4,
    "callback": 3, "minor": 2, "shop": 1,
}  # fmt: skip
_AGAIN = {"met": 48, "absent": 20, "handed": 12, "left": 16, "callback": 4}
_OPEN = frozenset(("absent", "callback", "minor"))
_SHARES = (96, 88, 52, 74, 30, 64, 12, 0)
"""Percent of doors visited, building by building, so that the coverage table has a story."""


@dataclass(frozen=True, slots=True)
class Call:
    """One made-up visit: ``back`` days before today."""

    door: Site
    back: int
    outcome: str
    materials: int
    app: str
    note: str


def calls(sites: Sequence[Site], seed: int) -> list[Call]:
    """All visits, the earliest day first; the same for the same town and seed."""
    random = Random(f"visits {seed}")
    parents = {site.id: site for site in sites}
    buildings = [site.id for site in sites if site.kind == "building"]
    share = {id: _SHARES[index % len(_SHARES)] for index, id in enumerate(buildings)}
    found: list[Call] = []
    for site in sites:
        if site.kind != "door":
            continue
        holder = parents[site.parent]
        building = holder.parent if holder.kind == "unit" else holder.id
        if random.randrange(100) < share[building]:
            found += _door(site, random)
    return sorted(found, key=lambda call: -call.back)


def _door(door: Site, random: Random) -> list[Call]:
    back = random.randint(9, DAYS)
    outcome = _draw(_FIRST, random)
    found = [_call(door, back, outcome, random)]
    while outcome in _OPEN and len(found) < 3 and random.randrange(100) < 65:
        back -= random.randint(1, 4)
        outcome = _draw(_AGAIN, random) if len(found) == 1 else "exhausted"
        found.append(_call(door, back, outcome, random))
    return found


def _call(door: Site, back: int, outcome: str, random: Random) -> Call:
    note = random.choice(data()["notes"]) if random.randrange(100) < 4 else ""
    app = random.choice(("already", "declined", "installed")) if outcome == "met" else "none"
    if random.randrange(100) < 70:
        app = "none"
    return Call(door, back, outcome, BY_CODE[outcome].materials, app, note)


def _draw(weights: dict[str, int], random: Random) -> str:
    return random.choices(list(weights), list(weights.values()))[0]
