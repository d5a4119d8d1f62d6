"""F1 and a scanned label: the first row opens the place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

Open = Callable[..., AbstractAsyncContextManager[Any]]


@pytest.mark.asyncio
@pytest.mark.parametrize("typed", ["FK:B-1", "ｆｋ：ｂ－１", "b-1"])
async def test_a_scanned_building_opens_its_doors(opened: Open, typed: str) -> None:
    """A keyboard-wedge scanner types the label and presses Enter."""
    async with opened() as hand:
        await hand.press("f1")
        await hand.type(typed)
        first = hand.screen.picks.current
        assert first.key == "open label"
        assert first.text.startswith("打开 ")
        assert first.text.endswith("鹭汀花园1栋（演示）")
        await hand.press("enter")
        await hand.pilot.pause(0.1)
        assert hand.screen.NAME == "doors"


@pytest.mark.asyncio
async def test_a_scanned_post_opens_its_own_screen(opened: Open) -> None:
    """A courier's outlet has no doors."""
    async with opened() as hand:
        await hand.press("f1")
        await hand.type("FK:K-1")
        await hand.press("enter")
        await hand.pilot.pause(0.1)
        assert hand.screen.NAME == "site"


@pytest.mark.asyncio
async def test_other_words_get_no_such_row(opened: Open) -> None:
    """A code that is none, a door, and a number over an inspection."""
    async with opened() as hand:
        await hand.press("f1")
        for typed in ("FK:B-9", "B-1-101", "鹭汀"):
            await hand.type(typed)
            assert all(row.key != "open label" for row in hand.screen.picks.rows)
