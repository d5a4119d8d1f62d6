"""Re-scoring: no change moves nobody, ranks are fair, and a changed list is what it says."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.checklist import Checklist
from fieldkit.domain.rescoring import (
    ChangeSet,
    Standing,
    changed,
    compare,
    grade_moves,
    ranks,
    standing,
)
from fieldkit.domain.scoring import score
from fieldkit.library.load import find

LIST = find("wuzha-xiaoqu")
CHECKS = [item.id for item in LIST.items if item.type == "check"]
DAY = date(2026, 11, 20)
VALUES = st.sampled_from(["pass", "fail", "na"])
ANSWERS = st.dictionaries(st.sampled_from(CHECKS), VALUES)
CAMPAIGN = st.lists(ANSWERS, min_size=1, max_size=12)


def standings(checklist: Checklist, campaign: list[dict[str, str]]) -> list[Standing]:
    """What each comes to."""
    return [standing(score(checklist, "open", DAY, answers)) for answers in campaign]


@given(CAMPAIGN)
def test_no_change_moves_nobody(campaign: list[dict[str, str]]) -> None:
    same = changed(LIST, ChangeSet(LIST.id))
    assert same == LIST
    sites = [str(number) for number in range(len(campaign))]
    rows = compare(sites, standings(LIST, campaign), standings(same, campaign))
    assert all(row.up == 0 and not row.difference and row.old == row.new for row in rows)
    assert grade_moves(rows) == {}
    assert sorted(row.site for row in rows) == sorted(sites)


@given(CAMPAIGN, st.sampled_from(CHECKS), st.integers(0, 100))
def test_another_weight_leaves_those_alone_who_answered_na(
    campaign: list[dict[str, str]], item: str, weight: int
) -> None:
    new = changed(LIST, ChangeSet(LIST.id, {item: weight}))
    for answers in campaign:
        one, two = standings(LIST, [answers])[0], standings(new, [answers])[0]
        if answers.get(item) in ("na", None):
            assert one == two
        elif weight > LIST.item(item).weight:
            assert one.ratio is not None or LIST.item(item).weight == 0
            if answers[item] == "pass" and one.ratio is not None:
                assert two.ratio is not None
                assert two.ratio >= one.ratio


@given(CAMPAIGN, st.dictionaries(st.sampled_from(CHECKS), st.integers(0, 50)))
def test_points_are_those_reckoned_by_hand(
    campaign: list[dict[str, str]], weights: dict[str, int]
) -> None:
    new = changed(LIST, ChangeSet(LIST.id, weights))
    for answers, got in zip(campaign, standings(new, campaign), strict=True):
        counted = {item: value for item, value in answers.items() if value != "na"}
        worth = {item: weights.get(item, LIST.item(item).weight) for item in counted}
        assert got.max_points == sum(worth.values())
        assert got.points == sum(worth[it] for it, value in counted.items() if value == "pass")


_GRADES = st.sampled_from(["met", "fail", "ineligible", "fail_target"])
_STANDINGS = st.builds(
    lambda part, grade: Standing(
        Fraction(part or 0), Fraction(7), None if part is None else Fraction(part, 7),
        "none" if part is None else grade, "", (),
    ),
    st.one_of(st.none(), st.integers(0, 7)),
    _GRADES,
)  # fmt: skip


@given(st.lists(_STANDINGS, max_size=30))
def test_ranks_count_those_before_and_ties_share_the_smaller(rows: list[Standing]) -> None:
    def before(one: Standing, two: Standing) -> bool:
        """Whether one stands before two, said from the beginning."""
        if one.ratio is None or two.ratio is None:
            return one.ratio is not None and two.ratio is None
        vetoed = [it.grade in ("ineligible", "fail_target") for it in (one, two)]
        if vetoed[0] != vetoed[1]:
            return not vetoed[0]
        return one.ratio > two.ratio

    found = ranks(rows)
    assert found == [1 + sum(before(other, one) for other in rows) for one in rows]
    # Each rank that is shared by n is followed by n - 1 that nobody has.
    assert sorted(found) == [1 + sum(it < rank for it in found) for rank in sorted(found)]


def test_veto_items_and_grade_lines_change() -> None:
    item = next(it for it in CHECKS if not LIST.item(it).critical)
    answers = dict.fromkeys(CHECKS, "pass") | {item: "fail"}
    base = changed(LIST, ChangeSet(LIST.id, {item: 1}))
    add = changed(base, ChangeSet(LIST.id, add=(item,), effect="ineligible"))
    (old,), (new,) = standings(base, [answers]), standings(add, [answers])
    assert (old.veto, new.veto, new.grade) == ((), (item,), "ineligible")
    (row,) = compare(["x"], [old], [new])
    assert (row.veto_new, row.veto_gone) == ((item,), ())
    back = changed(add, ChangeSet(LIST.id, drop=(item,)))
    assert standings(back, [answers])[0].veto == ()
    top = max(LIST.grades, key=lambda grade: grade.at_least)
    strict = changed(base, ChangeSet(LIST.id, grades={top.id: 100}))
    assert old.grade == top.id
    assert standings(strict, [answers])[0].grade != top.id
    assert LIST.item(item).critical is False
