"""The program as a process: exit codes, streams, durability, and what it does not load."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAVY = {
    "cryptography",
    "docx",
    "openpyxl",
    "pypinyin",
    "pyrage",
    "sqlite_utils",
    "textual",
    "yaml",
}
REGISTER = (
    "kind,code,name,parent,division,registered\n"
    "village,V1,澜渡社区,,990100000001,\n"
    "building,B1,1栋,V1,,\n"
    "door,D1,101室,B1,,1\n"
)


class Program:
    """Runs fieldkit in one home."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.env = {
            **os.environ,
            "FIELDKIT_HOME": str(self.home),
            "FIELDKIT_NOW": "2026-11-23T09:30:00+08:00",
            "FIELDKIT_STATE": str(folder / "state"),
        }
        self.env.pop("FIELDKIT_LANG", None)

    def start(self, *words: str, **more: str) -> subprocess.Popen[bytes]:
        """One command on its way."""
        return subprocess.Popen(
            [sys.executable, "-m", "fieldkit", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**self.env, **more},
        )

    def run(self, *words: str, **more: str) -> tuple[int, str, str]:
        """One command to its end: exit code, stdout, stderr."""
        process = self.start(*words, **more)
        out, err = process.communicate(timeout=120)
        assert b"Traceback" not in err
        return process.returncode, out.decode("utf-8"), err.decode("utf-8")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program with an empty home."""
    return Program(tmp_path)


@pytest.fixture
def stocked(program: Program, tmp_path: Path) -> Program:
    """The program with three sites."""
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    assert program.run("site", "import", str(tmp_path / "r.csv"))[0] == 0
    return program


def test_version_loads_almost_nothing(program: Program) -> None:
    """The version is printed before the command line's own library is loaded."""
    code, out, _err = program.run("--version")
    assert code == 0
    assert out.startswith("fieldkit ")
    assert not program.home.exists()


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["site", "list", "--json"]])
def test_heavy_libraries_stay_out(stocked: Program, words: list[str]) -> None:
    """No screens, ciphers, documents or migrations for the everyday commands."""
    code = (
        "import sys\nfrom fieldkit.start import run\n"
        f"assert run({words!r}) == 0\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=stocked.env, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "words",
    [
        ["nope"],
        ["site"],
        ["site", "nope"],
        ["site", "import"],
        ["site", "list", "--nope"],
        ["site", "show", "NOBODY"],
        ["site", "import", "missing.csv"],
        ["visit", "log", "D1", "met", "--materials", "many"],
        ["visit", "log", "D1", "sleeping"],
        ["visit", "log", "B1", "met"],
        ["coverage", "--by", "planet"],
        ["inspect", "show", "ffff"],
        ["inspect", "start", "nope", "--site", "B1"],
        ["finding", "show", "ffff"],
        ["checklist", "show", "nope"],
        ["--home"],
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_slips_are_one_sentence(stocked: Program, words: list[str], language: str) -> None:
    """Exit 2, nothing on stdout, one line on stderr."""
    code, out, err = stocked.run(*words, FIELDKIT_LANG=language)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


def test_a_bad_clock_is_a_slip(program: Program) -> None:
    """The variable is named."""
    code, _out, err = program.run("site", "list", FIELDKIT_NOW="soon")
    assert code == 2
    assert "FIELDKIT_NOW" in err


def test_rejections_exit_one(stocked: Program, tmp_path: Path) -> None:
    """Every rejection is printed, by row and column; nothing is imported."""
    bad = tmp_path / "bad.csv"
    bad.write_text(REGISTER + "door,D2,=cmd,B9,,7\n", encoding="utf-8")
    code, out, _err = stocked.run("site", "import", str(bad), "--json")
    told = json.loads(out)
    assert code == 1
    assert {(r["row"], r["column"]) for r in told["rejected"]} == {
        (5, "name"),
        (5, "parent"),
        (5, "registered"),
    }
    assert (told["created"], told["updated"], told["unchanged"]) == (0, 0, 0)
    code, out, _err = stocked.run("site", "import", str(bad))
    assert code == 1
    assert "第" in out or "5" in out
    assert len(json.loads(stocked.run("site", "list", "--json")[1])) == 3


def test_home_may_stand_anywhere(program: Program, tmp_path: Path) -> None:
    """Before the command, after it, or with an equals sign."""
    other = tmp_path / "other"
    for words in (
        ["--home", str(other), "site", "list", "--json"],
        ["site", "list", "--json", "--home", str(other)],
        [f"--home={other}", "site", "list", "--json"],
    ):
        code, out, _err = program.run(*words)
        assert (code, json.loads(out)) == (0, [])
    assert (other / "journal.db").exists()
    assert not program.home.exists()


def test_a_reader_that_leaves_is_no_error(stocked: Program) -> None:
    """``fieldkit journal export | head -1`` ends quietly."""
    process = stocked.start("journal", "export")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_what_was_told_is_kept(stocked: Program) -> None:
    """A visit that was acknowledged survives a kill right after the acknowledgement."""
    process = stocked.start("visit", "log", "D1", "met", "--json")
    assert process.stdout is not None
    first = process.stdout.read(1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert first == b"{"
    row = json.loads(stocked.run("coverage", "--by", "building", "--json")[1])[0]
    assert row["met"] == 1
    assert json.loads(stocked.run("journal", "verify", "--json")[1])["ok"] is True


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_interrupt_is_130(program: Program) -> None:
    """Ctrl-C ends with 130 and without a traceback."""
    code = (
        "import sys, time, fieldkit.cli.main as m\n"
        "def slow(*words):\n    print('ready', flush=True); time.sleep(60)\n"
        "m._run = slow\nsys.exit(m.run(['site', 'list']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"ready"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_without_a_terminal_nothing_hangs(program: Program) -> None:
    """No words and no terminal is one sentence; the demonstration is filled and counted."""
    code, out, err = program.run()
    assert (code, out) == (2, "")
    assert "终端" in err
    assert len(err.strip().splitlines()) == 1
    code, out, _err = program.run("demo")
    assert code == 0
    assert "演示数据" in out
