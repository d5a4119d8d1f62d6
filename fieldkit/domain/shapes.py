"""Shapes that the fields of events may have: one small check each."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from fieldkit.text.late import Late

Check = Callable[[Any], bool]

# What steers a terminal or ends a C string has no place in a fact; new lines and tabs may be.
_STEERS = Late(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]")


def text(limit: int, least: int = 0) -> Check:
    """Text without what steers a terminal, of so many characters."""
    return lambda v: isinstance(v, str) and least <= len(v) <= limit and not _STEERS.search(v)


def like(pattern: str) -> Check:
    """Text of a form."""
    # Compiled when the first event of such a kind is checked; most commands check none.
    compiled = Late(pattern, re.ASCII)
    return lambda v: isinstance(v, str) and compiled.fullmatch(v) is not None


def hexed(length: int) -> Check:
    """So many lower-case hexadecimal digits."""
    return like(rf"[0-9a-f]{{{length}}}")


def one_of(*words: str) -> Check:
    """One of these words."""
    return lambda v: isinstance(v, str) and v in words


def whole(low: int, high: int) -> Check:
    """A whole number between two."""
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high


def listed(check: Check, limit: int) -> Check:
    """A list of such things, no longer than that."""
    return lambda v: isinstance(v, list) and len(v) <= limit and all(check(x) for x in v)


def mapped(key: Check, value: Check, limit: int) -> Check:
    """Names with what they stand for, no more than that."""
    return lambda v: (
        isinstance(v, dict)
        and len(v) <= limit
        and all(key(name) and value(told) for name, told in v.items())
    )


def either(*checks: Check) -> Check:
    """Any of these."""
    return lambda v: any(check(v) for check in checks)


def pair(v: Any) -> bool:
    """A fraction: numerator and denominator, neither negative."""
    number = whole(0, 2**53 - 1)
    return isinstance(v, list) and len(v) == 2 and number(v[0]) and number(v[1]) and v[1] > 0


def doc(v: Any) -> bool:
    """A document, plain or packed."""
    return isinstance(v, dict | str)


_looks_like_a_day = like(r"\d{4}-\d{2}-\d{2}")


def day(v: Any) -> bool:
    """A day as 2026-11-23."""
    if not _looks_like_a_day(v):
        return False
    try:
        date.fromisoformat(v)
    except ValueError:
        return False
    return True


_looks_like_a_moment = like(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def moment(v: Any) -> bool:
    """A local time to the minute, or nothing."""
    if v == "":
        return True
    if not _looks_like_a_moment(v):
        return False
    try:
        datetime.fromisoformat(v)
    except ValueError:
        return False
    return True


COUNTS = mapped(text(60, 1), whole(0, 2**53 - 1), 80)
_KEPT_TOTAL = {
    "rule": text(20, 1),
    "year": text(4),
    "division": text(24),
    "place": text(64),
    "checklist": text(64),
    "counts": COUNTS,
}


def kept_total(v: Any) -> bool:
    """What is kept of erased records of one rule, year, place and list: counts alone."""
    return (
        isinstance(v, dict)
        and v.keys() == _KEPT_TOTAL.keys()
        and all(check(v[name]) for name, check in _KEPT_TOTAL.items())
    )


HASH, ID = hexed(64), hexed(32)
NO_ID = one_of("")
OVER = listed(HASH, 64)
CODE = text(64, 1)


ONE_LINE = like(r"[^\x00-\x1f\x7f-\x9f]{1,40}")
WORD = like(r"[^\x00-\x20\x7f-\x9f]{1,64}")


def phase(v: Any) -> bool:
    """A part of a campaign with its days."""
    return (
        isinstance(v, dict)
        and set(v) == {"name", "first", "last"}
        and ONE_LINE(v["name"])
        and day(v["first"])
        and day(v["last"])
    )
