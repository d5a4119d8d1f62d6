"""Reading visits, what they come to at each door, and coverage counts."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from fieldkit.domain.outcomes import REVISIT
from fieldkit.domain.records import CoverageCounts, DoorState, Site, Visit

from .held import quiet
from .sites import BELOW, COLUMNS, site

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


@dataclass(slots=True)
class _Sum:
    doors: int = 0
    registered: int = 0
    removed: int = 0
    visited: int = 0
    delivered: int = 0
    met: int = 0
    revisit: int = 0

    def add(self, state: DoorState) -> None:
        self.doors += 1
        if state.door.removed:
            self.removed += 1
            return
        self.registered += state.door.registered is True
        self.delivered += state.door.registered is True and state.delivered
        self.visited += state.visits > 0
        self.met += state.met
        self.revisit += state.best in REVISIT


def coverage(
    db: sqlite3.Connection, by: str = "village", within: str | None = None
) -> list[CoverageCounts]:
    """Counts of each building, grid, village or town that has doors (DOMAIN §1.4, 000四(一)),
    of each door, or of all in one.

    A door belongs to its nearest place of that kind above it; where the register has none, to the
    grid or division written on the door itself.
    """
    places = _Places(db)
    sums: dict[str, _Sum] = {}
    for state in door_states(db, within):
        sums.setdefault(places.code(state.door, by), _Sum()).add(state)
    return [
        CoverageCounts(
            code,
            places.name(code, by),
            s.doors,
            s.registered,
            s.removed,
            s.visited,
            s.delivered,
            s.met,
            s.revisit,
        )
        for code, s in sorted(sums.items())
    ]


class _Places:
    """Which place a door counts for; looks each place up once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._sites: dict[str, Site | None] = {}
        self._names: dict[tuple[str, str], str] = {}

    def code(self, door: Site, by: str) -> str:
        """The code of the nearest place of a kind above a door, else what the door itself says."""
        if by == "all":
            return ""
        if by == "door":
            self._names.setdefault((by, door.code), door.name)
            return door.code
        division, grid = door.division, door.grid
        here: Site | None = door
        for _step in range(16):
            here = self._site(here.parent) if here is not None and here.parent else None
            if here is None:
                break
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
