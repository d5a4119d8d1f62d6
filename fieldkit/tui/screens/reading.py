"""A page to read: title, lines, back."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.text.i18n import _
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line

from .base import FieldScreen


class PagedScreen(FieldScreen):
    """A screen with one page that is moved through."""

    def body(self) -> ComposeResult:
        """The page."""
        yield Page()

    def tell_more(self) -> None:
        """Say that the page goes on below."""
        if self.query_one(Page).has_more:
            self.say(_("下面还有，按方向键往下看。"), "dim")

    def page_up(self, key: str) -> None:
        """Scroll up."""
        page = self.query_one(Page)
        page.move(-page.page if key == "pageup" else -1)

    def page_down(self, key: str) -> None:
        """Scroll down."""
        page = self.query_one(Page)
        page.move(page.page if key == "pagedown" else 1)


class ReadingScreen(PagedScreen):
    """Lines that are ready."""

    NAME: ClassVar[str] = "reading"

    def __init__(self, title: str, lines: list[Line]) -> None:
        super().__init__()
        self._heading, self._lines = title, lines

    def on_mount(self) -> None:
        """Show them."""
        self.title_bar.tell(self._heading)
        self.query_one(Page).show(self._lines)
        self.call_after_refresh(self.tell_more)
        self.offer()
