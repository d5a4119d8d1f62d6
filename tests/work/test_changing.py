"""Doors that are split, joined or closed from a day on; what was counted before stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fieldkit.errors import Problem
from fieldkit.work import changing, sites, visiting
from fieldkit.work.coverage import coverage, total, window
from fieldkit.work.workspace import Workspace


def counted(ws: Workspace, day: str | None = None) -> tuple[int, int, int, int]:
    """Doors, struck off, visited, met; on a day or now."""
    (row,) = coverage(ws, "all", None, window(None, day))
    return row.doors, row.removed, row.visited, row.met


@pytest.fixture
def walked(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The town's register of the 23rd, one door met on the 24th; today is the 30th."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-24T09:30:00+08:00")
    visiting.log(town, "TF-3-101", "met")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-30T09:30:00+08:00")
    return town


def test_a_split_counts_from_its_day(walked: Workspace) -> None:
    """Two doors in the place of one, which leaves every count but those of days before."""
    made = changing.split(walked, "TF-3-101", ["101A", "101B"], on="2026-11-28", why="隔断出租")
    assert [(site.name, site.code) for site in made] == [
        ("101A", "TF-3-101-1"),
        ("101B", "TF-3-101-2"),
    ]
    assert counted(walked) == (4, 0, 0, 0)
    assert counted(walked, "2026-11-28") == (4, 0, 0, 0)
    assert counted(walked, "2026-11-27") == (3, 0, 1, 1)
    assert counted(walked, "2026-11-23") == (3, 0, 0, 0)
    assert coverage(walked, "all", None, window(None, "2026-11-22")) == []
    names = [c.door.name for f in visiting.matrix(walked, "TF-3").floors for c in f.cells]
    assert names == ["1001室", "201室", "101A", "101B"]


def test_doors_joined_are_one(walked: Workspace) -> None:
    """A household if one of them was."""
    made = changing.join(walked, ["TF-3-201", "TF-3-1001"], "201", on="2026-11-29")
    assert made.registered
    assert counted(walked) == (2, 0, 1, 1)
    assert counted(walked, "2026-11-28") == (3, 0, 1, 1)


def test_a_door_struck_off_stays_in_the_days_before(walked: Workspace) -> None:
    """It is in the register and out of the base from its day on."""
    sites.remove(walked, "TF-3-201", "demolished", on="2026-11-26")
    assert counted(walked) == (3, 1, 1, 1)
    assert counted(walked, "2026-11-25") == (3, 0, 1, 1)


def test_a_campaign_counts_its_own_visits(walked: Workspace) -> None:
    """Visits before its first day do not count."""
    visiting.log(walked, "TF-3-201", "left")
    (row,) = coverage(walked, "all", None, window("2026-11-25", "2026-11-30"))
    assert (row.visited, row.met, row.delivered) == (1, 0, 1)
    whole = total(coverage(walked, "door"))
    assert (whole.doors, whole.visited, whole.met) == (3, 2, 1)


SPLIT: list[tuple[Callable[[Workspace], object], str]] = [
    (lambda ws: changing.split(ws, "TF-3-101", ["101A"]), "bad-split"),
    (lambda ws: changing.split(ws, "TF-3-101", ["A", "A"]), "bad-split"),
    (lambda ws: changing.split(ws, "TF-3", ["A", "B"]), "not-a-door"),
    (lambda ws: changing.split(ws, "TF-3-101", ["A", "B"], on="2027-01-01"), "bad-day"),
    (lambda ws: changing.split(ws, "TF-3-101", ["A", "B"], on="明天"), "bad-day"),
    (lambda ws: changing.split(ws, "TF-3-101", ["A", "张先生"]), "personal-data"),
    (lambda ws: changing.join(ws, ["TF-3-101"], "A"), "bad-join"),
    (lambda ws: changing.join(ws, ["TF-3-101", "TF-3-101"], "A"), "bad-join"),
    (lambda ws: window("2026-11-30", "2026-11-01"), "bad-window"),
    (lambda ws: window("上月", None), "bad-day"),
]


@pytest.mark.parametrize(("act", "code"), SPLIT)
def test_slips_change_nothing(
    walked: Workspace, act: Callable[[Workspace], object], code: str
) -> None:
    """One sentence, nothing written."""
    before = walked.store.state_digest()
    with pytest.raises(Problem) as caught:
        act(walked)
    assert caught.value.code == code
    assert walked.store.state_digest() == before


def test_a_door_is_split_once(walked: Workspace) -> None:
    """The second time it is said that it is gone."""
    changing.split(walked, "TF-3-101", ["A", "B"])
    with pytest.raises(Problem) as caught:
        changing.split(walked, "TF-3-101", ["C", "D"])
    assert caught.value.code == "site-removed"
