"""A screen that says nothing: for when somebody looks over the shoulder (DOMAIN §4.4)."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.text.i18n import _
from fieldkit.tui.widgets.page import Page

from .base import FieldScreen


class NeutralScreen(FieldScreen):
    """A sheet of notes with a date; nothing of any site, list or answer."""

    NAME: ClassVar[str] = "neutral"
    OPENS_LABELS: ClassVar[bool] = False

    def body(self) -> ComposeResult:
        """An empty page."""
        yield Page()

    def on_mount(self) -> None:
        """The date, and nothing else."""
        day = self.ws.today()
        self.title_bar.tell(_("记事"))
        title = _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)
        self.query_one(Page).show([(), [(title, "")], (), [("·", "dim")]])
        self.offer()
