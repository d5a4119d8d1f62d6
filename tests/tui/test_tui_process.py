"""The real program in a real pseudo-terminal: killed hard, it comes back to the same item."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.work import bookmarks
from fieldkit.work.workspace import Workspace

from ..terminal import Terminal  # noqa: TID252 (tests are no package on the path)

Open = Callable[..., AbstractAsyncContextManager[Any]]


@pytest.mark.asyncio
async def test_kill_and_come_back(opened: Open, home: Path) -> None:
    """SIGKILL right after an answer: the answer is there and Enter lands on the next item."""
    async with opened() as hand:
        await hand.begin()
        while hand.screen.item.type != "check":
            await hand.press("down")
    first = Terminal(home)
    first.until("继续")
    first.send("\r")
    first.until("XQ04")
    first.send("1")
    first.until("已存")
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    with Workspace.open(home) as ws:
        assert bookmarks.recall(ws, "inspection")
    again = Terminal(home)
    again.until("继续")
    again.send("\r")
    again.until("XQ05")
    again.send("\x1b[21~")
    assert again.process.wait(30) == 0


def test_kitty_keyboard_is_off_unless_asked_for() -> None:
    """The variable is set before textual is imported, and a person's own choice is kept."""
    code = (
        "import os, sys; from fieldkit.tui import ime; ime.prepare();"
        "assert 'textual' not in sys.modules; print(os.environ['TEXTUAL_DISABLE_KITTY_KEY'])"
    )
    for given, want in ((None, "1"), ("0", "0")):
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        env.pop("TEXTUAL_DISABLE_KITTY_KEY", None)
        if given:
            env["TEXTUAL_DISABLE_KITTY_KEY"] = given
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
        assert done.stdout.strip() == want, done.stderr
