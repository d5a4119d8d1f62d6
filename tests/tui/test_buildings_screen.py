"""Buildings and areas with how far each is: bars, floors as digits, from area to building."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.work import visiting
from fieldkit.work.coverage import bar, heat

Open = Callable[..., AbstractAsyncContextManager[Any]]


async def arrive(hand: Any) -> None:
    """From home, a quarter of the building done."""
    for door in ("101", "102", "103", "104", "201", "202"):
        visiting.log(hand.app.ws, f"B-1-{door}", "met")
    await hand.press(hand.number_of("楼栋与入户"))
    await hand.pilot.pause(0.2)


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_measures_are_gone_through(opened: Open, size: tuple[int, int]) -> None:
    """Rate over the household base, over all doors, and the floors from the bottom."""
    async with opened(size=size) as hand:
        await arrive(hand)
        assert "已访/实有" in hand.text
        assert "6/24    5/18 ==........  27.7%" in hand.text
        await hand.press("f6")
        assert "6/24    6/24 ==........    25%" in hand.text
        await hand.press("f6")
        assert "#50000" in hand.text
        assert "0-9" in hand.text
        await hand.press("f6", "f6")
        assert "27.7%" in hand.text


@pytest.mark.asyncio
async def test_from_a_village_to_its_buildings(opened: Open) -> None:
    """The levels in turn; Enter on a village lists its buildings, Enter on one opens it."""
    async with opened() as hand:
        await arrive(hand)
        await hand.press("f4", "f4")
        assert "听枫社区" in hand.text
        await hand.press("enter")
        assert "鹭汀花园1栋" in hand.text
        assert "听枫社区" in hand.lines[0]
        await hand.press("enter")
        assert hand.screen.NAME == "doors"


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_a_bar_is_never_rounded_up(part: int, whole: int) -> None:
    """Full only where nothing is missing."""
    rate = Fraction(min(part, whole), whole)
    drawn = bar(rate)
    assert len(drawn) == 10
    assert (drawn == "=" * 10) == (rate == 1)
    assert drawn.count("=") == rate * 10 // 1


@pytest.mark.asyncio
async def test_a_floor_is_full_when_every_door_is(opened: Open) -> None:
    """Tenths are cut off; a struck off door is in no floor."""
    async with opened() as hand:
        for door in ("301", "302", "303"):
            visiting.log(hand.app.ws, f"B-1-{door}", "met")
        assert heat(hand.app.ws)["B-1"] == ("007000", "007000")
        visiting.log(hand.app.ws, "B-1-304", "left")
        assert heat(hand.app.ws)["B-1"] == ("00#000", "007000")
