"""A list whose questions depend on the answers, by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.library.load import find, load_file
from fieldkit.tui import many
from fieldkit.tui.app import FieldApp
from fieldkit.tui.screens.inspect import InspectScreen
from fieldkit.work import inspecting
from fieldkit.work.previewing import preview_home
from fieldkit.work.workspace import Workspace

from .conftest import screen_lines

LIST = """\
id: dyn
version: "2026.11"
kind: record
title: 试一试
sections:
  - id: a
    title: 甲
    items:
      - {id: has, text: 有没有单元, type: check}
      - id: units
        text: 单元
        type: repeat
        relevant: "${has} = 'pass'"
        params: {least: 1, most: 5}
        items:
          - {id: doors, text: 户数, type: count}
      - {id: total, text: 总户数, type: calculated, calculate: "sum(${doors})"}
      - id: big
        text: 超过二十户的原因
        type: text
        relevant: ${total} > 20
        constraint: string-length(.) >= 4
        message: 至少写四个字
      - id: kind
        text: 类别
        type: choice
        default: "'k3'"
        params:
          options:
            - {id: k1, title: 一}
            - {id: k2, title: 二}
            - {id: k3, title: 三}
            - {id: k4, title: 四}
            - {id: k5, title: 五}
            - {id: k6, title: 六}
            - {id: k7, title: 七}
            - {id: k8, title: 八}
            - {id: k9, title: 九}
            - {id: k10, title: 十}
"""


@pytest.mark.asyncio
async def test_questions_come_and_go_with_the_answers(tmp_path: Path) -> None:
    """Instances appear with their number, later questions with the sum, and the place is kept."""
    file = tmp_path / "dyn.yaml"
    file.write_text(LIST, "utf-8")
    with preview_home(load_file(file)) as home, Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, InspectScreen)
            assert [item.id for item in screen.sheet.items] == ["has", "total", "kind"]

            async def press(*keys: str) -> None:
                for key in keys:
                    await pilot.press(key)
                await pilot.pause()

            await press("1")
            assert screen.item.id == "units"
            await press("2", "enter")
            ids = [item.id for item in screen.sheet.items]
            assert ids == ["has", "units", "units[1].doors", "units[2].doors", "total", "kind"]
            assert screen.item.id == "units[1].doors"
            await press("1", "5", "enter")
            await press("9", "enter")
            assert screen.item.id == "total"
            assert screen.sheet.value("total") == "24"
            await press("enter")
            assert screen.item.id == "big"
            await press(*"ab", "enter")
            assert screen.item.id == "big"
            assert screen.sheet.value("big") is None
            await press(*"cdef", "enter")
            assert screen.sheet.value("big") == "abcdef"
            # Ten options are more than there are digits: the proposed one is typed already.
            assert screen.item.id == "kind"
            await press("enter")
            assert screen.sheet.value("kind") == "k3"
            text = "".join("".join(line.split()) for line in screen_lines(app))
            assert "10十" in text
            for typed, kept in (("10", "k10"), ("k7", "k7")):
                screen._jump("kind")
                screen.show()
                await press(*["backspace"] * 4, *typed, "enter")
                assert screen.sheet.value("kind") == kept
            assert many.meant(screen.sheet.by_id["kind"], "二") == "k2"
            # Back to the first question: without units nothing of them is asked any more.
            for _n in range(6):
                await press("up")
            assert screen.item.id == "has"
            await press("2")
            assert [item.id for item in screen.sheet.items] == ["has", "total", "kind"]
            assert screen.sheet.value("total") == "0"


@pytest.mark.asyncio
async def test_a_sample_is_drawn_by_number(tmp_path: Path) -> None:
    """F8 asks how many there are, tells which to look at, and goes on telling it."""
    with preview_home(find("courier-100")) as home, Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, InspectScreen)
            await pilot.press("down", "down")
            assert screen.item.id == "KD03"
            await pilot.press("f8", "3", *"0", "enter")
            await pilot.pause()
            assert screen.mode == "draw"
            await pilot.press("f2", "f8", "3", *"30", "enter")
            await pilot.pause()
            drawn = inspecting.draw_sample(ws, screen.ref, "KD03", 30)
            assert len(drawn.numbers) == 20
            text = "".join("".join(line.split()) for line in screen_lines(app))
            assert f"30个里看第{'、'.join(map(str, drawn.numbers[:4]))}" in text
            await pilot.press(*"19/20", "enter")
            await pilot.pause()
            assert screen.sheet.value("KD03") == "19/20"
