"""Whatever is typed or pasted into any field: rows keep their width, nothing is interpreted."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from textual.events import Key, Paste

from fieldkit.domain.checklist import Checklist, Grade, Item, Section
from fieldkit.errors import Problem
from fieldkit.text.plain import composed, first_control
from fieldkit.text.width import cell_width
from fieldkit.tui.app import FieldApp
from fieldkit.tui.screens.base import FieldScreen
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.work import bookmarks, inspecting, sites
from fieldkit.work.workspace import Workspace

EXAMPLES = int(os.environ.get("FIELDKIT_TYPING_EXAMPLES", "2"))
REGISTER = (
    "kind,code,name,parent,division,grid,address,floor,registered\n"
    "village,9901,听枫社区（演示）,,990121101001,,,,\n"
    "estate,E-1,鹭汀花园（演示）,9901,,,鹭汀路6号,,\n"
    "building,B-1,1栋,E-1,,,,,\n"
    "door,B-1-101,101,B-1,,,,1,1\n"
)

PIECES = st.one_of(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6),
    st.text(st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E), min_size=1, max_size=4),
    st.sampled_from(["👨\u200d👩\u200d👧", "☎\ufe0f", "❤️", "🇨🇳", "1\ufe0f\u20e3", "𠮷", "①", "·"]),
    st.sampled_from(["[red]x[/]", "[/]", "[@click=app.quit]q[/]", "\\[b]", "{n}", "%s", "$HOME"]),
    st.sampled_from(["\x1b[31m", "\x1b]0;t\x07", "\x9b2J", "\r", "\n", "\t", "\x00", "\x7f"]),
    st.sampled_from(["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\u2028", "\ufffe"]),
    st.sampled_from(["e\u0301", "a\u0300\u0301\u0302", "\u0301", "\u3099", "ก็", "ﷺ", "\u3164"]),
    st.text(max_size=4),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=6).map("".join)


@dataclass(frozen=True, slots=True)
class Field:
    """A field, the keys that lead to it from the first screen, and what of it is kept."""

    name: str
    way: tuple[str, ...]
    kept: Callable[[Any], str | None] | None = None
    """Of the screen after Enter: the text on disk; without it only the glass is looked at."""


def note(screen: Any) -> str | None:
    """The note of the first item."""
    return str(inspecting.sheet(screen.ws, screen.ref).answers["A1"].note)


def line(screen: Any) -> str | None:
    """The answer to the text item."""
    answer = inspecting.sheet(screen.ws, screen.ref).answers.get("A2")
    return answer.value if answer else None


#: A new field is one line here. ``=text`` presses the number of the home's row with that text.
FIELDS = (
    Field("note", ("=继续", "up", "up", "up", "f6"), note),
    Field("text item", ("=继续", "up", "up", "up", "down"), line),
    Field("evidence", ("=继续", "up", "up", "up", "f7")),
    Field("find an item", ("=继续", "f8", "=找题")),
    Field("draw of a sample", ("=继续", "up", "up", "up", "down", "down", "f8", "=抽号")),
    Field("filter", ("=新的检查",)),
    Field("sites", ("=单位底册",)),
    Field("facts of a slip", ("=单位底册", "down", "enter", "4", "down", "down")),
    Field("line of buildings", ("=单位底册", "down", "enter", "5")),
    Field("note at a door", ("=楼栋与入户", "enter", "f6")),
)


def home(folder: Path) -> Path:
    """A home with an inspection of three items begun, the first answered."""
    place, table = folder / "home", folder / "register.csv"
    table.write_text(REGISTER, "utf-8")
    items = (
        Item("A1", "s", "公示栏", "check", weight=1),
        Item("A2", "s", "看到的", "text"),
        Item("A3", "s", "抽查", "sample", params={"draw": 3}),
    )
    listed = Checklist(
        "t", "1", "试", "", "", "", "guidance", (), "",
        (Grade("g", "达标", 0),), (Section("s", "节", items),), {},
    )  # fmt: skip
    with Workspace.open(place) as ws:
        assert not sites.import_register(ws, table).rejected
        begun = inspecting.begin(ws, listed, "E-1")
        inspecting.answer(ws, begun.inspection.id, "A1", "pass")
        bookmarks.remember(ws, "inspection", begun.inspection.id)
    return place


@asynccontextmanager
async def at_field(field: Field, place: Path) -> AsyncIterator[tuple[FieldApp, Any]]:
    """The app with the field under the caret."""
    with Workspace.open(place) as ws:
        app = FieldApp(ws)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await go(app, pilot, field.way)
            yield app, pilot


async def settled(pilot: Any) -> None:
    """All messages done and painted."""
    await pilot.pause()
    await pilot.pause()


async def go(app: FieldApp, pilot: Any, way: tuple[str, ...]) -> None:
    """Press the keys of a way."""
    for step in way:
        key = step
        if step.startswith("="):
            row = next(row for row in rows(app)[2:] if step[1:] in row)
            key = row.split()[0]
        await pilot.press(key)
        await settled(pilot)


def rows(app: FieldApp) -> list[str]:
    """The painted rows, whole."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def check_glass(app: FieldApp) -> None:
    """Every row is as wide as the screen, and nothing that steers a terminal is in it."""
    strips = app.screen._compositor.render_strips()
    for strip in strips:
        text = "".join(segment.text for segment in strip)
        assert strip.cell_length == 80, repr(text)
        assert cell_width(text) == 80, repr(text)
        steering = first_control(text)
        assert steering is None, repr(text)


async def put_in(app: FieldApp, pilot: Any, text: str, pasted: bool) -> str:
    """Paste or type the text into the empty editor; gives what the editor holds of it."""
    editor = app.screen.query_one(LineEditor)
    assert editor.has_focus
    editor.fill("")
    if pasted:
        editor.post_message(Paste(text))
    else:
        for character in text:
            app.post_message(Key("x", character))
    await settled(pilot)
    return editor.value


def run(work: Callable[[], Awaitable[None]]) -> None:
    """A coroutine in a loop of its own."""
    asyncio.run(work())  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(st.tuples(TEXTS, st.booleans()), min_size=3, max_size=3))
@example(
    texts=[
        ("[red]x[/] \x1b[31m红", True),
        ("👨\u200d👩\u200d👧 ☎\ufe0f 1\ufe0f\u20e3", True),
        ("\u202e倒\u2066写", True),
        ("e\u0301 が ﷺ", False),
        ("[b]粗[/b]，１２３", False),
        ("汉" * 60, True),
    ]
)
def test_anything_may_be_typed(field: Field, texts: list[tuple[str, bool]]) -> None:
    """Rows keep their width; what is kept is what was typed, or a refusal says why."""

    async def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            place = home(Path(folder))
            for text, pasted in texts:
                async with at_field(field, place) as (app, pilot):
                    held = await put_in(app, pilot, text, pasted)
                    check_glass(app)
                    await pilot.press("enter")
                    await settled(pilot)
                    check_glass(app)
                    if field.kept is None:
                        continue
                    screen = app.screen
                    assert isinstance(screen, FieldScreen)
                    kept = field.kept(screen) or ""
                    if kept != composed(held):
                        # Not kept: then the status line says why, and the line is still there.
                        assert screen.status.text, repr(held)
                        assert "已存" not in screen.status.text

    run(work)


def test_a_refusal_is_one_sentence(tmp_path: Path) -> None:
    """What hides or steers is refused by the work layer too, in one line."""
    place = home(tmp_path)
    with Workspace.open(place) as ws:
        ref = str(bookmarks.recall(ws, "inspection"))
        for bad in ("\x1b[31m", "a\u202eb", "a\u200bb", "x\u2028y"):
            with pytest.raises(Problem) as caught:
                inspecting.answer(ws, ref, "A1", "pass", note=bad)
            assert caught.value.code == "note-control"
            assert "\n" not in caught.value.sentence()
