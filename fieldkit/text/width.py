"""Widths in terminal cells; nothing else in fieldkit may use ``len()`` for layout."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def char_width(char: str) -> int:
    """The cells of one character: 2 wide, 0 combining or formatting, otherwise 1."""
    if char < "\u0300":
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Mc", "Cf") or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cell_width(text: str) -> int:
    """How many cells the text takes: wide and full-width characters two, combining none."""
    return len(text) if text.isascii() else sum(map(char_width, text))


def cut(text: str, cells: int, mark: str = "~") -> str:
    """The text within so many cells; ``mark`` ends it where something was cut."""
    if cell_width(text) <= cells:
        return text
    room = max(cells - cell_width(mark), 0)
    out, used = [], 0
    for char in text:
        step = char_width(char)
        if used + step > room:
            break
        out.append(char)
        used += step
    return "".join(out) + mark if cells >= cell_width(mark) else ""


def pad(text: str, cells: int, align: str = "left") -> str:
    """The text cut or filled with blanks to exactly so many cells."""
    text = cut(text, cells)
    blank = " " * (cells - cell_width(text))
    return blank + text if align == "right" else text + blank
