"""The first row: where one is, and that the data are invented when they are."""

from __future__ import annotations

from typing import ClassVar

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, cut

from .painted import Line, Painted


class TitleBar(Painted):
    """Title on the left, a fact or two and the demo mark on the right."""

    DEFAULT_CSS: ClassVar[str] = "TitleBar { dock: top; height: 1; padding: 0 1; }"

    def __init__(self, *, demo: bool) -> None:
        super().__init__(id="title")
        self._demo = demo
        self._title = ""
        self._aside = ""

    def tell(self, title: str, aside: str = "") -> None:
        """Set both texts."""
        self._title, self._aside = shown(title), shown(aside)
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """One row; the title gives way, the demo mark never."""
        mark = f" {_('演示数据')} " if self._demo else ""
        aside = cut(self._aside, max(width - cell_width(mark) - 20, 0))
        right = cell_width(mark) + (cell_width(aside) + 2 if aside else 0)
        title = cut(self._title, max(width - right - 2, 4))
        gap = " " * max(width - cell_width(title) - right, 1)
        return [
            [
                (title, "strong"),
                (gap, ""),
                (aside, "dim"),
                ("  " if aside else "", ""),
                (mark, "demo"),
            ]
        ]
