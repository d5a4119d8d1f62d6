"""One place has one spelling, whatever people call it; another place never shares it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import naming

SAME = [
    ("3栋", "3幢", "３号楼", "三栋", "第3栋", "03栋", "3座", "3#", "3#楼", " 3 栋 "),
    ("A座", "a座", "Ａ栋"),
    ("十二栋", "12幢"),
    ("2单元", "二单元", "2个单元", "第2单元"),
    ("3层", "三楼", "第3层", "3F"),
    ("18号之二", "18-2号", "18号附2", "18号之2", "18号附2号"),
    ("听枫里 3栋2单元", "听枫里3幢二单元"),
]
DIFFERENT = ["3栋", "3A栋", "13栋", "3单元", "3层", "3号", "B1层", "1层", "-1层", "18-2号", "182号"]


@pytest.mark.parametrize("names", SAME, ids=lambda names: str(names[0]))
def test_names_of_one_place(names: tuple[str, ...]) -> None:
    """栋, 幢, 座 and 号楼, digits of every script, ordinals, branches of a house number."""
    assert len({naming.key(name) for name in names}) == 1


def test_other_places_keep_their_own() -> None:
    """What differs in more than the way of writing stays apart."""
    assert len({naming.key(name) for name in DIFFERENT}) == len(DIFFERENT)


@given(st.integers(1, 999), st.sampled_from(["栋", "幢", "座", "号楼"]))
def test_a_number_is_never_lost(number: int, word: str) -> None:
    """Every building number has its own spelling, in whatever word."""
    assert naming.key(f"{number}{word}") == f"{number}栋"


@given(st.text(max_size=40))
def test_any_text_has_a_spelling(text: str) -> None:
    """Nothing raises; blanks and small letters make no difference."""
    assert naming.key(f" {text} ") == naming.key(text)
    assert not any(sign.isspace() for sign in naming.key(text))
    naming.span(text)


@given(st.text("0123456789一二三十栋幢座号楼单元层之附-AB室临", max_size=12))
def test_what_is_spelled_stays_so(text: str) -> None:
    """Nothing turns into nothing."""
    assert bool(naming.key(text)) == bool(text)


@pytest.mark.parametrize(
    ("name", "found"),
    [("1-10栋", (1, 10)), ("一至十幢", (1, 10)), ("3栋", None), ("10-1栋", None), ("18-2号", None)],
)
def test_several_buildings_in_one_name(name: str, found: tuple[int, int] | None) -> None:
    """Only what counts upwards and speaks of buildings."""
    assert naming.span(name) == found


def test_doors() -> None:
    """502, 502室 and ５０２房 are one door."""
    assert {naming.door_key(name) for name in ("502", "502室", "５０２房", "502号")} == {"502"}
