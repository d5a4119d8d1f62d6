"""The register at a glance: last result, open findings, and nothing of an unsealed pair."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.work import Workspace, blind, findings, inspecting, overview, rectifying, sites

LIST = "wuzha-xiaoqu"
PASSES = {"external": "met:虚函1:2026-11-17", "text": "有", "check": "pass"}


def finished(ws: Workspace, inspection: str, fails: int = 0) -> str:
    """Everything answered, so many checks failed, and closed; gives the grade in words."""
    left = fails
    for item in inspecting.sheet(ws, inspection).items:
        typed = PASSES.get(item.type, "na")
        if left and item.type == "check" and not item.critical:
            typed, left = "fail", left - 1
        if item.type != "info":
            inspecting.answer(ws, inspection, item.id, typed)
    inspecting.finish(ws, inspection)
    return inspecting.sheet(ws, inspection).score.grade_title


def row(ws: Workspace, code: str) -> overview.SiteRow:
    """The place's line among the premises."""
    return next(it for it in overview.listing(ws) if it.site.code == code)


@pytest.fixture
def other(town: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    """The partner's home, with the same register."""
    with Workspace.open(tmp_path / "other") as opened:
        opened.store.ingest(town.store.events())
        yield opened


def test_premises_first_and_each_kind_that_exists(town: Workspace) -> None:
    """Doors, units, buildings and grids only where they are asked for."""
    assert [it.site.code for it in overview.listing(town)] == ["990100000001", "KD1", "TF"]
    assert [it.site.code for it in overview.listing(town, "door")] == [
        "TF-3-101",
        "TF-3-201",
        "TF-3-1001",
    ]
    there = overview.kinds(town)
    assert there == ["village", "grid", "estate", "courier", "building", "unit", "door"]


def test_the_last_finished_inspection_counts(
    town: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open one is no result, a later one replaces an earlier one, findings are counted."""
    assert (row(town, "TF").result, row(town, "TF").day) == ("", "")
    first = inspecting.start(town, LIST, "TF").inspection.id
    assert row(town, "TF").day == ""
    grade = finished(town, first, fails=3)
    assert row(town, "TF").result == grade
    assert (row(town, "TF").day, row(town, "TF").findings) == ("2026-11-23", 3)
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-02T09:30:00+08:00")
    second = inspecting.start(town, LIST, "TF").inspection.id
    later = finished(town, second)
    assert later != grade
    assert (row(town, "TF").result, row(town, "TF").day) == (later, "2026-12-02")
    assert row(town, "TF").findings == 3
    assert row(town, "KD1").findings == 0
    told = overview.visits(town, sites.find(town, "TF"))
    assert [it.result for it in told] == [later, grade]


def test_what_is_over_is_not_counted(town: Workspace) -> None:
    """A withdrawn finding leaves the count and the place's own list."""
    finished(town, inspecting.start(town, LIST, "TF").inspection.id, fails=2)
    place = sites.find(town, "TF")
    gone = overview.findings(town, place)[0]
    rectifying.take(town, gone.id, "withdraw", rectifying.Told(note="误记"))
    assert row(town, "TF").findings == 1
    assert gone.id not in {it.id for it in overview.findings(town, place)}
    assert len(findings.listing(town)) == 2


def test_a_covert_walk_names_no_result(town: Workspace) -> None:
    """Only that somebody was there, and when."""
    grade = finished(town, inspecting.start(town, LIST, "TF", "covert").inspection.id)
    assert (row(town, "TF").result, row(town, "TF").day) == ("走访", "2026-11-23")
    visit = overview.visits(town, sites.find(town, "TF"))[0]
    assert grade not in visit.title + visit.result
    assert "无诈" not in visit.title


def test_the_other_of_an_unsealed_pair_counts_for_nothing(
    town: Workspace, other: Workspace
) -> None:
    """Neither result nor findings until both are finished; then both."""
    one = blind.begin(town, LIST, "TF", "枫叶").inspection.id
    two = blind.begin(other, LIST, "TF", "枫叶").inspection.id
    theirs = finished(other, two, fails=2)
    town.store.ingest(list(other.store.events()))
    place = sites.find(town, "TF")
    assert (row(town, "TF").day, row(town, "TF").findings) == ("", 0)
    assert overview.findings(town, place) == []
    hidden = next(it for it in overview.visits(town, place) if it.inspection.id == two)
    assert theirs not in hidden.title + hidden.result
    finished(town, one, fails=1)
    assert row(town, "TF").findings == 3
    assert len(overview.findings(town, place)) == 3
    shown = next(it for it in overview.visits(town, place) if it.inspection.id == two)
    assert shown.result == theirs


def test_struck_off_places_say_so(town: Workspace) -> None:
    """They are listed as such, so that a screen can show them apart."""
    sites.remove(town, "KD1", "missing")
    assert row(town, "KD1").site.removed
    assert not row(town, "TF").site.removed
