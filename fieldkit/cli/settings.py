"""What stood before the command; apart, so that opening the screens needs no parser."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from fieldkit.text.i18n import _


def no_screens(home: Path | None) -> int:
    """Where no front end was given: say so; exit code 2."""
    print(_("这里没有界面可开。"), file=sys.stderr)
    return 2


class Settings:
    """The home, whether to show tracebacks, the screens."""

    __slots__ = ("debug", "home", "open_tui")

    def __init__(self) -> None:
        self.home: Path | None = None
        self.debug = False
        self.open_tui: Callable[[Path | None], int] = no_screens


SETTINGS = Settings()
"""Of the one command line this process runs; ``main.run`` fills it anew each time."""
