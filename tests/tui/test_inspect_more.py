"""Beside the answers: taking back, finding, reasons, particulars, covert visits, amendments."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.library.load import load_file
from fieldkit.tui.app import FieldApp
from fieldkit.work import inspecting, pace, telling
from fieldkit.work.previewing import preview_home
from fieldkit.work.workspace import Workspace

from .conftest import Hand

Open = Callable[..., AbstractAsyncContextManager[Any]]

CHECKS = """\
id: checks
version: "2026.11"
title: 二十一项
target: 门店
nature: guidance
site_kinds: [venue, company]
grades:
  - {id: good, title: 合格, at_least: 60}
  - {id: bad, title: 不合格, at_least: 0}
sources: {实务: 基层实务经验}
sections:
  - id: a
    title: 甲
    items:
"""


def checks(folder: Path, count: int = 21, more: str = "") -> Path:
    """A list of so many plain checks."""
    weights = [100 // count + (n < 100 % count) for n in range(count)]
    rows = [
        f"      - {{id: Q{n:02}, text: 第{n}项, type: check, weight: {weight}, mode: both, "
        f"criterion: 有, source: [实务]{more}}}"
        for n, weight in enumerate(weights, 1)
    ]
    path = folder / "checks.yaml"
    path.write_text(CHECKS + "\n".join(rows) + "\n", "utf-8")
    return path


async def to_type(hand: Any, kind: str) -> Any:
    """Down to the first item of a type."""
    while hand.screen.item.type != kind:
        await hand.press("down")
    return hand.screen.item


@pytest.mark.asyncio
async def test_twenty_one_items_take_thirty_keys_at_most(tmp_path: Path) -> None:
    """All pass: a key an item, one to look at the end, one to settle it."""
    with preview_home(load_file(checks(tmp_path))) as home, Workspace.open(home) as ws:
        app = FieldApp(ws)
        keys = 0
        async with app.run_test(size=(80, 24)) as pilot:
            hand = Hand(app, pilot)
            for key in (*"1" * 21, "f9", "f9"):
                await hand.press(key)
                keys += 1
            assert "得分" in hand.text
            assert inspecting.listing(ws)[0].inspection.state == "finished"
    assert keys <= 30


@pytest.mark.asyncio
async def test_undo_and_redo_name_what_they_do_and_outlive_the_program(opened: Open) -> None:
    """Back to before the first answer, over two sessions, and all the way forth again."""
    async with opened() as hand:
        await hand.begin()
        first = await to_type(hand, "check")
        await hand.press("1", "up", "2")
        assert hand.screen.sheet.value(first.id) == "fail"
    async with opened() as hand:
        await hand.press("enter", "f8")
        assert f"1  撤销：{first.id} 从“不合格”改回“合格”" in hand.text
        await hand.press("1")
        assert f"已撤销：{first.id} 从“不合格”改回“合格”" in hand.text
        assert hand.screen.item.id == first.id
        assert hand.screen.sheet.value(first.id) == "pass"
        assert hand.screen.status.saved_mark
        await hand.press("f8", "1")
        assert hand.screen.sheet.value(first.id) is None
        await hand.press("f8")
        assert "撤销（没有可撤销的）" in hand.text
        await hand.press("1")
        assert "没有可撤销的" in hand.screen.status.text
        await hand.press("2", "f8", "2")
        assert hand.screen.sheet.value(first.id) == "fail"


@pytest.mark.asyncio
async def test_any_item_is_found_by_number_or_words(opened: Open) -> None:
    """F8, then what one remembers of it."""
    async with opened() as hand:
        await hand.begin()
        item = hand.screen.sheet.items[11]
        await hand.press("f8", "3")
        await hand.type("12.")
        await hand.press("enter")
        assert hand.screen.item.id == item.id
        other = hand.screen.sheet.items[4]
        await hand.press("f8", "3")
        await hand.type(other.id.lower())
        await hand.press("enter")
        assert hand.screen.item.id == other.id


@pytest.mark.asyncio
async def test_the_score_tells_its_reasons_and_time_is_kept(opened: Open) -> None:
    """Each item's part and why; the times are written when the screen is left."""
    async with opened() as hand:
        await hand.begin()
        item = await to_type(hand, "check")
        await hand.press("2", "f8")
        await hand.press(hand.number_of("得分和原因"))
        assert f"{item.id}" in hand.text
        assert "否 0/" in hand.text
        await hand.press("enter", "f8")
        await hand.press(hand.number_of("各题用时"))
        assert "只记在本机" in hand.text
        await hand.press("f2", "f2")
        ref = inspecting.listing(hand.app.ws)[0].inspection.id
        assert item.id in pace.of(hand.app.ws, ref)


@pytest.mark.asyncio
async def test_a_phrase_is_one_key_and_can_be_changed(opened: Open) -> None:
    """The list's own phrases by number, then as free text."""
    async with opened() as hand:
        await hand.begin()
        while not (hand.screen.item.type == "check" and hand.screen.item.phrases):
            await hand.press("down")
        item = hand.screen.item
        await hand.press("2", "up", "f6")
        assert f"1  {item.phrases[0][:8]}" in hand.text
        await hand.press("1")
        assert hand.screen.query_one("#editor").value == item.phrases[0]
        await hand.press("enter")
        assert hand.screen.sheet.answers[item.id].note == item.phrases[0]


@pytest.mark.asyncio
async def test_particulars_line_by_line(opened: Open) -> None:
    """Each line is kept by Enter; a wrong time is refused in words and changes nothing."""
    async with opened() as hand:
        await hand.begin()
        ref = hand.screen.ref
        await hand.press("f8")
        await hand.press(hand.number_of("检查人"))
        for typed in ("甲一", "乙二", "08:05"):
            await hand.type(typed)
            await hand.press("enter")
        await hand.type("07:00")
        await hand.press("enter")
        assert hand.screen.status.text
        await hand.type("09:20")
        await hand.press("enter")
        await hand.type("同意")
        await hand.press("enter")
        await hand.type("１")
        await hand.press("enter")
        assert "已签字" in hand.text
        known = telling.told(hand.app.ws, ref)
        assert known.inspectors == ("甲一", "乙二")
        assert (known.observed_from[-5:], known.observed_to[-5:]) == ("08:05", "09:20")
        assert (known.unit_view, known.unit_sign) == ("同意", "signed")
        await hand.press("f2")
        assert hand.screen.NAME == "inspect"


@pytest.mark.asyncio
async def test_a_covert_visit_hides_and_turns_open(opened: Open) -> None:
    """One key hides everything; unseen is a key away everywhere; turning begins a new record."""
    async with opened() as hand:
        await hand.press(hand.number_of("新的检查"))
        await hand.type("雁书")
        await hand.press("enter")
        await hand.press(hand.number_of("三个100%"), "2")
        screen = hand.screen
        assert screen.covert
        assert "走访记录" in hand.lines[0]
        assert "三个100%" not in hand.lines[0]
        await hand.press("f12")
        assert screen.item.text[:6] not in hand.text
        assert "雁书" not in hand.text
        await hand.press("f12")
        assert hand.screen is screen
        while hand.screen.mode != "line":
            await hand.press("down")
        item = hand.screen.item.id
        await hand.press("f3", "2")
        assert hand.screen.sheet.value(item) == "unseen"
        await hand.press("f8")
        await hand.press(hand.number_of("检查人"))
        assert "单位意见" not in hand.text.split("\n", 1)[1]
        await hand.press("f2", "f8")
        await hand.press(hand.number_of("转为明察"))
        assert hand.screen.sheet.inspection.mode == "open"
        assert hand.screen.sheet.inspection.prior == screen.ref


@pytest.mark.asyncio
async def test_the_last_time_stands_beside_the_item(tmp_path: Path) -> None:
    """After a first result, the second visit sees it at each item."""
    with preview_home(load_file(checks(tmp_path, 2))) as home, Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            hand = Hand(app, pilot)
            await hand.press("2", "1", "f9")
            assert "没写备注、没有佐证" in hand.text
            await hand.press("f9", "f2")
            known = inspecting.listing(ws)[0]
            sheet = inspecting.begin(ws, known.checklist, known.site.code)
            from fieldkit.tui.screens.inspect import InspectScreen

            await app.push_screen(InspectScreen(sheet))
            await pilot.pause()
            assert f"上次  不合格  {known.inspection.day}" in hand.text


@pytest.mark.asyncio
async def test_an_amendment_needs_a_reason_and_leaves_a_trace(tmp_path: Path) -> None:
    """Taken up again, changed, settled again; the result tells why."""
    with preview_home(load_file(checks(tmp_path, 2))) as home, Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            hand = Hand(app, pilot)
            await hand.press("2", "1", "f9", "f9", "f8")
            await hand.press("enter")
            assert hand.screen.NAME == "result"
            assert hand.screen.status.text
            await hand.type("第一题看错了")
            await hand.press("enter")
            assert hand.screen.NAME == "inspect"
            await hand.press("up", "up")
            assert hand.screen.item.id == "Q01"
            await hand.press("1", "f9", "f9")
            assert "第一题看错了" in hand.text
            assert "没有失分项" in hand.text
            assert inspecting.listing(ws)[0].ratio == 1


@pytest.mark.asyncio
async def test_left_out_items_are_explained(opened: Open, tmp_path: Path) -> None:
    """The item after a gap says so; the page names the answer that decides."""
    path = tmp_path / "gap.yaml"
    path.write_text(
        CHECKS.replace("nature: guidance", "nature: guidance\nkind: record")
        + "      - {id: A, text: 有没有门岗, type: check}\n"
        + "      - {id: B, text: 门岗几人, type: count, relevant: \"${A} = 'pass'\"}\n"
        + "      - {id: C, text: 公示栏在, type: check}\n",
        "utf-8",
    )
    with preview_home(load_file(path)) as home, Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            hand = Hand(app, pilot)
            await hand.press("2")
            assert hand.screen.item.id == "C"
            assert "前面跳过 1 题" in hand.text
            await hand.press("f8")
            await hand.press(hand.number_of("跳过的题"))
            assert "门岗几人" in hand.text
            assert "因为 A 答的是：不合格" in hand.text


@pytest.mark.asyncio
async def test_keys_typed_ahead_reach_what_they_were_meant_for(tmp_path: Path) -> None:
    """A burst of keys does the same as one key after another."""
    from textual.events import Key, Paste

    with preview_home(load_file(checks(tmp_path, 5))) as home, Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            for key in ("1", "up", "f6"):
                app.post_message(Key(key, key if len(key) == 1 else None))
            for character in "有12":
                app.post_message(Key(character, character))
            app.post_message(Paste("处"))
            for key in ("enter", "down", "1", "2", "f9"):
                app.post_message(Key(key, key if len(key) == 1 else None))
            for _ in range(20):
                await pilot.pause(0.02)
            sheet = inspecting.listing(ws)[0]
            assert {id: it.value for id, it in sheet.answers.items()} == {
                "Q01": "pass", "Q02": "pass", "Q03": "fail",
            }  # fmt: skip
            assert sheet.answers["Q01"].note == "有12处"
            assert app.screen.NAME == "finish"
