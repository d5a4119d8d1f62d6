"""The real program in a real pseudo-terminal: killed hard, it comes back to the same item."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from fieldkit.work import bookmarks
from fieldkit.work.workspace import Workspace

Open = Callable[..., AbstractAsyncContextManager[Any]]
PROGRAM = (
    "import sys, pathlib; from fieldkit.tui import run; sys.exit(run(pathlib.Path(sys.argv[1])))"
)


class Terminal:
    """The program on a pseudo-terminal of 80x24."""

    def __init__(self, home: Path) -> None:
        pty = pytest.importorskip("pty")
        self.near, far = pty.openpty()
        import fcntl
        import struct
        import termios

        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(home)],
            stdin=far,
            stdout=far,
            stderr=far,
            env=env,
            start_new_session=True,
        )
        os.close(far)
        self.seen = ""

    def until(self, text: str, seconds: float = 30) -> None:
        """Read until the text has been drawn."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < end, self.seen[-2000:]
            if select.select([self.near], [], [], 0.1)[0]:
                self.seen += os.read(self.near, 65536).decode(errors="replace")

    def send(self, keys: str) -> None:
        """Type; what was seen before is forgotten."""
        self.seen = ""
        os.write(self.near, keys.encode())


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
