"""F1 and a scanned label: the first row opens the place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key
from textual.keys import _character_to_key

from fieldkit.tui.scanning import Scan
from fieldkit.tui.screens.doors import DoorsScreen
from fieldkit.tui.screens.sites import SitesScreen
from fieldkit.work import journaling

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


async def scan(hand: Any, text: str) -> None:
    """What a keyboard-wedge scanner types, wherever the focus is."""
    for sign in text:
        hand.app.post_message(Key(_character_to_key(sign), sign))
        await hand.pilot.pause()
    await hand.pilot.press("enter")
    await hand.pilot.pause(0.1)


@pytest.mark.asyncio
async def test_a_scan_over_doors_logs_nothing(opened: Open) -> None:
    """The digits of a label are no outcomes; the label's place opens."""
    async with opened() as hand:
        hand.app.push_screen(DoorsScreen("B-1"))
        await hand.pilot.pause(0.1)
        events = journaling.count(hand.app.ws)
        await scan(hand, "FK:K-1")
        assert hand.screen.NAME == "site"
        await scan(hand, "fk:9901")
        assert hand.screen.title_bar is not None
        assert "听枫社区" in hand.text
        await scan(hand, "FK:B-1")
        assert hand.screen.NAME == "doors"
        assert journaling.count(hand.app.ws) == events


@pytest.mark.asyncio
async def test_a_label_of_no_place_says_so(opened: Open) -> None:
    """A sentence; F and K without the colon are ordinary keys, and so is all after a broken one."""
    async with opened() as hand:
        await scan(hand, "FK:Z-999")
        assert "没有编码或编号为“Z-999”的对象" in hand.text
        assert hand.screen.NAME == "home"
        for key in ("F", "K", "x", ":", "f", "k"):
            await hand.pilot.press(key)
        await hand.pilot.press("f1")
        await hand.pilot.pause(0.1)
        assert hand.screen.NAME == "palette"


@pytest.mark.asyncio
async def test_a_scan_finds_a_place_in_a_filter(opened: Open) -> None:
    """In the register the label stands in the filter and leaves one row."""
    async with opened() as hand:
        hand.app.push_screen(SitesScreen())
        await hand.pilot.pause(0.1)
        await hand.type("FK:K-1")
        assert [row.key for row in hand.screen.picks.rows] == ["K-1"]


@given(st.lists(st.sampled_from(["F", "k", ":", "1", "enter", "f1", "up", "x"]), max_size=12))
def test_nothing_but_a_label_is_swallowed(keys: list[str]) -> None:
    """Whatever the order: before FK: no key is kept from the screen, and after it up to Enter."""
    heard = Scan()
    told = [heard.hear(key, key if len(key) == 1 else None) for key in keys]
    before = ""
    for key, got in zip(keys, told, strict=True):
        sign = key.upper() if len(key) == 1 else ""
        if got is None:
            before = before + sign if sign else ""
        elif got == "":
            before += sign
            assert "FK:" in before
        else:
            assert key == "enter"
            assert got.startswith("FK:")
            before = ""
