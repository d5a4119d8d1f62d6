"""Ranks and last places: the worked example in five readings, and an oracle over random towns."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldkit.domain.standing import words
from fieldkit.domain.standing.basis import BadBasis, Basis, Indicator, from_doc
from fieldkit.domain.standing.figures import Decisions, Figures, check
from fieldkit.domain.standing.ranking import Ranking, rank

TOWNS = int(os.environ.get("FIELDKIT_TOWNS", "3000"))
WORKED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "standing_worked_example.json").read_text("utf-8")
)
TOWN = tuple(
    Figures(it["name"], it["name"], it["current"], it["last_year"], it["population"])
    for it in WORKED["units"]
)


def _basis(reading: str) -> Basis:
    yoy, ties, boundary = reading.split("/")
    way, _, zero = yoy.partition("-")
    return Basis(yoy=way, zero_base=zero or "ask", ties=ties, boundary=boundary)


@pytest.mark.parametrize("case", WORKED["cases"], ids=lambda case: str(case["reading"]))
def test_the_worked_example(case: dict[str, Any]) -> None:
    """Ranks, totals in tenths, places and last places of each reading."""
    found = rank(_basis(case["reading"]), TOWN)
    assert {row.name: list(row.ranks.values()) for row in found.rows} == case["ranks"]
    assert {row.name: row.total * 10 for row in found.rows} == case["total_tenths"]
    assert {row.name: row.place for row in found.rows} == case["place"]
    assert set(found.bottom) == set(case["bottom"])
    assert found.is_settled


def test_what_is_said_of_the_worked_example() -> None:
    """The zero base and the tie across the line, in the sentences of DOMAIN §1.3."""
    assert rank(Basis(), TOWN).notes == (
        "霜桥村上年同期为零，同比率不可比（增加1起）。当前口径：按差额排名。",
        "第7名并列：檀渡村、茶烟村（均94.6分）。按“并列同受”，本期后两名共3个单位。",
    )


def test_equal_totals_of_other_ranks_tie() -> None:
    """Ranks (4,7,9) and (4,9,7) are 94.6 both; floats would part them."""
    totals = [
        sum(Fraction((101 - r) * w, 100) for r, w in zip(ranks, (40, 30, 30), strict=True))
        for ranks in ((4, 7, 9), (4, 9, 7))
    ]
    assert totals[0] == totals[1]
    assert words.score(totals[0]) == "94.6"


def test_rate_over_nothing_asks() -> None:
    """The default of D2: no ranking before the office decided, and who it is about."""
    found = rank(Basis(yoy="rate"), TOWN)
    assert (found.rows, [it.code for it in found.doubts]) == ((), ["zero-base"])
    assert found.doubts[0].units == ("霜桥村",)
    decided = rank(Basis(yoy="rate"), TOWN, Decisions(zero_base="worst"))
    assert decided.rows == rank(Basis(yoy="rate", zero_base="worst"), TOWN).rows


def test_switching_to_differences() -> None:
    """One unit over nothing turns the whole table to differences; none leaves it alone."""
    switched = Basis(yoy="rate", zero_base="switch_diff")
    assert rank(switched, TOWN).rows == rank(Basis(), TOWN).rows
    calm = tuple(it for it in TOWN if it.cases_last_year)
    assert rank(switched, calm).rows == rank(replace(switched, zero_base="ask"), calm).rows


def _town(*totals: tuple[int, int, int]) -> list[Figures]:
    return [
        Figures(f"u{n}", f"单位{n}", cases, before, people)
        for n, (cases, before, people) in enumerate(totals)
    ]


def test_all_the_same_is_nobody() -> None:
    """Equal totals: nobody is among the last, and it is said."""
    found = rank(Basis(), _town(*[(1, 1, 1000)] * 5))
    assert (found.bottom, found.notes) == ((), ("各单位总分相同，本期不亮牌。",))


def test_more_than_half_is_asked() -> None:
    """Three of five tied into the last two places is for the office to say."""
    town = _town((0, 0, 1000), (1, 0, 1000), (5, 0, 1000), (5, 0, 1000), (5, 0, 1000))
    found = rank(Basis(), town)
    assert [it.code for it in found.doubts] == ["wide"]
    assert not found.doubts[0].blocks
    assert rank(Basis(), town, Decisions(wide=True)).is_settled


def test_a_unit_without_a_case_is_confirmed() -> None:
    """D7: its card waits for the office, who gives or spares it; or for nobody, as one reads it."""
    town = _town((0, 0, 1000), (0, 0, 1000), (0, 3, 1000), (0, 4, 1000), (0, 5, 1000))
    found = rank(Basis(), town)
    assert [it.code for it in found.doubts] == ["zero-cases"]
    assert {row.unit for row in found.rows if not row.is_sure} == {"u0", "u1"}
    both = frozenset({"u0", "u1"})
    assert rank(Basis(), town, Decisions(confirmed=both)).bottom == ("u0", "u1")
    half = Decisions(confirmed=frozenset({"u0"}), spared=frozenset({"u1"}))
    assert rank(Basis(), town, half).bottom == ("u0",)
    assert rank(Basis(), town, half).is_settled
    assert rank(Basis(zero_cases="automatic"), town).is_settled


def test_a_tie_across_the_line_can_be_asked() -> None:
    """D4 `ask`: the tie is named, and either answer settles it."""
    asking = replace(Basis(), boundary="ask")
    assert [it.code for it in rank(asking, TOWN).doubts] == ["boundary"]
    for way in ("include", "per10k"):
        wanted = rank(replace(Basis(), boundary=way), TOWN)
        assert rank(asking, TOWN, Decisions(boundary=way)).bottom == wanted.bottom


@pytest.mark.parametrize(
    ("figures", "codes"),
    [
        ([Figures("a", "甲", 1, None, 10)], ["blank-last-year"]),
        ([Figures("a", "甲", None, 1, 10)], ["blank-cases"]),
        ([Figures("a", "甲", 1, 1, None)], ["blank-population"]),
        ([Figures("a", "甲", 1, 1, 0)], ["bad-population"]),
        ([Figures("a", "甲", -1, 1, 10)], ["bad-count"]),
        ([Figures("a", "甲", True, 1, 10)], ["bad-count"]),
        ([Figures("a", "甲", 1, 1, 10)] * 2, ["twice"]),
    ],
)
def test_figures_that_cannot_be_ranked(figures: list[Figures], codes: list[str]) -> None:
    """Each fault blocks the ranking and names its units."""
    others = _town(*[(n, n, 1000 + n) for n in range(5)])
    doubts = check(Basis(), [*figures, *others])
    assert [it.code for it in doubts] == codes
    assert "甲" in doubts[0].sentence
    assert rank(Basis(), [*figures, *others]).rows == ()


def test_too_few_units() -> None:
    """The last two of three would be most of them."""
    assert [it.code for it in check(Basis(), _town(*[(1, 1, 9)] * 3))] == ["few"]
    assert [it.code for it in check(Basis(), _town(*[(1, 1, 9)] * 4))] == []


def test_what_no_indicator_needs_may_be_blank() -> None:
    """Without an indicator of last year or of people these are not asked for."""
    only = replace(Basis(), indicators=(Indicator("n", "数", "count", 100),))
    assert check(only, [Figures(f"u{n}", f"u{n}", n, None, None) for n in range(5)]) == ()


def test_other_indicators_and_weights() -> None:
    """A column of the office's own, where more is better, weighs as it says."""
    basis = replace(
        Basis(),
        indicators=(
            Indicator("n", "发案数", "count", 75),
            Indicator("told", "宣传场次", "column", 25, column="场次", better="high"),
        ),
    )
    town = [
        Figures(f"u{n}", f"u{n}", n, None, None, {"场次": told})
        for n, told in enumerate((1, 9, 9, 3))
    ]
    rows = {row.unit: row for row in rank(basis, town).rows}
    assert {unit: row.ranks["told"] for unit, row in rows.items()} == {
        "u0": 4, "u1": 1, "u2": 1, "u3": 3,
    }  # fmt: skip
    assert rows["u0"].total == Fraction(100 * 75 + 97 * 25, 100)
    assert words.score(rows["u0"].total) == "99.25"
    missing = [replace(town[0], more={}), *town[1:]]
    assert [it.code for it in rank(basis, missing).doubts] == ["blank-场次"]


@st.composite
def towns(draw: st.DrawFn) -> list[Figures]:
    """Few different numbers, so that ties and zeros are everywhere."""
    size = draw(st.integers(4, 12))
    small = st.integers(0, draw(st.sampled_from([1, 3, 12])))
    people = st.sampled_from([500, 1000, 2000, 3333])
    return [
        Figures(f"u{n:02}", f"u{n:02}", draw(small), draw(small), draw(people)) for n in range(size)
    ]


def _oracle(basis: Basis, town: Sequence[Figures]) -> tuple[dict[str, int], set[str]]:
    """Totals in hundredths and the last places, by sorting and counting, in whole numbers."""
    people = 1
    for it in town:
        people *= int(it.population or 1)
    hundredths = dict.fromkeys((it.unit for it in town), 0)
    rates = basis.yoy == "rate" and not (
        basis.zero_base == "switch_diff" and any(it.cases and not it.cases_last_year for it in town)
    )
    base = 1
    for it in town:
        base *= max(int(it.cases_last_year or 0), 1)
    for weight, of in ((40, "yoy"), (30, "per"), (30, "count")):
        numbers = []
        for it in town:
            now, then = int(it.cases or 0), int(it.cases_last_year or 0)
            if of == "count":
                numbers.append(now)
            elif of == "per":
                numbers.append(now * (people // int(it.population or 1)))
            elif not rates:
                numbers.append(now - then)
            elif then:
                numbers.append((now - then) * (base // then))
            elif not now:
                numbers.append(0)
            elif basis.zero_base == "as_one":
                numbers.append((now - 1) * base)
            else:
                numbers.append(10**60)
        order = sorted(numbers)
        if basis.ties == "dense":
            order = sorted(set(numbers))
        for it, number in zip(town, numbers, strict=True):
            hundredths[it.unit] += weight * (100 - order.index(number))
    if len(set(hundredths.values())) == 1:
        return hundredths, set()
    by_total = sorted(hundredths.values())
    line = by_total[basis.bottom - 1]
    last = {unit for unit, total in hundredths.items() if total <= line}
    if len(last) > basis.bottom and basis.boundary == "per10k":
        sure = {unit for unit in last if hundredths[unit] < line}
        tied = sorted(
            (it for it in town if it.unit in last - sure),
            key=lambda it: Fraction(int(it.cases or 0), int(it.population or 1)),
            reverse=True,
        )
        room = basis.bottom - len(sure)
        edge = Fraction(int(tied[room - 1].cases or 0), int(tied[room - 1].population or 1))
        last = sure | {
            it.unit for it in tied if Fraction(int(it.cases or 0), int(it.population or 1)) >= edge
        }
    return hundredths, last


readings = st.builds(
    Basis,
    yoy=st.sampled_from(["diff", "rate"]),
    zero_base=st.sampled_from(["worst", "as_one", "switch_diff"]),
    ties=st.sampled_from(["competition", "dense"]),
    boundary=st.sampled_from(["include", "per10k"]),
    zero_cases=st.just("automatic"),
)


@settings(max_examples=TOWNS, deadline=None)
@example(list(TOWN), Basis())
@given(towns(), readings)
def test_an_oracle_agrees(town: list[Figures], basis: Basis) -> None:
    """Totals and last places are those of another way to count them."""
    found = rank(basis, town)
    hundredths, last = _oracle(basis, town)
    assert {row.unit: row.total * 100 for row in found.rows} == hundredths
    assert set(found.bottom) == last
    order = sorted(hundredths.values(), reverse=True)
    assert {row.unit: row.place for row in found.rows} == {
        unit: order.index(total) + 1 for unit, total in hundredths.items()
    }


def _told(found: Ranking) -> dict[str, tuple[Fraction, int, bool]]:
    return {row.unit: (row.total, row.place, row.in_bottom) for row in found.rows}


@settings(max_examples=100, deadline=None)
@given(towns(), readings, st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(town: list[Figures], basis: Basis, chance: Any) -> None:
    """Only the figures do."""
    mixed = list(town)
    chance.shuffle(mixed)
    assert _told(rank(basis, town)) == _told(rank(basis, mixed))


@pytest.mark.parametrize(
    ("now", "before", "cell", "sentence"),
    [
        (9, 12, "−25.0", "同比下降25.0%（减少3起）"),
        (9, 6, "+50.0", "同比上升50.0%（增加3起）"),
        (7, 7, "0.0", "同比持平"),
        (0, 0, "0.0", "本期与上年同期均为零发案，同比持平"),
        (1, 0, "—", "上年同期为零，同比不可比（增加1起）"),
        (0, 5, "−100.0", "同比下降100.0%（减少5起）"),
    ],
)
def test_how_a_change_is_said(now: int, before: int, cell: str, sentence: str) -> None:
    """The table of DOMAIN §1.3: never a rate over nothing."""
    assert words.rate_cell(now, before) == cell
    assert words.rate_words(now, before) == sentence


def test_more_decimals_where_two_would_hide_a_difference() -> None:
    """1/30001 and 1/30000 differ from the sixth decimal per ten thousand."""
    assert words.per10k([Fraction(42, 10), Fraction(376, 100)]) == ["4.20", "3.76"]
    said = words.per10k([Fraction(10000, 30001), Fraction(10000, 30000)])
    assert len(set(said)) == 2


@given(readings)
def test_readings_survive_being_frozen(basis: Basis) -> None:
    """What is written into a published month is read back as the same."""
    assert from_doc(json.loads(json.dumps(basis.to_doc()))) == basis


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("yoy", "both"), ("bottom", 0), ("bottom", True), ("listed_after", 2), ("colour", "red"),
        ("indicators", []), ("case_label", 3), ("window_last_day", 32),
    ],
)  # fmt: skip
def test_readings_that_are_none(field: str, value: object) -> None:
    """The field is named."""
    with pytest.raises(BadBasis) as bad:
        from_doc({field: value})
    assert bad.value.field == field
