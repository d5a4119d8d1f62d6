"""Symbols as noise: a code of zeros has flat areas that no camera likes.

The library that draws the codes fails on a block of zeros besides (python-qrcode #330, #423).
"""

from __future__ import annotations

import hashlib


def whiten(body: bytes, transfer: bytes, symbol_id: int) -> bytes:
    """``body`` XOR SHAKE-128("FKW1", transfer, first symbol id); twice, it is ``body`` again."""
    noise = hashlib.shake_128(b"FKW1" + transfer + symbol_id.to_bytes(4, "big")).digest(len(body))
    mixed = int.from_bytes(body, "big") ^ int.from_bytes(noise, "big")
    return mixed.to_bytes(len(body), "big")
