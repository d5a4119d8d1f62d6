"""A place entered and changed by hand, line by line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from fieldkit.domain.kinds import site_id
from fieldkit.tui.screens.site import SiteScreen
from fieldkit.tui.screens.site_form import SiteFormScreen
from fieldkit.tui.screens.sites import SitesScreen
from fieldkit.work import places, sites

Open = Callable[..., AbstractAsyncContextManager[Any]]


async def shown(hand: Any, screen: Any) -> None:
    """Put a screen on top."""
    hand.app.push_screen(screen)
    await hand.pilot.pause()
    await hand.pilot.pause()


async def fill(hand: Any, *lines: str) -> None:
    """Write lines one after the other, each kept with Enter."""
    for line in lines:
        await hand.type(line)
        await hand.press("enter")


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_new_place(opened: Open, size: tuple[int, int]) -> None:
    """Kind and parent by number; saved with F9 it is opened."""
    async with opened(size) as hand:
        await shown(hand, SitesScreen())
        await hand.press("f8")
        await fill(hand, "C-1", "枫桥商贸（演示）")
        number = list(sites.KINDS).index("company") + 1
        assert f" {number} 企业" in hand.text
        await fill(hand, str(number))
        assert " 1 听枫社区（演示） 9901" in hand.text
        await fill(hand, "1")
        assert "听枫社区（演示）  9901" in hand.text
        await hand.press("f9")
        assert isinstance(hand.screen, SiteScreen)
        made = sites.find(hand.app.ws, "C-1")
        assert (made.kind, made.parent) == ("company", site_id("9901"))
        assert made.division == "990121101001"
        await hand.press("f2")
        assert "枫桥商贸" in hand.text


@pytest.mark.asyncio
async def test_faults_stand_at_their_line(opened: Open) -> None:
    """Enter stays on a line that is wrong; F9 goes to the first one and saves nothing."""
    async with opened() as hand:
        await shown(hand, SiteFormScreen())
        await fill(hand, "E-1")
        assert "已有编码为“E-1”的对象" in next(line for line in hand.lines if "编码" in line)
        assert hand.screen._field == "code"
        await fill(hand, "E-2", "新苑", "飞船")
        assert hand.screen._field == "kind"
        await hand.press("f9")
        assert hand.screen.NAME == "site_form"
        assert "没有“飞船”" in hand.text
        await fill(hand, "小区", "没有这里")
        assert "没有编码为“没有这里”" in hand.text
        await hand.press("f9")
        assert hand.screen._field == "parent"
        await fill(hand, "听枫")
        await hand.press("f9")
        await hand.pilot.pause()
        assert sites.find(hand.app.ws, "E-2").parent == site_id("9901")


@pytest.mark.asyncio
async def test_changing_one(opened: Open) -> None:
    """What is known stands there; the code is no line; arrows keep what was typed."""
    async with opened() as hand:
        await shown(hand, SiteScreen("K-1"))
        await hand.press("2")
        assert hand.screen.query_one("#editor").value == "雁书速递澜渡网点（演示）"
        assert "编码" not in "".join(hand.lines[1:10])
        await hand.type("雁书速递（演示）")
        await hand.press("down", "up")
        assert hand.screen.query_one("#editor").value == "雁书速递（演示）"
        await hand.press("f9")
        assert isinstance(hand.screen, SiteScreen)
        assert hand.screen.status.saved_mark == "已存 10:42:07"
        assert "雁书速递（演示）" in hand.lines[0]
        assert sites.find(hand.app.ws, "K-1").name == "雁书速递（演示）"


@pytest.mark.asyncio
async def test_leaving_with_something_typed_is_asked_once(opened: Open) -> None:
    """F2 and F10 say so first; the second press leaves and nothing is kept."""
    async with opened() as hand:
        await shown(hand, SiteScreen("K-1"))
        await hand.press("2")
        await hand.press("f2")
        assert isinstance(hand.screen, SiteScreen)
        await hand.press("2")
        await hand.type("别的名")
        await hand.press("f10")
        assert hand.app.is_running
        assert "还没保存" in hand.text
        await hand.press("f2")
        assert isinstance(hand.screen, SiteScreen)
        assert "别的名" not in hand.text


@pytest.mark.asyncio
async def test_only_the_lines_of_its_kind(opened: Open) -> None:
    """A door has floor and registration, an estate neither; a parent may be given."""
    async with opened() as hand:
        await shown(hand, SiteFormScreen(parent="B-1"))
        await fill(hand, "B-1-9", "902", "户")
        assert "鹭汀花园1栋（演示）  B-1" in hand.text
        assert hand.screen.fields == list(places.TITLES)
        await hand.press("enter")
        await fill(hand, "", "", "", "9", "1")
        assert "户籍户" in hand.text
        assert "F9" in hand.screen.status.text
        await hand.press("f9")
        await hand.pilot.pause()
        door = sites.find(hand.app.ws, "B-1-9")
        assert (door.registered, door.floor, door.parent) == (True, "9", site_id("B-1"))
        await shown(hand, SiteFormScreen("E-1"))
        assert {"floor", "registered"}.isdisjoint(hand.screen.fields)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "typed", ["=1+1", "[red]甲[/red]", "１２３", "🏠", "a\u202eb", "1", "99999", "　", "%s{0}"]
)
async def test_whatever_is_typed_is_only_text(opened: Open, typed: str) -> None:
    """In every line; nothing is interpreted, nothing breaks out of the row."""
    async with opened() as hand:
        await shown(hand, SiteFormScreen())
        for _line in range(len(places.TITLES)):
            await hand.type(typed)
            await hand.press("down")
        await hand.press("f9")
        assert hand.screen.NAME in ("site_form", "site", "home")
