"""The look-back sample: a tenth of what was closed, the same for everybody."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import lookback
from fieldkit.errors import Problem
from fieldkit.work import Workspace, findings, inspecting, rectifying
from fieldkit.work import lookback as work

IDS = st.lists(st.text("0123456789abcdef", min_size=1, max_size=32), unique=True, max_size=60)
MONTHS = st.sampled_from(["2026-10", "2026-11", "2026-12"])
SHARES = st.integers(1, 100)


@given(MONTHS, IDS, SHARES)
def test_size_is_the_share_rounded_up(month: str, ids: list[str], share: int) -> None:
    """One of anything, none of nothing, all of them at a hundred percent."""
    found = lookback.sample(month, ids, share)
    assert len(found) == math.ceil(len(ids) * share / 100)
    assert len(set(found)) == len(found)
    assert set(found) <= set(ids)


@given(MONTHS, IDS, SHARES, st.randoms())
def test_order_and_repetition_say_nothing(
    month: str, ids: list[str], share: int, by: random.Random
) -> None:
    """Whoever merged in whatever order draws the same."""
    mixed = ids + ids[: len(ids) // 2]
    by.shuffle(mixed)
    assert lookback.sample(month, mixed, share) == lookback.sample(month, ids, share)


@given(MONTHS, IDS.filter(bool), SHARES)
def test_one_more_takes_the_place_of_at_most_one(month: str, ids: list[str], share: int) -> None:
    """What comes late does not throw away the looks that were taken."""
    before = set(lookback.sample(month, ids[1:], share))
    after = set(lookback.sample(month, ids, share))
    assert len(before - after) <= 1


def test_months_draw_apart_and_the_draw_is_fixed() -> None:
    """The known answer of 40 ids; another month draws another sample."""
    ids = [f"{n:032x}" for n in range(40)]
    found = lookback.sample("2026-11", ids)
    assert len(found) == 4
    assert [int(id, 16) for id in found] == KNOWN
    assert found != lookback.sample("2026-12", ids)
    with pytest.raises(ValueError, match="101"):
        lookback.sample("2026-11", ids, 101)


KNOWN = [21, 9, 29, 0]


def _closed(ws: Workspace, site: str, most: int = 5) -> list[str]:
    """Findings of one inspection, put right and closed."""
    whole = inspecting.start(ws, "building-sweep", site)
    left = most
    for item in whole.items:
        if item.type == "info":
            continue
        bad = item.type == "check" and not item.critical and left > 0
        left -= bad
        inspecting.answer(ws, whole.inspection.id, item.id, "fail" if bad else "na")
    inspecting.finish(ws, whole.inspection.id)
    made = [row.finding.id for row in findings.listing(ws, site=site, state="found")]
    for id in made:
        rectifying.take(ws, id, "rectify", rectifying.Told(note="已改"))
        rectifying.take(ws, id, "close")
    return made


def test_sample_of_a_month(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn from what was closed then; a look since is told, and one taken up again stays."""
    made = _closed(town, "TF-3")
    assert len(made) > 1
    found = work.draw(town, "2026-11")
    assert (found.closed, len(found.rows)) == (len(made), 1)
    (row,) = found.rows
    assert (row.closed, row.until, row.seen) == ("2026-11-23", "2027-01-22", "")
    assert work.draw(town, "2026-10").rows == ()
    assert len(work.draw(town, "2026-11", 100).rows) == len(made)
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-05T09:30:00+08:00")
    rectifying.take(town, row.finding.id, "relapse", rectifying.Told(note="又出现"))
    again = work.draw(town, "2026-11")
    assert [(it.finding.id, it.seen, it.state) for it in again.rows] == [
        (row.finding.id, "2026-12-05", "再整改")
    ]


def test_an_inspection_since_counts_as_a_look(
    town: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where it judged the item anew: "does not apply" looked at nothing."""
    _closed(town, "TF-3")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-01T09:30:00+08:00")
    rows = work.draw(town, "2026-11", 100).rows
    one, other = rows[0].finding, rows[1].finding
    whole = inspecting.start(town, "building-sweep", "TF-3")
    for item in whole.items:
        if item.type != "info":
            typed = "pass" if item.id == one.item else "na"
            inspecting.answer(town, whole.inspection.id, item.id, typed)
    inspecting.finish(town, whole.inspection.id)
    seen = {row.finding.id: row.seen for row in work.draw(town, "2026-11", 100).rows}
    assert (seen[one.id], seen[other.id]) == ("2026-12-01", "")


@pytest.mark.parametrize(("month", "share"), [("2026-Q4", 10), ("2026-11", 0), ("2026-11", 101)])
def test_what_cannot_be_drawn(town: Workspace, month: str, share: int) -> None:
    """A quarter is no month, and a share is a percentage."""
    with pytest.raises(Problem) as caught:
        work.draw(town, month, share)
    assert caught.value.code in ("bad-round", "bad-share")
