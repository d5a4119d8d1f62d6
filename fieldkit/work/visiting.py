"""Door by door: visits logged and withdrawn, the building's matrix, the coverage."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fieldkit.domain.records import DoorState, Site, Visit

from .workspace import Workspace

APPS = ("installed", "declined", "already", "none")


@dataclass(frozen=True, slots=True)
class Floor:
    """One floor of a building: its label and its doors in natural order."""

    label: str
    cells: tuple[DoorState, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A building as its floors, the top one first."""

    building: Site
    floors: tuple[Floor, ...]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Exact counts of one area and the two rates made of them (DOMAIN §1.4)."""

    code: str
    name: str
    doors: int
    registered: int
    removed: int
    visited: int
    delivered: int
    delivery_rate: Fraction | None
    met: int
    face_to_face_rate: Fraction | None
    revisit: int


def log(
    ws: Workspace,
    door_ref: str,
    outcome: str,
    materials: int | None = None,
    app: str = "none",
    note: str = "",
) -> Visit:
    """Log one visit to one door; on disk when this returns."""
    raise NotImplementedError


def withdraw(ws: Workspace, visit_id: str) -> Visit:
    """Take a visit back; the journal keeps both."""
    raise NotImplementedError


def matrix(ws: Workspace, building_ref: str) -> Matrix:
    """The doors of a building by floor."""
    raise NotImplementedError


def coverage(ws: Workspace, by: str = "village", within: str | None = None) -> list[CoverageRow]:
    """Coverage by building, grid, village or town, within one area or everywhere."""
    raise NotImplementedError
