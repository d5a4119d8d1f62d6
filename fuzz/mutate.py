"""Changing bytes, text and JSON values at random, the same way for the same generator."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

INTEGERS = (
    0, 1, -1, 2, 15, 16, 17, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 262144, 262145,
    2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53 - 1, 2**53, -(2**53) + 1, -(2**53), 2**63, 2**64 - 1,
)  # fmt: skip
_TEXTS = ("", " ", "\n", "\x00", "\ufeff", "无人在家", "e\u0301", "\ud800", "\U0001f600", "0" * 64)
_MAX_BLOCK = 64


def mutate(
    rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes], limit: int
) -> bytes:
    """Return ``data`` after one to six small changes, at most ``limit`` bytes long."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        rng.choice(_WAYS)(rng, out, others, tokens)
    return bytes(out[:limit])


def mutate_text(rng: Random, text: str, tokens: Sequence[bytes]) -> str:
    """As `mutate`, for text; what is no UTF-8 afterwards becomes lone surrogates."""
    raw = mutate(rng, text.encode("utf-8", "surrogatepass"), (), tokens, 4096)
    return raw.decode("utf-8", "surrogateescape")


def mutate_json(rng: Random, value: Any, tokens: Sequence[bytes]) -> Any:
    """Return a copy of a JSON value with one to three changes somewhere in it."""
    holder = [json.loads(json.dumps(value))]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        places = list(_places(holder))
        box, key = rng.choice(places)
        if _there(box, key):
            _change(rng, box, key, places, tokens)
    return holder[0] if holder else None


def spell(value: Any) -> bytes:
    """Spell a JSON value as canonical JSON would, also one that has no canonical spelling."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (container, key) of every value within."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in pairs:
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


def _change(
    rng: Random, box: Any, key: Any, places: list[tuple[Any, Any]], tokens: Sequence[bytes]
) -> None:
    old, way = box[key], rng.randrange(9)
    if way == 0:
        box[key] = rng.choice(INTEGERS)
    elif way == 1:
        box[key] = rng.choice((None, True, False, [], {}, 0.5, *_TEXTS))
    elif way == 2:
        other, place = rng.choice(places)
        box[key] = _copy(other[place] if _there(other, place) else None)
    elif way == 3 and len(box) > 1:
        del box[key]
    elif way == 4 and isinstance(box, dict):
        box[rng.choice((*_TEXTS[:7], "a", "v", f"{key}x"))] = _copy(old)
    elif way == 5 and isinstance(box, list):
        box.insert(rng.randrange(len(box) + 1), _copy(old))
    elif way == 6 and isinstance(box, list):
        rng.shuffle(box)
    elif way == 7:
        for _ in range(rng.choice((1, 2, 14, 15, 16, 17, 40))):
            old = [old] if rng.randrange(2) else {"a": old}
        box[key] = old
    elif type(old) is int:
        box[key] = old + rng.choice((-1, 1, 2, 10, 2**20))
    elif isinstance(old, str):
        box[key] = mutate_text(rng, old, tokens)


def _there(box: Any, key: Any) -> bool:
    return key in box if isinstance(box, dict) else key < len(box)


def _copy(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _at(rng: Random, out: bytearray) -> int:
    return rng.randrange(len(out) + 1)


def _block(rng: Random, out: bytearray) -> slice:
    at = _at(rng, out)
    return slice(at, min(len(out), at + rng.randint(1, rng.choice((2, 8, _MAX_BLOCK)))))


def _flip(rng: Random, out: bytearray, *_: object) -> None:
    if out:
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)


def _byte(rng: Random, out: bytearray, *_: object) -> None:
    if out:
        out[rng.randrange(len(out))] = rng.randrange(256)


def _insert(rng: Random, out: bytearray, *_: object) -> None:
    at = _at(rng, out)
    out[at:at] = rng.randbytes(rng.choice((1, 1, 2, 4, 16)))


def _delete(rng: Random, out: bytearray, *_: object) -> None:
    del out[_block(rng, out)]


def _duplicate(rng: Random, out: bytearray, *_: object) -> None:
    block, at = bytes(out[_block(rng, out)]), _at(rng, out)
    out[at:at] = block * rng.choice((1, 1, 2, 30))


def _cut(rng: Random, out: bytearray, *_: object) -> None:
    del out[_at(rng, out) :]


def _splice(rng: Random, out: bytearray, others: Sequence[bytes], *_: object) -> None:
    if others:
        other = rng.choice(others)
        out[_at(rng, out) :] = other[rng.randrange(len(other) + 1) :]


def _borrow(rng: Random, out: bytearray, others: Sequence[bytes], *_: object) -> None:
    if others:
        other = bytearray(rng.choice(others))
        out[_block(rng, out)] = other[_block(rng, other)]


def _binary(rng: Random, out: bytearray, *_: object) -> None:
    form = rng.choice(("<H", ">H", "<I", ">I", "<Q", ">Q"))
    size = struct.calcsize(form)
    at = _at(rng, out)
    out[at : at + size] = struct.pack(form, rng.choice(INTEGERS) & (256**size - 1))


def _decimal(rng: Random, out: bytearray, *_: object) -> None:
    """Put a boundary number in the place of one written in digits."""
    starts = [i for i, byte in enumerate(out) if 48 <= byte <= 57]
    if not starts:
        return
    at = end = rng.choice(starts)
    while end < len(out) and 48 <= out[end] <= 57:
        end += 1
    out[at:end] = str(rng.choice(INTEGERS)).encode()


def _token(rng: Random, out: bytearray, _others: Sequence[bytes], tokens: Sequence[bytes]) -> None:
    if tokens:
        at = _at(rng, out)
        end = at if rng.randrange(2) else _block(rng, out).stop
        out[at : max(at, end)] = rng.choice(tokens)


_WAYS: tuple[Callable[[Random, bytearray, Sequence[bytes], Sequence[bytes]], None], ...] = (
    _flip, _byte, _insert, _delete, _duplicate, _cut, _splice, _borrow, _binary, _decimal, _token,
)  # fmt: skip
