"""A home with one estate and one building, and a hand that presses only what the bar shows."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.tui import ime

ime.prepare()

from textual import _wait  # noqa: E402
from textual.events import Key  # noqa: E402
from textual.keys import _character_to_key  # noqa: E402

from fieldkit.text.width import cell_width  # noqa: E402
from fieldkit.tui.app import FieldApp  # noqa: E402
from fieldkit.tui.screens import pick  # noqa: E402
from fieldkit.tui.screens.base import FieldScreen  # noqa: E402
from fieldkit.tui.widgets.line_editor import LineEditor  # noqa: E402
from fieldkit.work import sites  # noqa: E402
from fieldkit.work.workspace import Workspace  # noqa: E402

# A pause of the pilot samples the processor's time until nothing works any more; the usual twenty
# milliseconds a sample are most of what these tests take.
_wait.SLEEP_GRANULARITY = 1 / 200
_wait.SLEEP_IDLE = _wait.SLEEP_GRANULARITY / 20

pick.COUNT_AFTER = 0.001

NOW = "2026-11-23T10:42:07+08:00"
TYPED = {
    "recency": "2026-11-01",
    "date": "2026-11-01",
    "sample": "9/10",
    "ratio": "312/312",
    "count": "12",
    "number": "12",
    "text": "看过",
}

HEAD = "kind,code,name,parent,division,grid,address,floor,registered"


def register() -> str:
    """A fictional estate with one building of six floors and four doors each."""
    rows = [
        HEAD,
        "village,9901,听枫社区（演示）,,990121101001,,,,",
        "estate,E-1,鹭汀花园（演示）,9901,,,澜渡镇鹭汀路6号,,",
        "courier,K-1,雁书速递澜渡网点（演示）,9901,,,鹭汀路40号,,",
        "building,B-1,鹭汀花园1栋（演示）,E-1,,,鹭汀路6号,,",
    ]
    for floor in range(6, 0, -1):
        for place in range(1, 5):
            door = f"{floor}{place:02}"
            held = int(place != 4)
            rows.append(f"door,B-1-{door},{door},B-1,,,,{floor},{held}")
    return "\n".join(rows) + "\n"


def screen_lines(app: FieldApp) -> list[str]:
    """The screen as text; the only place that reads textual's compositor."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


class Hand:
    """Presses keys as a person would: only what the key bar shows, or text into an editor."""

    def __init__(self, app: FieldApp, pilot: Any) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> FieldScreen:
        """The screen on top."""
        screen = self.app.screen
        assert isinstance(screen, FieldScreen)
        return screen

    @property
    def lines(self) -> list[str]:
        """What can be read."""
        return screen_lines(self.app)

    @property
    def text(self) -> str:
        """All of it as one text."""
        return "\n".join(self.lines)

    @property
    def offered(self) -> set[str]:
        """The keys that the bar tells of, each caption checked against the drawn rows."""
        bar = "\n".join(self.lines[-2:])
        drawn = self.screen.key_bar.drawn()
        assert all(command.caption in bar for command in drawn)
        return {key for command in drawn for key in command.named}

    async def press(self, *keys: str) -> None:
        """Press keys that the bar shows at that moment."""
        for key in keys:
            await self.pilot.pause()
            assert key in self.offered, f"{key} not on the bar:\n{self.text}"
            await self.pilot.press(key)
            await self.pilot.pause()
            assert all(cell_width(line) <= self.app.size.width for line in self.lines)

    async def type(self, text: str) -> None:
        """Write into the editor, replacing what is there."""
        editor = self.screen.query_one(LineEditor)
        assert editor.has_focus, f"no editor to type into:\n{self.text}"
        for _ in range(len(editor.value)):
            await self.pilot.press("backspace")
        for character in text:
            self.app.post_message(Key(_character_to_key(character), character))
            await self.pilot.pause()

    async def begin(self, site: str = "鹭汀花园", checklist: str = "无诈小区") -> None:
        """From home into a new inspection, the way a person goes."""
        await self.press(self.number_of("新的检查"))
        await self.type(site)
        await self.press("enter")
        await self.press(self.number_of(checklist))
        await self.press("1")

    def number_of(self, text: str) -> str:
        """The digit at the front of the row with this text."""
        row = next(line for line in self.lines[2:] if text in line)
        return row.split()[0]

    async def answer(self) -> None:
        """Answer the current item in the usual way, with keys from the bar."""
        screen: Any = self.screen
        if screen.mode == "external":
            await self.press("1")
            await self.type("岫公函12号")
            await self.press("enter")
            await self.type("20261120")
            await self.press("enter")
        elif screen.mode == "choices":
            for n in range(1, 1 + self._options(screen)):
                await self.press(str(n))
            await self.press("enter")
        elif screen.mode == "line":
            await self.type(TYPED[screen.item.type])
            await self.press("enter")
        else:
            await self.press("1")

    @staticmethod
    def _options(screen: Any) -> int:
        return len(screen.item.options)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the fictional register, its clock standing still."""
    monkeypatch.setenv("FIELDKIT_NOW", NOW)
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    table = tmp_path / "register.csv"
    table.write_text(register(), encoding="utf-8")
    folder = tmp_path / "home"
    with Workspace.open(folder) as ws:
        imported = sites.import_register(ws, table)
        assert not imported.rejected
    return folder


Open = Callable[..., AbstractAsyncContextManager[Hand]]


@pytest.fixture
def opened(home: Path) -> Open:
    """Opens the screens over the home at a size; the app ends without any goodbye."""

    @asynccontextmanager
    async def open_at(size: tuple[int, int] = (80, 24), folder: Path = home) -> AsyncIterator[Hand]:
        with Workspace.open(folder) as ws:
            app = FieldApp(ws)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await asyncio.sleep(0)
                yield Hand(app, pilot)

    return open_at


@pytest.fixture
def golden() -> Callable[[str, list[str]], None]:
    """Compares screen lines with a kept text; FIELDKIT_GOLDEN=1 writes it anew."""
    folder = Path(__file__).parent / "golden"

    def compare(name: str, lines: list[str]) -> None:
        path = folder / f"{name}.txt"
        text = "\n".join(lines) + "\n"
        if os.environ.get("FIELDKIT_GOLDEN"):
            folder.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), name

    return compare
