"""The one-line editor: full-width input welcome, caret where the input method looks for it."""

from __future__ import annotations

from typing import ClassVar

from textual.geometry import Offset
from textual.widgets import Input


class LineEditor(Input):
    """A plain line. Enter and the F-keys belong to the screen."""

    DEFAULT_CSS: ClassVar[str] = """
    LineEditor { height: 1; border: none; padding: 0 1; margin: 0 0; width: 1fr; }
    LineEditor:focus { border: none; }
    """

    def __init__(self, *, id: str = "editor", max_length: int = 500) -> None:
        super().__init__(id=id, select_on_focus=False, max_length=max_length)
        self.cursor_blink = False

    @property
    def caret(self) -> Offset:
        """The cell of the caret on the screen; textual's own is one too far at the text's end."""
        x, y, _width, _height = self.content_region
        cell = self._position_to_cell(self.cursor_position)
        return Offset(x + cell - self.scroll_offset.x, y)

    def fill(self, text: str) -> None:
        """Replace the text and put the caret behind it."""
        self.value = text
        self.cursor_position = len(text)
