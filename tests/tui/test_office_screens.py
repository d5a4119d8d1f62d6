"""The office's desk by keys that an input method leaves: inbox, disputes, devices, merges."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.tui.app import FieldApp
from fieldkit.tui.screens.office import OfficeScreen
from fieldkit.work import (
    bundles,
    devices,
    grants,
    inspecting,
    offices,
    places,
    settling,
    sites,
    visiting,
)
from fieldkit.work.workspace import Workspace

from .conftest import Hand, register

Desk = Callable[..., Any]


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """An office's home, and a folder with two good bundles that disagree and a broken one."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:42:07+08:00")
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    table, box = tmp_path / "r.csv", tmp_path / "inbox"
    table.write_text(register(), "utf-8")
    box.mkdir()
    office = Workspace.open(tmp_path / "office")
    offices.init(office, "澜渡镇联席办（演示）")
    lines: list[Any] = []
    for name in ("甲", "乙"):
        with Workspace.open(tmp_path / name) as ws:
            if lines:
                ws.store.ingest(lines)
            else:
                sites.import_register(ws, table)
                lines = list(ws.store.events())
            visiting.log(ws, "B-1-101", "met")
            told = places.told(ws, sites.find(ws, "B-1")) | {"name": f"{name}栋"}
            places.put(ws, told, code="B-1")
            card, grant = tmp_path / f"{name}.card", tmp_path / f"{name}.grant"
            card.write_text(devices.card(ws), "utf-8")
            offices.enrol(office, card, grant)
            grants.receive(ws, grant)
            made = bundles.create(ws, box)
            assert made.path is not None
    whole = next(box.iterdir()).read_bytes()
    (box / "cut.fkb.zip.age").write_bytes(whole[: len(whole) // 2])
    office.close()
    return tmp_path / "office", box


@asynccontextmanager
async def desk(home: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Hand]:
    """The office's desk over the first screen."""
    with Workspace.open(home) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=size) as pilot:
            hand = Hand(app, pilot)
            await settled(hand)
            app.push_screen(OfficeScreen())
            await settled(hand)
            yield hand


async def settled(hand: Hand) -> None:
    """Threads done and painted."""
    await hand.app.workers.wait_for_complete()
    for _turn in range(3):
        await hand.pilot.pause()


@pytest.mark.asyncio
async def test_from_the_inbox_to_peace(inbox: tuple[Path, Path]) -> None:
    """Looked at, merged, told what to do, the dispute settled, the merge taken back and in."""
    home, box = inbox
    async with desk(home) as hand:
        await hand.press("1")
        await hand.type(str(box))
        await hand.press("enter")
        await settled(hand)
        assert "有新内容 2 个，收过 0 个，要拒收 1 个" in hand.text
        assert "文件不完整" in hand.text
        assert "重新拷贝" in hand.text
        await hand.press("1")
        await settled(hand)
        assert "新合并 2 个" in hand.text
        assert "到“冲突”里选定" in hand.text
        await hand.press("f2")
        assert "1 处" in hand.text
        await hand.press("2", "1")
        assert "甲栋" in hand.text
        assert "乙栋" in hand.text
        await hand.press("2")
        await settled(hand)
        assert "没有冲突" in hand.text
        assert settling.count(hand.screen.ws) == 0
        await hand.press("f2", "5", "1", "1")
        await settled(hand)
        assert "已撤回" in hand.text
        await hand.press("1", "1")
        await settled(hand)
        assert "生效" in hand.text


@pytest.mark.asyncio
async def test_nothing_new_is_not_merged(inbox: tuple[Path, Path], tmp_path: Path) -> None:
    """A folder without bundles, a path that is none."""
    home, _box = inbox
    async with desk(home) as hand:
        await hand.press("1", "enter")
        assert "不是一个文件路径" in hand.text
        empty = tmp_path / "empty"
        empty.mkdir()
        await hand.type(str(empty))
        await hand.press("enter")
        await settled(hand)
        assert "这里没有数据包" in hand.text
        assert hand.screen.mode == "path"


@pytest.mark.asyncio
async def test_devices_that_never_came_stand_first(inbox: tuple[Path, Path]) -> None:
    """Both enrolled, nothing submitted: each says what to do."""
    home, _box = inbox
    async with desk(home) as hand:
        assert "2 台，2 台 7 天以上没交" in hand.text
        await hand.press("4")
        assert hand.text.count("从没交过") == 2
        await hand.press("enter")
        assert "bundle create" in hand.text


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [(46, 20), (80, 24), (120, 40)])
async def test_in_english_at_every_size(
    inbox: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """The same numbers lead to the same screens, and no Chinese is left but names."""
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    home, _box = inbox
    async with desk(home, size) as hand:
        for key in ("1", "2", "3", "4", "5"):
            await hand.pilot.press(key)
            await asyncio.sleep(0)
            await settled(hand)
            told = "".join(hand.lines[1:-2])
            for name in ("澜渡镇联席办（演示）", "未命名设备"):
                told = told.replace(name, "")
            assert not [sign for sign in told if "\u4e00" <= sign <= "\u9fff"], told
            await hand.pilot.press("f2")
            await settled(hand)


@pytest.mark.asyncio
async def test_a_device_has_no_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The home of an inspector does not offer it."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    with Workspace.open(tmp_path / "device") as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            hand = Hand(app, pilot)
            await settled(hand)
            assert "办公室" not in hand.text


@pytest.mark.asyncio
async def test_a_record_is_sent_back_and_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F9 at the office with a reason; the result says so, the finished list puts it first."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:42:07+08:00")
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    table = tmp_path / "r.csv"
    table.write_text(register(), "utf-8")
    with Workspace.open(tmp_path / "office") as ws:
        offices.init(ws, "澜渡镇联席办（演示）")
        sites.import_register(ws, table)
        ref = inspecting.start(ws, "building-sweep", "B-1").inspection.id
        for item in inspecting.sheet(ws, ref).items:
            typed = {"external": "met:虚函1:2026-11-17", "text": "有", "check": "pass"}
            if item.type != "info":
                inspecting.answer(ws, ref, item.id, typed.get(item.type, "na"))
        inspecting.finish(ws, ref)
    with Workspace.open(tmp_path / "office") as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            hand = Hand(app, pilot)
            await settled(hand)
            await hand.press(hand.number_of("已完成的检查"), "1", "f9", "enter")
            assert "退回要写明理由" in hand.text
            await hand.type("SL02 没有照片")
            await hand.press("enter")
            assert "办公室退回更正" in hand.text
            assert "SL02 没有照片" in hand.text
            await hand.press("f2")
            await settled(hand)
            assert "退回 1" in hand.text
            await hand.press(hand.number_of("已完成的检查"))
            assert "退回更正" in hand.text


@pytest.mark.asyncio
async def test_a_dispatch_for_everybody(inbox: tuple[Path, Path], tmp_path: Path) -> None:
    """What would go is told; one file is written; a folder that is none is refused at once."""
    home, box = inbox
    stick = tmp_path / "stick"
    stick.mkdir()
    async with desk(home) as hand:
        await hand.press("6")
        await hand.type(str(tmp_path / "nowhere"))
        await hand.press("enter")
        assert "不是一个文件夹" in hand.text
        await hand.type(str(stick))
        await hand.press("enter")
        await settled(hand)
        assert "设备 2 台" in hand.text
        await hand.press("1")
        await settled(hand)
        assert "下发文件写好了" in hand.text
    (path,) = stick.iterdir()
    with Workspace.open(tmp_path / "甲") as ws:
        assert grants.receive(ws, path).receipts == 1
    assert box.is_dir()


@pytest.mark.asyncio
async def test_a_merge_is_stopped_and_goes_on_later(
    inbox: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """F2 while files come in: what is in stays and is told, the rest is merged the next time."""
    home, box = inbox
    async with desk(home) as hand:
        await hand.press("1")
        await hand.type(str(box))
        await hand.press("enter")
        await settled(hand)
        screen: Any = hand.screen
        begin = screen._begin

        def begun(*, dry: bool) -> None:
            begin(dry=dry)
            screen.cancel("f2")

        monkeypatch.setattr(screen, "_begin", begun)
        await hand.press("1")
        await settled(hand)
        assert "中途停下了" in hand.text
        monkeypatch.undo()
        await hand.type(str(box))
        await hand.press("enter")
        await settled(hand)
        await hand.press("1")
        await settled(hand)
        assert "中途停下了" not in hand.text
        assert "拒收 1 个" in hand.text
