"""What the day asks for: unfinished work, findings that are due, what has not been sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldkit.store import duties
from fieldkit.store import returned as store_returned
from fieldkit.store import today as store_today

from .workspace import Workspace

if TYPE_CHECKING:
    from .pending import Standing


@dataclass(frozen=True, slots=True)
class Today:
    """Counts for the first screen."""

    open: int
    finished: int
    sites: int
    buildings: int
    findings: int
    due: int
    overdue: int
    assigned: int = 0
    """Open assignments for this device, or for whoever comes by."""
    late: int = 0
    """Those of them whose day has passed."""
    returned: int = 0
    """Inspections begun here that the office sent back."""


def today(ws: Workspace) -> Today:
    """Counted, not read: as quick in a large home as in an empty one."""
    db, day = ws.store.db, ws.today().isoformat()
    own = (ws.device.device, ws.device.name)
    return Today(
        *store_today.inspections(db),
        *store_today.places(db),
        *store_today.findings(db, day),
        *duties.assigned_to(db, own, day),
        store_returned.count(db, ws.device.device),
    )


def newest_open(ws: Workspace) -> str | None:
    """The unfinished inspection that was begun here last, by its id."""
    return store_today.newest_open(ws.store.db, ws.device.device)


def going_on(ws: Workspace, last: str) -> str | None:
    """Which inspection is offered to go on with: the last one if it is open, else the newest."""
    return store_today.still_open(ws.store.db, last) or newest_open(ws)


def unsent(ws: Workspace) -> Standing:
    """What the office has not acknowledged; reads receipts, so not before the first paint."""
    from . import pending

    return pending.standing(ws)


def is_office(ws: Workspace) -> bool:
    """Whether the desk of an office is offered: asked before the first paint, so of the disk alone.

    ``offices.is_office`` also mends a change of keys that was cut off.
    """
    return (ws.home / "office").is_dir()
