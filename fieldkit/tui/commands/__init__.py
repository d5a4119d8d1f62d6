"""Every command of the screens in one table: it feeds the key bar, the help and the tests.

Each has at least one key that reaches the program while a Chinese input method is on: digits,
F-keys, arrows, Enter, Space, PgUp and PgDn. Letters are never needed.
"""

from __future__ import annotations

from . import (
    blind,
    doors,
    files,
    finding,
    findings,
    finish,
    home,
    import_register,
    inspect,
    neutral,
    palette,
    particulars,
    pick,
    preview,
    reading,
    result,
    send,
    site,
    site_form,
    sites,
    version,
)
from .command import SAFE, Command, key_name, pressed

__all__ = ["MODES", "SAFE", "SCREENS", "Command", "find", "key_name", "on", "pressed"]

SCREENS: dict[str, tuple[Command, ...]] = {
    "home": home.COMMANDS,
    "pick": pick.COMMANDS,
    "inspect": inspect.commands(),
    "finding": finding.COMMANDS,
    "findings": findings.COMMANDS,
    "finish": finish.COMMANDS,
    "version": version.COMMANDS,
    "result": result.COMMANDS,
    "doors": doors.commands(),
    "neutral": neutral.COMMANDS,
    "particulars": particulars.COMMANDS,
    "reading": reading.COMMANDS,
    "send": send.COMMANDS,
    "files": files.COMMANDS,
    "preview": preview.COMMANDS,
    "blind": blind.COMMANDS,
    "sites": sites.COMMANDS,
    "site": site.COMMANDS,
    "site_form": site_form.COMMANDS,
    "import_register": import_register.COMMANDS,
    "palette": palette.COMMANDS,
}
MODES: dict[str, tuple[str, ...]] = {
    "pick": pick.MODES,
    "inspect": inspect.MODES,
    "finding": finding.MODES,
    "finish": finish.MODES,
    "result": result.MODES,
    "doors": doors.MODES,
    "blind": blind.MODES,
    "import_register": import_register.MODES,
}


def on(screen: str, mode: str) -> list[Command]:
    """The commands of a screen in one of its modes, in the table's order."""
    return [c for c in SCREENS[screen] if not c.modes or mode in c.modes]


def find(screen: str, mode: str, key: str) -> Command | None:
    """The command behind a key."""
    return next((c for c in on(screen, mode) if key in c.keys), None)
