"""Filled forms typed in later: whole or not at all, the day of the visit apart from the stamp."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.domain.moments import day_of
from fieldkit.errors import Problem
from fieldkit.work import Workspace, journaling, paper_entry, sites, visiting


def test_lines_as_people_write_them(town: Workspace) -> None:
    """By name, with 室, with the unit, by code; keys, codes, full-width signs, own numbers."""
    lines = ["101 1", "", "２０１室，met，3", "1-1001\t4"]
    done = paper_entry.enter(town, "TF-3", lines, "2026-11-20")
    assert done.faults == ()
    assert [(t.door.code, t.outcome, t.materials) for t in done.taken] == [
        ("TF-3-101", "met", 1),
        ("TF-3-201", "met", 3),
        ("TF-3-1001", "absent", 0),
    ]
    visit = visiting.of_door(town, done.taken[0].door.id)[0]
    assert visit.day == "2026-11-20"
    assert day_of(visit.hlc) == "2026-11-23"
    assert done.day == "2026-11-20"


@pytest.mark.parametrize("way", ["TF-3-201 1", "tf-3-201 1", "1单元201 1", "1单元201室 MET"])
def test_one_door_has_many_names(town: Workspace, way: str) -> None:
    """Each of them means the same door."""
    assert paper_entry.enter(town, "TF-3", [way]).taken[0].door.code == "TF-3-201"


def test_whole_or_not_at_all(town: Workspace) -> None:
    """Every wrong line is told with its number, and nothing of the form is kept."""
    sites.remove(town, "TF-3-1001", "missing")
    events = journaling.count(town)
    lines = ["101 1", "999 1", "201 x", "", "201", "201 1 百", "201 1 100", "101 2", "1001 1"]
    done = paper_entry.enter(town, "TF-3", lines)
    assert [fault.line for fault in done.faults] == [2, 3, 5, 6, 7, 8, 9]
    assert done.taken == ()
    assert "第 1 行" in done.faults[5].message
    assert journaling.count(town) == events


def test_the_same_number_in_two_units(town: Workspace) -> None:
    """502 alone is both; with its unit it is one."""
    path = town.home / "more.csv"
    path.write_text(
        "kind,code,name,parent,division,grid,address,floor,registered\n"
        "unit,TF-3-2,2单元,TF-3,,,,,\ndoor,TF-3-2-101,101室,TF-3-2,,,,1,1\n",
        "utf-8",
    )
    assert sites.import_register(town, path).rejected == ()
    (fault,) = paper_entry.enter(town, "TF-3", ["101 1"]).faults
    assert "TF-3-101" in fault.message
    assert "TF-3-2-101" in fault.message
    done = paper_entry.enter(town, "TF-3", ["1-101 1", "2单元101 2"])
    assert [one.door.code for one in done.taken] == ["TF-3-101", "TF-3-2-101"]


@pytest.mark.parametrize(
    ("day", "fine"),
    [
        ("2026-11-23", True),
        ("２０２６-08-23", True),
        ("2026-08-22", False),
        ("2026-11-24", False),
        ("2026-02-30", False),
        ("昨天", False),
    ],
)
def test_the_day_must_be_possible(town: Workspace, day: str, fine: bool) -> None:
    """Today, or up to 92 days back; both ways of entering ask the same."""
    events = journaling.count(town)
    if fine:
        visiting.log(town, "TF-3-101", "met", day=day)
        paper_entry.enter(town, "TF-3", ["201 1"], day)
        assert journaling.count(town) > events
        return
    for call in (
        lambda: visiting.log(town, "TF-3-101", "met", day=day),
        lambda: paper_entry.enter(town, "TF-3", ["201 1"], day),
    ):
        with pytest.raises(Problem) as caught:
            call()
        assert caught.value.code == "bad-day"
    assert journaling.count(town) == events


@pytest.mark.parametrize("lines", [[], ["", " "], ["101 1"] * 2001])
def test_no_lines_or_too_many(town: Workspace, lines: list[str]) -> None:
    """A Problem, for there is no line to blame."""
    with pytest.raises(Problem) as caught:
        paper_entry.enter(town, "TF-3", lines)
    assert caught.value.code == "bad-lines"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=60))
def test_any_line_is_taken_or_told(town: Workspace, text: str) -> None:
    """No text makes it fall over, and a fault never comes with a visit."""
    done = paper_entry.enter(town, "TF-3", ["101 1 ", text.replace("\n", " ") or "x"])
    assert bool(done.faults) != bool(done.taken)
