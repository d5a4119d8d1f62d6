"""Asking a terminal: how wide it draws, which keys arrive. Each question has a time limit."""

from __future__ import annotations

import os
import re
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

POSITION = re.compile(rb"\x1b\[(\d{1,5});(\d{1,5})R")
_ONE = re.compile(
    rb"\x1b\[\[[A-E]|\x1b\[[0-9;?]*[A-Za-z~]|\x1bO[A-Za-z]|[\xc0-\xff][\x80-\xbf]+|.", re.DOTALL
)
"""One key, or one character, of what arrived at once."""
ANSWER_SECONDS = 1.0
KEY_SECONDS = 20.0
LINE_SECONDS = 60.0

_F_KEYS = {
    b"\x1bOP": "F1", b"\x1bOQ": "F2", b"\x1bOR": "F3", b"\x1bOS": "F4",
    b"\x1b[11~": "F1", b"\x1b[12~": "F2", b"\x1b[13~": "F3", b"\x1b[14~": "F4",
    b"\x1b[[A": "F1", b"\x1b[[B": "F2", b"\x1b[[C": "F3", b"\x1b[[D": "F4", b"\x1b[[E": "F5",
    b"\x1b[15~": "F5", b"\x1b[17~": "F6", b"\x1b[18~": "F7", b"\x1b[19~": "F8",
    b"\x1b[20~": "F9", b"\x1b[21~": "F10", b"\x1b[23~": "F11", b"\x1b[24~": "F12",
    b"\x1b[A": "Up", b"\x1b[B": "Down", b"\x1b[C": "Right", b"\x1b[D": "Left",
    b"\x1bOA": "Up", b"\x1bOB": "Down", b"\x1bOC": "Right", b"\x1bOD": "Left",
    b"\x1b[5~": "PgUp", b"\x1b[6~": "PgDn", b"\r": "Enter", b"\n": "Enter", b" ": "Space",
    b"\x1b": "Esc", b"\x7f": "Backspace", b"\t": "Tab",
}  # fmt: skip


def can_ask() -> bool:
    """Whether this system lets a terminal be asked."""
    return os.name == "posix"


@contextmanager
def quiet(descriptor: int) -> Iterator[None]:
    """Keys arrive at once and unseen for as long as this lasts; everything is put back after.

    Also when the program is interrupted or told to end, and what the terminal still had to say
    is thrown away, or it would stand in the next command line.
    """
    import termios
    import tty

    before = termios.tcgetattr(descriptor)

    def leave(number: int, _frame: Any) -> None:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    handlers: dict[int, Any] = {}
    try:
        for wanted in (signal.SIGTERM, signal.SIGHUP):
            # Only the main thread may; elsewhere nobody sends signals either.
            with suppress(ValueError):
                handlers[wanted] = signal.signal(wanted, leave)
        tty.setcbreak(descriptor)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
        for number, handler in handlers.items():
            signal.signal(number, handler)


class Asking:
    """Questions to the terminal on two descriptors, inside `quiet`."""

    def __init__(self, reading: int, writing: int, seconds: float = ANSWER_SECONDS) -> None:
        self._reading = reading
        self._writing = writing
        self._seconds = seconds

    def column(self) -> int | None:
        """The column of the cursor, from 1; None when no answer came in time."""
        self._write("\x1b[6n")
        deadline = time.monotonic() + self._seconds
        found = b""
        while (left := deadline - time.monotonic()) > 0:
            piece = _read(self._reading, left)
            if piece is None:
                return None
            found = (found + piece)[-4096:]
            answer = POSITION.search(found)
            if answer:
                return int(answer[2])
        return None

    def width(self, text: str) -> int | None:
        """How many cells the terminal gives a text; None when it does not say."""
        self._write(f"\r\x1b[K{text}")
        column = self.column()
        self._write("\r\x1b[K")
        return None if column is None else column - 1

    def widths(self, texts: Sequence[str]) -> dict[str, int]:
        """The widths of several texts, of none after the first that got no answer."""
        found: dict[str, int] = {}
        for text in texts:
            width = self.width(text)
            if width is None:
                break
            found[text] = width
        return found

    def _write(self, text: str) -> None:
        data = text.encode("utf-8")
        while data:
            data = data[os.write(self._writing, data) :]


def keys(
    reading: int, told: Callable[[str, bytes], None], seconds: float = KEY_SECONDS
) -> list[str]:
    """The keys that arrive until F10, or until none came for so many seconds."""
    arrived: list[str] = []
    while True:
        raw = _read(reading, seconds)
        if not raw:
            return arrived
        if raw.endswith(b"\x1b") and (more := _read(reading, 0.05)):
            # Over a slow line the rest of a key comes a little later.
            raw += more
        for one in _ONE.findall(raw):
            name = key_name(one)
            arrived.append(name)
            told(name, one)
            if name == "F10":
                return arrived


def key_name(raw: bytes) -> str:
    """What a person calls the key that sent these bytes."""
    known = _F_KEYS.get(raw)
    if known:
        return known
    text = raw.decode("utf-8", "replace")
    return text if text.isprintable() else " ".join(f"{byte:02X}" for byte in raw)


def line(reading: int, seconds: float = LINE_SECONDS) -> str | None:
    """One typed line without its end; None when it did not come in time or the input ended."""
    deadline = time.monotonic() + seconds
    found = b""
    while b"\n" not in found and len(found) < 4096:
        piece = _read(reading, deadline - time.monotonic())
        if not piece:
            return None
        found += piece
    return found.partition(b"\n")[0].decode("utf-8", "replace").strip("\r")


def _read(descriptor: int, seconds: float) -> bytes | None:
    """What came within the time; empty at the end of the input, None when nothing came."""
    if seconds <= 0 or not select.select([descriptor], [], [], seconds)[0]:
        return None
    try:
        return os.read(descriptor, 1024)
    except OSError:
        return b""
