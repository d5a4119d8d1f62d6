"""The main screens as kept texts at both sizes; a change of look is a change of these files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

Open = Callable[..., AbstractAsyncContextManager[Any]]
Golden = Callable[[str, list[str]], None]
SIZES = [(80, 24), (120, 40)]


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_screens_look_as_kept(size: tuple[int, int], opened: Open, golden: Golden) -> None:
    """Home, choosing, a question, an editor, the refusal, the result, help, and the doors."""
    tag = f"{size[0]}x{size[1]}"
    async with opened(size) as hand:
        golden(f"home-{tag}", hand.lines)
        await hand.press("1")
        golden(f"sites-{tag}", hand.lines)
        await hand.press("f2")
        await hand.begin()
        golden(f"external-{tag}", hand.lines)
        for _ in range(4):
            await hand.answer()
        await hand.press("2", "f9")
        golden(f"open-items-{tag}", hand.lines)
        await hand.press("f2")
        golden(f"line-{tag}", hand.lines)
        await hand.press("f1")
        golden(f"help-{tag}", hand.lines)
        await hand.press("f2")
        while hand.screen.sheet.next_open(None):
            await hand.answer()
        await hand.press("f9")
        golden(f"ready-{tag}", hand.lines)
        await hand.press("1")
        golden(f"result-{tag}", hand.lines)
        await hand.press("f2")
        await hand.press(hand.number_of("楼栋与入户"))
        golden(f"buildings-{tag}", hand.lines)
        await hand.press("enter", "1", "4", "5", "2", "3")
        golden(f"doors-{tag}", hand.lines)
