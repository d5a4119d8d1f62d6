"""Doors that want another visit, when nobody was home, and when three knocks are enough."""

from __future__ import annotations

import pytest

from fieldkit.domain.walking import Walk
from fieldkit.errors import Problem
from fieldkit.work import Workspace, bookmarks, revisiting, sites, visiting

DOORS = ["TF-3-101", "TF-3-201", "TF-3-1001"]


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """The clock stands at another moment."""
    monkeypatch.setenv("FIELDKIT_NOW", f"{moment}:00+08:00")


def listed(ws: Workspace) -> dict[str, revisiting.Revisit]:
    """The doors that want a visit by their codes."""
    return {one.state.door.code: one for one in revisiting.listing(ws, "TF-3")}


def test_doors_that_want_another_visit(town: Workspace) -> None:
    """Not visited yet, or visited in vain; a door that was met or struck off is settled."""
    assert set(listed(town)) == set(DOORS)
    visiting.log(town, "TF-3-101", "met")
    visiting.log(town, "TF-3-201", "callback")
    assert set(listed(town)) == {"TF-3-201", "TF-3-1001"}
    sites.remove(town, "TF-3-1001", "demolished")
    assert set(listed(town)) == {"TF-3-201"}


def test_when_nobody_was_home(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weekday and hour of each knock in vain on China's clock, the oldest first."""
    visiting.log(town, "TF-3-101", "absent")
    at(monkeypatch, "2026-11-28T19:05")
    visiting.log(town, "TF-3-101", "absent")
    visiting.log(town, "TF-3-101", "callback")
    missed = listed(town)["TF-3-101"].missed
    assert [(one.weekday, one.hour) for one in missed] == [(0, 9), (5, 19)]
    assert listed(town)["TF-3-201"].missed == ()


def test_paper_entered_later_tells_the_day_alone(town: Workspace) -> None:
    """The hour at which paper was typed is not the hour of the knock."""
    visiting.log(town, "TF-3-101", "absent", day="2026-11-20")
    assert listed(town)["TF-3-101"].missed == (revisiting.Missed(4, None),)


def test_a_knock_taken_back_never_was(town: Workspace) -> None:
    """A withdrawn visit is no knock in vain."""
    visit = visiting.log(town, "TF-3-101", "absent")
    visiting.withdraw(town, visit.id)
    assert listed(town)["TF-3-101"].missed == ()


def test_three_days_in_vain_are_enough(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three absences on three days; three on two days are not."""

    def enough() -> bool:
        state = revisiting.state_of(town, listed(town)["TF-3-101"].state.door.id)
        assert state is not None
        told = revisiting.tried_enough(town, state)
        assert told is listed(town)["TF-3-101"].tried_enough
        return told

    visiting.log(town, "TF-3-101", "absent")
    visiting.log(town, "TF-3-101", "absent")
    at(monkeypatch, "2026-11-24T09:30")
    visiting.log(town, "TF-3-101", "absent")
    assert not enough()
    at(monkeypatch, "2026-11-25T09:30")
    last = visiting.log(town, "TF-3-101", "absent")
    assert enough()
    visiting.withdraw(town, last.id)
    assert not enough()


def test_a_settled_door_was_not_tried_in_vain(
    town: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once somebody was met the absences say nothing any more."""
    for day in ("23", "24", "25"):
        at(monkeypatch, f"2026-11-{day}T09:30")
        visiting.log(town, "TF-3-101", "absent")
    visit = visiting.log(town, "TF-3-101", "met")
    state = revisiting.state_of(town, visit.door)
    assert state is not None
    assert state.best == "met"
    assert not revisiting.tried_enough(town, state)


def test_only_doors_have_a_state(town: Workspace) -> None:
    """A building with doors is none itself, nor is what the register does not know."""
    building = sites.find(town, "TF-3").id
    assert revisiting.state_of(town, building) is None
    assert revisiting.state_of(town, "0" * 32) is None


def test_an_unknown_place_is_said(town: Workspace) -> None:
    """No list of nothing."""
    with pytest.raises(Problem):
        revisiting.listing(town, "nowhere")


@pytest.mark.parametrize("damaged", [None, 3, "down", [True], [1, 2, "x"], {"up": True}])
def test_the_way_is_remembered(town: Workspace, damaged: object) -> None:
    """What was chosen comes back; a damaged mark is the usual way."""
    assert revisiting.walk(town) == Walk()
    revisiting.keep_walk(town, Walk(up=True, serpentine=True))
    assert revisiting.walk(town) == Walk(up=True, leftward=False, serpentine=True)
    bookmarks.remember(town, "walk", damaged)
    assert revisiting.walk(town) == Walk()
