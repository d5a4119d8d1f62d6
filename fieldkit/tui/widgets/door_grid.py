"""The doors of a building, a word and a name each: floors as rows, or a list of one door a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from textual.events import Click
from textual.message import Message

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, cut, pad

from .painted import Line, Painted, Piece

WIDEST_NAME = 12
WIDEST_IN_LIST = 30
AROUND = 6
"""Cells of a door beside its name: sign and mark, and the gaps."""
CHOSEN = "*"
"""Stands before the mark of a door that was marked, colours or not."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One door."""

    door: str
    name: str
    mark: str
    tone: str
    chosen: bool = False
    """Marked, to be logged together with others."""
    about: str = ""
    """What a list says behind the name."""


@dataclass(frozen=True, slots=True)
class Storey:
    """One row: its label, what of it is done, its doors; None where a column has no door."""

    label: str
    total: str
    cells: tuple[Cell | None, ...]


@dataclass(slots=True)
class _Sizes:
    """Cells that the widest label and the widest name take; measured once, not at every key."""

    label: int = 0
    name: int = 0

    def see(self, storey: Storey) -> None:
        self.label = max(self.label, cell_width(f"{storey.label} {storey.total}".strip()))
        for cell in storey.cells:
            if cell is not None:
                self.name = max(self.name, cell_width(shown(cell.name)))


@dataclass(frozen=True, slots=True)
class _Measures:
    label: int
    cell: int
    columns: int
    step: int
    """Screen rows that a floor takes."""
    head: int
    """Screen rows of the header."""


class DoorGrid(Painted):
    """A line-API matrix with a cursor on one door; header and floor labels never scroll away."""

    DEFAULT_CSS: ClassVar[str] = "DoorGrid { height: 1fr; padding: 0 2; }"

    class Moved(Message):
        """The cursor was put on another door by a click."""

    def __init__(self) -> None:
        super().__init__(id="grid")
        self._storeys: list[Storey] = []
        self._titles: tuple[str, ...] = ()
        self._list = False
        self._sizes = _Sizes()
        self._floor = 0
        self._column = 0
        self._top = 0
        self._left = 0
        self._places: Mapping[str, tuple[int, int]] = {}

    @property
    def current(self) -> str | None:
        """The door under the cursor."""
        cell = self._storeys[self._floor].cells[self._column] if self._storeys else None
        return cell.door if cell else None

    @property
    def page(self) -> int:
        """How many floors are in sight."""
        if not self._storeys:
            return 1
        size = self._measures(*self.content_size)
        return max((self.content_size.height - size.head) // size.step, 1)

    def show(
        self,
        storeys: Sequence[Storey],
        titles: Sequence[str] = (),
        *,
        at: str | None = None,
        as_list: bool = False,
    ) -> None:
        """Take new floors and titles of columns; the cursor goes to a door, else stays in place."""
        self._storeys = [storey for storey in storeys if any(storey.cells)]
        self._titles, self._list = tuple(titles), as_list
        self._sizes = _Sizes()
        for storey in self._storeys:
            self._sizes.see(storey)
        self._places = {
            cell.door: (row, column)
            for row, storey in enumerate(self._storeys)
            for column, cell in enumerate(storey.cells)
            if cell is not None
        }
        self._floor, self._column = self._places.get(at or "", (self._floor, self._column))
        self._settle(self._floor, self._column)
        self.redraw()

    def change(self, rows: Mapping[int, Storey]) -> None:
        """Take some rows anew; their doors stand where they stood."""
        for row, storey in rows.items():
            self._storeys[row] = storey
            self._sizes.see(storey)
        self.redraw()

    def row_of(self, door: str) -> int:
        """The row that a door is in."""
        return self._places[door][0]

    def put(self, door: str) -> None:
        """The cursor onto a door."""
        if door in self._places:
            self._floor, self._column = self._places[door]
            self.redraw()

    def move(self, down: int, right: int) -> None:
        """The cursor by so many floors or doors, stopping at the edges, over places without one."""
        if not self._storeys:
            return
        column = self._column + right
        cells = self._storeys[self._floor].cells
        while right and 0 <= column < len(cells) and cells[column] is None:
            column += right
        if right and not 0 <= column < len(cells):
            column = self._column
        self._settle(self._floor + down, column)
        self.redraw()

    def _settle(self, floor: int, column: int) -> None:
        """The cursor onto the door nearest to a place."""
        if not self._storeys:
            self._floor = self._column = 0
            return
        self._floor = max(0, min(floor, len(self._storeys) - 1))
        cells = self._storeys[self._floor].cells
        held = [at for at, cell in enumerate(cells) if cell is not None]
        self._column = min(held, key=lambda at: abs(at - column))

    def _measures(self, width: int, height: int) -> _Measures:
        head = int(any(self._titles) and not self._list)
        label = self._sizes.label + 3 if self._sizes.label else 0
        cell = width if self._list else min(self._sizes.name, WIDEST_NAME) + AROUND
        columns = max((width - label) // cell, 1) if cell else 1
        roomy = not self._list and len(self._storeys) * 2 - 1 <= height - head
        return _Measures(label, cell, columns, 2 if roomy else 1, head)

    def lines(self, width: int, height: int) -> list[Line]:
        """The header and the floors in sight."""
        if not self._storeys:
            return []
        size = self._measures(width, height)
        floors = max((height - size.head + size.step - 1) // size.step, 1)
        self._top = _window(self._top, self._floor, floors, len(self._storeys))
        widest = max(len(self._titles), len(self._storeys[self._floor].cells))
        self._left = _window(self._left, self._column, size.columns, widest)
        drawn: list[Line] = [self._header(size, widest)] if size.head else []
        for row, storey in enumerate(self._storeys[self._top : self._top + floors], self._top):
            drawn.append(self._storey(storey, row, size))
            drawn.extend([()] * (size.step - 1))
        return drawn[:height]

    def _header(self, size: _Measures, widest: int) -> Line:
        """What stands over each column; how many columns lie out of sight on either side."""
        right = max(widest - self._left - size.columns, 0)
        hidden = ""
        if self._left or right:
            hidden = _("左{n} 右{m}").format(n=self._left, m=right)
        pieces: list[Piece] = [(pad(cut(hidden, size.label - 1), size.label), "accent")]
        seen = self._titles[self._left : self._left + size.columns]
        for title, columns in groupby(seen):
            # A staircase is named over the first of its columns in sight.
            span = len(list(columns)) * size.cell
            pieces.append((pad(f"    {cut(shown(title), span - 4)}", span), "dim"))
        return pieces

    def _storey(self, storey: Storey, row: int, size: _Measures) -> Line:
        pieces: list[Piece] = []
        if size.label:
            head = shown(storey.label)
            pieces = [
                (head, "accent" if row == self._floor else ""),
                (pad(f" {storey.total}", size.label - cell_width(head)), "dim"),
            ]
        for column, door in enumerate(
            storey.cells[self._left : self._left + size.columns], self._left
        ):
            here = (row, column) == (self._floor, self._column)
            pieces += self._door(door, here, size) if door else [(" " * size.cell, "")]
        return pieces

    def _door(self, door: Cell, here: bool, size: _Measures) -> list[Piece]:
        lit = f"cursor-{door.tone}" if door.tone in ("pass", "fail") else "cursor"
        sign = CHOSEN if door.chosen else " "
        plain = "strong" if door.chosen else ("dim" if door.tone == "pass" else "")
        if self._list:
            room = min(self._sizes.name, WIDEST_IN_LIST)
            name = pad(cut(shown(door.name), room), room)
            text = pad(f" {name}   {door.about}", size.cell - 4)
        else:
            room = size.cell - AROUND
            text = f" {pad(cut(shown(door.name), room), room)} "
        return [
            (sign, "cursor-key" if here else "key"),
            (door.mark, lit if here else door.tone),
            (text, "cursor" if here else plain),
            (" ", ""),
        ]

    def on_click(self, event: Click) -> None:
        """The cursor onto the clicked door."""
        if not self._storeys:
            return
        size = self._measures(*self.content_size)
        floor = (event.y - self.gutter.top - size.head) // size.step + self._top
        column = (event.x - self.gutter.left - size.label) // size.cell + self._left
        if 0 <= floor < len(self._storeys) and 0 <= column < len(self._storeys[floor].cells):
            if self._storeys[floor].cells[column] is None:
                return
            self._floor, self._column = floor, column
            self.redraw()
            self.post_message(self.Moved())


def _window(first: int, at: int, page: int, total: int) -> int:
    """The first thing in sight so that ``at`` is among the ``page`` shown."""
    first = min(first, at)
    first = max(first, at - page + 1)
    return max(0, min(first, total - page))
