"""The loop of putting right: which steps there are, when they are due, how that is said."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import rectification as loop

DAY = date(2026, 11, 23)
SEVERITIES = ("general", "critical")
STEPS = st.sampled_from(tuple(loop.STEPS))
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


def walk(steps: list[str], severity: str = "general") -> tuple[str, list[str]]:
    """The state after those of the steps that are allowed, and which those were."""
    state, taken = "found", []
    for step in steps:
        if not loop.refusal(step, state, severity):
            state = loop.after(state, step, severity)
            taken.append(step)
    return state, taken


@pytest.mark.parametrize(
    ("steps", "state", "rounds"),
    [
        ("notify progress rectify reinspect pass close", "closed", 1),
        ("notify rectify reinspect fail rectify reinspect pass close", "closed", 2),
        ("rectify close", "closed", 1),
        ("notify escalate rectify reinspect fail notify rectify reinspect fail", "again", 3),
        ("refer feedback close", "closed", 1),
        ("notify withdraw restore", "found", 1),
        ("rectify close relapse", "again", 2),
    ],
)
def test_the_usual_ways(steps: str, state: str, rounds: int) -> None:
    """DOMAIN §4.6: straight, a second round, on the spot, escalated, referred, withdrawn."""
    found, taken = walk(steps.split())
    assert taken == steps.split()
    assert found == state
    assert loop.rounds(taken) == rounds


@given(st.lists(STEPS, max_size=40), st.sampled_from(SEVERITIES))
def test_only_an_explicit_step_leaves_an_end(steps: list[str], severity: str) -> None:
    """From a closed finding only a relapse goes on, from a withdrawn one only a restore."""
    state = "found"
    for step in steps:
        if loop.refusal(step, state, severity):
            with pytest.raises(ValueError, match=r"不能|必须"):
                loop.after(state, step, severity)
            continue
        if state in loop.OVER:
            assert step == {"closed": "relapse", "withdrawn": "restore"}[state]
        state = loop.after(state, step, severity)
        assert state in loop.STATES


@given(st.lists(STEPS, max_size=40))
def test_rounds_only_grow(steps: list[str]) -> None:
    """No step takes a round back, and only a failed second look or a relapse begins one."""
    _state, taken = walk(steps)
    counts = [loop.rounds(taken[:n]) for n in range(len(taken) + 1)]
    assert counts[0] == 1
    for step, (before, after) in zip(taken, pairwise(counts), strict=True):
        assert after - before == (step in ("fail", "relapse"))


@given(st.lists(STEPS, max_size=40))
def test_a_critical_finding_is_never_closed_unseen(steps: list[str]) -> None:
    """A veto item is closed only after a second look passed it, or its authority answered."""
    _state, taken = walk(steps, "critical")
    for place, step in enumerate(taken):
        if step == "close":
            assert taken[place - 1] in ("pass", "feedback")


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("state", loop.STATES)
def test_nobody_gets_stuck(state: str, severity: str) -> None:
    """From every state a person can go on, the usual next step first."""
    steps = loop.allowed(state, severity)
    assert steps
    assert all(not loop.refusal(step, state, severity) for step in steps)


def test_where_the_rarer_steps_may_be_taken() -> None:
    """Each of them from the one state that it is for."""
    origins = {
        step: {state for state in loop.STATES if not loop.refusal(step, state)}
        for step in ("relapse", "restore", "feedback")
    }
    assert origins == {"relapse": {"closed"}, "restore": {"withdrawn"}, "feedback": {"referred"}}


def test_every_step_has_its_words() -> None:
    """States, titles and origins speak of the same steps."""
    assert set(loop.TITLES) == set(loop.STEPS)
    assert set(loop.STEPS.values()) == set(loop.STATES)
    assert loop.refusal("fly", "found")
    refused = loop.refusal("close", "found")
    assert "待交办" in refused
    assert "销号" in refused
    assert "交办" in loop.mend("found")


@given(DAYS, st.integers(0, 30), st.sets(DAYS, max_size=20))
def test_a_due_day_is_never_a_holiday_nor_too_early(
    day: date, days: int, holidays: set[date]
) -> None:
    """Natural days, put off day by day only while they are holidays."""
    due = loop.due_after(day, days, holidays)
    assert due >= day + timedelta(days=days)
    assert due not in holidays
    between = (due - day).days - days
    assert all(day + timedelta(days=days + n) in holidays for n in range(between))


def test_a_weekend_is_a_day_like_others() -> None:
    """Seven days from Sunday end on Sunday; over a holiday week the first free day counts."""
    sunday = date(2026, 11, 22)
    assert loop.due_after(sunday, 7) == date(2026, 11, 29)
    golden = {date(2026, 10, day) for day in range(1, 8)}
    assert loop.due_after(date(2026, 9, 24), 7, golden) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("step", "severity", "due"),
    [
        ("notify", "general", "2026-11-30"),
        ("notify", "critical", "2026-11-26"),
        ("rectify", "general", "2026-11-30"),
        ("refer", "general", "2026-12-23"),
        ("escalate", "general", "2026-11-26"),
        ("progress", "general", "2026-11-20"),
        ("close", "general", "2026-11-20"),
    ],
)
def test_usual_days(step: str, severity: str, due: str) -> None:
    """Each step sets the day of the next one, or leaves the one before."""
    assert loop.due_of(step, DAY, severity, "2026-11-20") == due


@given(st.sampled_from(tuple(loop.STATES)), DAYS, st.integers(-40, 40))
def test_overdue_means_past_its_day_and_something_expected(
    state: str, due: date, past: int
) -> None:
    """Never on the day itself; the words say the same as the flag."""
    today = due + timedelta(days=past)
    late = loop.is_overdue(state, due.isoformat(), today)
    assert late == (past > 0 and state not in loop.SETTLED)
    words = loop.due_in_words(state, due.isoformat(), today)
    assert late == ("逾期" in words)
    assert (words == "") == (state in loop.SETTLED)


def test_due_in_words() -> None:
    """As people say it."""
    said = [loop.due_in_words("notified", day, DAY) for day in ("2026-11-23", "2026-11-26")]
    assert said == ["今天到期", "还有 3 天"]
    assert loop.due_in_words("notified", "2026-11-21", DAY) == "逾期 2 天"
    assert loop.due_in_words("closed", "2026-11-21", DAY) == ""
    looked = [loop.due_in_words("reported", f"2026-11-2{n}", DAY) for n in (2, 3, 4)]
    assert looked == ["复查逾期 1 天", "今天该复查", "1 天内复查"]
