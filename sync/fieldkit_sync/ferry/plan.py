"""What fits where: how much one code carries, and which codes a terminal has room for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from fieldkit_sync.ferry import base45, frame

Mode = Literal["lower", "mono", "bg"]
"""``lower`` draws two modules in a cell with ▄ and both colours; ``mono`` with four glyphs and one
pair of colours (a fifth of the bytes, for slow lines); ``bg`` paints two blanks for a module, for
fonts whose blocks leave seams."""
MODES: tuple[Mode, ...] = ("lower", "mono", "bg")

QUIET = 4
"""Light modules around a code; two codes beside each other share those between them."""
LEAST = 3
"""Versions below carry less than a symbol worth sending."""
MOST_SINGLE, MOST_DOUBLE = 26, 24
"""Versions that a camera of 720 lines still reads (FERRY: 4.8 pixels a module)."""
_WORTH = 1.3
"""Two codes are drawn where they carry so many times as much as one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """So many codes of a version beside each other, drawn in one way."""

    version: int
    across: int
    mode: Mode

    @property
    def net(self) -> int:
        """Bytes of symbols on one screen."""
        return net(self.version) * self.across

    @property
    def modules(self) -> tuple[int, int]:
        """Modules of the whole picture with its quiet zones, wide and high."""
        side = 17 + 4 * self.version
        return self.across * side + (self.across + 1) * QUIET, side + 2 * QUIET

    @property
    def cells(self) -> tuple[int, int]:
        """Columns and rows that it takes in a terminal."""
        wide, high = self.modules
        return (2 * wide, high) if self.mode == "bg" else (wide, -(-high // 2))


@lru_cache(maxsize=64)
def characters(version: int) -> int:
    """How many alphanumeric characters a code of that version holds at level L."""
    # Only here: a plain command loads no code maker.
    from qrcode import util
    from qrcode.constants import ERROR_CORRECT_L

    bits: int = util.BIT_LIMIT_TABLE[ERROR_CORRECT_L][version]
    left = bits - 4 - (9 if version < 10 else 11 if version < 27 else 13)
    return left // 11 * 2 + (left % 11 >= 6)


def net(version: int) -> int:
    """Bytes of symbols in one code of that version: its text ends in a full stop."""
    return base45.capacity(characters(version) - len(frame.END)) - frame.OVERHEAD


def choose(
    columns: int, rows: int, mode: Mode = "lower", *, across: int = 0, version: int = 0
) -> Layout | None:
    """The layout that carries most in so many cells; None where none fits.

    ``across`` 1 or 2 insists on so many codes, ``version`` on that one or the largest below it
    that fits.
    """
    one = _largest(columns, rows, mode, 1, version or MOST_SINGLE)
    two = _largest(columns, rows, mode, 2, version or MOST_DOUBLE)
    if across:
        return two if across == 2 else one
    if one is None or two is None:
        return one
    return two if two.net > _WORTH * one.net else one


def _largest(columns: int, rows: int, mode: Mode, across: int, most: int) -> Layout | None:
    for version in range(min(most, 40), LEAST - 1, -1):
        found = Layout(version, across, mode)
        wide, high = found.cells
        if wide <= columns and high <= rows:
            return found
    return None
