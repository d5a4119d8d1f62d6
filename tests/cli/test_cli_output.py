"""Numbers and tables for people and programs."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.cli.output import number, percent, table
from fieldkit.domain.values import points
from fieldkit.text.width import cell_width


def test_rates_are_cut_never_rounded() -> None:
    """99.96 % is 99.9 %, and nothing over nothing is a dash."""
    assert percent(Fraction(9996, 10000)) == "99.9%"
    assert percent(Fraction(1)) == "100%"
    assert percent(None) == "—"
    assert points(Fraction(171, 2)) == "85.5"
    assert number(Fraction(90)) == 90
    assert number(None) is None


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_only_the_whole_is_a_hundred(part: int, whole: int) -> None:
    """No rate below one is ever shown or told as one."""
    rate = Fraction(min(part, whole), whole)
    assert (percent(rate) == "100%") == (rate == 1)
    assert (number(rate) == 1) == (rate == 1)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), min_size=1, max_size=4))
def test_tables_are_straight_and_tame(rows: list[tuple[str, str]]) -> None:
    """Columns line up by cells and no cell steers the terminal."""
    lines = table(("甲", "乙"), rows).split("\n")
    assert len(lines) == len(rows) + 1
    assert all("\x1b" not in text and "\r" not in text for text in lines)
    widest = max(cell_width(text) for text in lines)
    assert widest <= 2 + 2 * 9 * 8 * 2
