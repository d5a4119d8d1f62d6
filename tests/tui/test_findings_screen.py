"""The list of findings and one finding, by keys that survive an input method."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain import rectification
from fieldkit.text.width import cell_width
from fieldkit.tui.screens.finding import ASKS, FindingScreen
from fieldkit.tui.screens.findings import MARKS, FindingsScreen, mark
from fieldkit.work import findings, inspecting
from fieldkit.work.workspace import Workspace

Open = Callable[..., AbstractAsyncContextManager[Any]]
SAMPLES = {
    "redline": "pass",
    "count": "99",
    "number": "99",
    "ratio": "99/99",
    "sample": "99/99",
    "recency": "2026-11-20",
    "date": "2026-11-20",
    "external": "met:虚函〔2026〕3号:2026-11-17",
    "text": "已核对",
}


@pytest.fixture
def found(home: Path) -> list[str]:
    """Three findings of one inspection, by their items; their inspection is ten days old."""
    with Workspace.open(home) as ws:
        sheet = inspecting.start(ws, "wuzha-xiaoqu", "E-1")
        checks = [i.id for i in sheet.items if i.type == "check" and not i.critical][:3]
        for item in sheet.items:
            typed = "fail" if item.id in checks else SAMPLES.get(item.type, "na")
            typed = "pass" if item.type == "check" and item.id not in checks else typed
            inspecting.answer(ws, sheet.inspection.id, item.id, typed)
        inspecting.finish(ws, sheet.inspection.id)
        return [row.finding.item for row in findings.listing(ws)]


async def listed(hand: Any, **more: str) -> None:
    """Put the list on top, as the first screen does."""
    hand.app.push_screen(FindingsScreen(**more))
    await hand.pilot.pause()
    await hand.pilot.pause()


def state(hand: Any, item: str) -> str:
    """The state of a finding in the home."""
    return next(r.finding.state for r in findings.listing(hand.app.ws) if r.finding.item == item)


@pytest.mark.asyncio
async def test_the_list_tells_due_in_words_and_narrows(opened: Open, found: list[str]) -> None:
    """Every finding with its mark and how long there is; typing finds one."""
    async with opened() as hand:
        await listed(hand)
        assert hand.text.count("还有 7 天") == len(found) == 3
        assert hand.text.count(MARKS["found"]) >= 3
        await hand.type(found[1])
        assert hand.text.count("还有 7 天") == 1
        await hand.press("enter")
        assert isinstance(hand.screen, FindingScreen)
        assert found[1] in hand.lines[0]
        await hand.press("f2")
        assert isinstance(hand.screen, FindingsScreen)


@pytest.mark.asyncio
async def test_the_whole_loop_by_safe_keys(opened: Open, found: list[str]) -> None:
    """Notice with its number, report, a second look on its own screen, then closed."""
    async with opened() as hand:
        await listed(hand)
        await hand.type(found[0])
        await hand.press("enter")
        assert "1 交办" in hand.text
        await hand.press("1")
        await hand.type("整〔2026〕7号")
        await hand.press("enter")
        assert "2026-11-30" in hand.text
        await hand.type("2026-11-25")
        await hand.press("enter")
        assert state(hand, found[0]) == "found"
        await hand.press("enter")
        assert state(hand, found[0]) == "notified"
        assert hand.screen.status.saved_mark == "已存 10:42:07"
        assert "还有 2 天" in hand.text
        assert "整〔2026〕7号" in hand.text
        await hand.press("1")
        await hand.type("已更换宣传栏")
        await hand.press("enter", "enter")
        assert state(hand, found[0]) == "reported"
        assert "1 复查" in hand.text
        await hand.press("1")
        assert hand.screen.NAME == "inspect"
        assert [item.id for item in hand.screen.sheet.items] == [found[0]]
        await hand.press("1", "f9", "f9")
        await hand.pilot.pause()
        while not isinstance(hand.screen, FindingScreen):
            await hand.press("f2")
        assert state(hand, found[0]) == "passed"
        assert "复查合格" in hand.text
        await hand.press("1", "enter")
        assert state(hand, found[0]) == "closed"
        assert "销号" in hand.text
        await hand.press("f2")
        await hand.type("")
        assert hand.text.count("还有 7 天") == 2


@pytest.mark.asyncio
async def test_a_refused_line_is_asked_again_with_what_was_typed(
    opened: Open, found: list[str]
) -> None:
    """A day that is past: the sentence stands there, nothing is kept, and F2 leaves it."""
    async with opened() as hand:
        await listed(hand)
        await hand.press("enter", "1")
        await hand.type("甲7")
        await hand.press("enter")
        await hand.type("2026-11-01")
        await hand.press("enter", "enter")
        assert "已经过去" in hand.text
        assert hand.screen.query_one("#editor").value == "甲7"
        assert state(hand, found[0]) == "found"
        await hand.press("f2")
        assert hand.screen.mode == "read"
        assert hand.screen.status.saved_mark == ""
        assert state(hand, found[0]) == "found"
        await hand.press("9")
        assert "没有第 9 步" in hand.text


@pytest.mark.asyncio
async def test_views(opened: Open, found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """F4 goes round; overdue is said in words, a withdrawn one is seen only among all."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-02T10:42:07+08:00")
    async with opened() as hand:
        await listed(hand)
        assert hand.text.count("逾期 2 天") == 3
        await hand.press("enter")
        number = str(1 + hand.screen._steps.index("withdraw"))
        await hand.press(number)
        await hand.type("误记")
        await hand.press("enter", "f2")
        assert hand.text.count("逾期 2 天") == 2
        await hand.press("f4")
        assert "逾期的问题" in hand.text
        assert hand.text.count("逾期 2 天") == 2
        await hand.press("f4")
        assert "已撤销" in hand.text


@pytest.mark.asyncio
async def test_an_empty_list_says_what_will_come(opened: Open) -> None:
    """Nothing yet, and why."""
    async with opened() as hand:
        await listed(hand)
        assert "没有没了结的问题" in hand.text
        assert "enter" not in hand.offered
        await hand.press("f4")
        assert "没有逾期的问题" in hand.text


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(80, 24), (46, 20), (120, 40), (200, 60)])
async def test_every_size(opened: Open, found: list[str], size: tuple[int, int]) -> None:
    """The steps and the line to fill in are in sight, nothing runs over the edge."""
    async with opened(size=size) as hand:
        await listed(hand)
        await hand.press("enter")
        steps = hand.screen._steps
        for number, step in enumerate(steps, 1):
            assert f" {number} {rectification.TITLES[step]}" in hand.text
        await hand.press("1")
        editor = hand.screen.query_one("#editor").region
        assert 0 < editor.y < hand.screen.status.region.y
        await hand.press("f2")
        row = findings.find(hand.app.ws, hand.screen._ref)
        told = "".join(line.strip() for line in hand.lines[:-6])
        assert row.finding.text in told
        assert row.finding.criterion in told
        await hand.pilot.press("f4")
        await hand.pilot.pause()
        assert hand.screen.NAME == "result"


def test_marks_and_lines_for_every_state_and_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each state has a mark of two cells of its own, each step by hand its lines."""
    assert set(MARKS) == set(rectification.STATES)
    assert all(cell_width(it) == 2 for it in MARKS.values())
    monkeypatch.setenv("FIELDKIT_ASCII", "1")
    assert all(len(mark(it)) == 2 and mark(it).isascii() for it in MARKS)
    assert len(set(MARKS.values())) == len(MARKS)
    assert set(ASKS) == set(rectification.BY_HAND) - {"reinspect"}
