"""The values that expressions work on, and how one kind is taken for another.

A value is a text, a number (whole or an exact fraction), a truth, or a tuple of such: the answers
in all instances of a repeat. What is missing is the empty text; whatever is reckoned with it is
missing too, and nothing here ever fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

Single = str | int | Fraction | bool
Value = Single | tuple[Single, ...]

MISSING = ""
LARGEST = 10**18
"""Numbers beyond this, and fractions with larger denominators, count as missing."""
LONGEST = 10_000
"""Texts that an expression makes are cut to so many characters."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"\s*(-?)([0-9]{1,18})(?:\.([0-9]{1,9}))?\s*")
_EPOCH = date(1970, 1, 1)


def singles(values: Iterable[Value]) -> Iterator[Single]:
    """The values with those of all instances one by one."""
    for value in values:
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def single(value: Value) -> Single:
    """One value; of several instances the first, as a path that fits several does."""
    if isinstance(value, tuple):
        return value[0] if value else MISSING
    return value


def number(value: Value) -> int | Fraction | None:
    """The value as a number: a truth counts 1 or 0, a day the days since 1970; else None."""
    one = single(value)
    if isinstance(one, bool):
        return int(one)
    if isinstance(one, int | Fraction):
        return one
    found = _NUMBER.fullmatch(one)
    if found is not None:
        exact = Fraction(one.strip())
        return int(exact) if exact.denominator == 1 else exact
    day = as_day(one)
    return (day - _EPOCH).days if day is not None else None


def bounded(value: int | Fraction) -> Single:
    """A result as it may stand: whole where it is whole, missing where it is out of bounds."""
    if isinstance(value, Fraction):
        if value.denominator > LARGEST:
            return MISSING
        if value.denominator == 1:
            value = int(value)
    return value if -LARGEST <= value <= LARGEST else MISSING


def text(value: Value) -> str:
    """The value as text; a number without needless zeros, cut off after six places."""
    one = single(value)
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, str):
        return one
    sign = "-" if one < 0 else ""
    head, tail = divmod(int(abs(Fraction(one)) * 10**6), 10**6)
    places = f"{int(tail):06d}".rstrip("0")
    return f"{sign}{int(head)}.{places}" if places else f"{sign}{int(head)}"


def true(value: Value) -> bool:
    """Whether the value counts as true: a text that is not empty, a number that is not 0."""
    one = single(value)
    if isinstance(one, str):
        return one not in (MISSING, "false")
    return bool(one)


def as_day(value: Value) -> date | None:
    """The value as a day, None where it is none."""
    one = single(value)
    if not isinstance(one, str) or _DAY.fullmatch(one) is None:
        return None
    try:
        return date.fromisoformat(one)
    except ValueError:
        return None


def day_of(days: int | Fraction) -> str:
    """A number of days since 1970 as a day; missing where there is no such day."""
    try:
        return (_EPOCH + timedelta(days=int(days // 1))).isoformat()
    except (OverflowError, ValueError):
        return MISSING


def shortened(made: str) -> str:
    """A text of bearable length."""
    return made[:LONGEST]


def equal(left: Value, right: Value) -> bool:
    """Whether any instance on the left is the same as any on the right."""
    return any(_same(a, b) for a in singles([left]) for b in singles([right]))


def unequal(left: Value, right: Value) -> bool:
    """Whether any instance on the left differs from any on the right."""
    return any(not _same(a, b) for a in singles([left]) for b in singles([right]))


def less(left: Value, right: Value, *, or_equal: bool = False) -> bool:
    """Whether any number on the left is below any on the right; false with what is missing."""
    for a in singles([left]):
        for b in singles([right]):
            one, two = number(a), number(b)
            if one is None or two is None:
                continue
            if one < two or (or_equal and one == two):
                return True
    return False


def _same(a: Single, b: Single) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return true(a) == true(b)
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    one, two = number(a), number(b)
    return one is not None and one == two
