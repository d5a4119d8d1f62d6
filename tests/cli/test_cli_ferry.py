"""``fieldkit ferry``: pictures out, pictures and typed lines back in, and the screen itself."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from PIL import Image

from fieldkit_sync.ferry import base45, frame, plan
from fieldkit_sync.ferry.receive import Receiver
from fieldkit_sync.ferry.scan import Scanner
from fieldkit_sync.ferry.send import Stream

from .line import Line

COLUMNS, ROWS = 120, 40


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    """A command line; the ferry needs no home."""
    return Line(tmp_path / "home", capsys)


@pytest.fixture
def parcel(tmp_path: Path) -> Path:
    """A file to be carried."""
    path = tmp_path / "parcel.age"
    path.write_bytes(random.Random(7).randbytes(6000))
    return path


def test_pictures_there_and_back(line: Line, tmp_path: Path, parcel: Path) -> None:
    """Enough pictures that some may be lost, in any order, one by one or as a folder."""
    told = line.json("ferry", "frames", str(parcel), "-o", str(tmp_path / "f"), "--cells", "120x40")
    files = sorted((tmp_path / "f").iterdir())
    assert told["frames"] == len(files)
    assert (told["bytes"], told["version"]) == (6000, 13)
    out = tmp_path / "back"
    done = line.json("ferry", "read", str(tmp_path / "f"), "-o", str(out))
    assert out.read_bytes() == parcel.read_bytes()
    assert (done["file"], done["bytes"]) == (str(out), 6000)
    assert 0 < done["frames_used"] <= done["frames_seen"]
    chance = random.Random(3)
    chance.shuffle(files)
    some = [str(path) for path in files[1:] + files[:3]]
    line.json("ferry", "read", *some, "-o", str(out))
    assert out.read_bytes() == parcel.read_bytes()


def test_too_few_is_said_with_what_is_missing(line: Line, tmp_path: Path, parcel: Path) -> None:
    """Code 1, how much is there, nothing written."""
    line.json("ferry", "frames", str(parcel), "-o", str(tmp_path / "f"), "--count", "3")
    out = tmp_path / "back"
    line.words("ferry", "read", str(tmp_path / "f"), "-o", str(out), code=1)
    assert "还差" in line.err
    assert not out.exists()


def test_a_scanner_that_types(
    line: Line, tmp_path: Path, parcel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines on standard input, some twice, some mangled, with an input method that widens them."""
    stream = Stream(parcel.read_bytes(), plan.net(10))
    texts = [frame.to_text(frame.write(stream.next_frame(plan.net(10)))) for _n in range(40)]
    texts.insert(3, "hello")
    texts.insert(5, texts[4][:50])
    wide = {ord(sign): ord(sign) + 0xFEE0 for sign in base45.ALPHABET if sign != " "}
    texts[7] = texts[7].translate(wide)
    monkeypatch.setattr(sys, "stdin", [text + "\r\n" for text in texts])
    out = tmp_path / "back"
    line.json("ferry", "read", "-", "-o", str(out))
    assert out.read_bytes() == parcel.read_bytes()


def test_bad_wishes_are_one_sentence(line: Line, tmp_path: Path, parcel: Path) -> None:
    """No picture, no file, too large, too small a window, no terminal."""
    empty, large = tmp_path / "empty", tmp_path / "large"
    empty.write_bytes(b"")
    large.write_bytes(bytes(frame.MAX_PAYLOAD + 1))
    there = str(tmp_path / "o")
    for words in (
        ["read", str(parcel), "-o", there],
        ["read", str(tmp_path / "none.png"), "-o", there],
        ["frames", str(empty), "-o", there],
        ["frames", str(large), "-o", there],
        ["frames", str(parcel), "-o", there, "--cells", "20x10"],
        ["frames", str(parcel), "-o", there, "--cells", "wide"],
        ["show", str(parcel)],
    ):
        line.words("ferry", *words, code=2)
        assert line.err.strip().count("\n") == 0, words
    assert not Path(there).exists()


class Cells:
    """A terminal that knows what the ferry writes: places, two colours, blocks."""

    def __init__(self) -> None:
        self.dark = [[(False, False)] * COLUMNS for _row in range(ROWS)]
        self._row = self._column = 0
        self._front, self._back = True, False
        self._rest = ""

    def feed(self, text: str) -> None:
        """Take what was written."""
        text = self._rest + text
        at = 0
        pattern = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|([^\x1b])", re.DOTALL)
        while at < len(text):
            found = pattern.match(text, at)
            if found is None:
                break
            at = found.end()
            if found[3] is not None:
                self._put(found[3])
            else:
                self._told(found[1], found[2])
        self._rest = text[at:]

    def _told(self, numbers: str, word: str) -> None:
        if word == "H":
            row, _semicolon, column = numbers.partition(";")
            self._row, self._column = int(row or 1) - 1, int(column or 1) - 1
        elif word == "J":
            self.dark = [[(self._back, self._back)] * COLUMNS for _row in range(ROWS)]
        elif word == "m":
            for kind, level in re.findall(r"([34])8;2;(\d+);\d+;\d+", numbers):
                if kind == "3":
                    self._front = level == "0"
                else:
                    self._back = level == "0"

    def _put(self, sign: str) -> None:
        halves = {
            "▄": (self._back, self._front),
            "▀": (self._front, self._back),
            "█": (self._front, self._front),
        }
        cell = halves.get(sign, (self._back, self._back))
        if self._row < ROWS and self._column < COLUMNS:
            self.dark[self._row][self._column] = cell
        self._column += 1

    def picture(self) -> Image.Image:
        """The screen, cells of eight by sixteen."""
        small = Image.new("L", (COLUMNS, 2 * ROWS), 255)
        for y, row in enumerate(self.dark):
            for x, (upper, lower) in enumerate(row):
                if upper:
                    small.putpixel((x, 2 * y), 0)
                if lower:
                    small.putpixel((x, 2 * y + 1), 0)
        return small.resize((COLUMNS * 8, ROWS * 16), Image.Resampling.NEAREST)


def _shown(parcel: Path, keys: bytes, seconds: float) -> tuple[list[str], bytes, int]:
    """What `ferry show` writes to a terminal, cut where a screen is whole; its exit code."""
    first, second = pty.openpty()
    fcntl.ioctl(second, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    command = [sys.executable, "-m", "fieldkit", "ferry", "show", str(parcel)]
    process = subprocess.Popen(command, stdin=second, stdout=second, stderr=second)
    raw, pressed, until = b"", False, time.monotonic() + 20
    try:
        while time.monotonic() < until:
            if select.select([first], [], [], 0.05)[0]:
                raw += os.read(first, 65536)
            if not pressed and raw.count(b"\x1b[?2026l") >= 3:
                os.write(first, keys)
                pressed, until = True, time.monotonic() + seconds
        process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 5
        while process.poll() is None and time.monotonic() < end:
            if select.select([first], [], [], 0.05)[0]:
                raw += os.read(first, 65536)
        while select.select([first], [], [], 0.05)[0]:
            raw += os.read(first, 65536)
    finally:
        process.kill()
        os.close(first)
        os.close(second)
    screens = raw.decode("utf-8", "replace").split("\x1b[?2026l")
    return screens, raw, process.wait()


@pytest.mark.parametrize("keys", [b"", b"2", b"1", b"\x1b[6~\xef\xbc\x92"])
def test_what_the_terminal_shows_can_be_read(parcel: Path, keys: bytes) -> None:
    """Two codes beside each other, one pair of colours, sparser: a reader gets the file."""
    screens, raw, code = _shown(parcel, keys, 2.0)
    cells, scanner, receiver, got = Cells(), Scanner(), Receiver(), None
    for screen in screens[:-1]:
        cells.feed(screen)
        for text in scanner.texts(cells.picture()):
            got = got or receiver.take(text)
        if got:
            break
    assert got == parcel.read_bytes()
    assert receiver.standing.broken == 0
    # The terminal is given back: its own screen, its cursor, its colours.
    assert raw.rstrip().endswith(b"\x1b[0m\x1b[?25h\x1b[?1049l")
    assert code == 0
