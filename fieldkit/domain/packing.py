"""A checklist's document on its way through the journal: as it is, or packed where it is large.

An event's line is bounded in length and depth, a checklist is not so narrowly. A document beyond
those bounds travels as text: its canonical JSON, deflated, in Base64. Its digest is the same.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Mapping
from typing import Any

from fieldkit_sync.canon import MAX_DEPTH, decode, encode
from fieldkit_sync.errors import Refusal

DOC_DEPTH = 40
"""Groups in groups, and options with translations in them."""
MAX_DOC = 8 * 1024 * 1024
"""Bytes of a document's canonical JSON; nothing larger is ever unpacked."""
MAX_PACKED = 240_000
"""Characters of a packed document: it must fit into an event's line."""
_PIECES = 500_000
"""Brackets in a packed document: so few are read and looked at in no time."""

_AS_IT_IS = 100_000
_WRAPPED = 2
"""How much deeper a document lies in an event."""


def doc_digest(doc: Mapping[str, Any]) -> str:
    """SHA-256 of a document's canonical JSON, 64 lower-case hex digits.

    Raises `Refusal` for what is no plain data.
    """
    return hashlib.sha256(encode(doc, depth=DOC_DEPTH)).hexdigest()


def pack(doc: Mapping[str, Any]) -> dict[str, Any] | str:
    """The document as an event holds it. Raises ValueError where it is too large even packed."""
    raw = encode(doc, depth=DOC_DEPTH)
    if len(raw) <= _AS_IT_IS:
        try:
            encode(doc, depth=MAX_DEPTH - 1 - _WRAPPED)
        except Refusal:
            pass
        else:
            return dict(doc)
    packed = base64.b64encode(zlib.compress(raw, 9)).decode("ascii")
    if len(raw) > MAX_DOC or len(packed) > MAX_PACKED or _pieces(raw) > _PIECES:
        raise ValueError(len(packed))
    return packed


def _pieces(raw: bytes) -> int:
    return raw.count(b"{") + raw.count(b"[")


def unpack(held: object) -> dict[str, Any]:
    """The document that an event holds. Raises ValueError for anything `pack` did not write."""
    if isinstance(held, dict):
        return held
    if not isinstance(held, str) or len(held) > MAX_PACKED or not held.isascii():
        raise ValueError("not a document")
    try:
        unpacking = zlib.decompressobj()
        raw = unpacking.decompress(base64.b64decode(held, validate=True), MAX_DOC + 1)
        if (
            len(raw) > MAX_DOC
            or _pieces(raw) > _PIECES
            or not unpacking.eof
            or unpacking.unused_data
        ):
            raise ValueError("not a whole document, or too large")
        doc = decode(raw, depth=DOC_DEPTH)
    except (binascii.Error, zlib.error, Refusal) as error:
        raise ValueError("not a packed document") from error
    if not isinstance(doc, dict):
        raise ValueError("not a document")
    return doc
