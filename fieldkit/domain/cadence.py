"""How often a duty comes round: the periods of each cadence, their days, and what fulfils one.

The legal calendar of DOMAIN §1.1: months, statistical months (the 26th to the 25th, 000三(一)3),
quarters, school terms, half-years, years. A campaign is a period of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import NamedTuple

from fieldkit.text.i18n import N_

from .rectification import due_after

CADENCES = {
    "month": N_("每月"),
    "statistical-month": N_("每统计月"),
    "quarter": N_("每季度"),
    "school-term": N_("每学期"),
    "half-year": N_("每半年"),
    "year": N_("每年"),
    "campaign": N_("活动期内一次"),
}
"""Each cadence and what people call it."""

OF_LIST = {
    "monthly": "month",
    "quarterly": "quarter",
    "semester": "school-term",
    "half-yearly": "half-year",
    "yearly": "year",
    "once": "campaign",
}
"""The words of checklists for the same."""

USUAL = {
    "wuzha-qiye": "month",  # R12: 每月组织入企宣传
    "wuzha-xiaoyuan": "school-term",  # R14: 中小学每学期至少一次
    "wuzha-xiaoqu": "year",  # R09: 每年评选
    "building-sweep": "quarter",  # R43: 定期扫楼，建议每季
    "member-unit": "quarter",  # R04: 季度评讲
    "village-duty": "half-year",  # R21: 每半年报送
    "finance-business": "half-year",  # R26: 定期，建议半年
}
"""The cadence of shipped lists that name none; an office may name others (`work.calendar`)."""

STATISTICAL_DAY = 26
"""The day on which a statistical month begins, in the month before the one it is named after."""
_DAY = timedelta(days=1)


class Terms(NamedTuple):
    """First days of the two school terms, as month and day; each lasts until the other begins."""

    spring: tuple[int, int] = (2, 15)
    autumn: tuple[int, int] = (9, 1)


TERMS = Terms()


class Period(NamedTuple):
    """One round of a cadence: its name, its first and its last day."""

    name: str
    first: date
    last: date


def periods(cadence: str, first: date, last: date, terms: Terms = TERMS) -> tuple[Period, ...]:
    """The periods that have a day from ``first`` to ``last``, in order, without gap or overlap.

    Raises ValueError for a campaign, whose days stand in it, and for a word that is no cadence;
    OverflowError past the calendar.
    """
    return tuple(_walk(cadence, first, last, terms))


def _walk(cadence: str, first: date, last: date, terms: Terms) -> Iterator[Period]:
    starts = terms if cadence == "school-term" else _STARTS.get(cadence)
    if starts is None:
        raise ValueError(cadence)
    name, begin = _holding(starts, cadence, first)
    while begin <= last:
        after, following = _holding(starts, cadence, _next(starts, begin))
        yield Period(name, begin, following - _DAY)
        name, begin = after, following


Start = tuple[int, int]
"""Month and day on which a period begins, in every year."""


def _holding(starts: Sequence[Start], cadence: str, day: date) -> tuple[str, date]:
    """The name and the first day of the period that a day lies in."""
    before = [index for index, start in enumerate(starts) if start <= (day.month, day.day)]
    index, year = (before[-1], day.year) if before else (len(starts) - 1, day.year - 1)
    return _name(cadence, index, year), date(year, *starts[index])


def _next(starts: Sequence[Start], begin: date) -> date:
    """The first day of the period after the one that begins on a day."""
    later = [start for start in starts if start > (begin.month, begin.day)]
    return date(begin.year, *later[0]) if later else date(begin.year + 1, *starts[0])


def _name(cadence: str, index: int, year: int) -> str:
    """2026-11, 2026-Q4, 2026-H2, 2026, or 2026-2027-1 for the first term of a school year."""
    if cadence == "month":
        return f"{year:04}-{index + 1:02}"
    if cadence == "statistical-month":
        # The one that begins in December is the next year's January.
        month = (index + 1) % 12 + 1
        return f"{year + (month == 1):04}-{month:02}"
    if cadence == "quarter":
        return f"{year:04}-Q{index + 1}"
    if cadence == "half-year":
        return f"{year:04}-H{index + 1}"
    if cadence == "school-term":
        begun = year if index else year - 1
        return f"{begun:04}-{begun + 1:04}-{1 if index else 2}"
    return f"{year:04}"


_STARTS: dict[str, tuple[Start, ...]] = {
    "month": tuple((month, 1) for month in range(1, 13)),
    "statistical-month": tuple((month, STATISTICAL_DAY) for month in range(1, 13)),
    "quarter": tuple((month, 1) for month in (1, 4, 7, 10)),
    "half-year": ((1, 1), (7, 1)),
    "year": ((1, 1),),
}


def due_of(period: Period, holidays: AbstractSet[date] = frozenset()) -> date:
    """The last day in time: the period's last, put off while it is a listed holiday."""
    return due_after(period.last, 0, holidays)


class Span(NamedTuple):
    """A period as it is reckoned with: days as text, ``due`` after the holidays."""

    name: str
    first: str
    last: str
    due: str


def fulfilled(spans: Sequence[Span], days: Sequence[str]) -> list[str]:
    """For each span the day that fulfils it, empty where none does.

    ``spans`` and ``days`` are in order. One day fulfils one span: a day after the end that a
    holiday put off counts for the span before only where nothing else did, and then for no other.
    """
    done: list[str] = []
    spent = ""
    for span in spans:
        found = next((day for day in days if span.first <= day <= span.due and day > spent), "")
        if found > span.last:
            spent = found
        done.append(found)
    return done


def state(due: str, done: str, at: str) -> str:
    """``done``, ``due`` or ``overdue`` on a day; the due day itself is in time."""
    if done:
        return "done"
    return "overdue" if at > due else "due"
