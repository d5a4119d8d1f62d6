"""What the keys of a screen mean, from the same table as the key bar."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.text.i18n import _
from fieldkit.text.width import pad
from fieldkit.tui import commands
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line

from .base import FieldScreen


class HelpScreen(FieldScreen):
    """A page of keys and meanings."""

    NAME: ClassVar[str] = "help"
    CSS_PATH = "help.tcss"

    def __init__(self, about: FieldScreen) -> None:
        super().__init__()
        self._screen = about

    def body(self) -> ComposeResult:
        """One page."""
        yield Page()

    def on_mount(self) -> None:
        """Fill the page: what works now first, then the rest of the screen."""
        self.title_bar.tell(_("这一屏的键"))
        now = commands.on(self._screen.NAME, self._screen.mode)
        later = [
            c
            for c in commands.SCREENS[self._screen.NAME]
            if c not in now and c.id not in {known.id for known in now}
        ]
        lines: list[Line] = [(), [(_("现在能按"), "accent")], ()]
        lines += [self._line(command, now=True) for command in now]
        if later:
            lines += [(), [(_("别的题目或步骤里"), "accent")], ()]
            lines += [self._line(command) for command in later]
        lines += [
            (),
            [(_("开着中文输入法也能按：数字、F 键、方向键、回车、空格；全角数字也认。"), "dim")],
            [(_("每答一题、每记一户，都在屏幕换行之前存到了盘上。"), "dim")],
        ]
        self.query_one(Page).show(lines)
        self.offer()

    def _line(self, command: commands.Command, *, now: bool = False) -> Line:
        """A command and its meaning, or why it cannot be done just now."""
        reason = command.why_not(self._screen) if now else ""
        return [
            (pad(command.caption, 10), "todo" if reason else "key"),
            (pad(_(command.label), 12), "todo" if reason else "strong"),
            (reason, "todo") if reason else (_(command.help), ""),
        ]

    def page_up(self, key: str) -> None:
        """Scroll up."""
        page = self.query_one(Page)
        page.move(-page.page if key == "pageup" else -1)

    def page_down(self, key: str) -> None:
        """Scroll down."""
        page = self.query_one(Page)
        page.move(page.page if key == "pagedown" else 1)
