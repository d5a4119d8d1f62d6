"""A merge taken back by an office: the numbers go and come, the journal keeps every line."""

from __future__ import annotations

import shutil

import pytest

from fieldkit.errors import Problem, Refused
from fieldkit.store import ledger
from fieldkit.work import bundles, grants, journaling, merging, unmerging, visiting
from fieldkit.work.workspace import Workspace

from .conftest import Town


def delivered(office: Workspace) -> int:
    """How many doors were reached, as the office counts."""
    return sum(row.delivered for row in visiting.coverage(office, by="all"))


def test_what_one_merge_brought_goes_and_comes(town: Town) -> None:
    """Two devices; the second's merge is taken back and in: the first's visits never move."""
    office = town.office("o")
    first = town.enrolled(office, "d1", D101="met")
    second = town.enrolled(office, "d2", D102="met")
    merging.merge(office, [town.sent(first)])
    before = office.store.state_digest()
    done = merging.merge(office, [town.sent(second)])
    both, count = office.store.state_digest(), journaling.count(office)
    assert delivered(office) == 2
    turned = unmerging.undo(office, done.merge[:6], "交错了文件夹")
    assert turned.events == done.events_new
    assert (delivered(office), office.store.state_digest()) == (1, before)
    assert journaling.count(office) == count + 1
    assert journaling.verify(office)[1] == []
    office.store.rebuild()
    assert office.store.state_digest() == before
    unmerging.redo(office, done.merge)
    assert (delivered(office), office.store.state_digest()) == (2, both)
    states = {one.id: one.undone for one in unmerging.listing(office)}
    assert states[done.merge] is False


def test_what_two_merges_brought_stands_until_both_are_gone(town: Town) -> None:
    """The same file merged again counts for the second merge too, though nothing was new."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    path = town.sent(device)
    one = merging.merge(office, [path])
    copy = path.with_name("copy.fkb.zip.age")
    shutil.copyfile(path, copy)
    two = merging.merge(office, [copy])
    assert two.already_known == 1
    assert unmerging.undo(office, one.merge).events == 0
    assert delivered(office) == 1
    unmerging.undo(office, two.merge)
    assert delivered(office) == 0
    three = merging.merge(office, [path])
    assert (three.already_known, delivered(office)) == (1, 1)


def test_the_next_bundle_of_a_device_is_taken_in_all_the_same(town: Town) -> None:
    """Later records stand while earlier ones are withheld; nothing is asked for twice."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    first = merging.merge(office, [town.sent(device)])
    unmerging.undo(office, first.merge)
    visiting.log(device, "D201", "left")
    later = bundles.create(device, town.folder / "later").path
    assert later is not None
    done = merging.merge(office, [later])
    assert done.rejected == []
    assert done.gaps == []
    assert [row.events for row in ledger.devices(office.store.db)]
    unmerging.redo(office, first.merge)
    assert delivered(office) >= 1
    assert journaling.verify(office)[1] == []


def test_what_this_home_wrote_itself_cannot_be_taken_back(town: Town) -> None:
    """An office that merges its own bundle, as after a restore, keeps its own work."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    visiting.log(office, "D102", "met")
    own = bundles.create(office, town.folder / "own").path
    assert own is not None
    merging.merge(office, [own])
    for one in unmerging.listing(office):
        unmerging.undo(office, one.id)
    assert office.store.db.execute("SELECT outcome FROM visit").fetchall() == [("met",)]


@pytest.mark.parametrize("ref", ["", "ffff", "zz"])
def test_unknown_merges(town: Town, ref: str) -> None:
    """No merge of that name; an office is asked for first."""
    office = town.office("o")
    with pytest.raises(Problem) as caught:
        unmerging.undo(office, ref)
    assert caught.value.code == "unknown-merge"
    with pytest.raises(Problem):
        unmerging.listing(town.home("d"))


def test_twice_is_refused(town: Town) -> None:
    """Taken back already, or in force already: an honest no, and nothing is written."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    done = merging.merge(office, [town.sent(device)])
    with pytest.raises(Refused):
        unmerging.redo(office, done.merge)
    unmerging.undo(office, done.merge)
    count = journaling.count(office)
    with pytest.raises(Refused):
        unmerging.undo(office, done.merge)
    assert journaling.count(office) == count


def test_a_home_of_an_earlier_program_keeps_what_it_has(town: Town) -> None:
    """What was merged before merges were remembered stands, whatever is taken back later."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    path = town.sent(device)
    merging.merge(office, [path])
    db = office.store.db
    db.execute("DELETE FROM merge")
    db.execute("UPDATE merge_run SET merge = 'otherwise', bundle = '', head = ''")
    again = path.with_name("again.fkb.zip.age")
    shutil.copyfile(path, again)
    done = merging.merge(office, [again])
    unmerging.undo(office, done.merge)
    assert delivered(office) == 1


def test_what_was_taken_back_is_not_passed_on(town: Town) -> None:
    """A village that took a merge back sends the town the rest, and this too once it is redone."""
    above, village = town.office("t"), town.office("v")
    grants.receive(village, town.enrol(above, village))
    first = town.enrolled(village, "d1", D101="met")
    second = town.enrolled(village, "d2", D102="met")
    merging.merge(village, [town.sent(first)])
    done = merging.merge(village, [town.sent(second)])
    unmerging.undo(village, done.merge)
    merging.merge(above, [town.sent(village)])
    assert delivered(above) == 1
    unmerging.redo(village, done.merge)
    merging.merge(above, [town.sent(village)])
    assert delivered(above) == 2
    assert above.store.state_digest() == village.store.state_digest()
