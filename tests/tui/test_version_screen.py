"""A draft that meets a newer version of its checklist: told in full, and nothing without a yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.library.load import load_file
from fieldkit.tui.app import FieldApp
from fieldkit.tui.screens.inspect import InspectScreen
from fieldkit.tui.screens.version import VersionScreen
from fieldkit.work import bookmarks, inspecting
from fieldkit.work.previewing import STRAIGHT, preview_home
from fieldkit.work.workspace import Workspace

from .conftest import screen_lines

OLD = """\
id: draft-list
version: "2026.11"
kind: record
title: 改版的表
sections:
  - id: a
    title: 甲
    items:
      - {id: A1, text: 门口有没有标识, type: check}
      - {id: A2, text: 有几份资料, type: count}
      - {id: A3, text: 以后不问的, type: check}
"""
NEW = (
    OLD.replace("2026.11", "2026.12")
    .replace("有几份资料", "现场可取几份资料")
    .replace("{id: A3, text: 以后不问的, type: check}", "{id: A4, text: 新问的, type: check}")
)


@pytest.mark.asyncio
@pytest.mark.parametrize("key", ["1", "2"])
async def test_a_newer_version_is_told_and_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """One answer carried, one to be given again, one retired, one new; 2 leaves all as it was."""
    file = tmp_path / "draft-list.yaml"
    file.write_text(OLD, "utf-8")
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(tmp_path))
    with preview_home(load_file(file)) as home, Workspace.open(home) as ws:
        ref = str(bookmarks.recall(ws, STRAIGHT))
        for item, value in (("A1", "pass"), ("A2", "12"), ("A3", "fail")):
            inspecting.answer(ws, ref, item, value)
        bookmarks.remember(ws, STRAIGHT, "")
        bookmarks.remember(ws, "inspection", ref)
        file.write_text(NEW, "utf-8")
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(app.screen, VersionScreen)
            text = "\n".join(screen_lines(app))
            for words in ("2026.12", "2026.11", "沿用 1 题", "要重答 1 题", "停用但保留 1 题"):
                assert words in text
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(app.screen, InspectScreen)
            sheet = app.screen.sheet
            if key == "1":
                assert sheet.inspection.checklist_version == "2026.12"
                assert [item.id for item in sheet.items] == ["A1", "A2", "A4"]
                assert (sheet.value("A1"), sheet.value("A2")) == ("pass", None)
            else:
                assert sheet.inspection.checklist_version == "2026.11"
                assert (sheet.value("A1"), sheet.value("A2")) == ("pass", "12")
