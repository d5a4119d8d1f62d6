"""A widget that is lines of toned text, drawn a line at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from fieldkit.text.plain import shown
from fieldkit.text.width import char_width

Piece = tuple[str, str]
"""Text and the name of its tone ("" for the plain one)."""
Line = Sequence[Piece]

_PLAIN = ["dim", "strong", "accent", "pass", "fail", "skip", "todo", "key", "demo"]
_LIT = ["cursor", "cursor-dim", "cursor-pass", "cursor-fail", "cursor-key"]
TONES = {f"tone--{tone}" for tone in (*_PLAIN, *_LIT)}
"""What a screen must know of to hold painted widgets: its component classes."""


DOUBTFUL = "¤"
"""Stands for each cell of a character of which textual and we do not know the same width."""
_TO_PICTURE = "\ufe0f"
"""Asks for a picture: one cell in some terminals, two in others. The sign itself is enough."""


@lru_cache(maxsize=4096)
def drawable(text: str) -> str:
    """A text as wide for textual as it is for `cell_width`, by which rows are laid out."""
    text = shown(text)
    if text.isascii():
        return text
    return "".join(
        char if cell_len(char) == char_width(char) else DOUBTFUL * char_width(char)
        for char in text
        if char != _TO_PICTURE
    )


class Painted(Widget):
    """The base of all our widgets: `lines` says what is there, tones come from the theme.

    Text never passes through markup and every steering character is shown, not sent. The screen
    holds the tones for all of them: a set of styles in every widget costs more than drawing.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: list[Line] | None = None
        self._drawn_for = (0, 0)

    def lines(self, width: int, height: int) -> list[Line]:
        """What to draw in so many cells and rows."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw again with what is known now."""
        self._drawn = None
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw again in the new colours."""
        super().notify_style_update()
        self._drawn = None

    def render_line(self, y: int) -> Strip:
        """One row of cells."""
        size = (self.content_size.width, self.content_size.height)
        if self._drawn is None or self._drawn_for != size:
            self._drawn = self.lines(*size)
            self._drawn_for = size
        base = self.rich_style
        tone_of = self.screen.get_component_rich_style
        pieces: Line = self._drawn[y] if y < len(self._drawn) else ()
        segments = [
            Segment(drawable(text), base + tone_of(f"tone--{tone}", partial=True) if tone else base)
            for text, tone in pieces
            if text
        ]
        return Strip(segments).adjust_cell_length(size[0], base)
