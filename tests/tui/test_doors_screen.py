"""The matrix of a building: one digit a door, the coverage moving, undo."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from fractions import Fraction
from typing import Any

import pytest

from fieldkit.tui import words
from fieldkit.work import visiting

Open = Callable[..., AbstractAsyncContextManager[Any]]


async def into_building(hand: Any) -> None:
    """From home to the first building."""
    await hand.press(hand.number_of("楼栋与入户"))
    await hand.press("enter")


def coverage(hand: Any) -> str:
    """The coverage line."""
    return str(hand.screen.query_one("#coverage").plain)


@pytest.mark.asyncio
async def test_digits_log_visits_and_the_coverage_moves(opened: Open) -> None:
    """Each digit is one visit on disk; rates show truncated with their counts."""
    async with opened() as hand:
        await into_building(hand)
        assert "(0/18)" in coverage(hand)
        assert "(0/24)" in coverage(hand)
        await hand.press("1")
        assert hand.screen.status.saved_mark == "已存 10:42:07"
        assert "发放率 5.5% (1/18)" in coverage(hand)
        assert "面宣率 4.1% (1/24)" in coverage(hand)
        await hand.press("4", "3")
        assert "发放率 11.1% (2/18)" in coverage(hand)
        assert "已访 3/24" in coverage(hand)
        row = visiting.coverage(hand.app.ws, by="building", within="B-1")[0]
        assert (row.visited, row.delivered, row.met) == (3, 2, 1)


@pytest.mark.asyncio
async def test_undo_takes_the_last_visit_of_the_door_back(opened: Open) -> None:
    """F8 names what it took back; the door is as it was."""
    async with opened() as hand:
        await into_building(hand)
        assert "f8" not in hand.offered
        await hand.press("1", "left", "f8")
        assert "已撤回：601" in hand.screen.status.text
        assert "(0/18)" in coverage(hand)
        assert "f8" not in hand.offered


@pytest.mark.asyncio
async def test_undo_reaches_visits_of_an_earlier_day(opened: Open) -> None:
    """What was logged before a restart can still be taken back."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("4")
    async with opened() as hand:
        await into_building(hand)
        await hand.press("left", "f8")
        assert "已撤回：601" in hand.screen.status.text


@pytest.mark.asyncio
async def test_rarer_outcomes_behind_zero(opened: Open) -> None:
    """0 shows the rest of the outcomes on digits of their own."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("0")
        assert "集体" in hand.text
        await hand.press("1")
        assert "面宣率 4.1% (1/24)" in coverage(hand)


@pytest.mark.asyncio
async def test_the_door_is_remembered(opened: Open) -> None:
    """Coming back, the cursor is on the door where one stopped."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("4", "4", "4", "4", "4")
        here = hand.screen.grid.current
    async with opened() as hand:
        await into_building(hand)
        assert hand.screen.grid.current == here


@pytest.mark.asyncio
async def test_a_note_rides_with_the_next_outcome(opened: Open) -> None:
    """F6 writes a sentence that is stored with the next digit and then gone."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("f6")
        await hand.type("门铃坏")
        await hand.press("enter")
        assert "备注：门铃坏" in hand.text
        await hand.press("4")
        assert "备注：门铃坏" not in hand.text


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (None, "—"),
        (Fraction(999, 1000), "99.9%"),
        (Fraction(99999, 100000), "99.9%"),
        (Fraction(1), "100%"),
        (Fraction(0), "0%"),
        (Fraction(2, 3), "66.6%"),
    ],
)
def test_rates_are_truncated(rate: Fraction | None, said: str) -> None:
    """A rate never rounds up to all, and a rate over nothing is a dash (DOMAIN §1.4)."""
    assert words.percent(rate) == said
