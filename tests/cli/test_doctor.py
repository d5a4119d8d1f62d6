"""The doctor: every check, honest verdicts, a terminal that is asked and left as it was."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli import doctor_terminal, probe
from fieldkit.cli import run as run_cli
from fieldkit.text.width import cell_width
from fieldkit.work import Workspace, doctor, sites

IDS = [
    "size", "term", "colours", "utf8", "multiplexer", "conhost", "kitty", "language", "width",
    "keys", "input", "textual", "sqlite", "extras", "home", "database", "keyfiles", "evidence",
    "journal", "clock", "zone", "space", "place", "write", "leftovers",
]  # fmt: skip
REGISTER = "kind,code,name,parent,division,registered\nvillage,V1,澜渡社区,,990100000001,\n"
NOW = "2026-11-23T10:42:07+08:00"


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clean environment, a home that is not there yet."""
    monkeypatch.setenv("FIELDKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIELDKIT_NOW", NOW)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for name in ("FIELDKIT_LANG", "NO_COLOR", "LC_ALL", "LC_CTYPE", "TMUX", "STY", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one event."""
    folder = tmp_path / "home"
    table = tmp_path / "r.csv"
    table.write_text(REGISTER, encoding="utf-8")
    with Workspace.open(folder) as ws:
        sites.import_register(ws, table)
    return folder


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Runs ``doctor --json``: the exit code and the checks by id."""

    def run() -> tuple[int, dict[str, Any]]:
        code = run_cli(["doctor", "--json"])
        out = json.loads(capsys.readouterr().out)
        assert set(out) == {"ok", "checks"}
        assert out["ok"] is (code == 0)
        return code, {check.pop("id"): check for check in out["checks"]}

    return run


def test_the_whole_list(home: Path, told: Any) -> None:
    """Every check by its id, each with a state and words, a mend wherever it is not good."""
    code, checks = told()
    assert code == 0
    assert list(checks) == IDS
    for check in checks.values():
        assert set(check) == {"state", "said", "mend"}
        assert check["state"] in ("good", "warn", "bad")
        assert check["said"]
        assert bool(check["mend"]) or check["state"] == "good"
    assert checks["journal"]["state"] == "good"


def test_no_home_is_made(tmp_path: Path, told: Any) -> None:
    """Looking makes nothing, not even where a home would be."""
    code, checks = told()
    assert code == 0
    assert list(checks) == IDS
    assert list(tmp_path.iterdir()) == []


def test_looking_changes_nothing(home: Path, told: Any) -> None:
    """The same files with the same bytes, and no probe left behind."""

    def state() -> dict[str, bytes]:
        files = (p for p in home.rglob("*") if p.is_file() and not p.name.endswith(("wal", "shm")))
        return {str(path.relative_to(home)): path.read_bytes() for path in files}

    before = state()
    told()
    assert state() == before


@pytest.mark.parametrize("broken", [b"", b"no database at all " * 500])
def test_a_broken_database(home: Path, told: Any, broken: bytes) -> None:
    """Said with its mend, exit 1 for what cannot be read, the rest is looked at all the same."""
    path = home / "journal.db"
    for beside in home.glob("journal.db-*"):
        beside.unlink()
    path.write_bytes(broken)
    code, checks = told()
    assert list(checks) == IDS
    if broken:
        assert code == 1
        assert checks["database"]["state"] == checks["journal"]["state"] == "bad"
        assert "备份" in checks["database"]["mend"]
    assert path.read_bytes() == broken


def test_a_page_of_rubbish_is_found(home: Path, told: Any) -> None:
    """The quick check sees what opening does not."""
    with Workspace.open(home) as ws:
        ws.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = home / "journal.db"
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 :] = b"\xff" * (len(raw) - 4096 * 3)
    path.write_bytes(raw)
    code, checks = told()
    assert code == 1
    assert checks["database"]["state"] == "bad"


def test_a_changed_event_is_found(home: Path, told: Any) -> None:
    """The verification of the journal is part of it."""
    with Workspace.open(home) as ws:
        for (name,) in list(
            ws.store.db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ):
            ws.store.db.execute(f"DROP TRIGGER {name}")
        ws.store.db.execute("UPDATE event SET line = CAST('{}' AS BLOB)")
    code, checks = told()
    assert code == 1
    assert checks["database"]["state"] == "good"
    assert checks["journal"]["state"] == "bad"


def test_missing_parts_are_not_made_anew(home: Path, told: Any) -> None:
    """A lost keys folder is told of, never replaced by a new identity."""
    shutil.rmtree(home / "keys")
    shutil.rmtree(home / "evidence")
    code, checks = told()
    assert code == 1
    assert checks["keyfiles"]["state"] == checks["evidence"]["state"] == "bad"
    assert not (home / "keys").exists()
    assert not (home / "evidence").exists()


@pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX")
def test_keys_that_others_read(home: Path, told: Any) -> None:
    """Bad, with the command that mends it."""
    (home / "keys" / "device_ed25519").chmod(0o644)
    code, checks = told()
    assert code == 1
    assert "device_ed25519" in checks["keyfiles"]["said"]
    assert "chmod" in checks["keyfiles"]["mend"]


@pytest.mark.parametrize(("hours", "state"), [(1, "warn"), (23, "warn"), (25, "bad"), (-5, "warn")])
def test_the_clock_against_the_journal(
    home: Path, told: Any, monkeypatch: pytest.MonkeyPatch, hours: int, state: str
) -> None:
    """Before the newest event is worth a word, more than a day is bad; after it is no fault."""
    monkeypatch.setenv(
        "FIELDKIT_NOW", (datetime.fromisoformat(NOW) - timedelta(hours=hours)).isoformat()
    )
    code, checks = told()
    assert checks["clock"]["state"] == state
    assert code == (state == "bad")


def test_a_bad_clock_variable_is_a_check_like_others(
    told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor does not fall over what it is there to find."""
    monkeypatch.setenv("FIELDKIT_NOW", "soon")
    code, checks = told()
    assert code == 1
    assert "FIELDKIT_NOW" in checks["clock"]["said"]


def test_the_home_is_a_file(tmp_path: Path, told: Any) -> None:
    """Said as such."""
    (tmp_path / "home").write_text("x", encoding="utf-8")
    code, checks = told()
    assert code == 1
    assert checks["home"]["state"] == "bad"


def test_old_leftovers(home: Path, told: Any) -> None:
    """Only what nobody is working on."""
    old, new = home / "evidence" / "a.part", home / "evidence" / "b.part"
    for path in (old, new):
        path.write_bytes(b"")
    os.utime(old, (0, 0))
    _code, checks = told()
    assert checks["leftovers"]["state"] == "warn"
    assert "a.part" in checks["leftovers"]["said"]


def test_file_systems_are_told_apart(tmp_path: Path) -> None:
    """The longest mount that holds the folder counts; blanks in names are understood."""
    inside = tmp_path / "a b" / "c"
    inside.mkdir(parents=True)
    place = str(tmp_path).replace(" ", "\\040")
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"d / ext4 rw 0 0\nn {place} nfs4 rw 0 0\nu {place}/a\\040b vfat rw 0 0\nbad\n",
        encoding="utf-8",
    )
    assert doctor.file_system(inside, mounts) == "vfat"
    assert doctor.file_system(tmp_path, mounts) == "nfs4"
    assert doctor.file_system(tmp_path.parent, mounts) == "ext4"
    assert doctor.file_system(tmp_path, tmp_path / "none") == ""


@pytest.mark.parametrize(
    ("environ", "name", "id", "state", "word"),
    [
        ({"NO_COLOR": "1", "TERM": "xterm"}, "posix", "colours", "good", "NO_COLOR"),
        ({"NO_COLOR": "1", "TERM": "xterm"}, "posix", "term", "good", "NO_COLOR=1"),
        ({"TERM": "xterm"}, "posix", "colours", "warn", "16"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "posix", "colours", "good", "全彩"),
        ({"TERM": "dumb"}, "posix", "term", "warn", "dumb"),
        ({"LANG": "zh_CN.GBK"}, "posix", "utf8", "bad", "gbk"),
        ({"TERM": "linux"}, "posix", "utf8", "warn", "中文"),
        ({"TMUX": "x", "TERM": "xterm-256color"}, "posix", "multiplexer", "warn", "tmux"),
        ({"TMUX": "x", "TERM": "tmux-256color"}, "posix", "multiplexer", "good", "tmux"),
        ({"STY": "x", "TERM": "screen"}, "posix", "multiplexer", "warn", "screen"),
        ({}, "nt", "conhost", "warn", "conhost"),
        ({"WT_SESSION": "x"}, "nt", "conhost", "good", "Terminal"),
        ({}, "posix", "conhost", "good", "Windows"),
        ({"TEXTUAL_DISABLE_KITTY_KEY": "0"}, "posix", "kitty", "warn", "0"),
        ({"TEXTUAL_DISABLE_KITTY_KEY": "1"}, "posix", "kitty", "good", ""),
        ({"FIELDKIT_LANG": "de"}, "posix", "language", "warn", "de"),
        ({"FIELDKIT_LANG": "en"}, "posix", "language", "good", "en"),
    ],
)
def test_what_the_environment_says(
    environ: dict[str, str], name: str, id: str, state: str, word: str
) -> None:
    """Each peculiarity of terminals by its variables."""
    checks = {check.id: check for check in doctor_terminal.of_environment(environ, name)}
    assert (checks[id].state, word in checks[id].said) == (state, True)


def test_people_get_lines_and_a_ruler(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The verdict first in words; rows of the ruler end at the same cell."""
    assert run_cli(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    checks = lines[: len(IDS)]
    assert all(re.match(r"(好|注意|坏) +\S.*：", line) for line in checks)
    rows = [line for line in lines if line.endswith("|")]
    assert len(rows) > 3
    assert len({cell_width(row) for row in rows}) == 1


def test_english(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """Nothing of ours stays Chinese but the ruler."""
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    run_cli(["doctor"])
    out = capsys.readouterr().out
    ours = "\n".join(line for line in out.splitlines() if not line.endswith("|"))
    assert re.findall(r"[\u4e00-\u9fff]+", ours) == []


class Terminal:
    """The other end of a pty: answers where the cursor is, or stays silent."""

    def __init__(self, width: Callable[[str], int] | None) -> None:
        self.master, self.slave = pty.openpty()
        self._width = width
        self.shown = b""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        answered = 0
        while not self._stop.is_set():
            if not select.select([self.master], [], [], 0.02)[0]:
                continue
            try:
                self.shown += os.read(self.master, 65536)
            except OSError:
                return
            while self._width and self.shown.count(b"\x1b[6n") > answered:
                answered += 1
                row = self.shown.split(b"\x1b[6n")[answered - 1].rpartition(b"\x1b[K")[2]
                column = self._width(row.decode("utf-8", "replace")) + 1
                os.write(self.master, f"\x1b[7;{column}R".encode())

    def until(self, word: str) -> None:
        """Wait until something was shown."""
        deadline = time.monotonic() + 60
        while word.encode() not in self.shown:
            assert time.monotonic() < deadline, self.shown.decode("utf-8", "replace")
            time.sleep(0.01)

    def settings(self) -> list[Any]:
        """How the terminal is set."""
        return termios.tcgetattr(self.slave)

    def run(self, *words: str) -> subprocess.Popen[bytes]:
        """The doctor at this terminal."""
        return subprocess.Popen(
            [sys.executable, "-m", "fieldkit", "doctor", *words],
            stdin=self.slave, stdout=self.slave, stderr=self.slave, start_new_session=True,
        )  # fmt: skip

    def close(self) -> None:
        """Hang up."""
        self._stop.set()
        self._thread.join()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Makes terminals that draw as wide as they are told."""
    made: list[Terminal] = []

    def make(width: Callable[[str], int] | None) -> Terminal:
        made.append(Terminal(width))
        return made[-1]

    yield make
    for one in made:
        one.close()


def _wide_ambiguous(text: str) -> int:
    return sum(2 if char in doctor_terminal.AMBIGUOUS else cell_width(char) for char in text)


def _bytes_for_cells(text: str) -> int:
    return len(text.encode())


@pytest.mark.parametrize(
    ("width", "state"),
    [(cell_width, "good"), (_wide_ambiguous, "warn"), (_bytes_for_cells, "bad"), (None, "warn")],
)
def test_widths_are_measured(terminal: Any, width: Any, state: str) -> None:
    """The terminal's own answer against our count; without an answer it goes on in time."""
    one = terminal(width)
    before = one.settings()
    process = one.run()
    assert process.wait(timeout=60) == (state == "bad")
    one.until("|")
    shown = one.shown.decode("utf-8", "replace")
    line = next(row for row in shown.splitlines() if "字符宽度" in row)
    word = {"good": "好", "warn": "注意", "bad": "坏"}[state]
    assert line.rpartition("\x1b[K")[2].startswith(word)
    if width is None:
        assert "没有量" in line
        assert shown.count("\x1b[6n") == 1
    elif state != "good":
        assert "①" in line
    assert one.settings() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_terminal_is_put_back_whatever_happens(terminal: Any, number: int) -> None:
    """Ended in the middle of a question, the line is edited and echoed as before."""
    one = terminal(None)
    before = one.settings()
    process = one.run()
    one.until("\x1b[6n")
    process.send_signal(number)
    assert process.wait(timeout=60) != 0
    assert one.settings() == before


def test_keys_that_arrive(terminal: Any) -> None:
    """F10 ends it; what did not come is named."""
    one = terminal(cell_width)
    process = one.run("--keys")
    one.until("请依次按")
    os.write(one.master, b"\x1bOP\x1b[12~\xef\xbd\x8d\x1b[21~")
    assert process.wait(timeout=60) == 0
    one.until("|")
    shown = one.shown.decode("utf-8")
    assert "收到：F1（1B 4F 50）" in shown
    assert "收到：ｍ（EF BD 8D）" in shown
    assert "收到：F1 F2 F10；没有收到：F3 F4 F6 F7 F8 F9 F12" in shown


def test_an_input_method(terminal: Any) -> None:
    """The word comes back with its code points."""
    one = terminal(cell_width)
    process = one.run("--input")
    one.until("再按回车")
    os.write(one.master, "检查\n".encode())
    assert process.wait(timeout=60) == 0
    one.until("|")
    assert "收到“检查”（U+68C0 U+67E5），占 4 格" in one.shown.decode("utf-8")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("检查", "good"),
        ("jiancha", "warn"),
        ("ｊｃ", "warn"),
        ("", "warn"),
        (None, "warn"),
        ("¼ì²é", "bad"),
    ],
)
def test_what_a_typed_line_says(text: str | None, state: str) -> None:
    """Chinese, letters, nothing, or Chinese in a wrong encoding."""
    assert doctor_terminal.heard(text).state == state


def test_nobody_presses_a_key() -> None:
    """Every wait ends by itself."""
    reading, writing = os.pipe()
    assert probe.keys(reading, lambda _name, _raw: None, seconds=0.01) == []
    assert probe.line(reading, seconds=0.01) is None
    os.write(writing, b"\x1b[1;5P\x1b")
    assert probe.keys(reading, lambda _name, _raw: None, seconds=0.01) == [
        "1B 5B 31 3B 35 50",
        "Esc",
    ]
    os.close(writing)
    assert probe.keys(reading, lambda _name, _raw: None, seconds=1) == []
    os.close(reading)
