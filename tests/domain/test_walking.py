"""The way through a building: every door once, in the order that was chosen."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import walking
from fieldkit.domain.walking import Walk

TOWER = [[["301", "302", "303"], ["201", "202", "203"], ["101", "102", "103"]]]

WALKS = st.builds(Walk, st.booleans(), st.booleans(), st.booleans())


@st.composite
def buildings(draw: st.DrawFn) -> list[list[list[str]]]:
    """A few staircases of a few floors; some floors have no door in some staircase."""
    shape = draw(st.lists(st.lists(st.integers(0, 5), max_size=6), max_size=4))
    return [
        [[f"{unit}-{floor}-{door}" for door in range(doors)] for floor, doors in enumerate(floors)]
        for unit, floors in enumerate(shape)
    ]


def all_doors(stairs: list[list[list[str]]]) -> list[str]:
    """The doors as they are written down."""
    return [door for floors in stairs for doors in floors for door in doors]


@given(buildings(), WALKS)
def test_every_door_is_passed_exactly_once(stairs: list[list[list[str]]], walk: Walk) -> None:
    """No way through a building leaves a door out or comes to it twice."""
    assert sorted(walking.order(stairs, walk)) == sorted(all_doors(stairs))


@given(buildings(), WALKS)
def test_a_staircase_and_a_floor_are_walked_in_one_go(
    stairs: list[list[list[str]]], walk: Walk
) -> None:
    """Whoever leaves a floor or a staircase does not come back to it."""
    floors = [door.rsplit("-", 1)[0] for door in walking.order(stairs, walk)]
    entered = [one for one, before in zip(floors, [None, *floors], strict=False) if one != before]
    assert len(entered) == len(set(entered))
    units = [floor.split("-")[0] for floor in entered]
    assert units == sorted(units)


@given(buildings(), WALKS)
def test_up_is_down_with_the_floors_turned_round(stairs: list[list[list[str]]], walk: Walk) -> None:
    """Going up a building is going down the same building put upside down."""
    turned = [list(reversed(floors)) for floors in stairs]
    assert walking.order(stairs, walk._replace(up=True)) == walking.order(
        turned, walk._replace(up=False)
    )


@given(st.integers(1, 8), st.integers(1, 6), st.booleans(), st.booleans())
def test_a_serpentine_never_walks_an_empty_corridor(
    floors: int, doors: int, up: bool, leftward: bool
) -> None:
    """From a floor to the next one stays on the same side."""
    stairs = [[[f"{floor}-{door}" for door in range(doors)] for floor in range(floors)]]
    way = walking.order(stairs, Walk(up, leftward, serpentine=True))
    for one, other in pairwise(way):
        (floor, place), (next_floor, next_place) = one.split("-"), other.split("-")
        assert floor == next_floor or place == next_place


@given(buildings(), WALKS, st.data())
def test_stepping_passes_every_door_that_is_not_gone(
    stairs: list[list[list[str]]], walk: Walk, data: st.DataObject
) -> None:
    """From before the first door to the end, one step at a time."""
    way = walking.order(stairs, walk)
    gone = set(data.draw(st.lists(st.sampled_from(way)))) if way else set()
    passed, here = [], ""
    while (found := walking.after(way, here, gone)) is not None:
        passed.append(found)
        here = found
    assert passed == [door for door in way if door not in gone]


@given(buildings(), WALKS, st.data())
def test_a_range_is_the_same_from_both_ends(
    stairs: list[list[list[str]]], walk: Walk, data: st.DataObject
) -> None:
    """It holds both ends and all that lies on the way, nothing else."""
    way = walking.order(stairs, walk)
    if not way:
        return
    one, other = data.draw(st.sampled_from(way)), data.draw(st.sampled_from(way))
    found = walking.between(way, one, other)
    assert found == walking.between(way, other, one)
    assert {found[0], found[-1]} == {one, other}
    assert len(found) == abs(way.index(one) - way.index(other)) + 1


def test_the_ways_by_example() -> None:
    """Down, up, from the right, and winding."""
    assert walking.order(TOWER, Walk())[:4] == ["301", "302", "303", "201"]
    assert walking.order(TOWER, Walk(up=True))[:4] == ["101", "102", "103", "201"]
    assert walking.order(TOWER, Walk(leftward=True))[:4] == ["303", "302", "301", "203"]
    assert walking.order(TOWER, Walk(serpentine=True))[2:5] == ["303", "203", "202"]
    assert walking.order(TOWER, Walk(True, True, True))[:4] == ["103", "102", "101", "201"]
