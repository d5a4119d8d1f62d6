"""A widget that is lines of toned text, drawn a line at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from fieldkit.text.plain import shown

Piece = tuple[str, str]
"""Text and the name of its tone ("" for the plain one)."""
Line = Sequence[Piece]

_PLAIN = ["dim", "strong", "accent", "pass", "fail", "skip", "todo", "key", "demo"]
_LIT = ["cursor", "cursor-dim", "cursor-pass", "cursor-fail", "cursor-key"]
TONES = [*_PLAIN, *_LIT]


class Painted(Widget):
    """The base of all our widgets: `lines` says what is there, tones come from the theme.

    Text never passes through markup and every steering character is shown, not sent.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"tone--{tone}" for tone in TONES}

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
        pieces: Line = self._drawn[y] if y < len(self._drawn) else ()
        segments = [
            Segment(shown(text), self.get_component_rich_style(f"tone--{tone}") if tone else base)
            for text, tone in pieces
            if text
        ]
        return Strip(segments).adjust_cell_length(size[0], base)
