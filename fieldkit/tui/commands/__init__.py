"""Every command of the screens in one table: it feeds the key bar, the help and the tests.

Each has at least one key that reaches the program while a Chinese input method is on: digits,
F-keys, arrows, Enter, Space, PgUp and PgDn. Letters are never needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from .command import SAFE, Command, key_name, pressed

__all__ = ["MODES", "SAFE", "SCREENS", "Command", "find", "key_name", "on", "pressed"]

_NAMES = (
    "home", "pick", "inspect", "finding", "findings", "finish", "version", "result", "doors",
    "revisits", "neutral", "particulars", "reading", "send", "files", "preview", "blind", "sites",
    "site", "site_form", "import_register", "generate", "palette", "buildings",
    "form", "referral", "inbox", "obligations", "send_down", "dashboard",
    "standings", "standing_entry", "standing_month", "standing_confirm",
)  # fmt: skip
"""Each screen with commands; the module of that name here holds them."""


class _Tables(Mapping[str, tuple[Command, ...]]):
    """The commands by screen; a screen's are loaded when it is first asked for."""

    def __getitem__(self, name: str) -> tuple[Command, ...]:
        return _table(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


class _Modes(Mapping[str, tuple[str, ...]]):
    """The modes of the screens that have more than one."""

    def __getitem__(self, name: str) -> tuple[str, ...]:
        if name not in _NAMES:
            raise KeyError(name)
        modes: tuple[str, ...] | None = getattr(import_module(f".{name}", __name__), "MODES", None)
        if modes is None:
            raise KeyError(name)
        return modes

    def __iter__(self) -> Iterator[str]:
        return (name for name in _NAMES if self.get(name))

    def __len__(self) -> int:
        return len(list(iter(self)))


@cache
def _table(name: str) -> tuple[Command, ...]:
    if name not in _NAMES:
        raise KeyError(name)
    module = import_module(f".{name}", __name__)
    made: tuple[Command, ...] = (
        module.commands() if hasattr(module, "commands") else module.COMMANDS
    )
    return made


SCREENS: Mapping[str, tuple[Command, ...]] = _Tables()
MODES: Mapping[str, tuple[str, ...]] = _Modes()


def on(screen: str, mode: str) -> list[Command]:
    """The commands of a screen in one of its modes, in the table's order."""
    return [c for c in SCREENS[screen] if not c.modes or mode in c.modes]


def find(screen: str, mode: str, key: str) -> Command | None:
    """The command behind a key."""
    return next((c for c in on(screen, mode) if key in c.keys), None)
