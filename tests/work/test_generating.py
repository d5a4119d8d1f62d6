"""Regular buildings: written once, whole or not at all, the same line the same doors."""

from __future__ import annotations

import pytest

from fieldkit.errors import Problem
from fieldkit.work import Workspace, generating, journaling, sites, visiting

LINE = "5栋 2单元 6层 每层3户 1层2户 户籍"


def test_a_line_makes_its_doors(town: Workspace) -> None:
    """Doors with their floors, in their units; a dry run writes nothing."""
    before = journaling.count(town)
    dry = generating.generate(town, "TF", LINE, dry_run=True)
    assert (dry.plan.total, dry.imported.created, journaling.count(town)) == (34, 37, before)
    made = generating.generate(town, "TF", LINE)
    assert made.imported.created == 37
    matrix = visiting.matrix(town, "TF-05")
    assert [floor.label for floor in matrix.floors] == ["6", "5", "4", "3", "2", "1"]
    assert [len(floor.cells) for floor in matrix.floors] == [6, 6, 6, 6, 6, 4]
    assert all(cell.door.registered for floor in matrix.floors for cell in floor.cells)


def test_twice_is_once(town: Workspace) -> None:
    """The same line changes nothing; a longer one adds what is new and keeps what stands."""
    generating.generate(town, "TF", LINE)
    visiting.log(town, "TF-05-U1-101", "met")
    again = generating.generate(town, "TF", LINE).imported
    assert (again.created, again.updated, again.unchanged) == (0, 0, 37)
    taller = generating.generate(town, "TF", LINE.replace("6层", "7层")).imported
    assert (taller.created, taller.updated) == (6, 0)
    assert sites.find(town, "TF-05-U2-703").name == "703室"


def test_what_stands_already_under_another_code_is_remarked(town: Workspace) -> None:
    """3栋 of the register and 3幢 of the line would be counted twice."""
    made = generating.generate(town, "TF", "3幢 2层 每层2户", dry_run=True)
    assert any("TF-3" in remark.message for remark in made.imported.remarks)


@pytest.mark.parametrize("place", ["KD1", "TF-3", "TF-3-101"])
def test_only_where_buildings_stand(town: Workspace, place: str) -> None:
    """No building stands in a courier's shop, a building, or a door."""
    with pytest.raises(Problem) as caught:
        generating.generate(town, place, LINE)
    assert caught.value.code == "not-a-parent"


def test_stopped_half_way_nothing_is_written(town: Workspace) -> None:
    """What the listener raises leaves the journal as it was."""
    before = journaling.count(town)

    class Enough(Exception):
        pass

    def stop(step: str, done: int, _total: int) -> None:
        if step == "write" and done:
            raise Enough

    with pytest.raises(Enough):
        generating.generate(town, "TF", LINE, progress=stop)
    assert journaling.count(town) == before
    assert not list(town.home.glob(".opening-*"))
