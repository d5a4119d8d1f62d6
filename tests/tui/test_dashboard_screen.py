"""The dashboard: sums, villages the worst first by each measure, and the way down from each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.tui.screens.dashboard import DashboardScreen
from fieldkit.work import inspecting, visiting
from fieldkit.work.workspace import Workspace

Open = Callable[..., AbstractAsyncContextManager[Any]]
SIZES = [(80, 24), (120, 40)]
SAMPLES = {
    "redline": "pass", "count": "99", "number": "99", "ratio": "99/99", "sample": "99/99",
    "recency": "2026-11-20", "date": "2026-11-20", "external": "met:虚函〔2026〕3号:2026-11-17",
    "text": "已核对",
}  # fmt: skip


@pytest.fixture
def worked(home: Path) -> Path:
    """Six of 24 doors met; an estate with one item that failed."""
    with Workspace.open(home) as ws:
        for door in ("101", "102", "103", "104", "201", "202"):
            visiting.log(ws, f"B-1-{door}", "met")
        sheet = inspecting.start(ws, "wuzha-xiaoqu", "E-1")
        bad = next(i.id for i in sheet.items if i.type == "check" and not i.critical)
        for item in sheet.items:
            good = "pass" if item.type == "check" else SAMPLES.get(item.type, "na")
            inspecting.answer(ws, sheet.inspection.id, item.id, "fail" if item.id == bad else good)
        inspecting.finish(ws, sheet.inspection.id)
    return home


async def shown(hand: Any) -> None:
    """Put the dashboard on top and let it add up."""
    hand.app.push_screen(DashboardScreen())
    await hand.pilot.pause(0.2)


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_measure_and_list_fits(
    opened: Open,
    worked: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    language: str,
) -> None:
    """The sums stand on top whatever is listed below; no line is wider than the screen."""
    monkeypatch.setenv("FIELDKIT_LANG", language)
    async with opened(size=size, folder=worked) as hand:
        await shown(hand)
        for _measure in range(7):
            assert "==........  27.7%" in hand.text
            assert "5/18" in hand.text
            assert "听枫社区" in hand.text
            await hand.press("f4")
        await hand.press("f6")
        assert "鹭汀花园" in hand.text
        await hand.press("f6")
        assert "2026-11-23" in hand.text
        assert "f4" not in hand.offered
        await hand.press("f6")
        assert "听枫社区" in hand.text


@pytest.mark.asyncio
async def test_from_a_village_to_its_buildings(opened: Open, worked: Path) -> None:
    """By coverage a village opens its buildings; coming back the list is still there."""
    async with opened(folder=worked) as hand:
        await shown(hand)
        await hand.press("enter")
        assert hand.screen.NAME == "buildings"
        assert "听枫社区" in hand.lines[0]
        await hand.press("f2")
        assert hand.screen.NAME == "dashboard"


@pytest.mark.asyncio
async def test_from_a_score_to_the_place_and_its_record(opened: Open, worked: Path) -> None:
    """By scores a village opens its places, a place its own screen."""
    async with opened(folder=worked) as hand:
        await shown(hand)
        await hand.press("f4", "f4")
        assert "检查得分" in hand.text
        await hand.press("enter")
        assert "鹭汀花园" in hand.text
        assert "听枫社区" in hand.lines[0]
        await hand.press("enter")
        assert hand.screen.NAME == "site"


@pytest.mark.asyncio
async def test_from_counts_to_findings_and_slips(opened: Open, worked: Path) -> None:
    """By findings the list of findings opens, by slips that of slips."""
    async with opened(folder=worked) as hand:
        await shown(hand)
        await hand.press("f4", "f4", "f4", "enter")
        assert hand.screen.NAME == "findings"
        await hand.press("f2", "f4", "enter")
        assert hand.screen.NAME == "findings"
        await hand.press("f2", "f4", "enter")
        assert "移交" in hand.lines[0]


@pytest.mark.asyncio
async def test_numbers_are_those_of_the_moment(opened: Open, worked: Path) -> None:
    """A visit logged while another screen was on top counts when one comes back."""
    async with opened(folder=worked) as hand:
        await shown(hand)
        await hand.press("enter")
        visiting.log(hand.app.ws, "B-1-203", "met")
        await hand.press("f2")
        assert "6/18" in hand.text


@pytest.mark.asyncio
async def test_an_empty_home_has_a_dashboard(opened: Open, tmp_path: Path) -> None:
    """No register, no visit: dashes and no fault; a week has nothing below it."""
    async with opened(folder=tmp_path / "empty") as hand:
        await shown(hand)
        assert "0/0" in hand.text
        await hand.press("f6", "f6", "enter")
        assert "没有下一级" in hand.text
