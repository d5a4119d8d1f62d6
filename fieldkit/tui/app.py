"""The app: themes, the first screen, and leaving without losing anything."""

from __future__ import annotations

import asyncio
import signal
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.events import Key

from fieldkit.work import bookmarks, inspecting
from fieldkit.work.previewing import STRAIGHT
from fieldkit.work.workspace import Workspace

from .ime import CaretAsked
from .theme import DARK, LIGHT, THEMES

THEME = "theme"
"""Bookmark: the theme chosen last."""


class FieldApp(CaretAsked, App[int], inherit_bindings=False):
    """Screens over one open workspace; every answer is on disk before the next is asked."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = []
    CSS_PATH = "app.tcss"
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
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        known = {theme.name for theme in THEMES}
        chosen = bookmarks.recall(ws, THEME)
        self.theme = chosen if isinstance(chosen, str) and chosen in known else DARK.name

    def on_mount(self) -> None:
        """Show the first screen, and take a closed terminal for F10."""
        from .screens.home import HomeScreen

        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                try:
                    loop.add_signal_handler(number, self.exit, 0)
                except (NotImplementedError, RuntimeError, ValueError):
                    continue
        self.push_screen(HomeScreen())
        straight = bookmarks.recall(self.ws, STRAIGHT)
        if isinstance(straight, str) and straight:
            from .screens.inspect import InspectScreen

            self.push_screen(InspectScreen(inspecting.sheet(self.ws, straight)))

    def on_key(self, event: Key) -> None:
        """F10 leaves from wherever no screen has taken it."""
        if event.key == "f10":
            self.exit(0)

    def switch_theme(self) -> None:
        """Dark to light and back, remembered for the next start."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name
        bookmarks.remember(self.ws, THEME, self.theme)
