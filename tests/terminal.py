"""The real program on a pseudo-terminal, and what a person would see painted there."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

PROGRAM = (
    "import sys, pathlib; from fieldkit.tui import run; sys.exit(run(pathlib.Path(sys.argv[1])))"
)
SYNC_ASKED, SYNC_KNOWN = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
FRAME_END = b"\x1b[?2026l"


class Terminal:
    """The program on a terminal of 80x24 that shows whole frames only, as good ones do.

    ``rows`` is what stands on the screen. ``on_frame`` is called with it at every whole frame,
    so nothing is judged by half a frame.
    """

    def __init__(
        self,
        home: Path,
        on_frame: Callable[[list[str]], None] | None = None,
        program: str = PROGRAM,
    ) -> None:
        self.near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, str(home)],
            stdin=far,
            stdout=far,
            stderr=far,
            env=env,
            start_new_session=True,
            # Its controlling terminal, so that closing it hangs up.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(far)
        self.seen = ""
        self._on_frame = on_frame or (lambda _rows: None)
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._raw = b""

    @property
    def rows(self) -> list[str]:
        """The rows of the last whole frame."""
        return [row.rstrip() for row in self._screen.display]

    def read(self, seconds: float = 0.1) -> bool:
        """Take in what was written within so many seconds; False when the program is gone."""
        if not select.select([self.near], [], [], seconds)[0]:
            return True
        try:
            chunk = os.read(self.near, 65536)
        except OSError:
            return False
        self.seen += chunk.decode(errors="replace")
        self._raw += chunk
        if SYNC_ASKED in self._raw:
            self._raw = self._raw.replace(SYNC_ASKED, b"")
            os.write(self.near, SYNC_KNOWN)
        while FRAME_END in self._raw:
            frame, _end, self._raw = self._raw.partition(FRAME_END)
            self._stream.feed(frame)
            self._on_frame(self.rows)
        return bool(chunk)

    def drain(self) -> None:
        """Take in whatever the program had written before it ended."""
        while self.read(5):
            pass

    def until(self, text: str, seconds: float = 30) -> None:
        """Read until the text has been drawn since the last keys."""
        self.wait_for(lambda: text in self.seen, seconds)

    def wait_for(self, arrived: Callable[[], bool], seconds: float = 30) -> None:
        """Read until something has come about."""
        end = time.monotonic() + seconds
        while not arrived():
            shown = "\n".join(self.rows) + "\n" + self.seen[-2000:]
            assert time.monotonic() < end, shown
            assert self.read(), shown

    def send(self, keys: str) -> None:
        """Type; what was seen before is forgotten."""
        self.seen = ""
        os.write(self.near, keys.encode())

    def kill(self, number: int = signal.SIGKILL) -> int:
        """Send a signal, take in the last words, give the exit code."""
        os.kill(self.process.pid, number)
        self.drain()
        return self.process.wait(30)

    def hang_up(self) -> int:
        """Close the terminal under the program, as a closed window does; the exit code."""
        os.close(self.near)
        return self.process.wait(30)
