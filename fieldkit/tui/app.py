"""The app: themes, the first screen, and leaving without losing anything."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.events import Event, Key, Paste
from textual.screen import Screen
from textual.widget import Widget

from fieldkit.work import bookmarks
from fieldkit.work.bookmarks import STRAIGHT
from fieldkit.work.workspace import Workspace

from .collecting import CALM, Calm
from .ime import CaretAsked
from .scanning import Scan
from .theme import THEMES, first_theme, next_theme, title

LONGEST = 2.0
"""Seconds after which a key no longer waits for the one before."""
LOOK_SECONDS = 3.0
"""How often it is looked whether there still is a terminal."""
THEME = "theme"
"""Bookmark: the theme chosen last."""


class FieldApp(CaretAsked, App[int], inherit_bindings=False):
    """Screens over one open workspace; every answer is on disk before the next is asked."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = []
    # The bottom screen is never pushed, and so its own sheet would not be read.
    CSS_PATH = ["app.tcss", "screens/home.tcss"]  # noqa: RUF012
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-normal"),
        (110, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-normal"),
        (34, "-tall"),
    ]

    def __init__(self, ws: Workspace) -> None:
        super().__init__()
        self.ws = ws
        self.scan = Scan()
        self._calm = Calm()
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        chosen = bookmarks.recall(ws, THEME)
        self.theme = first_theme(chosen if isinstance(chosen, str) else None, os.environ)

    def get_default_screen(self) -> Screen[Any]:
        """The first screen at the bottom of all: one that is pushed is painted a beat later."""
        from .screens.home import HomeScreen

        return HomeScreen()

    def on_mount(self) -> None:
        """Take a closed terminal for F10; go straight to where one was asked to."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                try:
                    loop.add_signal_handler(number, self.exit, 0)
                except (NotImplementedError, RuntimeError, ValueError):
                    continue
        if not self.is_headless:
            self.set_interval(LOOK_SECONDS, self._leave_with_the_terminal)
            self._calm.begin()
            self.set_interval(CALM, self._calm.look)
        straight = bookmarks.recall(self.ws, STRAIGHT)
        if isinstance(straight, str) and straight:
            from fieldkit.work import inspecting

            from .screens.inspect import InspectScreen

            self.push_screen(InspectScreen(inspecting.sheet(self.ws, straight)))

    def on_unmount(self) -> None:
        """The process may go on to other things."""
        self._calm.end()

    async def on_event(self, event: Event) -> None:
        """One key at a time: the next is looked at when the last has done all that it does.

        The toolkit picks the widget that is to have a key when the key comes, while the screen
        moves the focus in its own time: of keys typed ahead, some would go to the editor that
        was there before.
        """
        self._calm.pressed()
        typed = isinstance(event, Key | Paste) and not event.is_forwarded and self.screen_stack
        if not typed:
            await super().on_event(event)
            return
        before, target = self.screen, self.focused
        await super().on_event(event)
        await self._done(before, target or before)
        if self.screen_stack and self.screen is not before:
            await self._done(self.screen, self.screen)

    async def _done(self, screen: Screen[Any], target: Widget) -> None:
        """Wait until a key's way from its widget up to the screen is gone, or the screen is."""
        done = asyncio.Event()

        def pass_on(pump: Any) -> None:
            if pump is screen or pump is None:
                done.set()
            else:
                pump.parent.call_later(pass_on, pump.parent)

        target.call_later(pass_on, target)
        until = asyncio.get_running_loop().time() + LONGEST
        while not done.is_set() and self.screen_stack and self.screen is screen:
            await asyncio.sleep(0)
            if asyncio.get_running_loop().time() > until:
                return

    def _leave_with_the_terminal(self) -> None:
        """Leave when the terminal is gone and no signal told of it."""
        poll = getattr(select, "poll", None)
        if poll is None or sys.__stdin__ is None:
            return
        watch = poll()
        try:
            watch.register(sys.__stdin__.fileno(), 0)
        except (OSError, ValueError):
            return
        if any(told & (select.POLLHUP | select.POLLERR) for _fd, told in watch.poll(0)):
            self.exit(0)

    def on_key(self, event: Key) -> None:
        """F10 leaves from wherever no screen has taken it."""
        if event.key == "f10":
            self.exit(0)

    def switch_theme(self) -> str:
        """The next theme, remembered for the next start; gives its name in words."""
        self.theme = next_theme(self.theme)
        bookmarks.remember(self.ws, THEME, self.theme)
        return title(self.theme)
