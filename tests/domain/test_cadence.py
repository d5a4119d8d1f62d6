"""Cadences: their periods tile the time, their due days skip holidays, one visit fulfils one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import cadence
from fieldkit.domain.cadence import Period, Span, Terms, due_of, fulfilled, periods

ROUND = [name for name in cadence.CADENCES if name != "campaign"]
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
TERMS = st.builds(
    Terms,
    st.tuples(st.integers(1, 6), st.integers(1, 28)),
    st.tuples(st.integers(7, 12), st.integers(1, 28)),
)
DAY = timedelta(days=1)


@given(st.sampled_from(ROUND), DAYS, st.integers(0, 1200), TERMS)
def test_periods_tile_the_time(word: str, first: date, length: int, terms: Terms) -> None:
    """No gap, no overlap, no day of the span outside, no period without a day of it."""
    last = first + length * DAY
    found = periods(word, first, last, terms)
    assert found[0].first <= first <= found[0].last
    assert found[-1].first <= last <= found[-1].last
    assert all(one.first <= one.last for one in found)
    assert all(b.first == a.last + DAY for a, b in pairwise(found))
    assert len({one.name for one in found}) == len(found)


@given(st.sampled_from(ROUND), DAYS, DAYS, TERMS)
def test_a_day_lies_in_one_period_wherever_one_begins_to_look(
    word: str, day: date, other: date, terms: Terms
) -> None:
    """The period of a day is the same in every span that holds the day."""
    (alone,) = periods(word, day, day, terms)
    among = periods(word, min(day, other), max(day, other), terms)
    assert [one for one in among if one.first <= day <= one.last] == [alone]


@pytest.mark.parametrize(
    ("word", "name", "first", "last"),
    [
        ("month", "2026-11", "2026-11-01", "2026-11-30"),
        ("statistical-month", "2026-11", "2026-10-26", "2026-11-25"),
        ("quarter", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("school-term", "2026-2027-1", "2026-09-01", "2027-02-14"),
        ("half-year", "2026-H2", "2026-07-01", "2026-12-31"),
        ("year", "2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_the_periods_of_a_day(word: str, name: str, first: str, last: str) -> None:
    """23 November 2026 in each cadence."""
    day = date(2026, 11, 23)
    expected = Period(name, date.fromisoformat(first), date.fromisoformat(last))
    assert periods(word, day, day) == (expected,)


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-12-25", "2026-12"), ("2026-12-26", "2027-01"), ("2027-01-25", "2027-01")],
)
def test_the_statistical_january_begins_in_december(day: str, name: str) -> None:
    """From the 26th on it is the next month, over the turn of the year too."""
    when = date.fromisoformat(day)
    assert periods("statistical-month", when, when)[0].name == name


def test_the_second_term_belongs_to_the_school_year_before() -> None:
    """March 2027 is the second term of 2026-2027; leap days make no gap."""
    assert periods("school-term", date(2027, 3, 1), date(2027, 3, 1))[0].name == "2026-2027-2"
    assert periods("month", date(2028, 2, 29), date(2028, 2, 29))[0].last == date(2028, 2, 29)


@pytest.mark.parametrize("word", ["campaign", "weekly"])
def test_what_has_no_calendar_is_refused(word: str) -> None:
    """A campaign's days stand in it."""
    with pytest.raises(ValueError, match=word):
        periods(word, date(2026, 1, 1), date(2026, 1, 2))


@given(DAYS, st.sets(st.integers(0, 12)))
def test_due_is_the_first_day_that_is_no_holiday(last: date, off: set[int]) -> None:
    """Never before the end, never on a listed holiday, none free in between."""
    holidays = {last + n * DAY for n in off}
    due = due_of(Period("x", last, last), holidays)
    assert due >= last
    assert due not in holidays
    assert all(last + n * DAY in holidays for n in range((due - last).days))


NOV = Span("11", "2026-11-01", "2026-11-30", "2026-12-02")
DEC = Span("12", "2026-12-01", "2026-12-31", "2026-12-31")


@pytest.mark.parametrize(
    ("days", "done"),
    [
        ([], ["", ""]),
        (["2026-11-05", "2026-11-20"], ["2026-11-05", ""]),
        (["2026-11-05", "2026-12-01"], ["2026-11-05", "2026-12-01"]),
        # In the days that holidays gave: for November, and not for December once more.
        (["2026-12-01"], ["2026-12-01", ""]),
        (["2026-12-01", "2026-12-02"], ["2026-12-01", "2026-12-02"]),
        (["2026-12-03"], ["", "2026-12-03"]),
        (["2026-10-31", "2027-01-01"], ["", ""]),
    ],
)
def test_one_visit_fulfils_one_period(days: list[str], done: list[str]) -> None:
    """The first in time counts."""
    assert fulfilled([NOV, DEC], days) == done


def test_the_due_day_is_in_time() -> None:
    """Overdue begins on the day after."""
    assert cadence.state("2026-11-30", "", "2026-11-30") == "due"
    assert cadence.state("2026-11-30", "", "2026-12-01") == "overdue"
    assert cadence.state("2026-11-30", "2026-11-02", "2026-12-01") == "done"
