"""Streaks, cards and listings: every row of the table, the worked sequences, a naive oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.standing.basis import Basis
from fieldkit.domain.standing.impact import changes
from fieldkit.domain.standing.streaks import Carried, Delisting, UnitMonth, run
from fieldkit.domain.standing.window import Month, is_over, month_of, window, year_before

START = Month(2026, 4)
BREAK, SKIP = Basis(), Basis(missed="skip")


def _months(marks: str, start: Month = START) -> dict[Month, dict[str, bool]]:
    """● among the last, ○ not, ✕ nothing published."""
    return {start.plus(n): {"u": mark == "●"} for n, mark in enumerate(marks) if mark != "✕"}


def _run(
    marks: str, basis: Basis = BREAK, papers: tuple[Delisting, ...] = (), start: Month = START
) -> list[UnitMonth]:
    found = run(basis, _months(marks, start), until=start.plus(len(marks) - 1), delistings=papers)
    return [month["u"] for month in found.values()]


def _cards(marks: str, basis: Basis = BREAK, papers: tuple[Delisting, ...] = ()) -> list[str]:
    return [it.card for it in _run(marks, basis, papers)]


@pytest.mark.parametrize(
    ("before", "mark", "basis", "streak", "card", "listed"),
    [
        ("○", "●", BREAK, 1, "yellow", False),
        ("○", "○", BREAK, 0, "none", False),
        ("○", "✕", BREAK, 0, "none", False),
        ("○", "✕", SKIP, 0, "none", False),
        ("●", "●", BREAK, 2, "red", False),
        ("●", "○", BREAK, 0, "none", False),
        ("●", "✕", BREAK, 0, "none", False),
        ("●", "✕", SKIP, 1, "none", False),
        ("●●", "●", BREAK, 3, "listed", True),
        ("●●", "○", BREAK, 0, "none", False),
        ("●●", "✕", BREAK, 0, "none", False),
        ("●●", "✕", SKIP, 2, "none", False),
        ("●●●", "●", BREAK, 4, "listed", True),
        ("●●●", "○", BREAK, 0, "none", True),
        ("●●●", "✕", BREAK, 0, "none", True),
        ("●●●", "✕", SKIP, 3, "none", True),
    ],
)
def test_each_row_of_the_table(
    before: str, mark: str, basis: Basis, streak: int, card: str, listed: bool
) -> None:
    """From a streak, by what the month brings, to streak, card and listing."""
    last = _run(before + mark, basis)[-1]
    assert (last.streak, last.card, last.listed_since is not None) == (streak, card, listed)


def test_a_document_ends_a_listing_and_no_streak() -> None:
    """任意＋摘牌文件: the listing is closed, the streak stays the month's."""
    paper = Delisting("u", date(2026, 7, 3), "澜反诈办〔2026〕9号", "整治见效")
    last = _run("●●●●", papers=(paper,))[-1]
    assert (last.streak, last.card) == (4, "listed")
    assert last.listed_since == Month(2026, 7)
    assert last.notes[0] == "澜反诈办〔2026〕9号摘牌"


def test_the_worked_sequences() -> None:
    """茶烟村, 檐铃社区 and 檀渡村 of DOMAIN §1.3, month by month."""
    paper = Delisting("u", date(2026, 9, 20), "澜反诈办〔2026〕12号", "整治见效")
    tea = _run("●●●●○○●", papers=(paper,))
    cards = ["yellow", "red", "listed", "listed", "none", "none", "yellow"]
    assert [it.card for it in tea] == cards
    assert tea[2].notes == ("连续3个月列后两名，挂牌整治",)
    assert tea[3].notes == ("连续4个月，继续挂牌",)
    assert tea[4].notes == ("挂牌整治中",)
    assert tea[5].notes == ("澜反诈办〔2026〕12号摘牌",)
    assert [it.listed_since is not None for it in tea] == [
        False,
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert _cards("○●○●●○○") == ["none", "yellow", "none", "yellow", "red", "none", "none"]
    assert _cards("○○●✕●○○") == ["none", "none", "yellow", "none", "yellow", "none", "none"]
    assert _cards("○○●✕●○○", SKIP) == ["none", "none", "yellow", "none", "red", "none", "none"]
    assert _cards("○○●●●○○") == ["none", "none", "yellow", "red", "listed", "none", "none"]


def test_a_month_entered_late_and_what_it_changes() -> None:
    """补录7月: the list of changes, in the words of the office."""
    before = run(BREAK, _months("○○●✕●○○"))
    after = run(BREAK, _months("○○●●●○○"))
    said = [it.sentence({"u": "檀渡村"}) for it in changes(before, after)]
    assert said == [
        "7月：檀渡村 无牌→红牌",
        "8月：檀渡村 黄牌→挂牌整治",
        "9月：檀渡村 无牌→整治中",
        "10月：檀渡村 无牌→整治中",
    ]
    assert changes(after, after) == ()


def test_a_change_of_the_streak_alone_is_said() -> None:
    """A listed unit that stays listed, for a month more."""
    before = run(BREAK, _months("○●●●●"))
    after = run(BREAK, _months("●●●●●"))
    said = [it.sentence({"u": "甲"}, year=True) for it in changes(before, after)]
    assert said[-1] == "2026年8月：甲 连续4个月→连续5个月"


def test_no_new_year() -> None:
    """December and January are consecutive."""
    found = _run("●●●", start=Month(2026, 11))
    assert [it.card for it in found] == ["yellow", "red", "listed"]


def test_missed_months_are_told() -> None:
    """A broken streak says so, a kept one says how long it is."""
    assert _run("●✕")[-1].notes == ("本月未通报，连续计算中断",)
    assert _run("●✕", SKIP)[-1].notes == ("本月未通报，连续月数保持1",)
    assert _run("○✕")[-1].notes == ()


def test_automatic_delisting() -> None:
    """D6 auto: after k months outside the last places, none of them missed."""
    auto = replace(BREAK, delisting="auto", clean_months=2)
    assert [it.listed_since is not None for it in _run("●●●○○○", auto)] == [
        False, False, True, True, False, False,
    ]  # fmt: skip
    assert _run("●●●○✕○", auto)[-1].listed_since is not None


def test_a_red_card_owes_words() -> None:
    """R06: only the month of the red card."""
    assert [it.owes_words for it in _run("●●●○")] == [False, True, False, False]


def test_a_unit_goes_on_for_others() -> None:
    """After a merger the new unit has the heaviest of what the old ones had, from that month on."""
    outcomes = {
        START: {"a": True, "b": False},
        START.plus(1): {"a": True, "b": False},
        START.plus(2): {"c": True},
    }
    alone = run(BREAK, outcomes)[START.plus(2)]["c"]
    assert (alone.streak, alone.card) == (1, "yellow")
    carried = run(BREAK, outcomes, carried=[Carried("c", START.plus(2), ("a", "b"))])
    assert carried[START.plus(2)]["c"].card == "listed"
    assert carried[START]["c"].streak == 0


def test_a_frozen_reading_holds_for_its_month() -> None:
    """A month that was published under another reading keeps it."""
    outcomes = _months("●✕●")
    frozen = run(BREAK, outcomes, readings={START.plus(1): SKIP})
    assert frozen[START.plus(2)]["u"].card == "red"
    assert run(BREAK, outcomes)[START.plus(2)]["u"].card == "yellow"


def _naive(marks: str, basis: Basis) -> list[tuple[int, str, bool]]:
    """Look back from each month anew."""
    found = []
    for end in range(1, len(marks) + 1):
        seen = marks[:end]
        if basis.missed == "skip":
            known = seen.replace("✕", "")
            streak = len(known) - len(known.rstrip("●"))
        else:
            streak = len(seen) - len(seen.rstrip("●"))
        card = "none"
        if seen[-1] == "●":
            card = "listed" if streak >= 3 else "red" if streak == 2 else "yellow"
        found.append((streak, card, any(was[1] == "listed" for was in found) or card == "listed"))
    return found


@settings(max_examples=2000, deadline=None)
@given(st.text("●○✕", min_size=1, max_size=14).filter(lambda marks: marks[0] != "✕"),
       st.sampled_from([BREAK, SKIP]))  # fmt: skip
def test_a_naive_reading_agrees(marks: str, basis: Basis) -> None:
    """Any months, both ways to read a missed one."""
    found = [(it.streak, it.card, it.listed_since is not None) for it in _run(marks, basis)]
    assert found == _naive(marks, basis)


@given(st.text("●○✕", min_size=1, max_size=14).filter(lambda marks: marks[0] != "✕"))
def test_later_months_change_nothing_before(marks: str) -> None:
    """What was true of a month stays true when the next one is published."""
    whole = _run(marks)
    assert whole[:-1] == _run(marks[:-1])[: len(whole) - 1] if len(marks) > 1 else True


def test_windows() -> None:
    """26th to 25th: March has 28 or 29 days, January begins the year before."""
    assert window(month_of("2026-11")) == (date(2026, 10, 26), date(2026, 11, 25))
    assert window(month_of("2026-03")).days == 28
    assert window(month_of("2028-03")).days == 29
    assert window(month_of("2026-01")) == (date(2025, 12, 26), date(2026, 1, 25))
    assert year_before(month_of("2026-11")) == (date(2025, 10, 26), date(2025, 11, 25))
    assert window(month_of("2026-03"), 31) == (date(2026, 3, 1), date(2026, 3, 31))
    assert not is_over(month_of("2026-11"), date(2026, 11, 22))
    assert not is_over(month_of("2026-11"), date(2026, 11, 25))
    assert is_over(month_of("2026-11"), date(2026, 11, 26))


@given(st.integers(0, 2399), st.integers(1, 31))
def test_windows_leave_no_day_out(n: int, last: int) -> None:
    """Each begins on the day after the one before ends."""
    month = Month(2000, 1).plus(n)
    assert (window(month.next, last).first - window(month, last).last).days == 1
    assert month_of(str(month)) == month


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-1", "26-01", "2026-00", "1999-01", "", "2026-011"]
)
def test_months_that_are_none(text: str) -> None:
    """Only four digits and two."""
    with pytest.raises(ValueError):
        month_of(text)
