"""Doors that want another visit, when nobody was home there, and how a person walks to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from fieldkit.domain.moments import day_of, moment_of
from fieldkit.domain.outcomes import REVISIT
from fieldkit.domain.records import DoorState
from fieldkit.domain.walking import Walk
from fieldkit.store import revisits as store_revisits
from fieldkit.store import visits as store_visits

from . import bookmarks, sites
from .workspace import Workspace

ENOUGH = 3
"""So many days on which nobody was home make a door one that was tried enough (DOMAIN §4.1)."""

_WALK = "walk"
"""Bookmark: how the person at this laptop walks."""


class Missed(NamedTuple):
    """One knock to which nobody answered."""

    weekday: int
    """Monday is 0."""
    hour: int | None
    """The hour on China's clock; None when the visit was entered on a later day."""


class Revisit(NamedTuple):
    """A door that wants another visit."""

    state: DoorState
    missed: tuple[Missed, ...]
    """The oldest first."""
    tried_enough: bool
    """Whether leaving the material and noting 三访未遇 is due."""


def listing(ws: Workspace, place_ref: str) -> list[Revisit]:
    """The doors under a place that want another visit, in order of their codes.

    A door that was struck off wants none. Raises Problem for an unknown place.
    """
    place = sites.find(ws, place_ref)
    absences = store_revisits.absences(ws.store.db, place.id)
    return [
        _revisit(state, absences.get(state.door.id, ()))
        for state in store_visits.door_states(ws.store.db, place.id)
        if wanted(state)
    ]


def wanted(state: DoorState) -> bool:
    """Whether a door wants another visit: by its best outcome, or because it had none."""
    return state.best in REVISIT and not state.door.removed


def tried_enough(ws: Workspace, state: DoorState) -> bool:
    """Whether nobody was home on three days at a door that still wants a visit."""
    if state.visits < ENOUGH or not wanted(state):
        return False
    absences = store_revisits.absences(ws.store.db, state.door.id)
    return _revisit(state, absences.get(state.door.id, ())).tried_enough


def state_of(ws: Workspace, door: str) -> DoorState | None:
    """What the visits of one door (its id) come to now; None when it is no door any more."""
    return next((s for s in store_visits.door_states(ws.store.db, door) if s.door.id == door), None)


def _revisit(state: DoorState, absences: Sequence[tuple[str, str]]) -> Revisit:
    missed = tuple(_missed(hlc, day) for hlc, day in absences)
    return Revisit(state, missed, len({day for _hlc, day in absences}) >= ENOUGH)


def _missed(hlc: str, day: str) -> Missed:
    if day_of(hlc) == day:
        moment = moment_of(hlc)
        return Missed(moment.weekday(), moment.hour)
    # Entered from paper: the stamp tells when it was typed, not when somebody knocked.
    return Missed(date.fromisoformat(day).weekday(), None)


def walk(ws: Workspace) -> Walk:
    """How the person walks; down and to the right until something else was chosen."""
    kept = bookmarks.recall(ws, _WALK)
    if isinstance(kept, list) and len(kept) == len(Walk._fields):
        return Walk(*(part is True for part in kept))
    return Walk()


def keep_walk(ws: Workspace, chosen: Walk) -> None:
    """Remember how the person walks, for every building."""
    bookmarks.remember(ws, _WALK, list(chosen))
