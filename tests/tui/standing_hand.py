"""An office with nine villages and a hand over its months, for tests of the standing's screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fieldkit.domain.kinds import site_id
from fieldkit.tui.app import FieldApp
from fieldkit.tui.screens.standings import StandingsScreen
from fieldkit.work import offices, sites, standing
from fieldkit.work.standing import Figures
from fieldkit.work.workspace import Workspace

from .conftest import HEAD, Hand

TOWN = {
    "听枫社区": (9, 12, 21340),
    "菱歌社区": (7, 7, 18620),
    "檐铃社区": (9, 6, 15075),
    "霜桥村": (1, 0, 6210),
    "杏坞村": (0, 0, 5480),
    "檀渡村": (4, 2, 8930),
    "棹歌村": (3, 3, 7350),
    "茶烟村": (3, 1, 4905),
    "苇渡村": (4, 8, 9860),
}
"""The worked example of DOMAIN §1.3."""
Numbers = Mapping[str, tuple[int | None, int | None, int | None]]


def code(name: str) -> str:
    """The code of a village in the register."""
    return f"V{[*TOWN].index(name) + 1}"


def figures(numbers: Numbers = TOWN) -> tuple[Figures, ...]:
    """These numbers as the work layer takes them."""
    return tuple(Figures(site_id(code(name)), name, *told, {}) for name, told in numbers.items())


def changed(**cases: int) -> Numbers:
    """The example with other cases in some villages."""
    return {name: (cases.get(name, told[0]), *told[1:]) for name, told in TOWN.items()}


def table(folder: Path, rows: Sequence[str]) -> Path:
    """A table of these lines under the usual header."""
    path = folder / "cases.csv"
    path.write_text("\n".join(["村社区,本期,上年同期,人口", *rows]) + "\n", "utf-8")
    return path


def example(folder: Path) -> Path:
    """The worked example as a table."""
    return table(folder, [f"{name},{a},{b},{c}" for name, (a, b, c) in TOWN.items()])


def make(folder: Path, months: Mapping[str, Numbers], publish: Sequence[str] = ()) -> Path:
    """An office's home with these months entered, and some of them published."""
    register = folder / "register.csv"
    rows = [f"village,{code(name)},{name},,99012110100{n},,,," for n, name in enumerate(TOWN, 1)]
    register.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    home = folder / "office"
    with Workspace.open(home) as ws:
        offices.init(ws, "澜渡镇联席办（演示）")
        sites.import_register(ws, register)
        for month, numbers in sorted(months.items()):
            standing.enter(ws, month, figures(numbers))
            if month in publish:
                standing.publish(ws, month)
    return home


@asynccontextmanager
async def months(home: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Hand]:
    """The list of months over the first screen."""
    with Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=size) as pilot:
            hand = Hand(app, pilot)
            await settled(hand)
            app.push_screen(StandingsScreen())
            await settled(hand)
            yield hand


async def settled(hand: Hand) -> None:
    """Threads done and painted."""
    for _turn in range(3):
        await hand.pilot.pause()
        await hand.app.workers.wait_for_complete()


async def numbers(hand: Hand, *typed: str) -> None:
    """Each number into its cell and on to the next."""
    for number in typed:
        await hand.press(*number, "enter")
