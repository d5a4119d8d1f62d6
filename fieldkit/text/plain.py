"""Cleaning what people type and what arrives from outside."""

from __future__ import annotations

import unicodedata

_STEERING = frozenset(("Cc", "Cs", "Cf", "Zl", "Zp"))
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def folded(typed: str) -> str:
    """Typed text with full-width digits, letters and signs as their ASCII twins, trimmed."""
    return unicodedata.normalize("NFKC", typed).strip()


def composed(typed: str) -> str:
    """Text to be stored: NFC, trimmed; full-width punctuation stays as it was typed."""
    return unicodedata.normalize("NFC", typed).strip()


def is_control(char: str) -> bool:
    """Whether a character would steer a terminal, hide itself or turn the text around.

    Line and paragraph separators, letters without a shape and code points that are no
    characters at all (no XML file may hold U+FFFE or U+FFFF) count too.
    """
    if " " <= char <= "~":
        return False
    code = ord(char)
    nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return nothing or char in _BLANK_LETTERS or unicodedata.category(char) in _STEERING


def first_control(text: str, *, allow: str = "") -> int | None:
    """The position of the first steering or hidden character, or None."""
    if text.isprintable() and _BLANK_LETTERS.isdisjoint(text):
        # Nearly every text: looked through at once instead of sign by sign.
        return None
    for index, char in enumerate(text):
        if char not in allow and is_control(char):
            return index
    return None


def shown(text: str, *, keep_newlines: bool = False) -> str:
    """Text that is safe to print: every steering or hidden character as a visible ``<U+XXXX>``."""
    if first_control(text, allow="\n" if keep_newlines else "") is None:
        return text
    return "".join(
        f"<U+{ord(c):04X}>" if is_control(c) and not (keep_newlines and c == "\n") else c
        for c in text
    )
