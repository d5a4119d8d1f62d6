"""Slips and buildings made from the screen of a place, by keys that an input method leaves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from fieldkit.tui.screens.referrals import ReferralsScreen
from fieldkit.tui.screens.site import SiteScreen
from fieldkit.work import referring, sites
from fieldkit.work.referring import Slip

Open = Callable[..., AbstractAsyncContextManager[Any]]
FACTS = "六层整层封闭，换过四家"


async def shown(hand: Any, screen: Any) -> None:
    """A screen on top of home."""
    hand.app.push_screen(screen)
    await settled(hand)


async def settled(hand: Any) -> None:
    """Threads done and painted."""
    await hand.app.workers.wait_for_complete()
    await hand.pilot.pause()
    await hand.pilot.pause()


@pytest.mark.asyncio
async def test_from_a_building_to_the_answer(opened: Open) -> None:
    """4 opens the form, digits choose, F9 keeps; the slip is a row of its place; 1 answers it."""
    async with opened() as hand:
        await shown(hand, SiteScreen("B-1"))
        await hand.press("4")
        await hand.type("2")
        await hand.press("enter")
        await hand.type("１")
        await hand.press("enter")
        await hand.type(FACTS)
        await hand.press("f9")
        assert "移交单已开" in hand.text
        (slip,) = referring.listing(hand.app.ws)
        assert (slip.referral.receiver, slip.referral.matter) == ("market", "vacant")
        assert "待反馈" in hand.text
        await hand.press("enter")
        assert FACTS in hand.text
        await hand.press("1")
        await hand.type("1")
        await hand.press("enter", "enter")
        await hand.type("函〔2026〕12号")
        await hand.press("f9")
        assert "已核实处理" in hand.text
        assert "函〔2026〕12号" in hand.text
        await hand.press("2")
        await settled(hand)
        assert len(list((hand.app.ws.home / "documents").glob("移交单-*.docx"))) == 1
        await hand.press("f2")
        assert "已核实处理" in hand.text


@pytest.mark.asyncio
async def test_what_is_missing_or_of_a_person_is_told(opened: Open) -> None:
    """The form goes to the line that lacks; the guard refuses names, nothing is written."""
    async with opened() as hand:
        await shown(hand, SiteScreen("B-1"))
        await hand.press("4", "f9")
        assert "受理单位：还没填" in hand.text
        await hand.type("9")
        await hand.press("enter")
        assert "按数字选一个" in hand.text
        await hand.type("1")
        await hand.press("enter")
        await hand.type("4")
        await hand.press("enter")
        await hand.type("住着王先生")
        await hand.press("f9")
        assert "姓名" in hand.text
        await hand.press("f2")
        assert "还没保存" in hand.text
        await hand.press("f2")
        assert hand.screen.NAME == "site"
        assert referring.listing(hand.app.ws) == []


@pytest.mark.asyncio
async def test_the_list_has_waiting_slips_first(opened: Open) -> None:
    """All slips with their places; a word of two cells says which still wait."""
    async with opened() as hand:
        ws = hand.app.ws
        done = referring.make(ws, "B-1", Slip(FACTS, "police")).referral.id
        referring.answer(ws, done, "unfounded")
        waits = referring.make(ws, "E-1", Slip(FACTS, "postal")).referral.id
        await shown(hand, ReferralsScreen())
        assert [row.key for row in hand.screen.picks.rows] == [waits, done]
        await hand.type("鹭汀花园1栋")
        assert [row.key for row in hand.screen.picks.rows] == [done]
        await hand.press("enter")
        assert "核查未发现异常" in hand.text


@pytest.mark.asyncio
async def test_no_slip_of_a_door_and_no_building_in_a_door(opened: Open) -> None:
    """Keys that cannot be are not on the bar, and say why when pressed."""
    async with opened() as hand:
        await shown(hand, SiteScreen("B-1-101"))
        for key, why in (("4", "不写到户"), ("5", "小区、村")):
            assert key not in hand.offered
            await hand.pilot.press(key)
            await hand.pilot.pause()
            assert why in hand.text


@pytest.mark.asyncio
async def test_buildings_from_a_line(opened: Open) -> None:
    """Tried first and told what it means, written with 1; a line that says nothing is refused."""
    async with opened() as hand:
        await shown(hand, SiteScreen("E-1"))
        await hand.press("5")
        await hand.type("2栋 红色")
        await hand.press("enter")
        assert "看不懂“红色”" in hand.text
        await hand.type("2幢 2单元 3层 每层2户 1层1户")
        await hand.press("enter")
        await settled(hand)
        assert "1 栋，每栋 2 个单元，共 10 户" in hand.text
        assert "会新增 13 个" in hand.text
        await hand.press("1")
        await settled(hand)
        assert "新增 13 个" in hand.text
        assert sites.find(hand.app.ws, "E-1-02-U2-302").name == "302室"


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(46, 20), (80, 24), (120, 40)])
async def test_in_english_and_at_every_size(
    opened: Open, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """The same keys; the editor stands over the bar."""
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    async with opened(size) as hand:
        await shown(hand, SiteScreen("B-1"))
        await hand.pilot.press("4")
        await settled(hand)
        editor = hand.screen.query_one("#editor").region
        assert 0 < editor.y < hand.screen.status.region.y
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in "".join(hand.lines[1:-3]))
