"""Reading numbers, fractions and days as people type them; the spelling that is kept.

Every reader takes text that `fieldkit.text.plain.folded` has already made half-width and raises
plain ValueError: the item types turn that into a sentence with the mend.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from fieldkit.text.late import Late

MOST = 10**9
"""No count of anything in the field is larger."""

_WHOLE = Late(r"[0-9]{1,10}")
_DECIMAL = Late(r"([+-]?)([0-9]{1,10})(?:\.([0-9]{1,6}))?")
_PAIR = Late(r"([0-9]{1,10})\s*[/∕÷]\s*([0-9]{1,10})")
_DRAWN = Late(r"抽\s*([0-9]{1,10})\D{0,6}合格\s*([0-9]{1,10})\D{0,2}")
_DAY = Late(r"([0-9]{4})\s*[-./年]\s*([0-9]{1,2})\s*[-./月]\s*([0-9]{1,2})\s*日?")
_COMPACT = Late(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def whole(text: str) -> int:
    """A count of 0 or more, at most `MOST`; thousands separators are taken out."""
    plain = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", text)
    if _WHOLE.fullmatch(plain) is None or int(plain) > MOST:
        raise ValueError(text)
    return int(plain)


def decimal(text: str) -> Fraction:
    """A number with up to six places, exactly."""
    found = _DECIMAL.fullmatch(text)
    if found is None or int(found.group(2)) > MOST:
        raise ValueError(text)
    return Fraction(text)


def decimal_text(text: str) -> str:
    """The one spelling of a number: no plus, no leading or trailing zeros, no ``-0``."""
    number = decimal(text)
    sign = "-" if number < 0 else ""
    millionths = abs(number) * 10**6
    head, tail = divmod(millionths.numerator, 10**6)
    places = f"{tail:06d}".rstrip("0")
    return f"{sign}{head}.{places}" if places else f"{sign}{head}"


def pair(text: str) -> tuple[int, int]:
    """Part and whole of ``9/10``; also ``抽10合格9``, as the program itself says it."""
    found = _PAIR.fullmatch(text)
    if found is not None:
        part, of = int(found.group(1)), int(found.group(2))
    else:
        drawn = _DRAWN.fullmatch(text)
        if drawn is None:
            raise ValueError(text)
        of, part = int(drawn.group(1)), int(drawn.group(2))
    if max(part, of) > MOST:
        raise ValueError(text)
    return part, of


def day(text: str) -> date:
    """A day as ``2021-11-17``, also with ``/``, ``.`` or 年月日, or as ``20211117``."""
    found = _DAY.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, number = (int(part) for part in found.groups())
    if not 1900 <= year <= 2100:
        raise ValueError(text)
    return date(year, month, number)


def points(number: Fraction) -> str:
    """Points with at most one decimal, cut off: 89.96 never reads as 90."""
    tenths = number * 10 // 1
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def percent(ratio: Fraction, places: int = 1) -> str:
    """``75%`` or ``99.9%``: cut off, never rounded up to 100% (DOMAIN §1.4)."""
    scale = 10**places
    head, tail = divmod(ratio * 100 * scale // 1, scale)
    text = f"{head}.{tail:0{places}d}".rstrip("0").rstrip(".") if places else str(head)
    return f"{text}%"
