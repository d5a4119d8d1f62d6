"""Reading visits, what they come to at each door, and coverage counts."""

from __future__ import annotations

import sqlite3

from fieldkit.domain.records import CoverageCounts, DoorState, Site, Visit

from .held import quiet
from .sites import BELOW, COLUMNS, site
from .tally import COUNTS

_VISIT = "event, door, outcome, materials, app, note, hlc, device, day"


def _visit(
    db: sqlite3.Connection, row: tuple[str, str, str, int, str, str, str, str, str]
) -> Visit:
    event, door, outcome, materials, app, note, *rest = row
    return Visit(event[:32], door, outcome, materials, app, quiet(db, note, event), *rest)


def of_door(db: sqlite3.Connection, door: str) -> list[Visit]:
    """The visits to a door, the latest first."""
    sql = f"SELECT {_VISIT} FROM visit WHERE door = ? ORDER BY hlc DESC, event DESC"
    return [_visit(db, row) for row in db.execute(sql, (door,))]


def by_prefix(db: sqlite3.Connection, prefix: str) -> list[Visit]:
    """Visits whose id begins so."""
    sql = f"SELECT {_VISIT} FROM visit WHERE event >= ? AND event < ? ORDER BY event"
    return [_visit(db, row) for row in db.execute(sql, (prefix, prefix + "g"))]


def event_of(db: sqlite3.Connection, visit: str, door: str) -> str:
    """The whole hash of the event behind a visit's id; empty when it was withdrawn meanwhile."""
    row = db.execute(
        "SELECT event FROM visit WHERE door = ? AND event >= ? AND event < ?",
        (door, visit, visit + "g"),
    ).fetchone()
    return str(row[0]) if row else ""


def door_states(db: sqlite3.Connection, within: str | None = None) -> list[DoorState]:
    """Every door under a place (its id), with what its visits come to.

    A door in whose place others stand is none any more.
    """
    sql, values, where = "", [], ""
    if within is not None:
        sql, values, where = BELOW, [within], " AND s.id IN (SELECT id FROM below)"
    sql += (
        f"SELECT {COLUMNS}, d.best, d.latest, d.visits, d.delivered, d.met, d.last_hlc "
        f"FROM site AS s LEFT JOIN door_state AS d ON d.door = s.id "
        f"WHERE s.kind = 'door' AND s.removed < 2{where} ORDER BY s.code"
    )
    states = []
    for row in db.execute(sql, values):
        best, latest, visits, delivered, met, last = row[11:]
        states.append(
            DoorState(
                site(row[:11]),
                best or "none",
                latest or "none",
                visits or 0,
                bool(delivered),
                bool(met),
                last,
            )
        )
    return states


def coverage(
    db: sqlite3.Connection, by: str = "village", within: str | None = None
) -> list[CoverageCounts]:
    """Counts of each building, grid, village or town that has doors (DOMAIN §1.4, 000四(一)),
    of each door, or of all in one.

    A door belongs to its nearest place of that kind above it; where the register has none, to the
    grid or division written on the door itself. Doors that hang under the same place are counted
    together, so that a hundred thousand of them are a few thousand rows here.
    """
    places = _Places(db)
    sums: dict[str, list[int]] = {}
    door = "s.code, s.name" if by == "door" else "'', ''"
    below, values, where = _below(within)
    rows = db.execute(
        f"{below}SELECT s.parent, s.division, s.grid, {door}, {COUNTS} "
        f"FROM site AS s LEFT JOIN door_state AS d ON d.door = s.id "
        f"WHERE s.kind = 'door' AND s.removed < 2{where} GROUP BY 1, 2, 3, 4, 5",
        values,
    )
    for parent, division, grid, code, name, *found in rows:
        area = places.code((parent, division, grid), (code, name), by)
        known = sums.setdefault(area, [0] * len(found))
        sums[area] = [a + b for a, b in zip(known, found, strict=True)]
    return [
        CoverageCounts(code, places.name(code, by), *found) for code, found in sorted(sums.items())
    ]


def outcomes(
    db: sqlite3.Connection, by: str = "village", within: str | None = None
) -> dict[str, dict[str, int]]:
    """By area's code how many of its doors have each outcome as their best, none included.

    Doors that were struck off are not counted; areas are those of ``coverage``.
    """
    places, found = _Places(db), dict[str, dict[str, int]]()
    below, values, where = _below(within)
    rows = db.execute(
        f"{below}SELECT s.parent, s.division, s.grid, COALESCE(d.best, 'none'), COUNT(*) "
        f"FROM site AS s LEFT JOIN door_state AS d ON d.door = s.id "
        f"WHERE s.kind = 'door' AND s.removed = 0{where} GROUP BY 1, 2, 3, 4",
        values,
    )
    for parent, division, grid, best, count in rows:
        area = found.setdefault(places.code((parent, division, grid), ("", ""), by), {})
        area[best] = area.get(best, 0) + count
    return found


def materials(
    db: sqlite3.Connection, by: str = "village", within: str | None = None
) -> dict[str, int]:
    """By area's code the pieces of material that all visits to its doors left."""
    places, found = _Places(db), dict[str, int]()
    below, values, where = _below(within)
    rows = db.execute(
        f"{below}SELECT s.parent, s.division, s.grid, SUM(v.materials) "
        f"FROM visit AS v JOIN site AS s ON s.id = v.door "
        f"WHERE s.kind = 'door'{where} GROUP BY 1, 2, 3",
        values,
    )
    for parent, division, grid, count in rows:
        code = places.code((parent, division, grid), ("", ""), by)
        found[code] = found.get(code, 0) + count
    return found


def grids(db: sqlite3.Connection, by: str = "village", within: str | None = None) -> dict[str, int]:
    """By area's code how many grids its doors are in."""
    places, found = _Places(db), dict[str, set[str]]()
    below, values, where = _below(within)
    rows = db.execute(
        f"{below}SELECT DISTINCT s.parent, s.division, s.grid FROM site AS s "
        f"WHERE s.kind = 'door' AND s.removed < 2{where}",
        values,
    )
    for told in rows:
        grid = places.code(tuple(told), ("", ""), "grid")
        if grid:
            found.setdefault(places.code(tuple(told), ("", ""), by), set()).add(grid)
    return {code: len(many) for code, many in found.items()}


def _below(within: str | None) -> tuple[str, list[str], str]:
    if within is None:
        return "", [], ""
    return BELOW, [within], " AND s.id IN (SELECT id FROM below)"


def storeys(db: sqlite3.Connection) -> dict[str, dict[str, tuple[int, int, int]]]:
    """By building and floor: doors that count, of these reached with material, and met."""
    places = _Places(db)
    found: dict[str, dict[str, tuple[int, int, int]]] = {}
    rows = db.execute(
        "SELECT s.parent, s.floor, COUNT(*), COALESCE(SUM(COALESCE(d.delivered, 0)), 0), "
        "COALESCE(SUM(COALESCE(d.met, 0)), 0) "
        "FROM site AS s LEFT JOIN door_state AS d ON d.door = s.id "
        "WHERE s.kind = 'door' AND s.removed = 0 GROUP BY 1, 2"
    )
    for parent, floor, *counts in rows:
        floors = found.setdefault(places.code((parent, "", ""), ("", ""), "building"), {})
        doors, reached, met = floors.get(floor, (0, 0, 0))
        floors[floor] = (doors + counts[0], reached + counts[1], met + counts[2])
    return found


class _Places:
    """Which place a door counts for; looks each place up once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._sites: dict[str, Site | None] = {}
        self._names: dict[tuple[str, str], str] = {}

    def code(self, told: tuple[str, str, str], door: tuple[str, str], by: str) -> str:
        """The code of the nearest place of a kind above doors, else what they say themselves.

        ``told`` is their parent, division and grid; ``door`` code and name of one door alone.
        """
        if by == "all":
            return ""
        if by == "door":
            self._names.setdefault((by, door[0]), door[1])
            return door[0]
        parent, division, grid = told
        for _step in range(16):
            here = self._site(parent) if parent else None
            if here is None:
                break
            parent = here.parent
            division, grid = division or here.division, grid or here.grid
            if here.kind == by:
                self._names.setdefault((by, here.code), here.name)
                return here.code
        if by == "grid" and grid:
            return grid
        width = {"village": 12, "town": 9}.get(by, 0)
        return division[:width]

    def name(self, code: str, by: str) -> str:
        """The name of such a place; empty when the register has none with this code."""
        known = self._names.get((by, code))
        if known is not None:
            return known
        row = self._db.execute(
            "SELECT name FROM site WHERE code = ? AND kind = ?", (code, by)
        ).fetchone()
        return str(row[0]) if row else ""

    def _site(self, id: str) -> Site | None:
        if id not in self._sites:
            row = self._db.execute(
                f"SELECT {COLUMNS} FROM site AS s WHERE s.id = ?", (id,)
            ).fetchone()
            self._sites[id] = site(row) if row else None
        return self._sites[id]
