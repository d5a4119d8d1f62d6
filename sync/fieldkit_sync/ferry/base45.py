"""Base45 of RFC 9285: the 45 characters that a QR code packs into five and a half bits each."""

from __future__ import annotations

from fieldkit_sync.errors import Refusal

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_PAIRS = [low + high for high in ALPHABET for low in ALPHABET]
"""Two characters for each number below 2025, the low one first."""


def encode(raw: bytes) -> str:
    """Three characters for two bytes, two for a last single one."""
    found = []
    for at in range(0, len(raw) - 1, 2):
        high, rest = divmod(raw[at] * 256 + raw[at + 1], 2025)
        found.append(_PAIRS[rest] + ALPHABET[high])
    if len(raw) % 2:
        found.append(_PAIRS[raw[-1]])
    return "".join(found)


def decode(text: str) -> bytes:
    """The bytes of a text. `Refusal` ("base45") for what `encode` would never write."""
    if len(text) % 3 == 1:
        raise Refusal("base45", "cut short")
    try:
        values = [_VALUES[character] for character in text]
    except KeyError:
        raise Refusal("base45", "a character that base45 does not have") from None
    found = bytearray()
    whole = len(values) - len(values) % 3
    for at in range(0, whole, 3):
        number = values[at] + 45 * values[at + 1] + 2025 * values[at + 2]
        if number > 0xFFFF:
            raise Refusal("base45", "three characters that are more than two bytes")
        found += number.to_bytes(2, "big")
    if whole < len(values):
        number = values[-2] + 45 * values[-1]
        if number > 0xFF:
            raise Refusal("base45", "two characters that are more than a byte")
        found.append(number)
    return bytes(found)


def capacity(characters: int) -> int:
    """How many bytes fit into so many characters."""
    return characters // 3 * 2 + (characters % 3 == 2)
