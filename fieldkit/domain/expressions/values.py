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
"""Numbers beyond this count as missing; a fraction with a larger denominator is rounded."""
FINEST = 10**12
"""Such a fraction keeps twelve places: a mean of many shares is a number, however odd they are."""
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
        value = rounded(value)
        if value.denominator == 1:
            value = int(value)
    return value if -LARGEST <= value <= LARGEST else MISSING


def rounded(value: Fraction) -> Fraction:
    """The fraction itself, or with twelve places where its denominator is out of bounds."""
    return value if value.denominator <= LARGEST else Fraction(round(value * FINEST), FINEST)


def text(value: Value) -> str:
    """The value as text; a number without needless zeros, cut off after six places."""
    one = single(value)
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, str):
        return one
    millionths = int(abs(Fraction(one)) * 10**6)
    sign = "-" if one < 0 and millionths else ""
    head, tail = divmod(millionths, 10**6)
    places = f"{tail:06d}".rstrip("0")
    return f"{sign}{head}.{places}" if places else f"{sign}{head}"


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
    if not isinstance(left, tuple) or not isinstance(right, tuple):
        return any(_same(a, b) for a in singles([left]) for b in singles([right]))
    # Each of many with each of many would cost their product.
    ours, theirs = _sorted_out(left), _sorted_out(right)
    return any(ours[kind] & theirs[other] for kind, other in _COMPARABLE)


def unequal(left: Value, right: Value) -> bool:
    """Whether any instance on the left differs from any on the right."""
    return any(not _same(a, b) for a in _distinct(left) for b in _distinct(right))


def less(left: Value, right: Value, *, or_equal: bool = False) -> bool:
    """Whether any number on the left is below any on the right; false with what is missing."""
    ours = [n for n in map(number, singles([left])) if n is not None]
    theirs = [n for n in map(number, singles([right])) if n is not None]
    if not ours or not theirs:
        return False
    least, most = min(ours), max(theirs)
    return least < most or (or_equal and least == most)


_COMPARABLE = (
    ("text", "text"), ("number", "any number"), ("any number", "number"),
    ("truth", "any truth"), ("any truth", "truth"),
)  # fmt: skip


def _sorted_out(values: tuple[Single, ...]) -> dict[str, set[Single]]:
    """The instances by what they may be the same as."""
    found: dict[str, set[Single]] = {
        "text": set(), "number": set(), "any number": set(), "truth": set(), "any truth": set(),
    }  # fmt: skip
    for one in _distinct(values):
        found["any truth"].add(true(one))
        if isinstance(one, bool):
            found["truth"].add(one)
            continue
        counted = number(one)
        if counted is not None:
            found["any number"].add(counted)
        if isinstance(one, str):
            found["text"].add(one)
        else:
            found["number"].add(one)
    return found


def _distinct(value: Value) -> list[Single]:
    """The instances without those that are there twice; True is not 1 here."""
    return [one for _kind, one in dict.fromkeys((type(one), one) for one in singles([value]))]


def _same(a: Single, b: Single) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return true(a) == true(b)
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    one, two = number(a), number(b)
    return one is not None and one == two
