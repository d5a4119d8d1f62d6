"""Scores: exact, explained, untouched by what does not apply."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.checklist import Checklist, Grade, Item, Section
from fieldkit.domain.scoring import Score, score
from fieldkit.library.load import catalogue

DAY = date(2026, 11, 22)
SHIPPED = {checklist.id: checklist for checklist in catalogue(None)}
GRADES = (
    Grade("met", "达标", 90),
    Grade("rectify", "限期整改后复评", 80),
    Grade("fail", "不达标", 0),
)


def checklist(*items: Item, effect: str = "ineligible") -> Checklist:
    """A list of these items."""
    return Checklist(
        "t", "2026.11", "测试", "", "", "", "guidance", (), effect, GRADES,
        (Section("s", "节", items),), {"S000": "方案"},
    )  # fmt: skip


def item(name: str, kind: str = "check", weight: int = 10, **more: Any) -> Item:
    """One item with its usual parameters."""
    params = {"ratio": {"at_least": 80}, "sample": {"draw": 10, "at_least": 90}}.get(kind, {})
    partial = "linear" if params else "threshold"
    known = Item(name, "s", name, kind, "可见", weight=weight, params=params, partial=partial)
    return known._replace(**more)


def scored(whole: Checklist, answers: dict[str, str], mode: str = "open") -> Score:
    """The score on the test's day."""
    return score(whole, mode, DAY, answers)


def test_scoring_linear_and_threshold() -> None:
    """XQ11's 3/4 of 80% earns 7.5 of 8; a list may say threshold and it earns nothing."""
    ratio = item("A", "ratio", 8)
    assert scored(checklist(ratio), {"A": "3/4"}).points == Fraction(15, 2)
    strict = ratio._replace(partial="threshold")
    assert scored(checklist(strict), {"A": "3/4"}).points == 0
    assert scored(checklist(strict), {"A": "4/5"}).points == 8


def test_scoring_denominator() -> None:
    """na, unseen, optional and open items leave it; only the last three are still named."""
    items = [item(n) for n in "ABCD"] + [item("E", required=False)]
    got = scored(checklist(*items), {"A": "pass", "B": "na", "C": "unseen"}, "covert")
    assert (got.points, got.max_points, got.ratio) == (10, 10, 1)
    assert (got.na, got.unseen, got.open_required) == (1, 1, ("D",))
    nothing = scored(checklist(*items), {})
    assert (nothing.ratio, nothing.grade) == (None, "none")


@pytest.mark.parametrize(
    ("ratio", "grade"),
    [("9/10", "met"), ("8999/10000", "rectify"), ("8/10", "rectify"), ("7999/10000", "fail")],
)
def test_scoring_grade_edges(ratio: str, grade: str) -> None:
    """89.99% is no 90%."""
    whole = checklist(item("A", "ratio", 100, params={"at_least": 100}))
    assert scored(whole, {"A": ratio}).grade == grade


@pytest.mark.parametrize(
    ("effect", "grade"),
    [("ineligible", "ineligible"), ("fail_target", "fail_target"), ("refer", "met")],
)
def test_scoring_veto(effect: str, grade: str) -> None:
    """A failed critical item acts by the list's effect and is always named."""
    whole = checklist(item("A", weight=0, critical=True), item("B"), effect=effect)
    got = scored(whole, {"A": "fail", "B": "pass"})
    assert (got.grade, got.veto, got.ratio) == (grade, ("A",), 1)
    assert scored(whole, {"A": "na", "B": "pass"}).veto == ()


def test_scoring_redline_never_counts() -> None:
    """A redline's weight means nothing, whoever wrote one."""
    got = scored(checklist(item("A", "redline", 50), item("B")), {"A": "fail", "B": "pass"})
    assert (got.max_points, got.ratio) == (10, 1)
    assert [line.state for line in got.lines] == ["fail", "pass"]


def test_scoring_modes() -> None:
    """Each visit is scored over the items of its own mode."""
    whole = checklist(item("A", mode="open"), item("B", mode="covert"), item("C"))
    answers = dict.fromkeys("ABC", "pass")
    for mode, ids in (("open", "AC"), ("self", "AC"), ("reinspection", "AC"), ("covert", "BC")):
        assert [line.item for line in scored(whole, answers, mode).lines] == list(ids)


def test_scoring_strange_values_are_open() -> None:
    """A value no type would write is no answer and says so."""
    got = scored(checklist(item("A"), item("B", "ratio")), {"A": "maybe", "B": "5/3"})
    assert got.open_required == ("A", "B")
    assert got.lines[0].why
    assert got.max_points == 0


def test_scoring_three_noes_cannot_be_skipped() -> None:
    """Without the three letters of the police no estate is rated (R37)."""
    whole = SHIPPED["wuzha-xiaoqu"]
    got = scored(whole, dict.fromkeys((i.id for i in whole.items), "na"))
    assert got.open_required == ("XQ01", "XQ02", "XQ03")


def test_scoring_acceptance_example() -> None:
    """The worked example: 85.5 of 90 with two faults."""
    letters = dict.fromkeys(("XQ01", "XQ02", "XQ03"), "met:澜派函〔2026〕3号:2026-11-17")
    answers = letters | dict.fromkeys(("XQ04", "XQ05", "XQ08", "XQ17", "XQ21"), "pass") | {
        "XQ06": "2026-11-01", "XQ07": "9/10", "XQ09": "12", "XQ10": "3/3", "XQ11": "3/4",
        "XQ12": "na", "XQ13": "4", "XQ14": "6/6", "XQ15": "2026-10-30", "XQ16": "2026-05-01",
        "XQ18": "3", "XQ19": "4/5", "XQ20": "na",
    }  # fmt: skip
    got = scored(SHIPPED["wuzha-xiaoqu"], answers)
    assert (got.points, got.max_points, got.grade) == (Fraction(171, 2), 90, "met")
    assert [line.item for line in got.lines if line.state == "fail"] == ["XQ11", "XQ16"]


VALUES = st.sampled_from(["pass", "fail", "na", "unseen", "3/4", "9/10", "1/3", "10/10", "??", ""])


@st.composite
def visits(draw: st.DrawFn) -> tuple[Checklist, dict[str, str], str]:
    """A list of any shape with any answers."""
    items = []
    for n in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["check", "ratio", "sample", "redline"]))
        weight, critical = draw(st.integers(0, 40)), draw(st.booleans())
        partial = draw(st.sampled_from(["linear", "threshold"]))
        items.append(item(f"I{n}", kind, weight, critical=critical, partial=partial))
    answers = draw(st.dictionaries(st.sampled_from([i.id for i in items]), VALUES))
    effect = draw(st.sampled_from(["ineligible", "fail_target", "refer"]))
    return checklist(*items, effect=effect), answers, draw(st.sampled_from(["open", "covert"]))


@given(visit=visits())
@settings(max_examples=50, deadline=None)
def test_scoring_bounds(visit: tuple[Checklist, dict[str, str], str]) -> None:
    """Points stay within the possible, everything is a Fraction, lines add up."""
    whole, answers, mode = visit
    got = scored(whole, answers, mode)
    assert 0 <= got.points <= got.max_points
    assert all(isinstance(number, Fraction) for number in (got.points, got.max_points))
    assert got.ratio is None or 0 <= got.ratio <= 1
    assert sum((line.points for line in got.lines), Fraction(0)) == got.points
    assert all(line.points <= line.weight for line in got.lines)


@given(visit=visits())
@settings(max_examples=50, deadline=None)
def test_scoring_na_is_neutral(visit: tuple[Checklist, dict[str, str], str]) -> None:
    """Answering na and leaving the item out of the list come to the same."""
    whole, answers, mode = visit
    dropped = whole.items[0].id
    rest = tuple(i for i in whole.items if i.id != dropped)
    without = whole._replace(sections=(Section("s", "节", rest),))
    left = {name: value for name, value in answers.items() if name != dropped}
    one, other = scored(whole, {**left, dropped: "na"}, mode), scored(without, left, mode)
    assert (one.points, one.max_points, one.ratio, one.grade, one.veto) == (
        other.points, other.max_points, other.ratio, other.grade, other.veto,
    )  # fmt: skip
