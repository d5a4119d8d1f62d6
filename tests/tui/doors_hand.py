"""Buildings for the tests of the doors, and how a hand gets into them and reads them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from fieldkit.tui.screens.doors import DoorsScreen
from fieldkit.work import sites
from fieldkit.work.workspace import Workspace

Open = Callable[..., AbstractAsyncContextManager[Any]]
HEAD = "kind,code,name,parent,division,grid,address,floor,registered"
VILLAGE = "village,9901,听枫社区（演示）,,990121101001,,,,"


def tower(floors: int, doors: int) -> list[str]:
    """A building of so many floors with so many doors each."""
    rows = [HEAD, VILLAGE, "building,T-1,1栋（演示）,9901,,,,,"]
    for floor in range(1, floors + 1):
        for place in range(1, doors + 1):
            number = f"{floor}{place:02}"
            rows.append(f"door,T-1-{number},{number},T-1,,,,{floor},1")
    return rows


def two_units() -> list[str]:
    """A building of two staircases, two floors, two doors on each."""
    rows = [HEAD, VILLAGE, "building,T-1,1栋（演示）,9901,,,,,"]
    for unit in (1, 2):
        rows.append(f"unit,T-1-{unit},{unit}单元,T-1,,,,,")
        for number in (101, 102, 201, 202):
            rows.append(f"door,T-1-{unit}-{number},{number}室,T-1-{unit},,,,{number // 100},1")
    return rows


def houses(count: int) -> list[str]:
    """A hamlet of self-built houses: doors that know no floor."""
    rows = [HEAD, VILLAGE, "building,T-1,西巷（演示）,9901,,,,,"]
    rows += [f"door,T-1-{n},西巷{n}号,T-1,,,,,1" for n in range(1, count + 1)]
    return rows


def home_of(tmp_path: Path, rows: list[str]) -> Path:
    """A home of its own for a register; the clock is that of the other one."""
    table, folder = tmp_path / "own.csv", tmp_path / "own"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with Workspace.open(folder) as ws:
        assert not sites.import_register(ws, table).rejected
    return folder


async def into(hand: Any, code: str = "T-1") -> None:
    """Straight into a building."""
    hand.app.push_screen(DoorsScreen(code))
    await hand.pilot.pause()


def here(hand: Any) -> str:
    """The name of the door under the cursor."""
    return str(hand.screen.door.door.name)


def door_line(hand: Any) -> str:
    """The lines on the door and on what the next visit carries."""
    return str(hand.screen.query_one("#door").plain)


async def into_building(hand: Any) -> None:
    """From home to the first building."""
    await hand.press(hand.number_of("楼栋与入户"))
    await hand.press("enter")


def coverage(hand: Any) -> str:
    """The coverage line."""
    return str(hand.screen.query_one("#coverage").plain)
