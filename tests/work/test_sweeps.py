"""The sweep ledger: every building of a round in one line, swept or not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.work import Workspace, inspecting, referring, rounds, sites, sweeps
from fieldkit.work.referring import Slip


def test_a_building_nobody_swept_stands_there_too(town: Workspace) -> None:
    """The buildings are the denominator; a village is named with each."""
    found = sweeps.ledger(town, "2026-11")
    (row,) = found.rows
    assert (row.site.code, row.village, row.day, row.sweeps, row.result) == (
        "TF-3",
        "澜渡社区",
        "",
        0,
        "未扫",
    )
    assert found.totals == (1, 0, 0, 0, 0, 0)


def test_begun_finished_and_referred(town: Workspace) -> None:
    """An unfinished sweep is swept but not finished; slips are counted until answered."""
    inspecting.start(town, "building-sweep", "TF-3")
    (row,) = sweeps.ledger(town, "2026-11").rows
    assert (row.day, row.result, row.finished) == ("2026-11-23", "未办结", False)
    ref = referring.make(
        town, "TF-3", Slip("天台有来源不明的天线", "telecom", "devices")
    ).referral.id
    (row,) = sweeps.ledger(town, "2026-11", "TF").rows
    assert (row.referrals, row.pending) == (1, 1)
    assert sweeps.referred_words(row) == "1（待反馈1）"
    referring.answer(town, ref, "handled")
    (row,) = sweeps.ledger(town, "2026-Q4").rows
    assert sweeps.referred_words(row) == "1"
    assert sweeps.ledger(town, "2026-10").totals.swept == 0


def test_a_struck_building_counts_only_where_it_was_swept(town: Workspace) -> None:
    """What is gone is no gap in the next round, and stays in the round in which it was swept."""
    inspecting.start(town, "building-sweep", "TF-3")
    sites.remove(town, "TF-3", "demolished")
    assert [row.site.code for row in sweeps.ledger(town, "2026-11").rows] == ["TF-3"]
    assert sweeps.ledger(town, "2026-12").rows == ()


@pytest.mark.parametrize("typed", ["", "2026", "2026-13", "2026-Q5", "十一月", "2026-1", "1969-01"])
def test_what_is_no_round(typed: str) -> None:
    """A month or a quarter, nothing else."""
    with pytest.raises(Problem) as caught:
        rounds.round_of(typed)
    assert caught.value.code == "bad-round"


@given(st.integers(1970, 9999), st.integers(1, 12))
def test_rounds_hold_every_day_once(year: int, month: int) -> None:
    """Months follow each other without a gap, a quarter is its three months."""
    one = rounds.round_of(f"{year}-{month:02}")
    first, last = date.fromisoformat(one.first), date.fromisoformat(one.last)
    assert (first.year, first.month, first.day, last.month) == (year, month, 1, month)
    if last != date.max:
        following = last + timedelta(1)
        assert following.day == 1
    quarter = rounds.round_of(f"{year}-q{(month + 2) // 3}")
    assert quarter.first <= one.first <= one.last <= quarter.last
