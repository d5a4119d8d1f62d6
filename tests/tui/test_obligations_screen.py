"""The board of periodic duties: words in cells, arrows move, Enter opens the place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.tui.screens.obligations import ObligationsScreen
from fieldkit.work import assigning, campaigns, sites
from fieldkit.work.workspace import Workspace
from tests.work.test_obligations import inspected

Open = Callable[..., AbstractAsyncContextManager[Any]]
SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def firms(home: Path, tmp_path: Path) -> Path:
    """Thirty companies beside the estate, one of them inspected in March."""
    table = tmp_path / "firms.csv"
    rows = ["kind,code,name,parent"]
    rows += [f"company,Q-{n},鹭汀路{n}号工业园生产车间（演示）,9901" for n in range(1, 31)]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with Workspace.open(home) as ws:
        assert not sites.import_register(ws, table).rejected
        inspected(ws, "Q-1", "wuzha-qiye", "2026-03-05")
    return home


async def shown(hand: Any) -> None:
    """The board on top of home."""
    hand.app.push_screen(ObligationsScreen())
    await hand.pilot.pause()
    await hand.pilot.pause()


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES)
async def test_words_not_colours(opened: Open, firms: Path, size: tuple[int, int]) -> None:
    """Each state is a word; the line below says what the cell under the cursor means."""
    async with opened(size) as hand:
        await shown(hand)
        text = hand.text
        assert "无诈企业" in text
        assert "办 已办 1  欠 待办 30" in text
        first = next(line for line in hand.lines if "路1号" in line)
        assert first.split()[-11:] == ["逾", "逾", "办", *["逾"] * 7, "欠"]
        assert "每月 2026-11  期限 2026-11-30  待办" in hand.text
        await hand.press("left")
        assert "每月 2026-10  期限 2026-10-31  逾期" in hand.text
        assert all(month in hand.text for month in ("1月", "11月"))


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES)
async def test_arrows_pages_and_enter(opened: Open, firms: Path, size: tuple[int, int]) -> None:
    """The cursor stops at the edges; Enter opens its place, F2 comes back to the same cell."""
    async with opened(size) as hand:
        await shown(hand)
        matrix = hand.screen.query_one("#matrix")
        await hand.press("up", "right")
        assert (matrix.row, matrix.column) == (0, 10)
        await hand.press("down", "left", "left")
        assert (matrix.row, matrix.column) == (1, 8)
        await hand.press("pagedown", "pagedown")
        assert matrix.row == 29
        assert "路30号" in hand.text
        await hand.press("enter")
        assert hand.screen.NAME == "site"
        assert "鹭汀路30号" in hand.text
        await hand.press("f2")
        assert hand.screen.NAME == "obligations"
        assert (matrix.row, matrix.column) == (29, 8)
        await hand.press("pageup", "pageup")
        assert matrix.row == 0


@pytest.mark.asyncio
async def test_the_hint_stands_with_the_cell(opened: Open, firms: Path) -> None:
    """A visit of another list 12 days ago is told, so that visits are made together."""
    async with opened() as hand:
        inspected(hand.app.ws, "Q-1", "finance-business", "2026-11-11")
        await shown(hand)
        assert "30天内已走访" in hand.text


@pytest.mark.asyncio
async def test_lists_and_a_campaign_take_turns(opened: Open, firms: Path) -> None:
    """F4 goes round all lists; a campaign is a column under its name."""
    async with opened() as hand:
        campaigns.put(hand.app.ws, "冬季", "2026-11-01", "2026-12-31", lists=["courier-100"])
        await shown(hand)
        seen = []
        for _turn in range(12):
            seen.append(hand.text)
            await hand.press("f4")
            if hand.text == seen[0]:
                break
        assert hand.text == seen[0]
        courier = next(text for text in seen if "寄递三个100%" in text)
        assert "冬季" in courier
        assert "雁书速递" in courier
        estate = next(text for text in seen if "无诈小区" in text)
        assert "2026年" in estate


@pytest.mark.asyncio
async def test_from_the_palette(opened: Open, firms: Path) -> None:
    """F1, a few characters, Enter."""
    async with opened() as hand:
        await hand.press("f1")
        await hand.type("周期任务")
        await hand.press("enter")
        await hand.pilot.pause()
        assert hand.screen.NAME == "obligations"


@pytest.mark.asyncio
async def test_nothing_owed_is_said(opened: Open, tmp_path: Path, home: Path) -> None:
    """An empty register has no board; keys that do nothing are not offered."""
    async with opened(folder=tmp_path / "empty") as hand:
        await shown(hand)
        assert "现在没有周期任务" in hand.text
        assert "enter" not in hand.offered


@pytest.mark.asyncio
async def test_home_tells_what_was_assigned(opened: Open) -> None:
    """Beside the new inspection, and only where something is."""
    async with opened() as hand:
        assert "交办" not in hand.text
        assigning.put(hand.app.ws, "K-1", "courier-100", due="2026-11-30")
        await shown(hand)
        await hand.press("f2")
        await hand.pilot.pause()
        assert "交办 1 件" in hand.text
