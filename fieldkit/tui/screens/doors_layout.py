"""Where each door of a building stands on the screen: its staircase, its floor, its column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from fieldkit.domain.records import DoorState
from fieldkit.work import sites
from fieldkit.work.visiting import Floor
from fieldkit.work.workspace import Workspace

SPARE = 2
"""So many more columns than the fullest floor has doors are still a tidy table."""
_ROOM = 2
"""Digits of a door's number that name its place along the floor (502: the second)."""


class Layout(NamedTuple):
    """Doors by their ids; names of staircases only where there are several."""

    labels: tuple[str, ...]
    """Of the floors, the top one first."""
    rows: tuple[tuple[str | None, ...], ...]
    """The doors of each floor, None where a column has none there."""
    titles: tuple[str, ...]
    """What stands over each column."""
    stairs: tuple[tuple[tuple[str, ...], ...], ...]
    """Staircases, their floors from the top, their doors from left to right."""
    is_flat: bool
    """Whether there are no floors to speak of: self-built houses."""


def staircases(ws: Workspace, place: str) -> dict[str, str]:
    """The names of the units of a building by id, in their order; of the buildings of a village."""
    found = sites.listing(ws, kinds=["unit", "building"], within=place)
    itself = sites.find(ws, place).id
    return {unit.id: unit.name for unit in found if unit.id != itself}


def arranged(floors: Sequence[Floor], units: Mapping[str, str]) -> Layout:
    """Doors under their staircases; ``units`` names staircases by id in their order."""
    held = {state.door.parent for floor in floors for state in floor.cells}
    known = [unit for unit in units if unit in held]
    # Doors that hang on the building itself stand before its staircases.
    groups = (["", *known] if held - set(known) else known) if len(held) > 1 else [""]
    rows: list[list[str | None]] = [[] for _floor in floors]
    titles: list[str] = []
    stairs: list[tuple[tuple[str, ...], ...]] = []
    for group in groups:
        mine = [_of_group(floor.cells, group, groups) for floor in floors]
        columns, heads = _columns(mine)
        for row, doors in zip(rows, columns, strict=True):
            row += doors
        titles += [units[group]] * len(heads) if group else heads
        stairs.append(tuple(tuple(state.door.id for state in doors) for doors in mine))
    flat = len(floors) == 1 and not floors[0].label
    labels = tuple(floor.label for floor in floors)
    return Layout(labels, tuple(map(tuple, rows)), tuple(titles), tuple(stairs), flat)


def _of_group(cells: Iterable[DoorState], group: str, groups: Sequence[str]) -> list[DoorState]:
    named = set(groups) - {""}
    return [
        state
        for state in cells
        if (state.door.parent == group if group else state.door.parent not in named)
    ]


def _columns(
    floors: Sequence[Sequence[DoorState]],
) -> tuple[list[list[str | None]], list[str]]:
    """The doors of one staircase in columns of one place each, and what stands over them."""
    places = [[_place(state.door.name) for state in doors] for doors in floors]
    heads = sorted({place for row in places for place in row})
    widest = max((len(doors) for doors in floors), default=0)
    told = all(
        all(row) and row == sorted(set(row))  # each place once, from left to right
        for row in places
    )
    if not told or len(heads) > widest + SPARE:
        filled = [
            [*(state.door.id for state in doors), *[None] * (widest - len(doors))]
            for doors in floors
        ]
        return filled, [""] * widest
    by_place = [
        dict(zip(row, (state.door.id for state in doors), strict=True))
        for row, doors in zip(places, floors, strict=True)
    ]
    return [[row.get(head) for head in heads] for row in by_place], heads


def _place(name: str) -> str:
    """The last two digits of a door's number; empty where it has none."""
    digits = name.removesuffix("室").removesuffix("房")
    plain = digits[-_ROOM:]
    return plain if len(digits) > _ROOM and plain.isascii() and plain.isdigit() else ""
