"""Widths in terminal cells; nothing else in fieldkit may use ``len()`` for layout."""

from __future__ import annotations

import unicodedata


def cell_width(text: str) -> int:
    """How many cells the text takes: wide and full-width characters two, combining none."""
    total = 0
    for char in text:
        if unicodedata.combining(char):
            continue
        total += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return total


def cut(text: str, cells: int, mark: str = "~") -> str:
    """The text within so many cells; ``mark`` ends it where something was cut."""
    if cell_width(text) <= cells:
        return text
    room = max(cells - cell_width(mark), 0)
    out, used = [], 0
    for char in text:
        step = cell_width(char)
        if used + step > room:
            break
        out.append(char)
        used += step
    return "".join(out) + (mark if cells >= cell_width(mark) else "")


def pad(text: str, cells: int, align: str = "left") -> str:
    """The text cut or filled with blanks to exactly so many cells."""
    text = cut(text, cells)
    blank = " " * (cells - cell_width(text))
    return blank + text if align == "right" else text + blank
