"""Natural order of house numbers and floors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.ordering import chinese_number, floor_key, floor_of, natural


def test_buildings_in_natural_order() -> None:
    """2栋 stands before 10栋, 二栋 beside 2栋."""
    names = ["10栋", "2栋", "１栋", "三栋"]
    assert sorted(names, key=natural) == ["１栋", "2栋", "三栋", "10栋"]
    assert natural("二栋") == natural("2栋")


@pytest.mark.parametrize(
    ("text", "number"), [("十", 10), ("十二", 12), ("二十", 20), ("一百零三", 103), ("二三", 23)]
)
def test_chinese_numbers(text: str, number: int) -> None:
    """Numerals as they stand on doors."""
    assert chinese_number(text) == number


def test_floors_upwards() -> None:
    """Basements lie below, 3A between 3 and 4."""
    floors = ["B2", "-1", "G", "1", "夹层", "2", "3", "3A", "4层", "十层"]
    assert sorted(set(floors), key=floor_key) == floors


@pytest.mark.parametrize(
    ("floor", "name", "label"),
    [("7", "101室", "7"), ("", "502室", "5"), ("", "3栋2单元1203", "12"), ("", "西巷", "")],
)
def test_the_floor_of_a_door(floor: str, name: str, label: str) -> None:
    """What the register says counts; else the room's number tells."""
    assert floor_of(floor, name) == label


@settings(max_examples=50)
@given(st.lists(st.text(max_size=20), max_size=6))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    """Keys of any two texts compare."""
    assert len(sorted(names, key=natural)) == len(sorted(names, key=floor_key)) == len(names)
