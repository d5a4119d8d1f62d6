"""The matrix of a building: one digit a door or for all marked, the coverage moving, undo."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import Problem
from fieldkit.tui import words
from fieldkit.work import revisiting, sites, visiting

from .doors_hand import (
    Open,
    coverage,
    door_line,
    here,
    home_of,
    into,
    into_building,
    tower,
)


@pytest.mark.asyncio
async def test_digits_log_visits_and_the_coverage_moves(opened: Open) -> None:
    """Each digit is one visit on disk; rates show truncated with their counts."""
    async with opened() as hand:
        await into_building(hand)
        assert "(0/18)" in coverage(hand)
        assert "(0/24)" in coverage(hand)
        await hand.press("1")
        assert hand.screen.status.saved_mark == "已存 10:42:07"
        assert "发放率 5.5% (1/18)" in coverage(hand)
        assert "面宣率 4.1% (1/24)" in coverage(hand)
        await hand.press("4", "3")
        assert "发放率 11.1% (2/18)" in coverage(hand)
        assert "已访 3/24" in coverage(hand)
        row = visiting.coverage(hand.app.ws, by="building", within="B-1")[0]
        assert (row.visited, row.delivered, row.met) == (3, 2, 1)


@pytest.mark.asyncio
async def test_undo_takes_the_last_visit_of_the_door_back(opened: Open) -> None:
    """F8 names what it took back; the door is as it was."""
    async with opened() as hand:
        await into_building(hand)
        assert "f8" not in hand.offered
        await hand.press("1", "left", "f8")
        assert "已撤回：601" in hand.screen.status.text
        assert "(0/18)" in coverage(hand)
        assert "f8" not in hand.offered


@pytest.mark.asyncio
async def test_undo_reaches_visits_of_an_earlier_day(opened: Open) -> None:
    """What was logged before a restart can still be taken back."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("4")
    async with opened() as hand:
        await into_building(hand)
        await hand.press("left", "f8")
        assert "已撤回：601" in hand.screen.status.text


@pytest.mark.asyncio
async def test_rarer_outcomes_behind_zero(opened: Open) -> None:
    """0 shows the rest of the outcomes on digits of their own."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("0")
        assert "集体" in hand.text
        await hand.press("1")
        assert "面宣率 4.1% (1/24)" in coverage(hand)


@pytest.mark.asyncio
async def test_the_door_is_remembered(opened: Open) -> None:
    """Coming back, the cursor is on the door where one stopped."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("4", "4", "4", "4", "4")
        left = hand.screen.grid.current
    async with opened() as hand:
        await into_building(hand)
        assert hand.screen.grid.current == left


@pytest.mark.asyncio
async def test_a_note_rides_with_the_next_outcome(opened: Open) -> None:
    """F6 writes a sentence that is stored with the next digit and then gone."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("f6")
        await hand.type("门铃坏")
        await hand.press("enter")
        assert "备注：门铃坏" in hand.text
        await hand.press("4")
        assert "备注：门铃坏" not in hand.text


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (None, "—"),
        (Fraction(999, 1000), "99.9%"),
        (Fraction(99999, 100000), "99.9%"),
        (Fraction(1), "100%"),
        (Fraction(0), "0%"),
        (Fraction(2, 3), "66.6%"),
    ],
)
def test_rates_are_truncated(rate: Fraction | None, said: str) -> None:
    """A rate never rounds up to all, and a rate over nothing is a dash (DOMAIN §1.4)."""
    assert words.percent(rate) == said


@pytest.mark.asyncio
async def test_marked_doors_are_logged_by_one_digit(opened: Open) -> None:
    """One visit each; the marks are signs; one F8 takes all of them back."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("1", "space", "space")
        assert "*未 602" in hand.text
        assert "已标 2 户" in door_line(hand)
        await hand.press("down", "f12")
        marked = [cell for cell in hand.text.split() if cell.startswith("*")]
        assert len(marked) == 7
        await hand.press("6")
        assert "602 到 504 共 7 户 空置" in hand.screen.status.text
        assert "*" not in hand.text
        assert here(hand) == "401"
        assert "已访 8/24" in coverage(hand)
        await hand.press("f8")
        assert "共 7 户 空置" in hand.screen.status.text
        assert "已访 1/24" in coverage(hand)
        assert here(hand) == "602"
        await hand.press("f8")
        assert "已撤回：601" in hand.screen.status.text
        assert "已访 0/24" in coverage(hand)


@pytest.mark.asyncio
async def test_marks_come_off(opened: Open) -> None:
    """Space again takes one mark off, F2 all; a range needs a first mark."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("space", "left", "space")
        assert "已标" not in door_line(hand)
        await hand.press("0")
        assert "9" not in hand.offered
        await hand.press("0", "space", "down", "0", "9")
        assert "已标" in door_line(hand)
        await hand.press("f2")
        assert "已标" not in door_line(hand)
        assert "*" not in hand.text


@pytest.mark.asyncio
async def test_undo_elsewhere_takes_that_doors_last_visit(opened: Open) -> None:
    """Away from what was just logged, F8 means the door under the cursor."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("1", "4", "4", "left", "left", "left", "f8")
        assert "已撤回：601 已面宣" in hand.screen.status.text
        assert "已访 2/24" in coverage(hand)


@pytest.mark.asyncio
async def test_the_app_is_recorded_only_if_somebody_said_so(opened: Open) -> None:
    """Not asked unless chosen; what is chosen shows, goes with one visit, and is gone."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("1", "0", "8")
        assert "APP：当场自愿安装" in door_line(hand)
        await hand.pilot.press("f9")
        assert "APP：暂不安装" in door_line(hand)
        await hand.press("1", "1")
        assert "APP" not in door_line(hand)
        told = [
            visiting.of_door(hand.app.ws, sites.find(hand.app.ws, code).id)[0].app
            for code in ("B-1-601", "B-1-602", "B-1-603")
        ]
        assert told == ["none", "declined", "none"]
        for _ in range(4):
            await hand.pilot.press("f9")
        assert "APP" not in door_line(hand)


@pytest.mark.asyncio
async def test_three_days_in_vain_are_told(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line on the door says that it was tried enough, and which key says so."""
    for day in ("21", "22", "23"):
        monkeypatch.setenv("FIELDKIT_NOW", f"2026-11-{day}T10:42:07+08:00")
        async with opened() as hand:
            await into_building(hand)
            assert "三访未遇" not in door_line(hand)
            await hand.press("4", "left")
            assert ("按 9 记三访未遇" in door_line(hand)) is (day == "23")
    async with opened() as hand:
        await into_building(hand)
        await hand.press("9", "left")
        assert "按 9" not in door_line(hand)


@pytest.mark.asyncio
async def test_a_digit_reads_one_door_and_one_sum(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many doors a building has, a digit reads its coverage once and its doors never."""
    async with opened(folder=home_of(tmp_path, tower(50, 20))) as hand:
        await into(hand)
        asked: list[str] = []
        for module, name in (
            (visiting, "coverage"),
            (visiting, "matrix"),
            (revisiting, "state_of"),
        ):
            real = getattr(module, name)

            def spy(*args: Any, real: Any = real, name: str = name, **kwargs: Any) -> Any:
                asked.append(name)
                return real(*args, **kwargs)

            monkeypatch.setattr(module, name, spy)
        await hand.press("1")
        assert sorted(asked) == ["coverage", "state_of"]
        assert "(1/1000)" in coverage(hand)


@pytest.mark.asyncio
async def test_what_came_in_meanwhile_shows_after_another_screen(opened: Open) -> None:
    """Visits of somebody else appear when one comes back from the help."""
    async with opened() as hand:
        await into_building(hand)
        await hand.press("f1")
        visiting.log(hand.app.ws, "B-1-303", "met")
        await hand.press("f2")
        assert "已访 1/24" in coverage(hand)
        assert "面 303" in hand.text


@pytest.mark.asyncio
async def test_what_is_refused_on_the_way_leaves_the_rest_standing(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doors before it are logged and unmarked, the screen says why, and one F8 undoes them."""
    real = visiting.log

    def log(ws: Any, code: str, *rest: Any, **carried: Any) -> Any:
        if code == "B-1-603":
            raise Problem("full", "磁盘满了", mend="请清理。")
        return real(ws, code, *rest, **carried)

    async with opened() as hand:
        await into_building(hand)
        await hand.press("space", "space", "space", "space")
        monkeypatch.setattr(visiting, "log", log)
        await hand.press("6")
        assert "磁盘满了" in hand.screen.status.text
        assert "已访 2/24" in coverage(hand)
        assert here(hand) == "603"
        await hand.press("f8")
        assert "已访 0/24" in coverage(hand)
