"""How official papers write numbers, days and times (DOMAIN §3.0). No float anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from fieldkit.domain.moments import CHINA
from fieldkit.text.i18n import _

EMPTY = "—"


def day_words(day: date) -> str:
    """2026年1月5日: Arabic digits, no leading zeros."""
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


def time_words(moment: datetime) -> str:
    """2026年1月5日14时30分, in China's time."""
    local = moment.astimezone(CHINA)
    return day_words(local.date()) + clock_words(local)


def clock_words(moment: datetime) -> str:
    """14时30分, in China's time."""
    local = moment.astimezone(CHINA)
    return _("{hour}时{minute:02d}分").format(hour=local.hour, minute=local.minute)


def one_decimal(number: Fraction) -> str:
    """Rounded half up to one decimal, as scores are written: 86.25 is 86.3."""
    tenths = (abs(number) * 20 + 1) // 2
    sign = "-" if number < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def score_words(number: Fraction, thresholds: Sequence[int] = ()) -> str:
    """A score with one decimal, or two, cut off, where rounding alone would reach a threshold.

    89.96 under a line of 90 stays 89.96: the paper must not show a grade it does not give.
    """
    for threshold in thresholds:
        if number < threshold <= Fraction(one_decimal(number)):
            hundredths = number * 100 // 1
            return f"{hundredths // 100}.{hundredths % 100:02d}"
    return one_decimal(number)
