"""A frame's text as the modules of a QR code: level L, alphanumeric, the mask never searched."""

from __future__ import annotations

from typing import Literal

from fieldkit_sync.errors import Refusal

Modules = list[list[bool]]
"""Rows of modules, dark ones true, without a quiet zone."""

_ALPHANUMERIC: Literal[2] = 2
"""The library's word for that mode."""


def modules(text: str, version: int, mask: int) -> Modules:
    """The code of exactly that version. `Refusal` ("ferry-frame") where the text is too long.

    A mask that is tried out costs four times as much and gains nothing: the bytes are noise.
    """
    # Only here: a plain command loads no code maker.
    import qrcode
    from qrcode.exceptions import DataOverflowError
    from qrcode.util import QRData

    code = qrcode.QRCode(
        version=version,
        error_correction=qrcode.constants.ERROR_CORRECT_L,
        box_size=1,
        border=0,
        mask_pattern=mask % 8,
    )
    # Given whole: the library would cut the text into pieces of several modes otherwise.
    code.add_data(QRData(text.encode("ascii"), _ALPHANUMERIC), optimize=0)
    try:
        code.make(fit=False)
    except (DataOverflowError, ValueError) as error:
        raise Refusal("ferry-frame", "too long for this version") from error
    return [[bool(dot) for dot in row] for row in code.modules]


def beside(codes: list[Modules], quiet: int) -> Modules:
    """Codes of one size beside each other, with light modules around and between them."""
    side = len(codes[0])
    wide = len(codes) * side + (len(codes) + 1) * quiet
    gap = [False] * quiet
    found = [[False] * wide for _row in range(quiet)]
    for y in range(side):
        row = list(gap)
        for one in codes:
            row += one[y] + gap
        found.append(row)
    return found + [[False] * wide for _row in range(quiet)]
