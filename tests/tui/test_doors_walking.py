"""Walking a building: the way, the header in place, staircases, lists, keys per door."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.tui import commands
from fieldkit.work import sites, visiting
from fieldkit.work.workspace import Workspace

from .doors_hand import (
    Open,
    coverage,
    door_line,
    here,
    home_of,
    houses,
    into,
    into_building,
    tower,
    two_units,
)


@pytest.mark.asyncio
async def test_a_building_of_96_doors_in_at_most_115_keys_a_hundred(
    opened: Open, tmp_path: Path
) -> None:
    """From the first screen: every key counts, also ways, corrections, a note's keys, and moves."""
    folder = home_of(tmp_path, tower(24, 4))
    async with opened(folder=folder) as hand:
        keys = 0

        async def press(*pressed: str) -> None:
            nonlocal keys
            for key in pressed:
                assert key in commands.SAFE
                await hand.pilot.press(key)
                keys += 1

        await hand.pilot.pause()
        await press(hand.number_of("楼栋与入户"), "enter")
        await hand.pilot.pause()
        for door in range(92):
            await press("1447243461"[door % 10])
            if door == 40:
                await press("f8", "4")  # a slip of the finger, put right
            if door == 60:
                await press("f7")  # this one left nothing
        await press("0", "4")  # only a child at home
        await press("space", "space", "space", "6")  # three empty flats at once
        row = visiting.coverage(hand.app.ws, by="building", within="T-1")[0]
        assert (row.doors, row.visited) == (96, 96)
        assert keys <= 110, keys


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_tower_of_33_floors_scrolls_under_its_header(
    opened: Open, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Coverage, titles of columns and the current door stay in sight all the way down."""
    folder = home_of(tmp_path, tower(33, 2))
    async with opened(size, folder=folder) as hand:
        await into(hand)
        for walked in range(33 * 2):
            lines, name = hand.lines, here(hand)
            assert "发放率" in lines[2]
            assert lines[4].split() == ["01", "02"]
            row = next(line for line in lines if line.startswith(f"   {name[:-2]}层"))
            assert f" {name}" in row
            assert len(lines) == size[1]
            await hand.pilot.press("1" if walked % 8 == 0 else "enter")
            await hand.pilot.pause()
        assert "(9/66)" in coverage(hand)
        await hand.pilot.press("pageup")
        assert int(here(hand)[:-2]) > 5


@pytest.mark.asyncio
async def test_floors_keep_their_labels_when_the_doors_go_sideways(
    opened: Open, tmp_path: Path
) -> None:
    """Thirty doors on a floor at 80 columns: labels stay on the left, the header goes along."""
    folder = home_of(tmp_path, tower(3, 30))
    async with opened(folder=folder) as hand:
        await into(hand)
        assert "右" in hand.lines[4]
        for _ in range(29):
            await hand.press("right")
        assert here(hand) == "330"
        assert hand.lines[4].split()[-1] == "30"
        assert "左" in hand.lines[4]
        rows = [line for line in hand.lines if line.lstrip().startswith(("3层", "2层", "1层"))]
        assert len(rows) == 3
        assert rows[0].split()[-1] == "330"


@pytest.mark.asyncio
async def test_the_way_is_chosen_once(opened: Open) -> None:
    """Up the stairs from the right and winding: the cursor goes so, today and after a restart."""
    async with opened() as hand:
        await into_building(hand)
        assert "走法：下楼 从左到右" in door_line(hand)
        await hand.press("0", "5", "1", "2", "3", "enter")
        assert "走法：上楼 从右到左 蛇形" in door_line(hand)
        assert here(hand) == "104"
        seen = []
        for _ in range(9):
            seen.append(here(hand))
            await hand.press("4")
        assert seen == ["104", "103", "102", "101", "201", "202", "203", "204", "304"]
    async with opened() as hand:
        await into_building(hand)
        assert "走法：上楼 从右到左 蛇形" in hand.screen.status.text
        await hand.press("1", "1")
        assert here(hand) == "301"


@pytest.mark.asyncio
async def test_removed_doors_are_passed_by(opened: Open, home: Path) -> None:
    """After a digit the cursor skips what was struck off, and stays at the end of the way."""
    with Workspace.open(home) as ws:
        for code in ("B-1-602", "B-1-603", "B-1-104"):
            sites.remove(ws, code, "nonresidential")
    async with opened() as hand:
        await into_building(hand)
        await hand.press("1")
        assert here(hand) == "604"
        await hand.pilot.press("pagedown")
        await hand.press("down", "left")
        assert here(hand) == "103"
        await hand.press("1")
        assert here(hand) == "103"
        assert "走到头" in hand.screen.status.text


@pytest.mark.asyncio
async def test_staircases_are_walked_one_by_one(opened: Open, tmp_path: Path) -> None:
    """Each unit under its title; all floors of the first before the second."""
    async with opened(folder=home_of(tmp_path, two_units())) as hand:
        await into(hand)
        assert hand.lines[4].split() == ["1单元", "2单元"]
        seen = []
        for _ in range(5):
            seen.append(door_line(hand).split("   ")[0])
            await hand.press("4")
        assert seen == ["1单元 201室", "1单元 202室", "1单元 101室", "1单元 102室", "2单元 201室"]


@pytest.mark.asyncio
async def test_houses_without_floors_are_a_list(opened: Open, tmp_path: Path) -> None:
    """One house a line with its outcome and visits, the same keys; the matrix is a key away."""
    async with opened(folder=home_of(tmp_path, houses(30))) as hand:
        await into(hand)
        assert hand.screen.is_list
        await hand.press("1", "4", "up", "4")
        assert here(hand) == "西巷3号"
        row = next(line for line in hand.lines if "西巷2号" in line)
        assert "无人" in row
        assert "走访 2 次" in row
        await hand.press("0", "6")
        assert not hand.screen.is_list
        assert here(hand) == "西巷3号"
        row = next(line for line in hand.lines if "西巷2号" in line)
        assert "西巷1号" in row


@pytest.mark.asyncio
async def test_a_tower_as_a_list_goes_the_way_one_walks(opened: Open) -> None:
    """Going up the stairs the lowest floor is the first line."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("0", "5", "1", "enter", "0", "6")
        rows = [line.split()[1] for line in hand.lines[4:9]]
        assert rows == ["101", "102", "103", "104", "201"]
        await hand.press("1", "down", "space", "6")
        assert "已访 2/24" in coverage(hand)
