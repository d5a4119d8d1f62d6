"""Doors: visits, the building's matrix, coverage and its exact rates."""

from __future__ import annotations

from fractions import Fraction

import pytest

from fieldkit.errors import Problem
from fieldkit.work import Workspace, journaling, sites, visiting
from fieldkit.work.coverage import AREAS


def test_a_visit_takes_the_usual_materials(town: Workspace) -> None:
    """Met leaves one leaflet unless said otherwise; absent none."""
    assert visiting.log(town, "TF-3-101", "met").materials == 1
    assert visiting.log(town, "TF-3-101", "met", materials=0).materials == 0
    assert visiting.log(town, "TF-3-201", "absent").materials == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"door_ref": "TF-3"}, "not-a-door"),
        ({"door_ref": "NONE"}, "unknown-site"),
        ({"outcome": "none"}, "unknown-outcome"),
        ({"outcome": "sleeping"}, "unknown-outcome"),
        ({"materials": -1}, "bad-materials"),
        ({"materials": 100}, "bad-materials"),
        ({"app": "maybe"}, "unknown-app"),
        ({"note": "长" * 51}, "note-long"),
        ({"note": "身份证 11010519491231002X"}, "personal-data"),
    ],
)
def test_what_no_visit_may_say(town: Workspace, words: dict[str, object], code: str) -> None:
    """Every slip has its code and leaves the journal alone."""
    events = journaling.count(town)
    call: dict[str, object] = {"door_ref": "TF-3-101", "outcome": "met", **words}
    with pytest.raises(Problem) as caught:
        visiting.log(town, **call)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert journaling.count(town) == events


def test_the_matrix_from_the_top(town: Workspace) -> None:
    """Floors from the top, every door with its best outcome."""
    visiting.log(town, "TF-3-101", "met")
    visiting.log(town, "TF-3-101", "absent")
    matrix = visiting.matrix(town, "TF-3")
    assert [floor.label for floor in matrix.floors] == ["10", "2", "1"]
    cell = matrix.floors[-1].cells[0]
    assert (cell.best, cell.latest, cell.visits) == ("met", "absent", 2)


def test_coverage_is_exact(town: Workspace) -> None:
    """Delivered over registered doors; met over doors that were not removed."""
    visiting.log(town, "TF-3-101", "met")
    visiting.log(town, "TF-3-1001", "met")
    row = visiting.coverage(town, by="building", within="TF-3")[0]
    assert (row.doors, row.registered, row.delivered, row.met) == (3, 2, 1, 2)
    assert row.delivery_rate == Fraction(1, 2)
    assert row.face_to_face_rate == Fraction(2, 3)
    sites.remove(town, "TF-3-201", "demolished")
    row = visiting.coverage(town, by="village")[0]
    assert (row.code, row.removed, row.registered) == ("990100000001", 1, 1)
    assert row.face_to_face_rate == 1
    for by in AREAS:
        assert sum(r.doors for r in visiting.coverage(town, by=by)) == 3
    with pytest.raises(Problem):
        visiting.coverage(town, by="planet")


def test_a_rate_over_nothing_is_none(town: Workspace) -> None:
    """No registered door that counts: no rate, not zero."""
    for code in ("TF-3-101", "TF-3-201", "TF-3-1001"):
        sites.remove(town, code, "missing")
    row = visiting.coverage(town, by="building")[0]
    assert (row.delivery_rate, row.face_to_face_rate) == (None, None)


def test_a_withdrawn_visit_no_longer_counts(town: Workspace) -> None:
    """The journal keeps both; the state forgets the slip."""
    visit = visiting.log(town, "TF-3-101", "met")
    assert visiting.withdraw(town, visit.id[:10]) == visit
    assert visiting.coverage(town, by="building")[0].visited == 0
    with pytest.raises(Problem):
        visiting.withdraw(town, visit.id)
    events, problems = journaling.verify(town)
    assert (events, problems) == (journaling.count(town), [])
    assert len(list(journaling.export(town))) == events
    digest = town.store.state_digest()
    assert journaling.rebuild(town) == (events, digest)
