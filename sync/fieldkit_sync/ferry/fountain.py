"""A random linear fountain over GF(2): endless symbols, any K and a little of which are enough.

Symbols are big integers, so that one XOR of Python mixes a whole symbol. The first K symbols are
the payload itself; each one after them is the XOR of about half of those, chosen by its number
alone. A receiver needs K + 1.6 symbols in the mean, whichever they are.
"""

from __future__ import annotations

import hashlib


def count(length: int, size: int) -> int:
    """K: how many symbols of ``size`` bytes a payload of ``length`` bytes has."""
    return -(-length // size)


def mask(transfer: bytes, symbol_id: int, k: int) -> int:
    """Which of the K source symbols are in a symbol: bit i stands for symbol i."""
    if symbol_id < k:
        return 1 << symbol_id
    name = b"FKF1" + transfer + symbol_id.to_bytes(4, "big")
    noise = hashlib.shake_128(name).digest((k + 7) // 8)
    return int.from_bytes(noise, "little") & ((1 << k) - 1) or 1


class Source:
    """The symbols of one payload, of ``size`` bytes each."""

    def __init__(self, payload: bytes, transfer: bytes, size: int) -> None:
        self.k = count(len(payload), size)
        self._size = size
        self._transfer = transfer
        padded = payload.ljust(self.k * size, b"\0")
        self._symbols = [
            int.from_bytes(padded[at : at + size], "big") for at in range(0, len(padded), size)
        ]

    def symbol(self, symbol_id: int) -> bytes:
        """The symbol of a number; numbers from K on are repair symbols."""
        if symbol_id < self.k:
            mixed = self._symbols[symbol_id]
        else:
            mixed = 0
            # "0b" is dropped; the last digit is bit 0.
            digits = bin(mask(self._transfer, symbol_id, self.k))[:1:-1]
            for digit, symbol in zip(digits, self._symbols, strict=False):
                if digit == "1":
                    mixed ^= symbol
        return mixed.to_bytes(self._size, "big")


class Sink:
    """Symbols of one payload as they come, in any order; ``rank`` of ``k`` are known.

    ``rank`` never falls, but for `forget`. A row is mask and symbol in one integer, the mask
    above, so that one XOR does both; it is kept under the highest bit of its mask.
    """

    def __init__(self, length: int, transfer: bytes, size: int) -> None:
        self.k = count(length, size)
        self.rank = 0
        self._length = length
        self._size = size
        self._transfer = transfer
        self._rows: list[int | None] = [None] * self.k
        self._seen: set[int] = set()

    @property
    def whole(self) -> bool:
        """Whether the payload can be told."""
        return self.rank == self.k

    def take(self, symbol_id: int, symbol: bytes) -> bool:
        """Take a symbol in; False if it was there before or told nothing new."""
        if symbol_id in self._seen or self.whole:
            return False
        self._seen.add(symbol_id)
        bits = 8 * self._size
        row = mask(self._transfer, symbol_id, self.k) << bits | int.from_bytes(symbol, "big")
        rows = self._rows
        while (top := row.bit_length() - 1 - bits) >= 0:
            held = rows[top]
            if held is None:
                rows[top] = row
                self.rank += 1
                return True
            row ^= held
        return False

    def payload(self) -> bytes:
        """The payload; only a `whole` sink has one."""
        bits = 8 * self._size
        below = (1 << bits) - 1
        symbols: list[int] = []
        for held in self._rows:
            assert held is not None
            row = held & below
            digits = bin(held >> bits)[:1:-1]
            for digit, symbol in zip(digits, symbols, strict=False):
                if digit == "1":
                    row ^= symbol
            symbols.append(row)
        joined = b"".join(symbol.to_bytes(self._size, "big") for symbol in symbols)
        return joined[: self._length]

    def forget(self) -> None:
        """Drop all symbols, one of which was false; the same numbers are not taken again."""
        self.rank = 0
        self._rows = [None] * self.k
