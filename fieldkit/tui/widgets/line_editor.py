"""The one-line editor: full-width input welcome, caret where the input method looks for it."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import Offset
from textual.widgets import Input

from fieldkit.text.plain import is_control

from .painted import drawable

HIDDEN = "¤"
"""Stands in the line for every steering or hidden character, a cell each."""


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

    @property
    def _value(self) -> Text:
        """What is painted: a pasted escape is seen, never sent; whoever keeps it refuses it."""
        return Text(visible(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return cell_len(visible(self.value[:position]))

    def fill(self, text: str) -> None:
        """Replace the text and put the caret behind it."""
        self.value = text
        self.cursor_position = len(text)


def visible(text: str) -> str:
    """A text with a sign for each character that would steer the terminal or hide."""
    return drawable("".join(HIDDEN if is_control(char) else char for char in text))
