"""Cleaning what people type and what arrives from outside."""

from __future__ import annotations

import unicodedata

_HIDDEN = {
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0x2066, 0x206A),
    0xFEFF,
    0x00AD,
}


def folded(typed: str) -> str:
    """Typed text with full-width digits, letters and signs as their ASCII twins, trimmed."""
    return unicodedata.normalize("NFKC", typed).strip()


def composed(typed: str) -> str:
    """Text to be stored: NFC, trimmed; full-width punctuation stays as it was typed."""
    return unicodedata.normalize("NFC", typed).strip()


def is_control(char: str) -> bool:
    """Whether a character would steer a terminal, hide itself or turn the text around."""
    return unicodedata.category(char) in ("Cc", "Cs") or ord(char) in _HIDDEN


def first_control(text: str, *, allow: str = "") -> int | None:
    """The position of the first steering or hidden character, or None."""
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
