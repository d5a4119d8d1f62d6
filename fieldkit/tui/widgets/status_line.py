"""The row above the keys: what was kept and when, or why something was not."""

from __future__ import annotations

from typing import ClassVar

from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, cut
from fieldkit.text.wrap import wrap

from .painted import Line, Painted


class StatusLine(Painted):
    """One message on the left (two rows when it is long), a standing fact on the right."""

    DEFAULT_CSS: ClassVar[str] = "StatusLine { height: 2; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__(id="status")
        self._text = ""
        self._tone = ""
        self._saved = ""

    @property
    def text(self) -> str:
        """The message as it stands, without the saved mark."""
        return self._text

    @property
    def saved_mark(self) -> str:
        """The saved mark, empty until something was kept on this screen."""
        return self._saved

    def say(self, text: str, tone: str = "") -> None:
        """Show a message; the saved mark stays as it was."""
        self._text, self._tone = shown(text), tone
        self.redraw()

    def saved(self, mark: str) -> None:
        """Show that the last wish is on disk; call only after the work call returned."""
        self._saved = mark
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """The message wrapped to the rows there are, the saved mark right on the last one."""
        mark = self._saved
        room = width - (cell_width(mark) + 2 if mark else 0)
        rows = wrap(self._text, max(room, 10)) if self._text else [""]
        if len(rows) > height:
            rows = [*rows[: height - 1], cut("".join(rows[height - 1 :]), room)]
        rows = [""] * (height - len(rows)) + rows
        drawn: list[Line] = [[(row, self._tone)] for row in rows[:-1]]
        gap = " " * max(width - cell_width(rows[-1]) - cell_width(mark), 0)
        drawn.append([(rows[-1], self._tone), (gap, ""), (mark, "pass")])
        return drawn
