"""What cannot be taken back is read once more: publishing and correcting a month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.text.i18n import _
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line

from .pick import Caption
from .reading import PagedScreen

LONGEST = 500


class StandingConfirmScreen(PagedScreen):
    """A page, perhaps a line for the reason; F9 does it. Dismissed with what is said of it."""

    NAME: ClassVar[str] = "standing_confirm"
    CSS_PATH = "standing_confirm.tcss"

    def __init__(
        self, title: str, told: Sequence[str], act: Callable[[str], str], *, reason: bool
    ) -> None:
        super().__init__()
        self._heading, self._told, self._act, self._asks = title, told, act, reason

    def body(self) -> ComposeResult:
        """The page and the reason."""
        yield from super().body()
        yield Caption(_("理由（写进日志，别写人名、电话）："), "accent", id="why")
        yield LineEditor(max_length=LONGEST)

    def on_mount(self) -> None:
        """Show it."""
        self.title_bar.tell(self._heading)
        editor = self.query_one(LineEditor)
        editor.display = self.query_one("#why").display = self._asks
        if self._asks:
            self.set_focus(editor)
        self._paint()
        self.say(_("还没有办。看过再按 F9。"), "accent")
        self.offer()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._paint()

    def _paint(self) -> None:
        lines: list[Line] = []
        for text in self._told:
            lines += [[(row, "")] for row in wrap(text, max(min(self.size.width - 8, 96), 20))]
        self.query_one(Page).show(lines)

    def carry_out(self, _key: str) -> None:
        """Do it."""
        typed = self.query_one(LineEditor).value.strip()
        if self._asks and not typed:
            self.say(_("先写明理由，再按 F9。"), "fail")
            return
        self.dismiss(self._act(typed))
