"""Photos without what they say on the side: place, time, device and owner go, pixels stay.

DOMAIN §5.3 and PIPL arts. 6 and 28: the position inside a photo is stripped before the photo is
kept. Each container is copied by a list of what a picture needs; everything else is left behind,
also what follows the end of the picture (second images, film clips, makers' trailers). The
coded pixels are copied byte for byte. Of the EXIF data the orientation alone is written anew.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

ORIENTATION = 0x0112
GPS_IFD = 0x8825
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_PNG_KEEP = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP bKGD pHYs sBIT hIST cICP mDCV cLLI "
    b"acTL fcTL fdAT".split()
)
_WEBP_KEEP = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"])
_WEBP_FRAME_KEEP = frozenset([b"VP8 ", b"VP8L", b"ALPH"])
_WEBP_EXIF_FLAG, _WEBP_XMP_FLAG = 0x08, 0x04
_EXIF_HEAD = b"Exif\x00\x00"


class Damaged(ValueError):
    """The bytes are not a whole picture of the kind they say they are."""


def cleaned(ext: str, raw: bytes) -> bytes:
    """The picture of kind ``jpg``, ``png`` or ``webp`` without its metadata.

    Raises ``Damaged`` when the picture ends early or breaks its container's rules: a photo that
    was half copied is better noticed at the door than in the office.
    """
    return _CLEANERS[ext](raw)


def has_location(ext: str, raw: bytes) -> bool:
    """Whether a picture still carries a position (EXIF GPS or an XMP packet naming one)."""
    if ext not in _CLEANERS:
        return False
    try:
        blocks = list(_METADATA[ext](raw))
    except Damaged:
        return False
    return any(_tag(block, GPS_IFD) is not None or b"GPS" in block for block in blocks)


def orientation_of(tiff: bytes) -> int:
    """The orientation 1..8 that a TIFF block names, 1 when it names none that makes sense."""
    value = _tag(tiff, ORIENTATION)
    return value if value is not None and 1 <= value <= 8 else 1


def minimal_tiff(orientation: int) -> bytes:
    """A TIFF block that holds the orientation and nothing else."""
    entry = struct.pack("<HHIHH", ORIENTATION, 3, 1, orientation, 0)
    return b"II*\x00" + struct.pack("<IH", 8, 1) + entry + b"\x00\x00\x00\x00"


def _tag(block: bytes, wanted: int) -> int | None:
    """The first number of one tag in the first directory; None where nothing sane is found."""
    tiff = block.removeprefix(_EXIF_HEAD)
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return None
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    if start + 2 > len(tiff):
        return None
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for index in range(count):
        at = start + 2 + 12 * index
        if at + 12 > len(tiff):
            return None
        tag, kind = struct.unpack_from(order + "HH", tiff, at)
        if tag == wanted:
            form = "H" if kind == 3 else "I"
            return int(struct.unpack_from(order + form, tiff, at + 8)[0])
    return None


# JPEG (ITU-T T.81 annex B)


def _jpeg_parts(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """The marker segments in order as (marker, payload); 0 stands for coded data after a scan."""
    if raw[:2] != b"\xff\xd8":
        raise Damaged("no start of image")
    at = 2
    while True:
        if at + 1 >= len(raw) or raw[at] != 0xFF:
            raise Damaged("a marker is missing")
        marker = raw[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        at += 2
        if marker == 0xD9:
            return
        if marker == 0x01:
            continue
        if at + 2 > len(raw):
            raise Damaged("cut inside a segment")
        (size,) = struct.unpack_from(">H", raw, at)
        if size < 2 or at + size > len(raw) or marker in (0x00, 0xD8) or 0xD0 <= marker <= 0xD7:
            raise Damaged("a segment makes no sense")
        yield marker, raw[at + 2 : at + size]
        at += size
        if marker == 0xDA:
            end = _scan_end(raw, at)
            yield 0, raw[at:end]
            at = end


def _scan_end(raw: bytes, at: int) -> int:
    """Where the coded data end: at the first marker that is neither stuffing nor a restart."""
    while True:
        at = raw.find(b"\xff", at)
        if at < 0 or at + 1 >= len(raw):
            raise Damaged("the picture ends early")
        following = raw[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at


def _jpeg_wanted(marker: int, payload: bytes) -> bytes | None:
    """What of one segment a decoder needs: tables, frames, scans, colour; None drops it."""
    if marker == 0xE0 and payload.startswith(b"JFIF\x00") and len(payload) >= 14:
        return payload[:12] + b"\x00\x00"
    if marker == 0xE2 and payload.startswith(b"ICC_PROFILE\x00"):
        return payload
    if marker == 0xEE and payload.startswith(b"Adobe"):
        return payload[:12]
    if 0xC0 <= marker <= 0xCF or marker in (0xDA, 0xDB, 0xDC, 0xDD):
        return payload
    return None


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def _clean_jpeg(raw: bytes) -> bytes:
    head: list[bytes] = []
    body: list[bytes] = []
    orientation, scans = 1, 0
    for marker, payload in _jpeg_parts(raw):
        if marker == 0:
            body.append(payload)
            scans += 1
        elif marker == 0xE1 and payload.startswith(_EXIF_HEAD) and orientation == 1:
            orientation = orientation_of(payload)
        else:
            wanted = _jpeg_wanted(marker, payload)
            if wanted is not None:
                # JFIF asks to come first, EXIF too; decoders take JFIF then EXIF.
                (head if marker == 0xE0 else body).append(_segment(marker, wanted))
    if not scans:
        raise Damaged("no picture inside")
    if orientation != 1:
        head.append(_segment(0xE1, _EXIF_HEAD + minimal_tiff(orientation)))
    return b"".join([b"\xff\xd8", *head, *body, b"\xff\xd9"])


def _jpeg_metadata(raw: bytes) -> Iterator[bytes]:
    return (payload for marker, payload in _jpeg_parts(raw) if marker == 0xE1)


# PNG (W3C Portable Network Graphics, third edition)


def _png_chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not raw.startswith(PNG_SIGNATURE):
        raise Damaged("no signature")
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(raw):
        size, name = struct.unpack_from(">I4s", raw, at)
        end = at + 12 + size
        if end > len(raw):
            break
        (crc,) = struct.unpack_from(">I", raw, end - 4)
        if zlib.crc32(raw[at + 4 : end - 4]) != crc:
            raise Damaged("a checksum does not match")
        yield name, raw[at + 8 : end - 4]
        if name == b"IEND":
            return
        at = end
    raise Damaged("the picture ends early")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _clean_png(raw: bytes) -> bytes:
    chunks = list(_png_chunks(raw))
    names = [name for name, _ in chunks]
    if names[0] != b"IHDR" or b"IDAT" not in names:
        raise Damaged("no picture inside")
    orientation = 1
    for name, data in chunks:
        if name == b"eXIf" and orientation == 1:
            orientation = orientation_of(data)
        if name not in _PNG_KEEP and not name[0] & 0x20:
            raise Damaged("an unknown part that may not be left out")
    out = [PNG_SIGNATURE]
    for name, data in chunks:
        if name == b"IDAT" and orientation != 1:
            out.append(_chunk(b"eXIf", minimal_tiff(orientation)))
            orientation = 1
        if name in _PNG_KEEP:
            out.append(_chunk(name, data))
    return b"".join(out)


def _png_metadata(raw: bytes) -> Iterator[bytes]:
    for name, data in _png_chunks(raw):
        if name in (b"eXIf", b"iTXt", b"tEXt"):
            yield data
        elif name == b"zTXt":
            try:
                packed = data.partition(b"\x00")[2][1:]
                yield zlib.decompressobj().decompress(packed, 1 << 20)
            except zlib.error:
                continue


# WebP (RFC 9649)


def _riff(raw: bytes, at: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while at + 8 <= end:
        name, size = struct.unpack_from("<4sI", raw, at)
        if at + 8 + size > end:
            raise Damaged("the picture ends early")
        yield name, raw[at + 8 : at + 8 + size]
        at += 8 + size + (size & 1)


def _webp_chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    if len(raw) < 12 or raw[:4] != b"RIFF" or raw[8:12] != b"WEBP":
        raise Damaged("no signature")
    end = 8 + int(struct.unpack_from("<I", raw, 4)[0])
    if end > len(raw):
        raise Damaged("the picture ends early")
    return _riff(raw, 12, end)


def _riff_chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) & 1)


def _clean_frame(data: bytes) -> bytes:
    kept = [_riff_chunk(n, d) for n, d in _riff(data, 16, len(data)) if n in _WEBP_FRAME_KEEP]
    return data[:16] + b"".join(kept)


def _clean_webp(raw: bytes) -> bytes:
    chunks = list(_webp_chunks(raw))
    if not any(name in (b"VP8 ", b"VP8L", b"ANMF") for name, _ in chunks):
        raise Damaged("no picture inside")
    extended = chunks[0][0] == b"VP8X" and len(chunks[0][1]) >= 10
    turns = (orientation_of(data) for name, data in chunks if name == b"EXIF")
    orientation = next((turn for turn in turns if turn != 1), 1) if extended else 1
    out = []
    for name, data in chunks:
        if name == b"VP8X" and data:
            flags = data[0] & ~(_WEBP_EXIF_FLAG | _WEBP_XMP_FLAG)
            data = bytes([flags | (_WEBP_EXIF_FLAG if orientation != 1 else 0)]) + data[1:]
        elif name == b"ANMF":
            data = _clean_frame(data)
        if name in _WEBP_KEEP:
            out.append(_riff_chunk(name, data))
    if orientation != 1:
        out.append(_riff_chunk(b"EXIF", minimal_tiff(orientation)))
    body = b"WEBP" + b"".join(out)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_metadata(raw: bytes) -> Iterator[bytes]:
    return (data for name, data in _webp_chunks(raw) if name in (b"EXIF", b"XMP "))


_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "jpg": _clean_jpeg,
    "png": _clean_png,
    "webp": _clean_webp,
}
_METADATA: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "jpg": _jpeg_metadata,
    "png": _png_metadata,
    "webp": _webp_metadata,
}
