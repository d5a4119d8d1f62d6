"""Named rows of numbers to type into, with a cursor on one cell and the sums below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.events import Click
from textual.message import Message

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, cut, pad

from .painted import Line, Painted, Piece

MOST_LABEL, LEAST_CELL, MOST_TITLE = 40, 11, 16
AROUND = 2
"""The brackets of the cell under the cursor; beside other cells blanks."""
MARK = 3


class Cell(NamedTuple):
    """What stands in a cell, and its tone."""

    text: str
    tone: str = ""


class GridRow(NamedTuple):
    """One named row; ``mark`` is a word of two cells that says how it stands."""

    label: str
    mark: Cell
    cells: tuple[Cell, ...]


class FigureGrid(Painted):
    """A line-API table; header, labels and sums never scroll away."""

    DEFAULT_CSS: ClassVar[str] = "FigureGrid { height: 1fr; padding: 0 3; }"

    class Moved(Message):
        """The cursor was put on another cell by a click."""

    def __init__(self) -> None:
        super().__init__(id="grid")
        self._titles: tuple[str, ...] = ()
        self._rows: tuple[GridRow, ...] = ()
        self._sums: GridRow | None = None
        self.row = 0
        self.column = 0
        self._top = 0
        self._left = 0

    def show(self, titles: Sequence[str], rows: Sequence[GridRow], sums: GridRow) -> None:
        """Take new rows; the cursor stays, or goes as near as there is a cell."""
        self._titles = tuple(cut(shown(title), MOST_TITLE) for title in titles)
        self._rows, self._sums = tuple(rows), sums
        self.move(0, 0)

    def move(self, down: int, right: int) -> None:
        """The cursor by so many rows or columns, stopping at the edges."""
        self.put(self.row + down, self.column + right)

    def put(self, row: int, column: int) -> None:
        """The cursor onto a cell, or as near as there is one."""
        self.row = max(0, min(row, len(self._rows) - 1))
        self.column = max(0, min(column, len(self._titles) - 1))
        self.redraw()

    @property
    def page(self) -> int:
        """How many rows are in sight."""
        return self._room(self.content_size.height)

    @staticmethod
    def _room(height: int) -> int:
        """The rows that fit between the header and the sums."""
        return max(height - 2, 1)

    def _sizes(self, width: int) -> tuple[int, list[int]]:
        """Cells of the labels and of each column."""
        widths = [max(cell_width(title) + AROUND, LEAST_CELL) for title in self._titles]
        told = [*self._rows, *([self._sums] if self._sums else [])]
        widest = max((cell_width(shown(row.label)) for row in told), default=0)
        room = max(width - MARK - min(sum(widths), width // 2), 8)
        return min(widest + 2, room, MOST_LABEL), widths

    def _seen(self, room: int, widths: list[int]) -> range:
        """The columns in sight: the cursor's, and no place wasted on the right."""
        first = min(self._left, self.column)
        while first < self.column and sum(widths[first : self.column + 1]) > room:
            first += 1
        while first and sum(widths[first - 1 :]) <= room:
            first -= 1
        after = self.column + 1
        while after < len(widths) and sum(widths[first : after + 1]) <= room:
            after += 1
        self._left = first
        return range(first, min(after, len(widths)))

    def lines(self, width: int, height: int) -> list[Line]:
        """The header, the rows in sight, the sums."""
        if not self._titles or self._sums is None:
            return []
        label, widths = self._sizes(width)
        seen = self._seen(width - MARK - label, widths)
        page = self._room(height)
        self._top = max(min(self._top, self.row), self.row - page + 1)
        self._top = max(0, min(self._top, len(self._rows) - page))
        drawn: list[Line] = [self._head(label, widths, seen)]
        for at, row in enumerate(self._rows[self._top : self._top + page], self._top):
            drawn.append(self._row(row, at, label, widths, seen))
        drawn.append(self._row(self._sums, -1, label, widths, seen))
        return drawn

    def _head(self, label: int, widths: list[int], seen: range) -> Line:
        hidden = (self._left, len(widths) - seen.stop)
        told = _("左{n} 右{m}").format(n=hidden[0], m=hidden[1]) if any(hidden) else ""
        pieces: list[Piece] = [(pad(told, label + MARK), "dim")]
        for at in seen:
            tone = "accent" if at == self.column else "dim"
            pieces.append((pad(f"{self._titles[at]} ", widths[at], "right"), tone))
        return pieces

    def _row(self, row: GridRow, at: int, label: int, widths: list[int], seen: range) -> Line:
        here = at == self.row
        tone = "dim" if at < 0 else "accent" if here else ""
        mark = pad(row.mark.text, MARK)
        pieces: list[Piece] = [(mark, row.mark.tone), (pad(shown(row.label), label), tone)]
        for column in seen:
            cell = row.cells[column]
            text = pad(cell.text, widths[column] - AROUND, "right")
            if here and column == self.column:
                lit = f"cursor-{cell.tone}" if cell.tone in ("pass", "fail") else "cursor"
                pieces.append((f"[{text}]", lit))
            else:
                pieces.append((f" {text} ", cell.tone))
        return pieces

    def on_click(self, event: Click) -> None:
        """The cursor onto the clicked cell."""
        label, widths = self._sizes(self.content_size.width)
        row = event.y - self.gutter.top - 1 + self._top
        right = event.x - self.gutter.left - MARK - label
        for column in self._seen(self.content_size.width - MARK - label, widths):
            if 0 <= right < widths[column] and self._top <= row < len(self._rows):
                self.put(row, column)
                self.post_message(self.Moved())
                return
            right -= widths[column]
