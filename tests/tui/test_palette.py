"""F1: everything that can be done, why something cannot, and everywhere else, by typing."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from fieldkit.text import pinyin
from fieldkit.tui import commands
from fieldkit.work import places

Open = Callable[..., AbstractAsyncContextManager[Any]]

pinyin.prepare()


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_does_what_is_found_by_sound(opened: Open, size: tuple[int, int]) -> None:
    """Initials find the command; Enter does it on the screen below."""
    async with opened(size) as hand:
        await hand.press("f1")
        await hand.type("xtz")
        assert "没有找到" in hand.text
        theme = hand.app.theme
        await hand.type("zt")
        assert hand.screen.picks.current.key.startswith("theme")
        await hand.press("enter")
        await hand.pilot.pause(0.1)
        assert hand.screen.NAME == "home"
        assert hand.app.theme != theme


@pytest.mark.asyncio
async def test_what_cannot_be_done_says_why(opened: Open) -> None:
    """A note needs an answer first; it is listed dim, and Enter on it tells so and stays."""
    async with opened() as hand:
        await hand.begin()
        await hand.press("f1")
        await hand.type("beizhu")
        assert hand.screen.picks.current.faint
        assert "先作答，再写备注" in hand.text
        await hand.press("enter")
        assert hand.screen.NAME == "palette"
        assert "先作答" in hand.screen.status.text
        await hand.type("xiayiti")
        assert not hand.screen.picks.current.faint


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_command_of_the_screen_is_listed(opened: Open, size: tuple[int, int]) -> None:
    """Those of now first, then those of other items and steps; only the palette itself is not."""
    async with opened(size) as hand:
        await hand.begin()
        below = hand.screen
        await hand.press("f1")
        listed = [row.key.split()[0] for row in hand.screen.picks.rows]
        now = [c.id for c in commands.on("inspect", below.mode) if c.id != "help"]
        later = {c.id for c in commands.SCREENS["inspect"]} - {"help", *now}
        assert later
        assert listed[: len(now)] == now
        assert sorted(listed[len(now) : -2]) == sorted(later)
        for row in hand.screen.picks.rows[len(now) :]:
            assert row.faint
        assert "F9" in hand.text


@pytest.mark.asyncio
async def test_a_key_that_stands_for_many_only_explains_itself(opened: Open) -> None:
    """Which digit is meant only the screen below can show."""
    async with opened() as hand:
        await hand.press("f1")
        await hand.type("直接打开")
        await hand.press("enter")
        assert hand.screen.NAME == "palette"
        assert "按行首的数字" in hand.screen.status.text


@pytest.mark.asyncio
async def test_an_item_is_a_few_letters_away(opened: Open) -> None:
    """Over an inspection the palette finds its items too."""
    async with opened() as hand:
        await hand.begin()
        wanted = hand.screen.sheet.items[6]
        await hand.press("f1")
        await hand.type(wanted.id)
        await hand.press("enter")
        await hand.pilot.pause(0.1)
        assert hand.screen.item.id == wanted.id


@pytest.mark.asyncio
@pytest.mark.parametrize("typed", ["7", "７"])
async def test_a_number_over_an_inspection_is_an_item(opened: Open, typed: str) -> None:
    """Not the key F7, and not the seventeenth item."""
    async with opened() as hand:
        await hand.begin()
        wanted = hand.screen.sheet.items[6]
        await hand.press("f1")
        await hand.type(typed)
        await hand.press("enter")
        await hand.pilot.pause(0.1)
        assert hand.screen.item.id == wanted.id


@pytest.mark.asyncio
async def test_other_screens_and_sites_are_found_from_anywhere(opened: Open) -> None:
    """From within an inspection to the findings, to a site, and home again."""
    async with opened() as hand:
        await hand.begin()
        await hand.press("f1")
        await hand.type("zhenggai")
        await hand.press("enter")
        await hand.pilot.pause(0.1)
        assert hand.screen.NAME == "findings"
        await hand.press("f1")
        await hand.type("yssd")
        assert "雁书速递" in hand.text
        await hand.press("enter")
        await hand.pilot.pause(0.1)
        assert "雁书速递" in hand.lines[0] or "雁书速递" in hand.text
        await hand.press("f1")
        await hand.type("shouye")
        await hand.press("enter")
        for _ in range(20):
            await hand.pilot.pause(0.05)
            if hand.screen.NAME == "home":
                break
        assert hand.screen.NAME == "home"


async def settle(hand: Any, name: str) -> None:
    """Wait for a screen."""
    for _turn in range(100):
        await hand.pilot.pause(0.02)
        if name == hand.screen.NAME:
            break


async def go_home(hand: Any) -> None:
    """By the palette."""
    await hand.press("f1")
    await hand.type("shouye")
    await hand.press("enter")


@pytest.mark.asyncio
async def test_home_is_reached_out_of_the_steps_before_an_inspection(opened: Open) -> None:
    """Each of them leads back to the one before; none stays on top."""
    async with opened() as hand:
        await hand.press(hand.number_of("新的检查"))
        await hand.type("鹭汀花园")
        await hand.press("enter")
        await hand.press(hand.number_of("无诈小区"))
        await go_home(hand)
        await settle(hand, "home")
        for _turn in range(5):
            await hand.pilot.pause()
        assert hand.screen.NAME == "home"
        assert len(hand.app.screen_stack) == 1


@pytest.mark.asyncio
async def test_going_home_throws_no_written_line_away(opened: Open) -> None:
    """A note that is being written stays as it is, and the screen says so."""
    async with opened() as hand:
        await hand.begin()
        while hand.screen.mode != "verdict":
            await hand.answer()
        await hand.press("2", "up", "f6", "0")
        await hand.type("门口没有海报")
        await go_home(hand)
        await settle(hand, "inspect")
        await hand.pilot.pause(0.1)
        assert hand.screen.NAME == "inspect"
        assert "门口没有海报" in hand.text
        assert "还没存" in hand.screen.status.text


@pytest.mark.asyncio
async def test_going_home_asks_before_a_half_filled_form_is_lost(opened: Open) -> None:
    """The form warns once, as it does for F2; going home does not press it twice."""
    async with opened() as hand:
        await hand.press(hand.number_of("单位底册"))
        await hand.press("f8")
        await settle(hand, "site_form")
        await hand.press("f1")
        await hand.press("f1")
        hand.screen._told = {**hand.screen._told, "name": "新网点"}
        await go_home(hand)
        await settle(hand, "site_form")
        await hand.pilot.pause(0.1)
        assert hand.screen.NAME == "site_form"
        assert "还没保存" in hand.screen.status.text


@pytest.mark.asyncio
async def test_places_and_sites_come_only_when_something_is_typed(opened: Open) -> None:
    """An empty palette is about the screen below alone; it is not offered as its own place."""
    async with opened() as hand:
        await hand.press("f1")
        assert not any(row.key.startswith("to ") for row in hand.screen.picks.rows)
        await hand.type("底册")
        assert any(row.key == "to sites" for row in hand.screen.picks.rows)
        await hand.type("首页")
        assert not any(row.key == "to home" for row in hand.screen.picks.rows)
        await hand.type("")
        assert not any(row.key.startswith("to ") for row in hand.screen.picks.rows)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("danweidice", "sites"),
        ("shangbao", "send"),
        ("zhenggai", "findings"),
        ("ldyrh", "buildings"),
    ],
)
async def test_every_place_opens_over_home(opened: Open, typed: str, name: str) -> None:
    """The register, sending, findings, buildings."""
    async with opened() as hand:
        await hand.press("f1")
        await hand.type(typed)
        rows = [row for row in hand.screen.picks.rows if row.key.startswith("to ")]
        assert len(rows) == 1
        hand.screen.picks.show(hand.screen.picks.rows, at=rows[0].key)
        await hand.press("enter")
        await settle(hand, name)
        assert name == hand.screen.NAME


@pytest.mark.asyncio
async def test_no_palette_over_the_neutral_screen(opened: Open) -> None:
    """It would show what the neutral screen hides."""
    async with opened() as hand:
        await hand.press(hand.number_of("新的检查"))
        await hand.type("鹭汀花园")
        await hand.press("enter")
        await hand.press(hand.number_of("无诈小区"))
        await hand.press("2")
        await hand.press("f12")
        await hand.pilot.press("f1")
        await hand.pilot.pause()
        assert hand.screen.NAME == "neutral"


@pytest.mark.asyncio
async def test_sounds_are_learnt_beside_the_screen(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While they are not known, characters are found; once they are, the list fills by itself."""
    ready = threading.Event()
    monkeypatch.setattr(pinyin, "_TABLE", {})
    learn = pinyin.prepare
    monkeypatch.setattr(pinyin, "prepare", lambda: (ready.wait(20), learn()))
    try:
        async with opened() as hand:
            await hand.press("f1")
            await hand.type("主题")
            assert hand.screen.picks.rows
            await hand.type("zhuti")
            assert not hand.screen.picks.rows
            ready.set()
            for _turn in range(200):
                await hand.pilot.pause(0.02)
                if hand.screen.picks.rows:
                    break
            assert hand.screen.picks.current.key.startswith("theme")
    finally:
        ready.set()


@pytest.mark.asyncio
async def test_at_most_fifty_sites_are_listed(opened: Open) -> None:
    """And everything else that was found stays in the list."""
    async with opened() as hand:
        for n in range(60):
            places.put(hand.app.ws, {"kind": "courier", "code": f"Z-{n}", "name": f"整改网点{n}"})
        await hand.press("f1")
        await hand.type("整改")
        keys = [row.key for row in hand.screen.picks.rows]
        assert sum(key.startswith("to site ") for key in keys) == 50
        assert "to findings" in keys


@pytest.mark.asyncio
async def test_it_is_english_too(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names and meanings in the other language, found by it."""
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    async with opened() as hand:
        await hand.press("f1")
        assert not re.search("[\u4e00-\u9fff]", hand.text)
        await hand.type("theme")
        assert hand.screen.picks.current.key.startswith("theme")
