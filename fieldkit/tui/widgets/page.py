"""A text to read: lines that can be moved through."""

from __future__ import annotations

from typing import ClassVar

from .painted import Line, Painted


class Page(Painted):
    """Lines with a window over them."""

    DEFAULT_CSS: ClassVar[str] = "Page { height: 1fr; padding: 0 3; }"

    def __init__(self, *, id: str = "page") -> None:
        super().__init__(id=id)
        self._text: list[Line] = []
        self._top = 0

    def show(self, lines: list[Line]) -> None:
        """Take new lines, from the top."""
        self._text, self._top = lines, 0
        self.redraw()

    def move(self, by: int) -> None:
        """Move the window, stopping at the ends."""
        last = max(len(self._text) - self.content_size.height, 0)
        self._top = max(0, min(self._top + by, last))
        self.redraw()

    @property
    def top(self) -> int:
        """The first line in sight."""
        return self._top

    @property
    def page(self) -> int:
        """How many lines fit, less one to keep the thread."""
        return max(self.content_size.height - 1, 1)

    @property
    def has_more(self) -> bool:
        """Whether lines lie below the window."""
        return self._top + self.content_size.height < len(self._text)

    def lines(self, width: int, height: int) -> list[Line]:
        """The window."""
        self._top = max(0, min(self._top, len(self._text) - height))
        return self._text[self._top : self._top + height]
