"""What people outside may read of a place (DOMAIN §5.4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain import masking
from fieldkit.domain.records import Site


def _site(kind: str, name: str) -> Site:
    return Site("0" * 32, "X", name, kind, "", "", "", "", "", None)


CHAIN = (
    _site("door", "402室"),
    _site("unit", "2单元"),
    _site("building", "3栋"),
    _site("estate", "鹭汀花园（演示）"),
)


@pytest.mark.parametrize(
    ("first", "told"), [(0, "3栋"), (1, "3栋"), (2, "3栋"), (3, CHAIN[3].name)]
)
def test_a_dwelling_is_told_to_its_building(first: int, told: str) -> None:
    """Doors and staircases by the building that they are in; all else by its own name."""
    assert masking.public_place(CHAIN[first:]) == told


def test_a_door_without_a_building_is_nothing() -> None:
    """Rather no name than a door's."""
    assert masking.public_place(CHAIN[:2]) == ""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("便利店（经营者张某）", "便利店"),
        ("鲜果铺(负责人 李某)", "鲜果铺"),
        ("雁书速递（演示）", "雁书速递（演示）"),
        ("咨询电话13800138000", "咨询电话138****8000"),
        ("热线96110", "热线96110"),
        ("办公电话0752-1234567", "办公电话0752-1234567"),
    ],
)
def test_names_without_keepers_and_private_numbers(name: str, told: str) -> None:
    """The sign over the door is said, who keeps it is not; office numbers stay."""
    assert masking.public_name(name) == told


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("鹭汀路6号3栋2单元402室", "鹭汀路6号3栋"),
        ("鹭汀路6号", "鹭汀路6号"),
        ("听枫路8号1座1203房", "听枫路8号1座"),
    ],
)
def test_addresses_end_at_the_building(address: str, told: str) -> None:
    """No storey and no room."""
    assert masking.public_address(address) == told


@given(st.text(max_size=40), st.integers(0, 99_999_999), st.text(max_size=40))
def test_no_private_number_survives(before: str, tail: int, after: str) -> None:
    """Wherever it stands, unless other digits make it another number."""
    number = f"138{tail:08}"
    before, after = (text.rstrip("0123456789") for text in (before, after))
    told = masking.public_text(f"{before}，{number}，{after}")
    assert number not in told
    assert f"138****{number[7:]}" in told


@given(st.text(max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    """What is masked has nothing left to mask."""
    once = masking.public_text(text)
    assert masking.public_text(once) == once
