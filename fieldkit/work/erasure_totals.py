"""What stays of erased records: counts by rule, year, place and list, and nothing of any door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from fieldkit.domain.retention import PHOTOS, RECORDS, VISITS, Case
from fieldkit.store import retention as reading
from fieldkit.store.open import Database
from fieldkit.store.retention import File, Place

Total = dict[str, Any]
_Group = tuple[str, str, str, str, str]
_MOST_UP = 16


def totals(db: Database, visits_before: str, due: list[Case], photos: list[File]) -> list[Total]:
    """The counts of visits before a day, of cases and of files, sorted."""
    where = _Places(reading.places(db))
    groups: dict[_Group, Counter[str]] = {}
    _visits(groups, where, reading.visits(db, visits_before))
    for case in due:
        _case(groups, where, case)
    for file in photos:
        group = groups.setdefault((PHOTOS.id, file.day[:4], "", "", ""), Counter())
        group.update({"files": 1, "bytes": file.size})
    names = ("rule", "year", "division", "place", "checklist")
    return [
        {**dict(zip(names, key, strict=True)), "counts": dict(sorted(counts.items()))}
        for key, counts in sorted(groups.items())
    ]


def _visits(
    groups: dict[_Group, Counter[str]],
    where: _Places,
    found: Iterable[tuple[str, str, str, int, int]],
) -> None:
    """By year and building: visits by outcome, and doors once each."""
    doors: dict[tuple[_Group, str], list[int]] = {}
    for door, day, outcome, delivers, meets in found:
        key = (VISITS.id, day[:4], where.division(door), where.building(door), "")
        groups.setdefault(key, Counter()).update({"visits": 1, f"outcome.{outcome}": 1})
        best = doors.setdefault((key, door), [0, 0])
        best[0] |= delivers
        best[1] |= meets
    for (key, _door), (delivered, met) in doors.items():
        groups[key].update({"doors": 1, "delivered": delivered, "met": met})


def _case(groups: dict[_Group, Counter[str]], where: _Places, case: Case) -> None:
    """By year, division and list: inspections by grade, findings by how they ended."""
    home: dict[str, _Group] = {}
    for one in case.inspections:
        key = (RECORDS.id, one.day[:4], where.division(one.site), "", one.checklist)
        home[one.id] = key
        groups.setdefault(key, Counter()).update({"inspections": 1, f"grade.{one.grade}"[:60]: 1})
    for finding in case.findings:
        key = home.get(finding.inspection, (RECORDS.id, finding.day[:4], "", "", ""))
        counts = groups.setdefault(key, Counter())
        counts.update({"findings": 1, f"finding.{finding.state}": 1})
    for slip in case.referrals:
        key = home.get(slip.inspection, (RECORDS.id, slip.day[:4], "", "", ""))
        groups.setdefault(key, Counter()).update({"referrals": 1})


class _Places:
    """The building and the division of each place, climbed to once."""

    def __init__(self, places: dict[str, Place]) -> None:
        self._places = places
        self._building: dict[str, str] = {}
        self._division: dict[str, str] = {}

    def building(self, id_: str) -> str:
        """The code of the building that a door is in; empty where it is in none."""
        if id_ not in self._building:
            above = (place.code for place in self._above(id_) if place.kind == "building")
            self._building[id_] = next(above, "")
        return self._building[id_]

    def division(self, id_: str) -> str:
        """The nearest division code at or above a place."""
        if id_ not in self._division:
            above = (place.division for place in self._above(id_) if place.division)
            self._division[id_] = next(above, "")
        return self._division[id_]

    def _above(self, id_: str) -> Iterable[Place]:
        here = self._places.get(id_)
        for _step in range(_MOST_UP):
            if here is None:
                return
            yield here
            here = self._places.get(here.parent)
