"""Laws of scoring: better answers never score less, and what does not apply is not there."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.checklist import Checklist
from fieldkit.domain.scoring import NO_GRADE, Score, score

from .random_lists import GRADES, flat, item

DAY = date(2026, 11, 22)
RANKS = ["ineligible", "fail_target", NO_GRADE, *(grade.id for grade in reversed(GRADES))]
EFFECTS = st.sampled_from(("", "ineligible", "fail_target", "refer"))
MARKS = st.sampled_from(("pass", "fail", "na", "unseen", ""))


def scored(whole: Checklist, answers: dict[str, str]) -> Score:
    """The score; an empty mark is no answer."""
    return score(whole, "open", DAY, {name: kept for name, kept in answers.items() if kept})


@st.composite
def marked(draw: st.DrawFn) -> tuple[Checklist, dict[str, str]]:
    """A list of checks and their marks."""
    items = [
        item(f"i{n}", weight=draw(st.integers(0, 9)), critical=draw(st.booleans()),
             effect=draw(EFFECTS), required=draw(st.booleans()))
        for n in range(draw(st.integers(1, 7)))
    ]  # fmt: skip
    whole = flat(*items, critical_effect=draw(EFFECTS))
    return whole, {it.id: draw(MARKS) for it in items}


@given(marked(), st.data())
def test_scoring_law_monotone(case: tuple[Checklist, dict[str, str]], data: st.DataObject) -> None:
    """A fail that becomes a pass lowers neither the ratio nor the grade."""
    whole, answers = case
    name = data.draw(st.sampled_from(sorted(answers)))
    worse, better = (scored(whole, answers | {name: mark}) for mark in ("fail", "pass"))
    assert (worse.ratio is None) == (better.ratio is None)
    assert worse.ratio is None or better.ratio is None or worse.ratio <= better.ratio
    assert RANKS.index(worse.grade) <= RANKS.index(better.grade)
    assert set(better.veto) <= set(worse.veto)
    assert worse.max_points == better.max_points


@given(marked(), st.data())
def test_scoring_law_na(case: tuple[Checklist, dict[str, str]], data: st.DataObject) -> None:
    """A fail that does not apply after all never lowers what the others came to."""
    whole, answers = case
    name = data.draw(st.sampled_from(sorted(answers)))
    failed, na = (scored(whole, answers | {name: mark}) for mark in ("fail", "na"))
    others = (
        scored(flat(*(it for it in whole.items if it.id != name)), answers)
        if answers.keys() - {name}
        else None
    )
    assert na.ratio == (others.ratio if others else None)
    assert failed.ratio is None or na.ratio is None or failed.ratio <= na.ratio
    if na.ratio is not None:
        assert RANKS.index(failed.grade) <= RANKS.index(na.grade)


@given(marked())
def test_scoring_law_exact(case: tuple[Checklist, dict[str, str]]) -> None:
    """Points are the exact sum of the lines that count."""
    whole, answers = case
    got = scored(whole, answers)
    weights = {it.id: it.weight for it in whole.items}
    good = sum(weights[name] for name, mark in answers.items() if mark == "pass")
    counted = sum(weights[name] for name, mark in answers.items() if mark in ("pass", "fail"))
    assert got.points == good
    assert got.max_points == counted
    assert got.ratio == (Fraction(good, counted) if counted else None)
    assert [line.item for line in got.lines] == list(answers)


@given(marked(), st.data())
def test_scoring_law_irrelevant(
    case: tuple[Checklist, dict[str, str]], data: st.DataObject
) -> None:
    """What is not asked leaves both parts of the fraction, the veto and what is open."""
    whole, answers = case
    gone = data.draw(st.sets(st.sampled_from(sorted(answers))))
    items = [it._replace(relevant="false()") if it.id in gone else it for it in whole.items]
    got = scored(flat(*items, critical_effect=whole.critical_effect), answers)
    left = [it for it in whole.items if it.id not in gone]
    want = scored(flat(*left, critical_effect=whole.critical_effect), answers) if left else None
    assert got == want if want is not None else not got.lines and got.ratio is None


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 30), st.integers(1, 9)), min_size=1, max_size=6
    )
)
def test_scoring_law_shares(rows: list[tuple[int, int, int]]) -> None:
    """Shares of the weight stay exact, and one more of the whole never lowers anything."""
    items, answers = [], {}
    for place, (part, whole, weight) in enumerate(rows):
        items.append(item(f"i{place}", "ratio", weight=weight, params={"at_least": 80}))
        answers[f"i{place}"] = f"{min(part, whole)}/{whole}"
    want = sum(
        (
            weight * min(Fraction(min(part, whole), whole) / Fraction(4, 5), Fraction(1))
            for part, whole, weight in rows
        ),
        Fraction(0),
    )
    got = scored(flat(*items), answers)
    assert got.points == want
    assert got.max_points == sum(row[2] for row in rows)
    part, whole, _weight = rows[0]
    more = scored(flat(*items), answers | {"i0": f"{min(part + 1, whole)}/{whole}"})
    assert more.ratio is not None
    assert got.ratio is not None
    assert more.ratio >= got.ratio


CRITICAL: list[tuple[str, str, str]] = [
    ("", "", "good"), ("ineligible", "", "ineligible"), ("", "ineligible", "ineligible"),
    ("ineligible", "refer", "good"), ("ineligible", "fail_target", "fail_target"),
    ("fail_target", "ineligible", "ineligible"), ("refer", "", "good"),
]  # fmt: skip


@pytest.mark.parametrize(("listed", "own", "grade"), CRITICAL)
def test_scoring_critical_effect(listed: str, own: str, grade: str) -> None:
    """An item's own effect goes before the list's; a veto is named either way."""
    whole = flat(
        item("A", weight=99), item("B", weight=1, critical=True, effect=own), critical_effect=listed
    )
    got = scored(whole, {"A": "pass", "B": "fail"})
    assert (got.grade, got.veto, got.ratio) == (grade, ("B",), Fraction(99, 100))
    assert scored(whole, {"A": "pass", "B": "pass"}).grade == "good"


def test_scoring_gravest_effect() -> None:
    """Of several effects the gravest holds, whatever the order."""
    items = [
        item("A", critical=True, effect="fail_target"),
        item("B", critical=True, effect="ineligible"),
    ]
    for order in (items, items[::-1]):
        assert scored(flat(*order), {"A": "fail", "B": "fail"}).grade == "ineligible"


CALCULATED: list[tuple[str, dict[str, Any], str, int]] = [
    ("3", {"at_least": 2}, "pass", 5), ("1", {"at_least": 2}, "fail", 0), ("", {"at_least": 2},
    "open", 0),
    ("3", {}, "noted", 0), ("", {}, "open", 0), ("'x'", {"at_most": 2}, "open", 0),
]  # fmt: skip


@pytest.mark.parametrize(("source", "params", "state", "points"), CALCULATED)
def test_scoring_calculated(source: str, params: dict[str, Any], state: str, points: int) -> None:
    """A calculation counts against its bounds; one that came to nothing leaves the fraction."""
    source = source or "${N}"
    whole = flat(
        item("N", "number"), item("C", "calculated", calculate=source, params=params, weight=5)
    )
    got = scored(whole, {"C": "99"})
    line = got.lines[1]
    assert line.state == state
    assert got.points == points
    assert "C" not in got.open_required


def test_scoring_in_repeats() -> None:
    """A critical item in a repeat vetoes by its address; instances that are gone do not."""
    whole = flat(
        item("R", "repeat"), item("A", parent="R", critical=True), critical_effect="ineligible"
    )
    answers = {"R": "2", "R[1].A": "pass", "R[2].A": "fail"}
    assert scored(whole, answers).veto == ("R[2].A",)
    assert scored(whole, answers | {"R": "1"}).veto == ()
    assert scored(whole, {"R": "2"}).open_required == ("R[1].A", "R[2].A")
