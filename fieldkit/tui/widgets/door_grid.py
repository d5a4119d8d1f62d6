"""The doors of a building: floors as rows, a word and a name in each cell, one widget for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.events import Click
from textual.message import Message

from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, cut, pad

from .painted import Line, Painted, Piece


@dataclass(frozen=True, slots=True)
class Cell:
    """One door."""

    door: str
    name: str
    mark: str
    tone: str


@dataclass(frozen=True, slots=True)
class Storey:
    """One floor: its label, what of it is done, its doors."""

    label: str
    total: str
    cells: tuple[Cell, ...]


class DoorGrid(Painted):
    """A line-API matrix with a cursor on one door."""

    DEFAULT_CSS: ClassVar[str] = "DoorGrid { height: 1fr; padding: 0 2; }"

    class Moved(Message):
        """The cursor was put on another door by a click."""

    def __init__(self) -> None:
        super().__init__(id="grid")
        self._storeys: tuple[Storey, ...] = ()
        self._floor = 0
        self._column = 0
        self._top = 0
        self._left = 0
        self._places: Mapping[str, tuple[int, int]] = {}

    @property
    def current(self) -> str | None:
        """The door under the cursor."""
        if not self._storeys:
            return None
        return self._storeys[self._floor].cells[self._column].door

    def show(self, storeys: Sequence[Storey], *, at: str | None = None) -> None:
        """Take new floors, keeping the cursor where it is unless a door is named."""
        self._storeys = tuple(storey for storey in storeys if storey.cells)
        self._places = {
            cell.door: (row, column)
            for row, storey in enumerate(self._storeys)
            for column, cell in enumerate(storey.cells)
        }
        if at in self._places:
            self._floor, self._column = self._places[str(at)]
        else:
            self._settle(self._floor, self._column)
        self.redraw()

    def put(self, door: str) -> None:
        """The cursor onto a door."""
        if door in self._places:
            self._floor, self._column = self._places[door]
            self.redraw()

    def move(self, down: int, right: int) -> None:
        """The cursor by so many floors and doors, stopping at the edges."""
        self._settle(self._floor + down, self._column + right)
        self.redraw()

    def step(self) -> None:
        """The next door in order: to the right, then the floor below."""
        if not self._storeys:
            return
        if self._column + 1 < len(self._storeys[self._floor].cells):
            self._column += 1
        elif self._floor + 1 < len(self._storeys):
            self._floor, self._column = self._floor + 1, 0
        self.redraw()

    def _settle(self, floor: int, column: int) -> None:
        self._floor = max(0, min(floor, len(self._storeys) - 1))
        last = len(self._storeys[self._floor].cells) - 1 if self._storeys else 0
        self._column = max(0, min(column, last))

    def _measures(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Cells of the floor label, cells of a door, doors in sight, rows a floor takes."""
        label = max(cell_width(f"{s.label} {s.total}") for s in self._storeys) + 3
        names = max(cell_width(shown(c.name)) for s in self._storeys for c in s.cells)
        cell = min(names, 12) + 6
        columns = max((width - label) // cell, 1)
        return label, cell, columns, 2 if len(self._storeys) * 2 - 1 <= height else 1

    def lines(self, width: int, height: int) -> list[Line]:
        """The floors in sight."""
        if not self._storeys:
            return []
        label, cell, columns, step = self._measures(width, height)
        floors = max((height + step - 1) // step, 1)
        self._top = _window(self._top, self._floor, floors, len(self._storeys))
        widest = max(len(storey.cells) for storey in self._storeys)
        self._left = _window(self._left, self._column, columns, widest)
        drawn: list[Line] = []
        for row, storey in enumerate(self._storeys[self._top : self._top + floors], self._top):
            drawn.append(self._storey(storey, row, label, cell, columns))
            drawn.extend([()] * (step - 1))
        return drawn[:height]

    def _storey(self, storey: Storey, row: int, label: int, cell: int, columns: int) -> Line:
        head = shown(storey.label)
        pieces: list[Piece] = [
            (head, "accent" if row == self._floor else ""),
            (pad(f" {storey.total}", label - cell_width(head)), "dim"),
        ]
        seen = storey.cells[self._left : self._left + columns]
        for column, door in enumerate(seen, self._left):
            here = (row, column) == (self._floor, self._column)
            lit = f"cursor-{door.tone}" if door.tone in ("pass", "fail") else "cursor"
            name = pad(cut(shown(door.name), cell - 6), cell - 6)
            pieces += [
                (f" {door.mark}", lit if here else door.tone),
                (f" {name} ", "cursor" if here else ("dim" if door.tone == "pass" else "")),
                (" ", ""),
            ]
        return pieces

    def on_click(self, event: Click) -> None:
        """The cursor onto the clicked door."""
        if not self._storeys:
            return
        label, cell, _columns, step = self._measures(*self.content_size)
        floor = (event.y - self.gutter.top) // step + self._top
        column = (event.x - self.gutter.left - label) // cell + self._left
        if 0 <= floor < len(self._storeys) and 0 <= column < len(self._storeys[floor].cells):
            self._floor, self._column = floor, column
            self.redraw()
            self.post_message(self.Moved())


def _window(first: int, at: int, page: int, total: int) -> int:
    """The first thing in sight so that ``at`` is among the ``page`` shown."""
    first = min(first, at)
    first = max(first, at - page + 1)
    return max(0, min(first, total - page))
