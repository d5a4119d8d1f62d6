"""A program on a pseudo-terminal of 80x24, for the benchmarks that look at what is painted."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

BARE = """
import os
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
from textual.app import App
from textual.widgets import Static
class Bare(App):
    n = 0
    def compose(self):
        yield Static("BARE0000")
    def on_key(self, event):
        self.n += 1
        self.query_one(Static).update(f"BARE{self.n:04}")
Bare().run()
"""
"""The least that Textual paints: one Static, changed by each key."""


class Screen:
    """A child that paints; ends with ``close``."""

    def __init__(self, words: list[str], env: dict[str, str]) -> None:
        self.near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.began = time.perf_counter()
        self.pid = os.posix_spawn(
            words[0],
            words,
            {**env, "TERM": "xterm-256color"},
            setsid=True,
            file_actions=[(os.POSIX_SPAWN_DUP2, far, n) for n in range(3)]
            + [(os.POSIX_SPAWN_CLOSE, self.near)],
        )
        os.close(far)

    def until(self, marker: bytes, seconds: float = 60) -> float:
        """Read until these bytes were painted; when they came."""
        seen, end = b"", time.perf_counter() + seconds
        while marker not in seen:
            if not select.select([self.near], [], [], max(0, end - time.perf_counter()))[0]:
                raise SystemExit(f"{marker!r} was never painted; last: {seen[-600:]!r}")
            seen = seen[-200:] + os.read(self.near, 65536)
        return time.perf_counter()

    def drain(self, quiet: float) -> None:
        """Read until nothing has come for so many seconds."""
        while select.select([self.near], [], [], quiet)[0]:
            os.read(self.near, 65536)

    def press(self, key: bytes) -> float:
        """Type a key; when."""
        now = time.perf_counter()
        os.write(self.near, key)
        return now

    def close(self) -> float:
        """End it hard; its CPU seconds until then."""
        os.kill(self.pid, signal.SIGKILL)
        _pid, _status, used = os.wait4(self.pid, 0)
        os.close(self.near)
        return used.ru_utime + used.ru_stime
