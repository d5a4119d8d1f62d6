"""A list to choose from: one row a choice, numbered, with the cursor always in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from textual.events import Click
from textual.message import Message

from fieldkit.domain import naming
from fieldkit.text import pinyin
from fieldkit.text.plain import folded, shown
from fieldkit.text.width import cell_width, cut, pad
from fieldkit.work.labels import PREFIX

from .painted import Line, Painted


@dataclass(frozen=True, slots=True)
class Row:
    """One choice: what it stands for, its text, a remark on the right, more words to find it by."""

    key: str
    text: str
    aside: str = ""
    mark: str = ""
    tone: str = ""
    find: str = ""
    faint: bool = False
    """Can be chosen, but most likely is not what one looks for."""

    def matches(self, wanted: str) -> bool:
        """Whether every typed word is somewhere in the row, as written or by its sound."""
        typed = _words(wanted)
        if not typed:
            return True
        written = _written(self.text, self.aside, self.find)
        for word, spelled in typed:
            if (
                word not in written
                and spelled not in written
                and not (pinyin.matches(self.text, word) or pinyin.matches(self.find, word))
            ):
                return False
        return True


# Asked of every row at every keystroke, hence kept.
@lru_cache(maxsize=1 << 15)
def _written(text: str, aside: str, find: str) -> str:
    return f"{folded(f'{text} {aside} {find}')} {naming.key(text)}".lower()


@lru_cache(maxsize=8)
def _words(wanted: str) -> tuple[tuple[str, str], ...]:
    """What was typed, word by word, and each as names of buildings are compared (3幢 as 3栋)."""
    return tuple((word, _spelled(word)) for word in _plain(wanted).split())


def _plain(wanted: str) -> str:
    # A label scanned into a filter finds its place by the code.
    return folded(wanted).lower().removeprefix(PREFIX.lower())


def _spelled(word: str) -> str:
    # A bare number is no name: 05 must not find every 5.
    spelled = naming.key(word)
    return spelled.lower() if any(sign in spelled for sign in "栋元层号") else word


class PickList(Painted):
    """Rows with a cursor; the screen moves it and reads it."""

    DEFAULT_CSS: ClassVar[str] = "PickList { height: 1fr; padding: 0 2; }"

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self, *, spacing: int = 1, numbered: bool = True) -> None:
        super().__init__(id="list")
        self._rows: tuple[Row, ...] = ()
        self._cursor = 0
        self._top = 0
        self._spacing = spacing
        self._numbered = numbered

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, also those out of sight."""
        return self._rows

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if self._rows else None

    def show(self, rows: Sequence[Row], *, at: str | None = None) -> None:
        """Take new rows; the cursor goes to the row ``at``, else to the first."""
        self._rows = tuple(rows)
        keys = [row.key for row in self._rows]
        self._cursor = keys.index(at) if at in keys else 0
        self._top = 0
        self.redraw()

    def move(self, by: int) -> None:
        """Move the cursor by so many rows, stopping at the ends."""
        self._cursor = max(0, min(self._cursor + by, len(self._rows) - 1))
        self.redraw()

    def numbered(self, digit: int) -> Row | None:
        """The row that carries this number now, with the cursor put on it."""
        index = self._top + digit - 1
        if not self._numbered or not 0 <= index < len(self._rows):
            return None
        self._cursor = index
        self.redraw()
        return self._rows[index]

    @property
    def page(self) -> int:
        """How many rows are in sight."""
        return max(self.content_size.height // self._spacing, 1)

    def lines(self, width: int, height: int) -> list[Line]:
        """The rows in sight, and how many lie further on."""
        step = self._spacing
        page = max(height // step, 1)
        if self._cursor < self._top:
            self._top = self._cursor
        elif self._cursor >= self._top + page:
            self._top = self._cursor - page + 1
        self._top = max(0, min(self._top, len(self._rows) - page))
        drawn: list[Line] = []
        for place, row in enumerate(self._rows[self._top : self._top + page]):
            drawn.append(self._row(row, place, self._top + place == self._cursor, width))
            drawn.extend([()] * (step - 1))
        return drawn

    def _row(self, row: Row, place: int, here: bool, width: int) -> Line:
        number = f"{place + 1}" if self._numbered and place < 9 else " "
        lead = f" {number}  " if self._numbered else " "
        aside = cut(shown(row.aside), width // 2)
        mark = f"{row.mark}  " if row.mark else ""
        room = width - cell_width(lead) - cell_width(mark) - cell_width(aside) - 2
        text = pad(shown(row.text), max(room, 4))
        if here:
            tone = f"cursor-{row.tone}" if row.tone in ("pass", "fail") else "cursor"
            return [
                (lead, "cursor-key"),
                (mark, tone),
                (text, "cursor"),
                (f" {aside} ", "cursor-dim"),
            ]
        return [
            (lead, "key"),
            (mark, row.tone),
            (text, "dim" if row.faint else ""),
            (f" {aside} ", "dim"),
        ]

    def on_click(self, event: Click) -> None:
        """A click is the cursor and Enter at once."""
        place = (event.y - self.gutter.top) // self._spacing + self._top
        if 0 <= place < len(self._rows):
            self._cursor = place
            self.redraw()
            self.post_message(self.Chosen(self._rows[place]))
