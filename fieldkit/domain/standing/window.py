"""Months of the standing and their windows: the 26th of the month before to the 25th, inclusive."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
FIRST_YEAR, LAST_YEAR = 2000, 2199


class Month(NamedTuple):
    """One period of the standing; compares in the order of time."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def plus(self, months: int) -> Month:
        """So many months later; earlier where negative."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    @property
    def next(self) -> Month:
        """The month after; December is followed by January, no streak ends with a year."""
        return self.plus(1)


class Window(NamedTuple):
    """The days that count, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def month_of(text: str) -> Month:
    """``2026-11``. ValueError for anything else, or a year out of reach."""
    found = _MONTH.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise ValueError(text)
    return Month(int(found[1]), int(found[2]))


def window(month: Month, last_day: int = 25) -> Window:
    """The window of a month: the day after the last one's end, to its own end.

    ``last_day`` beyond the end of a month means its last day.
    """
    return Window(_end(month.plus(-1), last_day) + timedelta(days=1), _end(month, last_day))


def year_before(month: Month, last_day: int = 25) -> Window:
    """The same window of last year (上年同期)."""
    return window(month.plus(-12), last_day)


def is_over(month: Month, today: date, last_day: int = 25) -> bool:
    """Whether the whole window has passed; on its last day it has not."""
    return today > window(month, last_day).last


def _end(month: Month, last_day: int) -> date:
    return date(month.year, month.number, min(last_day, monthrange(month.year, month.number)[1]))
