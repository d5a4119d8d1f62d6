"""What a file is, told from its first bytes, and a picture of it as cells of colour.

Each pixel is two spaces with a background: block characters have no certain width in Chinese
terminals (STYLE §5.1). When and where a photo was taken is not read: it is none of the record's.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from fieldkit.text.i18n import N_

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 80_000_000
"""Larger pictures are not decoded."""
MOST_BYTES = 64 * 1024 * 1024
"""Nor are larger files: none of them can be evidence."""

KINDS = {
    "jpg": N_("JPEG 照片"),
    "png": N_("PNG 图片"),
    "webp": N_("WebP 图片"),
    "pdf": N_("PDF 文件"),
    "heic": N_("HEIC 照片"),
    "txt": N_("文本"),
    "": N_("其他文件"),
}
DRAWN = ("jpg", "png", "webp")
"""The kinds that can be drawn."""

_TURNED = (5, 6, 7, 8)
"""Orientations in which a photo lies on its side."""
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")

Rgb = tuple[int, int, int]
Pixels = tuple[tuple[Rgb, ...], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known without decoding; a width of 0 is an unknown one."""

    kind: str
    """One of ``KINDS``."""
    size: int
    """Bytes."""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture is, and its rows of pixels; no rows where it could not be drawn."""

    kind: str
    width: int
    height: int
    rows: Pixels = ()


def available() -> bool:
    """Whether pictures can be decoded here."""
    from importlib.util import find_spec

    return find_spec("PIL") is not None


def facts(path: Path) -> Facts:
    """What lies in a file, by its bytes. Raises OSError, also for what is no plain file."""
    # A pipe or a device would block or never end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, os.strerror(22))
    with path.open("rb") as file:
        head = file.read(4096)
        kind = _kind(head)
        width, height = 0, 0
        measure = _MEASURES.get(kind)
        if measure is not None:
            try:
                width, height = measure(file, head)
            except (struct.error, IndexError):
                width, height = 0, 0
        return Facts(kind, os.fstat(file.fileno()).st_size, width, height)


def read(path: Path, columns: int, lines: int) -> Picture | None:
    """The picture in a file, small enough for so many pixels each way; None for no picture.

    Needs the extra ``preview``; without it, and for broken files, None as well. An enormous one
    comes without rows.
    """
    try:
        known = facts(path)
    except OSError:
        return None
    if known.kind not in DRAWN or not available():
        return None
    # Before the decoder sees it: the file says itself how large it would become.
    if known.width * known.height > MOST_PIXELS or known.size > MOST_BYTES:
        return Picture(known.kind, known.width, known.height)
    try:
        return _drawn(path, known.kind, columns, lines)
    except Exception:  # whatever a damaged or hostile file makes of the decoder
        return None


def _drawn(path: Path, kind: str, columns: int, lines: int) -> Picture:
    from PIL import Image

    with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS:
            return Picture(kind, width, height)
        turn = opened.getexif().get(0x0112, 1)
        lying = turn in _TURNED
        box = (max(lines, 1), max(columns, 1)) if lying else (max(columns, 1), max(lines, 1))
        # JPEGs can be decoded at a fraction of their size.
        opened.draft("RGB", (box[0] * 2, box[1] * 2))
        small: Image.Image = opened
        if opened.mode not in ("L", "RGB", "RGBA", "CMYK"):
            small = opened.convert("RGBA")
        small.thumbnail(box, reducing_gap=2.0)
        small = _upright(_opaque(small), turn)
        raw, across = small.tobytes(), small.width * 3
    flat = [(raw[at], raw[at + 1], raw[at + 2]) for at in range(0, len(raw), 3)]
    rows = tuple(tuple(flat[at : at + across // 3]) for at in range(0, len(flat), across // 3))
    return Picture(kind, *((height, width) if lying else (width, height)), rows)


def _opaque(picture: Image) -> Image:
    """The picture without holes: a middle grey lies behind them."""
    from PIL import Image

    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, (128, 128, 128))
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _upright(picture: Image, turn: int) -> Image:
    from PIL.Image import Transpose

    ways = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return picture.transpose(ways[turn]) if turn in ways else picture


def _kind(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return "heic"
    # A guess for the eye; the store reads all of it before it keeps a text.
    return "txt" if head and not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head) else ""


def _of_png(_file: BinaryIO, head: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _of_webp(_file: BinaryIO, head: bytes) -> tuple[int, int]:
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = struct.unpack_from("<I", head, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", head, 26)
    return width & 0x3FFF, height & 0x3FFF


def _of_jpeg(file: BinaryIO, _head: bytes) -> tuple[int, int]:
    """From the frame header, which lies behind whatever else the camera wrote."""
    at = 2
    for _segment in range(500):
        file.seek(at)
        lead = file.read(9)
        mark, length = lead[1], struct.unpack_from(">H", lead, 2)[0]
        if lead[0] != 0xFF:
            break
        if mark == 0xFF:
            at += 1
        elif 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", lead, 5)
            return width, height
        else:
            at += 2 + length
    return 0, 0


_MEASURES: dict[str, Callable[[BinaryIO, bytes], tuple[int, int]]] = {
    "jpg": _of_jpeg,
    "png": _of_png,
    "webp": _of_webp,
}
