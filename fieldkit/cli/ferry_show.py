"""The animated codes on a terminal: painted in place at a steady pace, restored whatever happens.

Keys are those that an input method leaves alone; letters are aliases.
"""

from __future__ import annotations

import os
import queue
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width, cut
from fieldkit_sync.ferry import plan, send
from fieldkit_sync.ferry.plan import MODES, Layout
from fieldkit_sync.ferry.send import Producer, Screen

PACES = (2, 5, 8, 10, 12, 15)
"""Screens a second. Never above two thirds of what a camera takes: the two could beat."""
USUAL = 3
_WHITE = "\x1b[38;2;0;0;0;48;2;255;255;255m"
_ENTER = f"\x1b[?1049h\x1b[?25l{_WHITE}\x1b[2J"
_LEAVE = "\x1b[0m\x1b[?25h\x1b[?1049l"
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""Terminals that know it paint everything between at once; the others take no notice."""
_KEYS = {
    "\x1b[A": "faster", "\x1b[B": "slower", "\x1b[C": "on", "\x1b[D": "on", "\x1b[5~": "denser",
    "\x1b[6~": "sparser", " ": "pause", "1": "mode", "2": "double", "\x1b[21~": "leave",
    "\x03": "leave", "q": "leave", "+": "faster", "-": "slower", "]": "denser", "[": "sparser",
    "m": "mode", "\u3000": "pause", "１": "mode", "２": "double", "＋": "faster", "－": "slower",
}  # fmt: skip


def run(path: Path, *, again: bool = False) -> None:
    """Show a file until somebody leaves. Raises Problem where there is no terminal for it."""
    from fieldkit.work import ferrying

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Problem(
            "no-terminal",
            _("这里不是终端，放不了二维码"),
            mend=_("在终端里运行，或用 fieldkit ferry frames 写成图片。"),
        )
    payload = ferrying.payload_of(path)
    with _terminal() as keys:
        mode: plan.Mode = "bg" if _is_wide() else "lower"
        found = plan.choose(*_room(), mode)
        if found is None:
            found = ferrying.layout_of(os.get_terminal_size())
        show = _Show(ferrying.stream(payload, found, again=again), found)
        with Producer(show.stream, found) as producer:
            show.go(producer, keys)


class _Keys:
    """What was pressed, without waiting longer than asked."""

    def __init__(self) -> None:
        self._held = ""

    def pressed(self, seconds: float) -> str:
        """A word of ``_KEYS``, or nothing."""
        if not self._held and select.select([sys.stdin], [], [], max(seconds, 0))[0]:
            self._held = os.read(sys.stdin.fileno(), 256).decode("utf-8", "replace")
        for length in (6, 5, 4, 3, 2, 1):
            word = _KEYS.get(self._held[:length].lower() if length == 1 else self._held[:length])
            if word and len(self._held) >= length:
                self._held = self._held[length:]
                return word
        self._held = ""
        return ""


@contextmanager
def _terminal() -> Iterator[_Keys]:
    """The terminal made raw and white, and given back as it was, also on signals."""
    if sys.platform == "win32":
        raise Problem(
            "no-terminal",
            _("Windows 上请用 fieldkit ferry frames 写成图片再放"),
            mend=_("或在 WSL 里运行。"),
        )
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    handlers = {}

    def leave(*_signal: object) -> None:
        raise KeyboardInterrupt

    for name in (signal.SIGTERM, signal.SIGHUP):
        handlers[name] = signal.signal(name, leave)
    try:
        tty.setraw(sys.stdin)
        _write(_ENTER)
        yield _Keys()
    except KeyboardInterrupt:
        pass
    finally:
        _write(_LEAVE)
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
        for name, handler in handlers.items():
            signal.signal(name, handler)


def _is_wide() -> bool:
    """Whether this terminal gives a block two cells: then blocks cannot be used."""
    _write("\x1b[1;1H▄\x1b[6n")
    said, until = "", time.monotonic() + 0.3
    while "R" not in said and (left := until - time.monotonic()) > 0:
        if select.select([sys.stdin], [], [], left)[0]:
            said += os.read(sys.stdin.fileno(), 64).decode("ascii", "replace")
    return said.partition("R")[0].endswith(";3")


def _room() -> tuple[int, int]:
    """Columns and rows for the codes: the last row is for words."""
    size = os.get_terminal_size()
    return size.columns, size.lines - 1


def _write(text: str) -> None:
    raw = text.encode()
    while raw:
        raw = raw[os.write(sys.stdout.fileno(), raw) :]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the person chose; 0 leaves it to the window."""

    mode: plan.Mode
    across: int = 0
    version: int = 0


class _Show:
    """The loop: a screen at each beat, keys between them."""

    def __init__(self, stream: send.Stream, layout: Layout) -> None:
        self.stream = stream
        self._layout = layout
        self._wish = _Wish(layout.mode)
        self._pace = USUAL
        self._paused = False
        self._room = _room()
        self._shown = 0
        self._trouble = ""

    def go(self, producer: Producer, keys: _Keys) -> None:
        """Until somebody leaves."""
        beat = time.monotonic()
        while True:
            if self._room != _room():
                self._fit(producer)
            if not self._paused:
                self._paint(producer)
            # Late is late: what was missed is not caught up with.
            beat = max(beat + 1 / PACES[self._pace], time.monotonic())
            if self._wait(beat, producer, keys):
                return

    def _wait(self, until: float, producer: Producer, keys: _Keys) -> bool:
        """Take keys until the next beat; whether somebody leaves."""
        while (left := until - time.monotonic()) > 0:
            word = keys.pressed(left)
            if word == "leave":
                return True
            if word:
                self._press(word, producer)
        return False

    def _press(self, word: str, producer: Producer) -> None:
        step = {"faster": 1, "slower": -1}.get(word)
        if step is not None:
            self._pace = min(max(self._pace + step, 0), len(PACES) - 1)
        elif word == "pause":
            self._paused = not self._paused
        elif word == "on":
            self._paused = True
            self._paint(producer)
        elif word == "mode":
            after = (MODES.index(self._wish.mode) + 1) % len(MODES)
            self._change(replace(self._wish, mode=MODES[after]), producer)
        elif word == "double":
            across = 1 if self._layout.across == 2 else 2
            self._change(replace(self._wish, across=across), producer)
        elif word in ("denser", "sparser"):
            version = self._layout.version + (2 if word == "denser" else -2)
            self._change(replace(self._wish, version=max(version, plan.LEAST)), producer)
        self._words()

    def _fit(self, producer: Producer) -> None:
        self._room = _room()
        self._change(self._wish, producer)

    def _change(self, wish: _Wish, producer: Producer) -> None:
        """Other codes from now on, if the window and the size of a symbol allow them."""
        found = plan.choose(*self._room, wish.mode, across=wish.across, version=wish.version)
        if found is None or plan.net(found.version) < self.stream.size:
            self._trouble = _("放不下：请放大窗口或缩小字号")
            _write(f"{_WHITE}\x1b[2J")
            self._words()
            return
        self._trouble = ""
        self._wish, self._layout = wish, found
        producer.change(found)
        _write(f"{_WHITE}\x1b[2J")
        if self._paused:
            self._paint(producer)

    def _paint(self, producer: Producer) -> None:
        try:
            screen = producer.take(timeout=1)
        except queue.Empty:
            return
        if screen.layout.cells[0] > self._room[0] or screen.layout.cells[1] > self._room[1]:
            return
        self._shown += 1
        _write(_BEGIN + "".join(self._lines(screen)) + self._status() + _END)

    def _lines(self, screen: Screen) -> Iterator[str]:
        left = (self._room[0] - screen.layout.cells[0]) // 2 + 1
        for row, line in enumerate(screen.lines, 1):
            yield f"\x1b[{row};{left}H{line}"

    def _words(self) -> None:
        _write(self._status())

    def _status(self) -> str:
        """One line below the codes: how far, how fast, what can be pressed."""
        pace = PACES[self._pace]
        once = send.seconds(len(self.stream.payload), self._layout, pace)
        text = self._trouble or _("{sent}/{k} 块  约 {seconds:.0f} 秒一遍  {pace} 屏/秒").format(
            sent=self.stream.sent, k=self.stream.k, seconds=once, pace=pace
        )
        keys = _("空格停  上下快慢  PgUp/Dn疏密  1画法  2双码  F10离开")
        if self._paused:
            keys = _("空格接着放  左右一屏  F10离开")
        line = cut(f" {text}  {keys}", self._room[0] - 1)
        pad = " " * max(self._room[0] - 1 - cell_width(line), 0)
        return f"\x1b[{self._room[1] + 1};1H{_WHITE}{line}{pad}"
