"""The register, one place, and beginning from there, by keys that survive an input method."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.tui.screens import beginning
from fieldkit.tui.screens.site import SiteScreen
from fieldkit.tui.screens.sites import SitesScreen
from fieldkit.work import blind, inspecting, sites
from fieldkit.work.workspace import Workspace

Open = Callable[..., AbstractAsyncContextManager[Any]]
LIST = "wuzha-xiaoqu"
PASSES = {"external": "met:虚函1:2026-11-17", "text": "有", "check": "pass"}


def finished(ws: Workspace, inspection: str, fails: int = 0) -> str:
    """Everything answered, so many checks failed, and closed; gives the grade in words."""
    left = fails
    for item in inspecting.sheet(ws, inspection).items:
        typed = PASSES.get(item.type, "na")
        if left and item.type == "check" and not item.critical:
            typed, left = "fail", left - 1
        if item.type != "info":
            inspecting.answer(ws, inspection, item.id, typed)
    inspecting.finish(ws, inspection)
    return inspecting.sheet(ws, inspection).score.grade_title


@pytest.fixture
def inspected(home: Path) -> str:
    """The estate with one finished inspection and three findings; gives the grade."""
    with Workspace.open(home) as ws:
        return finished(ws, inspecting.start(ws, LIST, "E-1").inspection.id, fails=3)


async def shown(hand: Any, screen: Any) -> None:
    """Put a screen on top, as the first screen does."""
    hand.app.push_screen(screen)
    await hand.pilot.pause()
    await hand.pilot.pause()


async def settled(hand: Any) -> None:
    """Wait for what works beside the screen."""
    await hand.app.workers.wait_for_complete()
    await hand.pilot.pause()


def listed(hand: Any) -> list[str]:
    """The codes in the list."""
    return [row.key for row in hand.screen.picks.rows]


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_columns(opened: Open, inspected: str, size: tuple[int, int]) -> None:
    """Name, kind, last result with its day, open findings; premises only."""
    async with opened(size) as hand:
        await shown(hand, SitesScreen())
        assert listed(hand) == ["9901", "E-1", "K-1"]
        line = next(line for line in hand.lines if "鹭汀花园" in line)
        for told in ("小区", inspected, "11-23", "问题 3"):
            assert told in line
        assert "没查过" in next(line for line in hand.lines if "雁书速递" in line)
        await hand.type("鹭汀路40")
        assert listed(hand) == ["K-1"]


@pytest.mark.asyncio
async def test_kinds_and_views(opened: Open, inspected: str, home: Path) -> None:
    """F6 goes through the kinds that there are and back, F7 through the views."""
    with Workspace.open(home) as ws:
        sites.remove(ws, "K-1", "missing")
    async with opened() as hand:
        await shown(hand, SitesScreen())
        assert listed(hand) == ["9901", "E-1"]
        seen = []
        for _kind in range(6):
            await hand.press("f6")
            seen.append(listed(hand)[:1])
        assert seen == [["9901"], ["E-1"], [], ["B-1"], ["B-1-101"], ["9901"]]
        await hand.press("f7")
        assert listed(hand) == ["E-1"]
        await hand.press("f7")
        assert listed(hand) == ["9901"]
        await hand.press("f7")
        assert listed(hand) == ["K-1"]
        await hand.press("f7")
        assert listed(hand) == ["9901", "E-1"]


@pytest.mark.asyncio
async def test_an_empty_register_says_how_to_fill_it(opened: Open, tmp_path: Path) -> None:
    """Nothing to open; both ways in are on the bar."""
    async with opened(folder=tmp_path / "empty") as hand:
        await shown(hand, SitesScreen())
        assert "底册是空的" in hand.text
        assert {"f8", "f9"} <= hand.offered
        assert "enter" not in hand.offered


@pytest.mark.asyncio
async def test_one_place(opened: Open, inspected: str) -> None:
    """Its facts, findings and inspections; a row opens what it stands for."""
    async with opened() as hand:
        await shown(hand, SitesScreen())
        await hand.press("down", "enter")
        assert isinstance(hand.screen, SiteScreen)
        for told in ("澜渡镇鹭汀路6号", "听枫社区", "还有 7 天", inspected, "未了结的问题 3 个"):
            assert told in hand.text
        await hand.press("enter")
        assert hand.screen.NAME == "finding"
        await hand.press("f2", "down", "down", "down", "enter")
        assert hand.screen.NAME == "result"
        await hand.press("f2")
        assert isinstance(hand.screen, SiteScreen)


@pytest.mark.asyncio
async def test_a_new_inspection_and_on_with_it(opened: Open) -> None:
    """1, the list, the way; left, it stands first and goes on where it was."""
    async with opened() as hand:
        await shown(hand, SiteScreen("E-1"))
        assert "还没有检查过" in hand.text
        await hand.press("1")
        await hand.press(hand.number_of("无诈小区"))
        await hand.press("1")
        assert hand.screen.NAME == "inspect"
        first = hand.screen.item.id
        await hand.answer()
        while not isinstance(hand.screen, SiteScreen):
            await hand.press("f2")
        assert "未完成" in hand.text
        await hand.press("enter")
        assert hand.screen.NAME == "inspect"
        assert first in hand.screen.sheet.answers
    async with opened() as hand:
        await shown(hand, SiteScreen("E-1"))
        await hand.press("1", "f2")
        assert isinstance(hand.screen, SiteScreen)


@pytest.mark.asyncio
async def test_from_the_first_step(opened: Open) -> None:
    """Site, list, way; each step back leads to the one before."""
    async with opened() as hand:
        beginning.begin(hand.screen)
        await hand.pilot.pause()
        await hand.type("鹭汀花园")
        await hand.press("enter")
        assert "第 2 步" in hand.lines[0]
        await hand.press("f2")
        assert "第 1 步" in hand.lines[0]
        await hand.type("鹭汀花园")
        await hand.press("enter")
        await hand.press(hand.number_of("无诈小区"))
        assert "第 3 步" in hand.lines[0]
        await hand.press("f2")
        assert "第 2 步" in hand.lines[0]
        await hand.press(hand.number_of("无诈小区"))
        await hand.press("2")
        assert hand.screen.sheet.inspection.mode == "covert"


@pytest.mark.asyncio
async def test_a_blind_pair(opened: Open) -> None:
    """The agreed word, then the way; a word that is taken is asked again."""
    async with opened() as hand:
        for again in (False, True):
            await shown(hand, SiteScreen("E-1"))
            await hand.press("1")
            await hand.press(hand.number_of("无诈小区"))
            await hand.press(hand.number_of("双人背靠背"))
            await hand.press("enter")
            assert "先填一个词" in hand.text
            await hand.type("枫叶")
            await hand.press("enter", "2")
            if not again:
                known = hand.screen.sheet.inspection
                assert (known.pair, known.mode) == ("枫叶", "covert")
                continue
            assert "已经用配对词" in hand.text
            assert hand.screen.mode == "word"
            await hand.press("f2")
            assert "第 3 步" in hand.lines[0]


@pytest.mark.asyncio
async def test_the_other_record_of_a_pair_stays_shut(
    opened: Open, home: Path, tmp_path: Path
) -> None:
    """Its row is there and tells nothing; opening it is refused in words."""
    with Workspace.open(home) as ws, Workspace.open(tmp_path / "other") as other:
        other.store.ingest(list(ws.store.events()))
        blind.begin(ws, LIST, "E-1", "枫叶")
        theirs = blind.begin(other, LIST, "E-1", "枫叶").inspection.id
        grade = finished(other, theirs)
        ws.store.ingest(list(other.store.events()))
    async with opened() as hand:
        await shown(hand, SiteScreen("E-1"))
        assert grade not in hand.text
        for step in (beginning.look, beginning.go_on):
            step(hand.screen, theirs)
            await hand.pilot.pause()
            assert isinstance(hand.screen, SiteScreen)
            assert "两份都办结后才能看" in hand.screen.status.text


@pytest.mark.asyncio
async def test_striking_off(opened: Open) -> None:
    """A reason by its number; then nothing can be begun there and the list leaves it out."""
    async with opened() as hand:
        await shown(hand, SitesScreen())
        await hand.type("雁书")
        await hand.press("enter", "3")
        assert "地址不存在" in hand.text
        await hand.press("f2")
        assert not sites.find(hand.app.ws, "K-1").removed
        await hand.press("3", "2")
        assert sites.find(hand.app.ws, "K-1").removed
        assert hand.screen.status.saved_mark == "已存 10:42:07"
        assert "已停用" in hand.text
        assert {"1", "3"}.isdisjoint(hand.offered)
        await hand.press("f2")
        assert "没有找到" in hand.text
        await hand.type("")
        assert listed(hand) == ["9901", "E-1"]


@pytest.mark.asyncio
async def test_importing(opened: Open, tmp_path: Path) -> None:
    """Tried first; faults by row and column; taken in only when told to."""
    table = tmp_path / "更多 底册.csv"
    async with opened() as hand:
        await shown(hand, SitesScreen())
        await hand.press("f9")
        table.write_text("类别,编码,名称,上级\n企业,C-1,甲,9901\n飞船,C-2,乙,无\n", "utf-8")
        await hand.type(f"'{table}'")
        await hand.press("enter")
        await settled(hand)
        assert "第 3 行 类别：没有“飞船”" in hand.text
        assert "第 3 行 上级：" in hand.text
        assert "有 2 处不合格" in hand.text
        table.write_text("类别,编码,名称,上级\n企业,C-1,甲,9901\n小区,E-1,新名,9901\n", "utf-8")
        await hand.press("enter")
        await settled(hand)
        assert "会新增 1 个" in hand.text
        assert "会更新 1 个" in hand.text
        await hand.press("2")
        assert "什么也没有写入" in hand.text
        assert sites.find(hand.app.ws, "E-1").name != "新名"
        await hand.press("enter")
        await settled(hand)
        await hand.press("1")
        await settled(hand)
        assert "新增 1 个，更新 1 个" in hand.text
        assert hand.screen.status.saved_mark == "已存 10:42:07"
        await hand.press("f2")
        assert listed(hand) == ["9901", "C-1", "E-1", "K-1"]


@pytest.mark.asyncio
async def test_a_cancelled_trial_tells_nothing_later(opened: Open, tmp_path: Path) -> None:
    """What comes back after F2 is dropped; a path that is none is refused in words."""
    table = tmp_path / "more.csv"
    table.write_text("类别,编码,名称\n企业,C-1,甲\n", "utf-8")
    async with opened() as hand:
        await shown(hand, SitesScreen())
        await hand.press("f9")
        await hand.press("enter")
        assert "不是一个文件路径" in hand.text
        await hand.type(str(table))
        screen = hand.screen
        screen._run = lambda *_told: None
        await hand.press("enter")
        turn = screen._turn
        await hand.press("f2")
        screen._told(turn, True, (sites.Imported(1, 0, 0, ()), []))
        await hand.pilot.pause()
        assert screen.mode == "path"
        assert "会新增" not in hand.text


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(46, 20), (80, 24), (120, 40), (200, 60)])
async def test_every_size(opened: Open, inspected: str, size: tuple[int, int]) -> None:
    """Rows stay in sight under the facts, the editor over the bar."""
    async with opened(size) as hand:
        await shown(hand, SitesScreen())
        await hand.press("down", "enter")
        picks = hand.screen.query_one("#list").region
        assert picks.height >= 3
        assert picks.bottom <= hand.screen.status.region.y
        await hand.press("2")
        editor = hand.screen.query_one("#editor").region
        assert 0 < editor.y < hand.screen.status.region.y


@pytest.mark.asyncio
async def test_in_english(
    opened: Open, inspected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The same keys; every screen fits."""
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    async with opened() as hand:
        await shown(hand, SitesScreen())
        await hand.press(
            "f6", "f6", "enter", "2", "f2", "1", "f2", "3", "f2", "f2", "f9", "f2", "f8"
        )
        assert hand.screen.NAME == "site_form"
