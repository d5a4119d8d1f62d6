"""What a command is, which keys are safe with an input method on, and how keys are named."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fieldkit.text.i18n import N_, _

Reason = Callable[[Any], str]


def _always(_screen: Any) -> str:
    return ""


def ask(name: str) -> Reason:
    """The reason is the screen's to know: it answers by the method of this name."""

    def reason(screen: Any) -> str:
        return str(getattr(screen, name)())

    return reason


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do on one screen."""

    id: str
    """What it is; the screen's method is the id with underscores."""
    screen: str
    """The screen's name, or ``*`` for every screen."""
    keys: tuple[str, ...]
    """Key names; the first IME-safe one is shown."""
    label: str
    """What the key bar says, at most eight cells."""
    help: str
    bar: int
    """Order of survival in the bar: 1 stays longest, 0 is never drawn."""
    cap: str = ""
    """How the key is written when its name will not do."""
    modes: tuple[str, ...] = ()
    """The modes of the screen in which it works; none means all."""
    row: int = 1
    """Row of the bar: 0 for doing, 1 for going."""
    why_not: Reason = _always
    """A sentence when it cannot be done now, else empty."""
    covers: tuple[str, ...] = ()
    """Keys of sister commands that the caption names too."""

    @property
    def caption(self) -> str:
        """The key as people call it."""
        return _(self.cap) if self.cap else key_name(self.keys[0])

    @property
    def named(self) -> frozenset[str]:
        """All keys that the caption tells of."""
        return frozenset(self.keys) | frozenset(self.covers)


_NAMES = {
    "enter": N_("回车"),
    "space": N_("空格"),
    "up": N_("上"),
    "down": N_("下"),
    "left": N_("左"),
    "right": N_("右"),
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
}
SAFE = frozenset([*"0123456789", *(f"f{n}" for n in (1, 2, 3, 4, 6, 7, 8, 9, 10, 12)), *_NAMES]) - {
    "escape"
}
"""Keys that reach the program with an input method on and belong to no browser or multiplexer."""


def key_name(key: str) -> str:
    """A key's name for the bar."""
    return _(_NAMES[key]) if key in _NAMES else key.upper()


def pressed(key: str, character: str | None) -> str:
    """The key's name with a full-width character as its ASCII twin."""
    if character in (" ", "\u3000"):
        return "space"
    if character and character.isprintable():
        plain = unicodedata.normalize("NFKC", character)
        if len(plain) == 1 and plain.isalnum():
            return plain.lower()
    return key
