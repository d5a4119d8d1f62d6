"""An inspection by keyboard from home to result, and coming back to the same item."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.work import inspecting
from fieldkit.work.workspace import Workspace

Open = Callable[..., AbstractAsyncContextManager[Any]]


@pytest.mark.asyncio
async def test_whole_inspection_with_the_keys_of_the_bar(opened: Open) -> None:
    """Twenty-one items, from home to the result, pressing nothing that the bar does not show."""
    async with opened() as hand:
        await hand.begin()
        for _ in range(21):
            await hand.answer()
            assert hand.screen.status.saved_mark == "已存 10:42:07"
        assert "F9" in hand.text
        await hand.press("f9")
        assert "都答完了" in hand.text
        await hand.press("f9")
        assert "得分" in hand.text
        assert "结论" in hand.text
        await hand.press("enter")
        assert "已完成的检查" in hand.text
        row = inspecting.listing(hand.app.ws)[0]
        assert row.inspection.state == "finished"
        assert row.answered == row.total == 21
        await hand.press(hand.number_of("已完成的检查"), "1")
        assert "得分" in hand.text


@pytest.mark.asyncio
async def test_resume_on_the_same_item_with_one_enter(opened: Open) -> None:
    """Killed in the middle, the next start has the item one Enter away."""
    async with opened() as hand:
        await hand.begin()
        for _ in range(4):
            await hand.answer()
        here = hand.screen.item.id
    async with opened() as hand:
        assert "继续：鹭汀花园" in hand.text
        await hand.press("enter")
        assert hand.screen.item.id == here == "XQ05"
        assert "已答 4/21" in hand.text


@pytest.mark.asyncio
async def test_refusal_lists_open_items_and_jumps(opened: Open) -> None:
    """Finishing early names what is open; a digit goes there."""
    async with opened() as hand:
        await hand.begin()
        await hand.answer()
        await hand.press("f9")
        assert "还有 20 题没答" in hand.text
        await hand.press("3")
        assert hand.screen.item.id == "XQ04"


@pytest.mark.asyncio
async def test_a_refused_value_changes_nothing(opened: Open) -> None:
    """Nonsense in the editor: the sentence is shown, no mark, no move."""
    async with opened() as hand:
        await hand.begin()
        while hand.screen.item.type != "sample":
            await hand.press("down")
        before = hand.screen.item.id
        await hand.type("很多")
        await hand.press("enter")
        assert hand.screen.item.id == before
        assert hand.screen.status.saved_mark == ""
        assert hand.screen.status.text
        assert hand.screen.sheet.value(before) is None


@pytest.mark.asyncio
async def test_full_width_digits_answer(opened: Open) -> None:
    """１ is 1 on a verdict, and ９／１０ is 9/10 in the editor."""
    async with opened() as hand:
        await hand.begin()
        while hand.screen.item.type != "check":
            await hand.press("down")
        item = hand.screen.item.id
        await hand.pilot.press("２")
        await hand.pilot.pause()
        assert hand.screen.sheet.value(item) == "fail"
        while hand.screen.item.type != "sample":
            await hand.press("down")
        item = hand.screen.item.id
        await hand.type("９／１０")
        await hand.press("enter")
        assert hand.screen.sheet.value(item) == "9/10"


@pytest.mark.asyncio
async def test_a_line_typed_and_left_is_still_there(opened: Open) -> None:
    """Moving away keeps a half-written line, says so, and does not count it as an answer."""
    async with opened() as hand:
        await hand.begin()
        while hand.screen.item.type != "count":
            await hand.press("down")
        item = hand.screen.item.id
        await hand.type("7")
        await hand.press("down")
        assert "还没存" in hand.text
        assert hand.screen.sheet.value(item) is None
        await hand.press("up")
        assert hand.screen.query_one("#editor").value == "7"


@pytest.mark.asyncio
async def test_note_and_evidence_belong_to_an_answer(opened: Open, tmp_path: Path) -> None:
    """F6 and F7 appear once the item is answered; both are kept with the same value."""
    proof = tmp_path / "公示.txt"
    proof.write_text("公示栏", encoding="utf-8")
    async with opened() as hand:
        await hand.begin()
        while hand.screen.item.type != "check":
            await hand.press("down")
        assert not {"f6", "f7"} & hand.offered
        await hand.press("2", "up", "f6", "0")
        await hand.type("公示栏缺楼长")
        await hand.press("enter")
        assert "公示栏缺楼长" in hand.text
        await hand.press("f7")
        await hand.type(str(proof))
        await hand.press("enter")
        assert "已存 1 份" in hand.text
        kept = hand.screen.sheet.answers[hand.screen.item.id]
        assert (kept.value, kept.note, len(kept.evidence)) == ("fail", "公示栏缺楼长", 1)


@pytest.mark.asyncio
async def test_every_item_of_every_checklist_fits_at_80x24(opened: Open) -> None:
    """No question pushes its editor or its answers off the smallest screen."""
    pairs = {"无诈小区": "鹭汀花园（演示）", "三个100%": "雁书", "扫楼": "1栋"}
    for checklist, site in pairs.items():
        async with opened() as hand:
            await hand.begin(site, checklist)
            for _ in range(len(hand.screen.sheet.items)):
                status = hand.screen.status.region
                question = hand.screen.query_one("#question").region
                assert question.bottom <= status.y, hand.text
                editor = hand.screen.query_one("#editor")
                if editor.display:
                    assert editor.region.bottom <= status.y, hand.text
                if "down" in hand.offered:
                    await hand.pilot.press("down")
                    await hand.pilot.pause()


@pytest.mark.asyncio
async def test_outside_text_is_shown_literally(
    opened: Open, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even past the journal's guard, markup stays text and an escape character is only named."""
    monkeypatch.setattr("fieldkit.store.facts.accept", lambda *_args: None)
    from fieldkit.domain.kinds import site_id
    from fieldkit.store.store import Draft

    name = "[red]x[/red]\x1b[31m"
    body = {
        "code": "X-1",
        "name": name,
        "kind": "estate",
        "parent": "",
        "division": "",
        "grid": "",
        "address": name,
        "floor": "",
        "registered": None,
        "over": [],
    }
    with Workspace.open(home) as ws:
        ws.store.append([Draft("site.put", site_id("X-1"), "", body)])
    shown = "[red]x[/red]<U+001B>[31m"
    async with opened() as hand:
        await hand.press("1")
        assert shown in hand.text
        await hand.type("X-1")
        await hand.press("enter")
        assert shown in hand.text
        await hand.press(hand.number_of("无诈小区"), "1")
        assert shown in hand.text
        await hand.press("f2")
        assert shown in hand.text
        assert "\x1b" not in hand.text
