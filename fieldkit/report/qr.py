"""QR codes as what paper needs: the dots, a picture for .docx, a drawing for web pages."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

Dots = tuple[tuple[bool, ...], ...]

_QUIET = 4
"""Light modules around the code, as the standard asks."""
_DOT = 8
"""Pixels of one module: printing programs smooth small pictures until no scanner reads them."""


@lru_cache(maxsize=1024)
def dots(text: str) -> Dots:
    """The modules of the code, dark ones true, with the quiet zone around them.

    Error correction M: a label on a wall is scratched, and 15 % of it may be gone.
    """
    # Only here: a plain command loads no code maker.
    import qrcode

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=_QUIET)
    code.add_data(text)
    code.make()
    return tuple(tuple(bool(dot) for dot in row) for row in code.get_matrix())


def png(text: str) -> bytes:
    """The code as a picture of two colours; equal texts give equal bytes."""
    rows = dots(text)
    side = len(rows) * _DOT
    lines = bytearray()
    for row in rows:
        bits = "".join(("0" if dot else "1") * _DOT for dot in row)
        line = int(bits, 2).to_bytes(side // 8, "big")
        lines += (b"\x00" + line) * _DOT
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def svg(text: str, size_mm: float) -> str:
    """The code as a drawing for a web page, one path, sharp at every size."""
    rows = dots(text)
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dot in enumerate(row) if dot
    )
    side = len(rows)
    return (
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'width="{size_mm:g}mm" height="{size_mm:g}mm" shape-rendering="crispEdges" '
        f'role="img"><path d="{path}"/></svg>'
    )
