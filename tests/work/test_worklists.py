"""Work lists: what each unit has open, by when in working days, and what comes next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import deadlines, rectification
from fieldkit.errors import Problem
from fieldkit.work import Workspace, findings, holidays, inspecting, rectifying, worklists
from fieldkit.work.rectifying import Told

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
FREE = st.frozensets(st.dates(date(2026, 9, 25), date(2026, 10, 12)), max_size=10)


@given(DAYS, st.integers(-500, 500), FREE)
def test_working_days_are_counted_one_by_one(day: date, by: int, free: frozenset[date]) -> None:
    """The formula of whole weeks counts what a calendar does."""
    due = day + timedelta(by)
    first, last = min(day, due), max(day, due)
    every = (first + timedelta(n) for n in range(1, (last - first).days + 1))
    count = sum(it.weekday() < 5 and it not in free for it in every)
    assert deadlines.working_days(day, due, free) == (count if by >= 0 else -count)


def test_words_of_days_and_steps() -> None:
    """Working days in words, weekends between, and no day where none runs."""
    monday = date(2026, 11, 23)
    assert deadlines.left_in_words("notified", "2026-11-23", monday) == "今天到期"
    assert deadlines.left_in_words("notified", "2026-11-30", monday) == "还有 5 个工作日"
    assert deadlines.left_in_words("notified", "2026-11-20", monday) == "逾期 1 个工作日"
    saturday = date(2026, 11, 28)
    assert deadlines.left_in_words("notified", "2026-11-29", saturday) == "还有不到 1 个工作日"
    assert deadlines.left_in_words("notified", "2026-11-27", saturday) == "逾期不到 1 个工作日"
    assert deadlines.left_in_words("passed", "2026-11-20", monday) == ""
    assert deadlines.hint("passed", "2026-11-20", monday) == ""
    assert "由人决定" in deadlines.hint("notified", "2026-11-20", monday)
    assert "提示函" in deadlines.next_in_words("found", "company")
    assert "通知书" in deadlines.next_in_words("found", "village")
    for state in rectification.STATES:
        assert bool(deadlines.next_in_words(state)) == (state not in rectification.OVER)


@pytest.fixture
def faulty(town: Workspace) -> Workspace:
    """Two findings at a building, one or more at a courier."""
    for list_, site, most in (("building-sweep", "TF-3", 2), ("courier-100", "KD1", 1)):
        whole = inspecting.start(town, list_, site)
        left = most
        for item in whole.items:
            if item.type == "info":
                continue
            bad = item.type == "check" and not item.critical and left > 0
            left -= bad
            inspecting.answer(town, whole.inspection.id, item.id, "fail" if bad else "na")
        inspecting.finish(town, whole.inspection.id)
    return town


def test_a_building_is_put_right_by_who_holds_it(faulty: Workspace) -> None:
    """The estate answers for its building, a courier for itself; --unit takes what is below."""
    found = worklists.worklists(faulty)
    assert [(one.unit.code if one.unit else "", len(one.jobs)) for one in found] == [
        ("KD1", 1),
        ("TF", 2),
    ]
    assert [one.unit.code for one in worklists.worklists(faulty, "W1") if one.unit] == ["TF"]
    assert worklists.worklists(faulty, "TF-3-101") == []
    with pytest.raises(Problem) as caught:
        worklists.worklists(faulty, "nowhere")
    assert caught.value.code == "unknown-site"


def test_working_days_holidays_and_the_hint(
    faulty: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A holiday is no working day; the hint comes the day after; what is closed is gone."""
    (firm, *_rest) = worklists.worklists(faulty, "KD1")
    (job,) = firm.jobs
    assert (job.finding.due, job.working_days, job.hint) == ("2026-11-30", 5, "")
    assert "提示函" in job.step
    (faulty.home / holidays.NAME).write_text("2026-11-25\n", "utf-8")
    assert worklists.worklists(faulty, "KD1")[0].jobs[0].working_days == 4
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-02T09:00:00+08:00")
    rectifying.take(faulty, job.finding.id, "notify", Told(due="2026-12-02"))
    assert worklists.worklists(faulty, "KD1")[0].overdue == 0
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-03T09:00:00+08:00")
    late = worklists.worklists(faulty, "KD1", overdue=True)[0].jobs[0]
    assert (late.working_days, late.left, late.overdue) == (-1, "逾期 1 个工作日", True)
    assert "通报或约谈，由人决定" in late.hint
    rectifying.take(faulty, job.finding.id, "rectify", Told(note="已改"))
    rectifying.take(faulty, job.finding.id, "close")
    assert worklists.worklists(faulty, "KD1") == []
    assert findings.find(faulty, job.finding.id).finding.state == "closed"
