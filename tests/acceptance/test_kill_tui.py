"""The screens ended hard at random instants: what was shown as saved is there, at the same item."""

from __future__ import annotations

import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fieldkit.domain.checklist import Checklist, Grade, Item, Section
from fieldkit.work import bookmarks, inspecting, sites
from fieldkit.work.workspace import Workspace

ROUNDS = int(os.environ.get("FIELDKIT_KILL_ROUNDS", "12"))
REGISTER = (
    "kind,code,name,parent,division,grid,address,floor,registered\n"
    "village,V1,听枫社区（演示）,,990121101001,,,,\n"
    "estate,E1,鹭汀花园（演示）,V1,,,鹭汀路6号,,\n"
)
PROGRAM = (
    "import sys, pathlib; from fieldkit.tui import run; sys.exit(run(pathlib.Path(sys.argv[1])))"
)
ITEMS = [f"K{n:03}" for n in range(1, 201)]
KEYS = {b"1": 1, b"2": 1, b"\x1b[A": -1, b"\x1b[B": 1}
"""Each key and where it leads: an answer goes on to the next item."""
SAID = {"合格": "pass", "不合格": "fail"}
SAVED = re.compile(r"\b(K\d{3}) (合格|不合格)")
"""What the status line tells after an answer: item and answer."""
STEERING = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[PX^_\]].*?(?:\x07|\x1b\\)|[ -/]*[0-~])", re.S)


class Glass:
    """Eighty by twenty-four cells, as far as cursor moves and erasing go; wide ones count two."""

    MOVE = re.compile(r"\x1b\[(\d*)(?:;(\d*))?H")

    def __init__(self) -> None:
        self.rows = [[" "] * 80 for _ in range(24)]
        self.y = self.x = 0
        self.left = ""

    def feed(self, text: str) -> None:
        """Take what the terminal would; an unfinished sequence waits for its end."""
        from fieldkit.text.width import cell_width

        text = self.left + text
        self.left, at = "", 0
        while at < len(text):
            char = text[at]
            if char == "\x1b":
                found = STEERING.match(text, at)
                if found is None:
                    self.left = text[at:]
                    return
                self._steer(found.group())
                at = found.end()
                continue
            at += 1
            if char == "\n":
                self.y = min(self.y + 1, 23)
            elif char == "\r":
                self.x = 0
            elif char == "\b":
                self.x = max(self.x - 1, 0)
            elif char >= " ":
                cells = max(cell_width(char), 1)
                for step, cell in enumerate([char, *[""] * (cells - 1)]):
                    if self.x + step < 80:
                        self.rows[self.y][self.x + step] = cell
                self.x += cells

    def _steer(self, sequence: str) -> None:
        move = self.MOVE.fullmatch(sequence)
        if move:
            self.y = min(int(move[1] or 1), 24) - 1
            self.x = min(int(move[2] or 1), 80) - 1
        elif sequence in ("\x1b[2J", "\x1bc"):
            self.rows = [[" "] * 80 for _ in range(24)]

    @property
    def lines(self) -> list[str]:
        """What can be read."""
        return ["".join(row).rstrip() for row in self.rows]


class Terminal:
    """The program on a pseudo-terminal, and what its glass shows."""

    def __init__(self, home: Path) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        env = {
            **os.environ,
            "TERM": "xterm-256color",
            "FIELDKIT_LANG": "zh",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(home)],
            stdin=far, stdout=far, stderr=far, env=env, start_new_session=True,
        )  # fmt: skip
        os.close(far)
        self.glass = Glass()
        self.told: set[tuple[str, str]] = set()
        """Every answer that was shown as saved."""
        self.raw = b""
        self._item = ""

    def look(self, seconds: float) -> bool:
        """Read for so long what is painted; whether there may be more."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.near], [], [], left)[0]:
                return True
            try:
                got = os.read(self.near, 65536)
            except OSError:
                return False
            if not got:
                return False
            self.raw += got
            text = self.raw.decode("utf-8", errors="ignore")
            # A character cut in two waits for its other half.
            self.raw = self.raw[len(text.encode()) :]
            self.glass.feed(text)
            lines = self.glass.lines
            for line in lines:
                found = SAVED.search(line) if "已存" in line else None
                if found:
                    self.told.add((found[1], SAID[found[2]]))
        return True

    def until(self, text: str, seconds: float = 60) -> None:
        """Read until the glass shows the text."""
        end = time.monotonic() + seconds
        while text not in "\n".join(self.glass.lines):
            assert time.monotonic() < end, "\n".join(self.glass.lines)
            assert self.look(0.02), "ended: " + "\n".join(self.glass.lines)

    @property
    def item(self) -> str:
        """The item in the title; the one before while a repaint of the title is half read."""
        found = re.findall(r"\bK\d{3}\b", self.glass.lines[0])
        if found:
            self._item = str(found[-1])
        return self._item

    def end(self, number: int) -> None:
        """Send the signal, then read what was painted until it was over."""
        os.kill(self.process.pid, number)
        end = time.monotonic() + 30
        while self.look(0.2) and self.process.poll() is None:
            assert time.monotonic() < end, "it did not end"
        self.process.wait(30)
        os.close(self.near)


def plain_list() -> Checklist:
    """Two hundred checks."""
    items = tuple(Item(item, "s", "公示栏张贴反诈提示", "check", weight=1) for item in ITEMS)
    section = Section("s", "现场", items)
    grade = Grade("g", "达标", 0)
    return Checklist("keys", "1", "按键", "", "", "", "guidance", (), "", (grade,), (section,), {})


def way(start: str, keys: list[bytes]) -> list[str]:
    """The item before the first key and after each of them."""
    at = ITEMS.index(start)
    found = [start]
    for key in keys:
        at = max(0, at + KEYS[key])
        found.append(ITEMS[at])
    return found


def journalled(home: Path) -> set[tuple[str, str]]:
    """Every answer that is on disk."""
    with Workspace.open(home) as ws:
        bodies = [json.loads(line).get("b") or {} for line in ws.store.lines()]
    return {(body["item"], body["value"]) for body in bodies if "value" in body}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs pseudo-terminals and signals")
def test_ended_at_random_instants(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """SIGKILL, SIGHUP, SIGTERM while keys are pressed: it resumes where it was, with all saved."""
    seed = int(os.environ.get("FIELDKIT_KILL_SEED", random.randrange(10**9)))
    with capfd.disabled():
        print(f"\nFIELDKIT_KILL_SEED={seed}", file=sys.stderr, flush=True)
    chance = random.Random(seed)
    home, register = tmp_path / "home", tmp_path / "register.csv"
    register.write_text(REGISTER, "utf-8")
    with Workspace.open(home) as ws:
        sites.import_register(ws, register)
        begun = inspecting.begin(ws, plain_list(), "E1")
        bookmarks.remember(ws, bookmarks.STRAIGHT, begun.inspection.id)
    told: set[tuple[str, str]] = set()
    allowed = {ITEMS[0]}
    for turn in range(ROUNDS):
        terminal = Terminal(home)
        terminal.until("第 ")
        where = f"seed {seed}, turn {turn}"
        assert terminal.item in allowed, f"{where}: resumed at {terminal.item}, not {allowed}"
        start, keys = terminal.item, []
        for _key in range(chance.randrange(1, 12)):
            keys.append(chance.choices(list(KEYS), (4, 3, 1, 1))[0])
            os.write(terminal.near, keys[-1])
            terminal.look(chance.uniform(0.0, 0.12))
        terminal.look(chance.uniform(0.0, 0.03))
        last = terminal.item
        terminal.end((signal.SIGKILL, signal.SIGHUP, signal.SIGTERM)[turn % 3])
        # What was seen last, or what keys led to that were taken and not yet painted.
        path = way(start, keys)
        assert last in path, f"{where}: {last} was shown, never gone to"
        allowed = set(path[path.index(last) :])
        told |= terminal.told
        lost = told - journalled(home)
        assert lost == set(), f"{where}: shown as saved and lost"
    with Workspace.open(home) as ws:
        assert ws.store.verify() == []
    assert len(told) > ROUNDS // 2, f"seed {seed}: hardly an answer; the test proves nothing"
