"""One frame of the stream: what one QR code says.

Big-endian: magic 0xF1, transfer id 8, payload length 3, first symbol id 3, number of symbols m 1,
the symbols of T bytes each, whitened, and the CRC-32 of all before it. The CRC finds accidents;
it is no proof against malice. That is the signature of the bundle.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from fieldkit_sync.errors import Refusal
from fieldkit_sync.ferry import base45, fountain
from fieldkit_sync.ferry.whiten import whiten

MAGIC = 0xF1
#: Bytes of a frame that are not symbols.
OVERHEAD = 20
MAX_PAYLOAD = 4 * 1024 * 1024
MIN_SYMBOL = 16
MAX_SYMBOLS = 32
MAX_K = 4096
MAX_ID = 2**24 - 1
#: After a frame's text: readers trim blanks at the end, and a frame may end in one.
END = "."

_HEAD = 16
_CRC = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """``symbols`` of one size, numbered from ``symbol_id`` on, of a payload of ``length`` bytes."""

    transfer: bytes
    length: int
    symbol_id: int
    symbols: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """T: bytes of a symbol."""
        return len(self.symbols[0])


def transfer_of(payload: bytes) -> bytes:
    """The transfer id: the first 8 bytes of the payload's SHA-256."""
    return hashlib.sha256(payload).digest()[:8]


def write(frame: Frame) -> bytes:
    """The bytes of a frame. `Refusal` ("ferry-frame") for one that could not be read back."""
    _check(frame.length, frame.symbol_id, frame.symbols)
    head = b"".join(
        (
            bytes((MAGIC,)),
            frame.transfer,
            frame.length.to_bytes(3, "big"),
            frame.symbol_id.to_bytes(3, "big"),
            bytes((len(frame.symbols),)),
        )
    )
    body = head + whiten(b"".join(frame.symbols), frame.transfer, frame.symbol_id)
    return body + zlib.crc32(body).to_bytes(_CRC, "big")


def read(raw: bytes) -> Frame:
    """The frame of some bytes. `Refusal` ("ferry-frame") for anything but a whole frame."""
    if len(raw) < OVERHEAD + MIN_SYMBOL or raw[0] != MAGIC:
        _refuse("not a frame of version 1")
    if zlib.crc32(raw[:-_CRC]) != int.from_bytes(raw[-_CRC:], "big"):
        _refuse("the check sum is wrong")
    many, body = raw[15], raw[_HEAD:-_CRC]
    if not 1 <= many <= MAX_SYMBOLS or len(body) % many:
        _refuse("the number of symbols is wrong")
    transfer, symbol_id = raw[1:9], int.from_bytes(raw[12:15], "big")
    plain, size = whiten(body, transfer, symbol_id), len(body) // many
    symbols = tuple(plain[at : at + size] for at in range(0, len(plain), size))
    found = Frame(transfer, int.from_bytes(raw[9:12], "big"), symbol_id, symbols)
    _check(found.length, symbol_id, symbols)
    return found


def to_text(raw: bytes) -> str:
    """What the QR code says: base45, and a full stop that marks the end."""
    return base45.encode(raw) + END


def of_text(text: str) -> bytes:
    """The bytes of a code's text; whatever follows the last full stop is dropped.

    `Refusal` ("base45") without a full stop, or for other characters.
    """
    body, end, _rest = text.rpartition(END)
    if not end:
        raise Refusal("base45", "no full stop at the end")
    return base45.decode(body)


def _check(length: int, symbol_id: int, symbols: Sequence[bytes]) -> None:
    if not 1 <= len(symbols) <= MAX_SYMBOLS or len({len(one) for one in symbols}) != 1:
        _refuse("the number of symbols is wrong")
    size = len(symbols[0])
    if not 1 <= length <= MAX_PAYLOAD or size < MIN_SYMBOL:
        _refuse("a length out of bounds")
    if fountain.count(length, size) > MAX_K or symbol_id + len(symbols) - 1 > MAX_ID:
        _refuse("too many symbols")


def _refuse(detail: str) -> NoReturn:
    raise Refusal("ferry-frame", detail)
