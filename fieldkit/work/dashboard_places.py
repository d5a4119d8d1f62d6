"""Behind the dashboard's numbers: places with their latest inspection, what failed, the heat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from fieldkit.domain.ordering import natural
from fieldkit.store import dashboard as store
from fieldkit.store.dashboard import Failed, Latest
from fieldkit.text.i18n import _, language

from . import coverage, gates
from .dashboard_map import AreaMap, looked_at
from .workspace import Workspace

PER_VILLAGE = 50
"""So many places of a village are drilled down to."""


class Place(NamedTuple):
    """A place with its latest scored inspection; ``code`` is empty where it is about a door."""

    code: str
    name: str
    village: str
    """The code of its village."""
    inspection: str
    checklist: str
    title: str
    day: str
    ratio: Fraction
    veto: tuple[str, ...]
    findings: int
    failed: tuple[Failed, ...]


class Drilled(NamedTuple):
    """The places of a village with their latest inspections, the worst first."""

    code: str
    places: tuple[Place, ...]
    left_out: int


def drill(ws: Workspace, within: str | None = None) -> list[Drilled]:
    """By village its places with a scored inspection, down to the items that failed.

    Raises as `read`.
    """
    place = looked_at(ws, within)
    hidden = gates.hidden_all(ws)
    with store.still(ws.store.db):
        map_ = AreaMap(store.areas(ws.store.db), place.id if place else None)
        found: dict[str, list[Latest]] = defaultdict(list)
        for one in latest(ws, map_, hidden):
            found[map_.village(one.place)].append(one)
        return [
            Drilled(code, told(ws, map_, those[:PER_VILLAGE]), max(len(those) - PER_VILLAGE, 0))
            for code, those in sorted(found.items(), key=lambda it: (natural(it[0]), it[0]))
        ]


class Strip(NamedTuple):
    """A building of the coverage map: a digit a floor from the bottom, as in `coverage.heat`."""

    code: str
    name: str
    village: str
    delivered: str
    met: str


def heat(ws: Workspace, within: str | None = None) -> list[Strip]:
    """The coverage map: the buildings with doors, in natural order of their codes.

    Raises as `read`.
    """
    place = looked_at(ws, within)
    map_ = AreaMap(store.areas(ws.store.db), place.id if place else None)
    found = coverage.heat(ws)
    strips = [
        Strip(area.code, map_.full_name(area), map_.village(area.id), *found[area.code])
        for area in map_.areas.values()
        if area.kind == "building" and map_.has(area.id) and area.code in found
    ]
    return sorted(strips, key=lambda strip: (natural(strip.code), strip.code))


@lru_cache(maxsize=4096)
def ratio(points: str, most: str) -> Fraction | None:
    """Points over the highest there are, both as ``n/d``; None over nothing."""
    whole = Fraction(most or 0)
    return Fraction(points or 0) / whole if whole else None


@lru_cache(maxsize=4096)
def _about(points: str, most: str) -> float:
    return float(ratio(points, most) or 0)


def titles(ws: Workspace) -> dict[str, str]:
    """Titles by digest, and by a checklist's id that of its latest version."""
    found = {}
    for digest, id, title, english in store.titles(ws.store.db):
        found[digest] = found[id] = english if english and language() == "en" else title
    return found


def latest(ws: Workspace, map_: AreaMap, hidden: frozenset[str]) -> list[Latest]:
    """Latest scored inspections, the worst first: a critical item failed, then the lowest."""
    found = store.latest(ws.store.db, map_.within, hidden)

    def badness(one: Latest) -> tuple[object, ...]:
        area = map_.areas.get(one.place)
        # As floats they are in the same order, and thousands are compared in no time.
        came_to = _about(one.points, one.max_points)
        code = area.code if area else ""
        return not one.veto, came_to, -one.findings, code, one.inspection

    return sorted(found, key=badness)


def told(ws: Workspace, map_: AreaMap, found: Sequence[Latest]) -> tuple[Place, ...]:
    words = titles(ws)
    failed: dict[str, list[Failed]] = defaultdict(list)
    for one in store.failed(ws.store.db, [it.inspection for it in found]):
        failed[one.inspection].append(one)
    exts = store.files(
        ws.store.db, {d for them in failed.values() for f in them for d in f.evidence}
    )
    rows = []
    for it in found:
        area = map_.areas.get(it.place)
        name = map_.full_name(area) if area else it.place[:8]
        rows.append(
            Place(
                area.code if area and not it.door else "",
                _("{name}（某户）").format(name=name) if it.door else name,
                map_.village(it.place),
                it.inspection,
                it.checklist_id,
                words.get(it.checklist) or it.checklist_id,
                it.day,
                ratio(it.points, it.max_points) or Fraction(),
                it.veto,
                it.findings,
                tuple(
                    f._replace(
                        evidence=tuple(f"{d}.{exts[d]}" if d in exts else d for d in f.evidence)
                    )
                    for f in failed[it.inspection]
                ),
            )
        )
    return tuple(rows)
