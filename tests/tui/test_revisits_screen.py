"""The doors of a building that want another visit, and when nobody was home before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.walking import Walk
from fieldkit.tui.screens.doors import DoorsScreen
from fieldkit.tui.screens.revisits import RevisitsScreen
from fieldkit.work import revisiting, sites, visiting
from fieldkit.work.workspace import Workspace

Open = Callable[..., AbstractAsyncContextManager[Any]]


def logged(home: Path, monkeypatch: pytest.MonkeyPatch, *visits: tuple[str, str, str]) -> None:
    """Visits at moments: day and time, door, outcome."""
    before = "2026-11-23T10:42:07+08:00"
    for moment, door, outcome in visits:
        monkeypatch.setenv("FIELDKIT_NOW", f"2026-11-{moment}:00+08:00")
        with Workspace.open(home) as ws:
            visiting.log(ws, f"B-1-{door}", outcome)
    monkeypatch.setenv("FIELDKIT_NOW", before)


async def into_list(hand: Any) -> None:
    """From the matrix, the way a person goes."""
    hand.app.push_screen(DoorsScreen("B-1"))
    await hand.pilot.pause()
    await hand.press("0", "7")
    await hand.pilot.pause()
    assert isinstance(hand.screen, RevisitsScreen)


def row(hand: Any, door: str) -> str:
    """The row of a door."""
    return next(line for line in hand.lines if f" {door} " in line)


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_tells_when_nobody_was_home(
    opened: Open, home: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """Visits so far, and weekday and hour of each knock in vain."""
    logged(
        home, monkeypatch,
        ("27T09:10", "602", "absent"), ("28T19:40", "602", "absent"), ("28T19:45", "601", "met"),
        ("29T10:00", "603", "callback"),
    )  # fmt: skip
    async with opened(size) as hand:
        await into_list(hand)
        assert "无人，走访 2 次" in row(hand, "602")
        assert "周五9时、周六19时" in row(hand, "602")
        assert "约定再访，走访 1 次" in row(hand, "603")
        assert "还没走访" in row(hand, "604")
        assert " 601 " not in hand.text
        assert hand.text.index("602") < hand.text.index("603") < hand.text.index("604")


@pytest.mark.asyncio
async def test_three_days_in_vain_stand_in_the_row(
    opened: Open, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door that was tried enough says what can be noted."""
    days = [(f"{day}T09:10", "602", "absent") for day in (18, 19, 20)]
    logged(home, monkeypatch, *days, ("20T09:20", "603", "absent"))
    async with opened() as hand:
        await into_list(hand)
        assert "三访未遇" in row(hand, "602")
        assert "三访未遇" not in row(hand, "603")


@pytest.mark.asyncio
async def test_enter_goes_to_the_door(opened: Open) -> None:
    """Back in the matrix the cursor stands at the chosen door; F3 leads here as well."""
    async with opened() as hand:
        await into_list(hand)
        await hand.press("down", "down", "enter")
        await hand.pilot.pause()
        assert isinstance(hand.screen, DoorsScreen)
        assert hand.screen.door.door.name == "603"
        await hand.press("1")
        await hand.pilot.press("f3")
        await hand.pilot.pause()
        assert " 603 " not in hand.text
        await hand.press("3")
        await hand.pilot.pause()
        assert hand.screen.door.door.name == "604"


@pytest.mark.asyncio
async def test_rows_go_the_way_one_walks(opened: Open, home: Path) -> None:
    """Up the stairs from the right; leaving with F2 changes nothing."""
    with Workspace.open(home) as ws:
        revisiting.keep_walk(ws, Walk(up=True, leftward=True))
        sites.remove(ws, "B-1-103", "nonresidential")
    async with opened() as hand:
        await into_list(hand)
        assert [one.text.split()[0] for one in hand.screen.picks.rows][:4] == [
            "104", "102", "101", "204",
        ]  # fmt: skip
        await hand.press("down", "f2")
        await hand.pilot.pause()
        assert hand.screen.door.door.name == "104"


@pytest.mark.asyncio
async def test_nothing_left_is_said(opened: Open, home: Path) -> None:
    """A building in which every door is settled."""
    with Workspace.open(home) as ws:
        for door in sites.listing(ws, kinds=["door"], within="B-1"):
            visiting.log(ws, door.code, "met")
    async with opened() as hand:
        await into_list(hand)
        assert "没有待再访的户" in hand.screen.status.text
        assert "enter" not in hand.offered
