"""Modules as lines of a terminal, and as a picture of the same cells.

Only ▄ and the blank are used, with both colours set: ▀ is missing from GBK fonts, and a cell that
shows the terminal's own background is a seam through the code.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import groupby

from fieldkit_sync.ferry.code import Modules
from fieldkit_sync.ferry.plan import Mode

_DARK, _LIGHT = "0;0;0", "255;255;255"
_RESET = "\x1b[0m"
_MONO = {(False, False): " ", (True, True): "█", (True, False): "▀", (False, True): "▄"}

Cell = tuple[bool, bool]
"""The upper and the lower half of a cell, dark ones true."""


def cells(picture: Modules) -> list[list[Cell]]:
    """Two rows of modules for a row of cells; the odd last one ends in light."""
    found = []
    for y in range(0, len(picture), 2):
        below = picture[y + 1] if y + 1 < len(picture) else [False] * len(picture[y])
        found.append(list(zip(picture[y], below, strict=True)))
    return found


def lines(picture: Modules, mode: Mode) -> list[str]:
    """The picture, a string with its colours for each row of cells."""
    if mode == "bg":
        return [_background(row) for row in picture]
    made = _mono if mode == "mono" else _lower
    return [made(row) for row in cells(picture)]


def _lower(row: Sequence[Cell]) -> str:
    parts = []
    for (upper, lower), run in groupby(row):
        many = sum(1 for _cell in run)
        back = _DARK if upper else _LIGHT
        if upper == lower:
            parts.append(f"\x1b[48;2;{back}m{' ' * many}")
        else:
            front = _DARK if lower else _LIGHT
            parts.append(f"\x1b[38;2;{front};48;2;{back}m{'▄' * many}")
    return "".join(parts) + _RESET


def _mono(row: Sequence[Cell]) -> str:
    glyphs = "".join(_MONO[cell] for cell in row)
    return f"\x1b[38;2;{_DARK};48;2;{_LIGHT}m{glyphs}{_RESET}"


def _background(row: Sequence[bool]) -> str:
    parts = []
    for dark, run in groupby(row):
        many = sum(1 for _module in run)
        parts.append(f"\x1b[48;2;{_DARK if dark else _LIGHT}m{'  ' * many}")
    return "".join(parts) + _RESET


def png(picture: Modules, mode: Mode, wide: int = 8, high: int = 16) -> bytes:
    """What a terminal with cells of so many pixels would show, as a picture of two colours."""
    rows = bytearray()
    across = 2 * wide if mode == "bg" else wide
    down = high if mode == "bg" else high // 2
    for row in picture:
        bits = "".join(("0" if dark else "1") * across for dark in row)
        bits += "0" * (-len(bits) % 8)
        line = b"\x00" + int(bits, 2).to_bytes(len(bits) // 8, "big")
        rows += line * down
    size = struct.pack(">IIBBBBB", across * len(picture[0]), down * len(picture), 1, 0, 0, 0, 0)
    parts = ((b"IHDR", size), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
