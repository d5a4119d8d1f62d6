"""Rows of words of two cells under their columns, with a cursor on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.events import Click
from textual.message import Message

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, cut, pad

from .painted import Line, Painted, Piece

LEAST_LABEL, MOST_LABEL, MOST_TITLE, GAP = 16, 44, 10, 1
NOTHING = " ·"


class Mark(NamedTuple):
    """What stands in a cell: a word of two cells, and its tone."""

    word: str
    tone: str


class MatrixRow(NamedTuple):
    """A named row; None where nothing stands in a column."""

    label: str
    marks: tuple[Mark | None, ...]


class Matrix(Painted):
    """A line-API matrix; header and labels never scroll away."""

    DEFAULT_CSS: ClassVar[str] = "Matrix { height: 1fr; padding: 0 3; }"

    class Moved(Message):
        """The cursor was put on another cell by a click."""

    def __init__(self) -> None:
        super().__init__(id="matrix")
        self._titles: tuple[str, ...] = ()
        self._rows: tuple[MatrixRow, ...] = ()
        self._widest = 0
        self.row = 0
        self.column = 0
        self._top = 0
        self._left = 0

    def show(
        self, titles: Sequence[str], rows: Sequence[MatrixRow], *, at: tuple[int, int]
    ) -> None:
        """Take new rows; the cursor goes to a row and column, or as near as there is one."""
        self._titles = tuple(cut(shown(title), MOST_TITLE) for title in titles)
        self._rows = tuple(rows)
        self._widest = max((cell_width(shown(row.label)) for row in rows), default=0)
        self.row, self.column = at
        self.move(0, 0)

    def move(self, down: int, right: int) -> None:
        """The cursor by so many rows or columns, stopping at the edges."""
        self.row = max(0, min(self.row + down, len(self._rows) - 1))
        self.column = max(0, min(self.column + right, len(self._titles) - 1))
        self.redraw()

    @property
    def page(self) -> int:
        """How many rows are in sight."""
        return max(self.content_size.height - 1, 1)

    def _sizes(self, width: int) -> tuple[int, list[int]]:
        """Cells of the labels and of each column."""
        widths = [max(cell_width(title), 2) + GAP for title in self._titles]
        room = max(width - sum(widths), LEAST_LABEL)
        return min(self._widest + 2, room, MOST_LABEL), widths

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
        return range(first, after)

    def lines(self, width: int, height: int) -> list[Line]:
        """The header and the rows in sight."""
        if not self._rows:
            return []
        label, widths = self._sizes(width)
        seen = self._seen(width - label, widths)
        self._top = _window(self._top, self.row, max(height - 1, 1), len(self._rows))
        right = len(self._titles) - seen.stop
        hidden = _("左{n} 右{m}").format(n=self._left, m=right) if self._left or right else ""
        head: list[Piece] = [(pad(cut(hidden, label - 1), label), "dim")]
        for at in seen:
            tone = "accent" if at == self.column else "dim"
            head.append((pad(self._titles[at], widths[at]), tone))
        drawn: list[Line] = [head]
        for number in range(self._top, min(self._top + max(height - 1, 1), len(self._rows))):
            row, here = self._rows[number], number == self.row
            name = pad(cut(shown(row.label), label - 2), label)
            pieces: list[Piece] = [(name, "accent" if here else "")]
            for at in seen:
                pieces += _cell(row.marks[at], here and at == self.column, widths[at])
            drawn.append(pieces)
        return drawn

    def on_click(self, event: Click) -> None:
        """The cursor onto the clicked cell."""
        label, widths = self._sizes(self.content_size.width)
        row = event.y - self.gutter.top - 1 + self._top
        right = event.x - self.gutter.left - label
        for column in self._seen(self.content_size.width - label, widths):
            if 0 <= right < widths[column] and self._top <= row < len(self._rows):
                self.row, self.column = row, column
                self.redraw()
                self.post_message(self.Moved())
                return
            right -= widths[column]


def _cell(mark: Mark | None, here: bool, cell: int) -> list[Piece]:
    word, tone = mark or (NOTHING, "dim")
    if here:
        tone = f"cursor-{tone}" if tone in ("pass", "fail") else "cursor"
    return [(word, tone), (" " * (cell - 2), "")]


def _window(first: int, at: int, page: int, total: int) -> int:
    """The first thing in sight so that ``at`` is among the ``page`` shown."""
    first = max(min(first, at), at - page + 1)
    return max(0, min(first, total - page))
