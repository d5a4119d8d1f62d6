"""Cells of spreadsheets: no formula of anybody's, numbers that read as they were printed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.report import cells, ledger
from fieldkit.report.paper import Column, Figure, Row
from fieldkit.report.paper_xlsx_read import formatted

from .sample_paper import COLUMNS, EVIL, rows

LEADS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("text", EVIL)
def test_what_begins_like_a_formula_is_made_text(text: str) -> None:
    """In a .csv file an apostrophe stands before it, also before full-width signs and blanks."""
    assert cells.is_formula(text)
    assert cells.guarded(text).startswith("'")
    assert (
        ledger.table(["h"], [[text]]).decode("utf-8-sig").split("\r\n", 1)[1].lstrip('"')[0] == "'"
    )


@settings(max_examples=100, deadline=None)
@given(
    st.text(" \u00a0\u3000\t\r\n\u2003", max_size=3), st.sampled_from(LEADS), st.text(max_size=8)
)
def test_blanks_hide_no_formula(blank: str, lead: str, rest: str) -> None:
    """Whatever blanks stand before the sign; only a plain signed number is left as it is."""
    text = blank + lead + rest
    digits = rest.replace(".", "", 1)
    number = lead in "+-" and digits.isascii() and digits.isdigit()
    assert cells.guarded(text).startswith("'") == (not number or text[0] in "\t\r")


@pytest.mark.parametrize("text", ["", "-12.5", "+3", "2026-11-22", "—", "／ 不适用", "1+1"])
def test_what_is_no_formula_stays(text: str) -> None:
    """Negative numbers, days and dashes."""
    assert cells.guarded(text) == text


@settings(max_examples=100, deadline=None)
@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from(["", "+", "−"]),
    st.booleans(),
)
def test_a_number_shows_what_the_paper_says(
    units: int, places: int, percent: bool, sign: str, thousands: bool
) -> None:
    """Value and format give the printed text back, digit for digit."""
    whole, rest = divmod(abs(units), 10**places)
    said = (f"{whole:,}" if thousands else str(whole)) + (f".{rest:0{places}d}" if places else "")
    lead = "-" if units < 0 and sign == "" else sign if units else ""
    said = lead + said + "%" * percent
    held = cells.number(said, "decimal")
    assert held is not None
    assert formatted(str(held.value), held.format) == said


@pytest.mark.parametrize(
    "said", ["", "—", "/", "007", "1e5", "7户", "1,23", "12345678901234567", "1.2345678", "٣"]
)
def test_what_is_no_number_stays_text(said: str) -> None:
    """Leading zeros, units, more digits than a spreadsheet keeps."""
    assert cells.number(said, "count") is None


def test_text_columns_hold_no_numbers() -> None:
    """A code of digits is text."""
    assert cells.number("990121", "text") is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=8))
def test_the_last_row_follows_from_the_others(pairs: list[tuple[int, int]]) -> None:
    """Sums are sums, the rate is that of the sums, and only where both are so."""
    places = tuple((f"村{n}", max(pair), min(pair)) for n, pair in enumerate(pairs))
    table = rows(places)
    found = cells.formulas(list(COLUMNS), table)
    last = len(table) - 1
    assert found[last, 2].runs == ((0, last - 1),)
    assert found[last, 4].divided == ("part", "of")
    assert found[last, 4].places == 3


def test_a_sum_that_is_none_stays_a_number() -> None:
    """A place that counts once in two rows: the paper's own total stands."""
    table = [Row(("甲", "3")), Row(("乙", "4")), Row(("合计", "5"), "total")]
    columns = [Column("name", "村"), Column("n", "数", kind="count", total="sum")]
    assert cells.formulas(columns, table) == {}


def test_small_totals_sum_the_rows_beside_them() -> None:
    """小计 below its rows or above them; 合计 all rows but 小计."""
    columns = [Column("name", "村"), Column("n", "数", kind="count", total="sum")]
    below = [
        Row(("甲", "3")), Row(("乙", "4")), Row(("小计", "7"), "sub"),
        Row(("丙", "5")), Row(("小计", "5"), "sub"), Row(("合计", "12"), "total"),
    ]  # fmt: skip
    found = cells.formulas(columns, below)
    assert found[2, 1].runs == ((0, 1),)
    assert found[4, 1].runs == ((3, 3),)
    assert found[5, 1].runs == ((0, 1), (3, 3))
    above = [Row(("小计", "7"), "sub"), Row(("甲", "3")), Row(("乙", "4"))]
    assert cells.formulas(columns, above)[0, 1].runs == ((1, 2),)


@pytest.mark.parametrize(
    ("kind", "scale", "said", "cut", "places"),
    [
        ("percent", 1, "66.6%", True, 3),
        ("percent", 1, "66.7%", False, 3),
        ("percent", 1, "66.6", True, 1),
        ("decimal", 10000, "6666.67", False, 2),
        ("score", 100, "66.7", False, 1),
    ],
)
def test_a_rate_is_cut_or_rounded_as_it_was_printed(
    kind: str, scale: int, said: str, cut: bool, places: int
) -> None:
    """Coverage is cut off, other rates are rounded: the formula does what the paper did."""
    columns = [
        Column("a", "a", kind="count", total="sum"),
        Column("b", "b", kind="count", total="sum"),
        Column("r", "r", kind=kind, total=("a", "b"), scale=scale),  # type: ignore[arg-type]
    ]
    rate = Figure("r", Fraction(2, 3), said, "r")
    found = cells.formulas(columns, [Row(("2", "3", None)), Row(("2", "3", rate), "total")])
    assert (found[1, 2].cut, found[1, 2].places) == (cut, places)


def test_a_rate_over_nothing_stays_a_dash() -> None:
    """The formula says so too; other words than a dash are left alone."""
    columns = [
        Column("a", "a", kind="count", total="sum"),
        Column("b", "b", kind="count", total="sum"),
        Column("r", "r", kind="percent", total=("a", "b")),
    ]
    rows_ = [Row(("0", "0", None)), Row(("0", "0", None), "total")]
    assert cells.formulas(columns, rows_)[1, 2].divided == ("a", "b")
    rows_[1] = Row(("0", "0", "不可比"), "total")
    assert (1, 2) not in cells.formulas(columns, rows_)
