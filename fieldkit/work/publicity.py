"""What door-to-door publicity came to, for the table that an office files (DOMAIN §3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fieldkit.store import visits as store_visits

from . import coverage, sites
from .coverage import CoverageRow, Window
from .workspace import Workspace


class Publicity(NamedTuple):
    """One area: its coverage, its doors by best outcome, and the material that was left."""

    row: CoverageRow
    grids: int
    outcomes: Mapping[str, int]
    materials: int | None
    """None where the day is past: pieces are not counted as of a day."""


def publicity(
    ws: Workspace, by: str = "village", within: str = "", days: Window | None = None
) -> list[Publicity]:
    """Every area that has doors, in the order of ``coverage``; as of a day where one is given.

    Raises Problem for an unknown area word or place.
    """
    rows = coverage.coverage(ws, by, within or None, days)
    place = sites.find(ws, within).id if within else None
    db = ws.store.db
    if days is None or days == Window():
        outcomes = store_visits.outcomes(db, by, place)
        grids = store_visits.grids(db, by, place)
        materials = store_visits.materials(db, by, place)
        return [
            Publicity(row, grids.get(row.code, 0), outcomes.get(row.code, {}),
                      materials.get(row.code, 0))
            for row in rows
        ]  # fmt: skip
    from fieldkit.store.asof import as_of

    with as_of(db, days.last or "9999-12-31", days.first) as then:
        outcomes = store_visits.outcomes(then, by, place)
        grids = store_visits.grids(then, by, place)
    return [
        Publicity(row, grids.get(row.code, 0), outcomes.get(row.code, {}), None) for row in rows
    ]
