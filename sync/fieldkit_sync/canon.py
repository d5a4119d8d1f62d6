"""Canonical JSON: every value has exactly one spelling in bytes.

Keys are sorted by code point, separators carry no space, text is UTF-8 without needless
escapes, numbers are whole and fit a double exactly. Bytes are accepted only if encoding what
was decoded gives the same bytes; that one rule ends duplicate keys, alternative escapes,
``-0``, white space, NaN and trailing data.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder as _encoder
from typing import Any, NoReturn

from fieldkit_sync.errors import Refusal

MAX_INT = 2**53 - 1
MAX_DEPTH = 16

_INT_DIGITS = len(str(-MAX_INT))
_plain = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def _dumper() -> Callable[[object], str]:
    """The library's encoder, built once and not anew for every value, where that is to be had."""
    make = getattr(_encoder, "c_make_encoder", None)
    if make is None:
        return _plain.encode
    text = _encoder.encode_basestring
    pieces = make(None, _plain.default, text, None, ":", ",", True, False, False)

    def dump(value: object) -> str:
        return "".join(pieces(value, 0))

    return dump


_dump = _dumper()


def encode(obj: object, *, depth: int = MAX_DEPTH) -> bytes:
    """Return the one spelling of ``obj``; `Refusal` ("not-canonical") if it has none.

    Allowed: dict with text keys, list, tuple, text without lone surrogates, bool, None, whole
    numbers up to 2**53 - 1 either way, nested at most ``depth`` deep.
    """
    _check(obj, depth)
    try:
        return _dump(obj).encode("utf-8")
    except UnicodeEncodeError:
        raise Refusal("not-canonical", "text holds a lone surrogate") from None


def decode(raw: bytes, *, depth: int = MAX_DEPTH) -> Any:
    """Return the value that ``raw`` spells; `Refusal` ("not-canonical") for any other bytes.

    Lists and objects may nest at most ``depth`` deep.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("not-canonical", "not JSON: UnicodeDecodeError") from None
    return decode_text(text, depth)


def decode_text(text: str, depth: int = MAX_DEPTH) -> Any:
    """As `decode`, for bytes that have been decoded as UTF-8 already."""
    try:
        # What follows the value, or stands before it, is missing when it is spelled again.
        value, _end = _scan(text, 0)
        # So few brackets cannot nest too deeply: the walk is only for the rest.
        if text.count("{") + text.count("[") > depth:
            _check(value, depth)
        again = _dump(value)
    except (ValueError, RecursionError) as fault:
        raise Refusal("not-canonical", f"not JSON: {type(fault).__name__}") from None
    if again != text:
        raise Refusal("not-canonical", "this value is spelled differently in canonical JSON")
    return value


def _whole(text: str) -> int:
    if len(text) <= _INT_DIGITS and abs(number := int(text)) <= MAX_INT:
        return number
    raise Refusal("not-canonical", "a number is too large")


def _no_float(_text: str) -> NoReturn:
    raise Refusal("not-canonical", "a number is not whole")


_scan = json.JSONDecoder(
    parse_int=_whole, parse_float=_no_float, parse_constant=_no_float
).raw_decode


def _check(obj: object, depth: int) -> None:
    kind = type(obj)
    if kind is str or kind is bool or obj is None:
        return
    if kind is int:
        if abs(obj) > MAX_INT:  # type: ignore[arg-type]
            raise Refusal("not-canonical", "a number is too large")
    elif depth == 0:
        raise Refusal("not-canonical", "nested too deeply")
    elif isinstance(obj, dict):
        for key, value in obj.items():
            if type(key) is not str:
                raise Refusal("not-canonical", "a key is not text")
            _check(value, depth - 1)
    elif isinstance(obj, list | tuple):
        for value in obj:
            _check(value, depth - 1)
    else:
        raise Refusal("not-canonical", f"{kind.__name__} has no canonical spelling")
