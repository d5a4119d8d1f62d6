"""What the projections hold, as plain values: the nouns that every layer above speaks in."""

from __future__ import annotations

from typing import NamedTuple


class Site(NamedTuple):
    """A place of the register: a village, a premises, a building, a door. Never a person."""

    id: str
    code: str
    name: str
    kind: str
    parent: str
    division: str
    grid: str
    address: str
    floor: str
    registered: bool | None
    removed: bool = False


class Inspection(NamedTuple):
    """One walk of one site through one checklist, bound to that checklist's digest."""

    id: str
    site: str
    checklist: str
    checklist_id: str
    checklist_version: str
    mode: str
    nature: str
    day: str
    state: str
    started_hlc: str
    finished_hlc: str | None
    device: str
    seed: str
    pair: str = ""
    """The word that two inspectors agreed on who record one site unseen by each other."""
    prior: str = ""
    """The inspection that this one follows."""
    asks: tuple[str, ...] = ()
    """The items that are asked again; none means all."""


class Particulars(NamedTuple):
    """What belongs to a record beside the answers (DOMAIN §4.4); times are local, to the minute."""

    inspectors: tuple[str, ...] = ()
    observed_from: str = ""
    observed_to: str = ""
    unit_view: str = ""
    unit_sign: str = ""


class Given(NamedTuple):
    """One answer as it was written: what it said, and which one it took back or brought back."""

    event: str
    item: str
    value: str
    note: str
    evidence: tuple[str, ...]
    hlc: str
    turn: str
    turned: str


class Answer(NamedTuple):
    """The answer that counts for one item, in the canonical form of the command line."""

    inspection: str
    item: str
    value: str
    note: str
    evidence: tuple[str, ...]
    hlc: str
    device: str
    event: str


class Visit(NamedTuple):
    """One knock at one door; ``id`` is the first half of its event's hash."""

    id: str
    door: str
    outcome: str
    materials: int
    app: str
    note: str
    hlc: str
    device: str
    day: str


class DoorState(NamedTuple):
    """What all visits to a door come to (DOMAIN §4.1): best and latest outcome, or ``none``."""

    door: Site
    best: str
    latest: str
    visits: int
    delivered: bool
    met: bool
    last_hlc: str | None


class Finding(NamedTuple):
    """One thing to be put right, found by one item of one inspection."""

    id: str
    inspection: str
    item: str
    site: str
    text: str
    criterion: str
    severity: str
    due: str
    state: str
    hlc: str
    device: str


class Conflict(NamedTuple):
    """Writes that did not know of each other and differ; all kept, the first one counts."""

    kind: str
    entity: str
    slot: str
    values: tuple[tuple[str, str, str], ...]


class CoverageCounts(NamedTuple):
    """Exact counts of one building, grid, village or town (DOMAIN §1.4)."""

    code: str
    name: str
    doors: int
    registered: int
    removed: int
    visited: int
    delivered: int
    met: int
    revisit: int
