"""The standing between homes: clerks enter on their laptops, their office merges and publishes."""

from __future__ import annotations

from fieldkit.domain.kinds_standing import unit_id
from fieldkit.work import grants, journaling, merging, settling, standing, unmerging
from fieldkit.work.standing import Figures
from fieldkit.work.workspace import Workspace

from .conftest import Town

UNITS = ("甲村", "乙村", "丙村", "丁村", "戊村")


def figures(*last: str) -> tuple[Figures, ...]:
    """A month in which these come last."""
    return tuple(
        Figures(unit_id(name), name, 9 if name in last else 1, 1, 1000, {}) for name in UNITS
    )


def cards(ws: Workspace, month: str) -> dict[str, str]:
    """The units of a month that have a card."""
    return {it.name: it.card for it in standing.month(ws, month).lines if it.card != "none"}


def test_a_clerk_enters_for_the_office(town: Town) -> None:
    """Under the office's name, so that it is the office's month; the office publishes it."""
    office = town.office("o")
    clerk = town.enrolled(office, "d1")
    standing.enter(clerk, "2026-09", figures("甲村", "乙村"))
    standing.enter(clerk, "2026-10", figures("甲村", "丙村"))
    done = merging.merge(office, [town.sent(clerk)])
    assert done.rejected == []
    assert cards(office, "2026-10") == {"甲村": "red", "丙村": "yellow"}
    standing.publish(office, "2026-09")
    assert standing.publish(office, "2026-10").frozen
    assert journaling.verify(office)[1] == []


def test_two_clerks_of_one_office(town: Town) -> None:
    """Different figures of one month are in dispute until somebody chooses."""
    office = town.office("o")
    first, second = town.enrolled(office, "d1"), town.enrolled(office, "d2")
    standing.enter(first, "2026-10", figures("甲村", "乙村"))
    standing.enter(second, "2026-10", figures("甲村", "丙村"))
    paths = [town.sent(first), town.sent(second)]
    merging.merge(office, paths)
    assert standing.month(office, "2026-10").contested
    (dispute,) = settling.listing(office)
    assert dispute.about == "2026-10"
    assert "乙村" in dispute.told[0].value + dispute.told[1].value
    assert "丁村" not in dispute.told[0].value + dispute.told[1].value
    settling.choose(office, dispute.ref, 1)
    assert not standing.month(office, "2026-10").contested


def test_a_merge_taken_back_takes_its_month_with_it(town: Town) -> None:
    """And in again brings it back, to the same state."""
    office = town.office("o")
    clerk = town.enrolled(office, "d1")
    standing.enter(clerk, "2026-10", figures("甲村", "乙村"))
    merging.merge(office, [town.sent(clerk)])
    digest = office.store.state_digest()
    (merge,) = unmerging.listing(office)
    unmerging.undo(office, merge.id)
    assert standing.months(office) == []
    unmerging.redo(office, merge.id)
    assert office.store.state_digest() == digest
    assert cards(office, "2026-10") == {"甲村": "yellow", "乙村": "yellow"}


def test_a_town_below_a_county(town: Town) -> None:
    """The county holds the town's months and does not take them for its own."""
    county, below = town.office("county"), town.office("town")
    grants.receive(below, town.enrol(county, below))
    standing.enter(below, "2026-10", figures("甲村", "乙村"))
    standing.publish(below, "2026-10")
    done = merging.merge(county, [town.sent(below)])
    assert done.rejected == []
    assert standing.months(county) == []
    standing.enter(county, "2026-10", figures("丁村", "戊村"))
    assert cards(county, "2026-10") == {"丁村": "yellow", "戊村": "yellow"}
    assert settling.listing(county) == []
