"""Documents from the desk: chosen by number, written with F9, checked again from the list."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.tui.screens.documents import DocumentsScreen
from fieldkit.work import amending, inspecting
from fieldkit.work.workspace import Workspace
from tests.tui.test_sites_screen import finished

Open = Callable[..., AbstractAsyncContextManager[Any]]
SIZES = [(80, 24), (120, 40)]


async def settled(hand: Any) -> None:
    """Threads done and painted."""
    await hand.app.workers.wait_for_complete()
    await hand.pilot.pause()
    await hand.pilot.pause()


async def shown(hand: Any) -> None:
    """The documents on top of home."""
    hand.app.push_screen(DocumentsScreen())
    await settled(hand)


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES)
async def test_a_table_is_written_and_checked(opened: Open, size: tuple[int, int]) -> None:
    """The fourth kind is the coverage table; it is said where the file lies; nothing has moved."""
    async with opened(size) as hand:
        await shown(hand)
        assert "入户宣传覆盖情况统计表" in hand.text
        await hand.press("4")
        assert "到哪天止" in hand.text
        await hand.press("f9")
        await settled(hand)
        assert "已写出" in hand.text
        (made,) = (hand.app.ws.home / "documents").glob("*.docx")
        await hand.press("1")
        assert made.stem[:10] in hand.text
        await hand.press("enter")
        await settled(hand)
        assert "合：" in hand.text
        assert "个数都没有变" in hand.text


@pytest.mark.asyncio
async def test_formats_and_the_public_by_number(opened: Open) -> None:
    """Digits choose; the file's name says that it is for people outside."""
    async with opened() as hand:
        await shown(hand)
        await hand.press("4")
        await hand.press("down", "down", "down")
        await hand.type("２")
        await hand.press("enter")
        await hand.type("2")
        await hand.press("enter")
        assert "对外公开" in hand.text
        await hand.press("f9")
        await settled(hand)
        (made,) = (hand.app.ws.home / "documents").iterdir()
        assert made.suffix == ".xlsx"
        assert "公开版" in made.name


@pytest.mark.asyncio
async def test_a_refusal_is_said(opened: Open) -> None:
    """No inspection, no circular: the reason and the mend on the status line, no file."""
    async with opened() as hand:
        await shown(hand)
        await hand.press("2", "f9")
        await settled(hand)
        assert "没有办结的检查" in hand.text
        assert not (hand.app.ws.home / "documents").exists() or not list(
            (hand.app.ws.home / "documents").iterdir()
        )


@pytest.mark.asyncio
async def test_what_moved_is_listed(opened: Open, home: Path) -> None:
    """An amended answer: the word 变, what was printed, what it is now."""
    with Workspace.open(home) as ws:
        finished(ws, inspecting.start(ws, "wuzha-xiaoqu", "E-1").inspection.id, fails=1)
    async with opened() as hand:
        await shown(hand)
        await hand.press("2", "f9")
        await settled(hand)
        ws = hand.app.ws
        (row,) = [one for one in inspecting.listing(ws) if one.inspection.finished_hlc]
        sheet = amending.reopen(ws, row.inspection.id, "复核")
        item = next(
            it for it in sheet.items
            if it.type == "check" and not it.critical and sheet.answers[it.id].value == "pass"
        )  # fmt: skip
        inspecting.answer(ws, row.inspection.id, item.id, "fail")
        inspecting.finish(ws, row.inspection.id)
        await hand.press("1")
        await hand.press("enter")
        await settled(hand)
        assert hand.screen.NAME == "reading"
        assert "变  " in hand.text
        assert "印出" in hand.text
        await hand.press("f2")
        assert hand.screen.NAME == "pick"


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_screens_look_as_kept(
    opened: Open,
    size: tuple[int, int],
    language: str,
    golden: Callable[[str, list[str]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The kinds, and what one of them can be asked for."""
    monkeypatch.setenv("FIELDKIT_LANG", language)
    before = "" if language == "zh" else f"{language}-"
    async with opened(size) as hand:
        await shown(hand)
        golden(f"{before}documents-{size[0]}x{size[1]}", hand.lines)
        await hand.press("2")
        golden(f"{before}document-form-{size[0]}x{size[1]}", hand.lines)
