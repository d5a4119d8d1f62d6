"""A home: made once, opened often, its clock believed only when it makes sense."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.errors import Problem
from fieldkit.work import Workspace, bookmarks, home_time


def test_a_home_is_made_once(tmp_path: Path) -> None:
    """The second opening finds the same device."""
    with Workspace.open(tmp_path / "a" / "b") as first:
        device = first.device.device
    with Workspace.open(tmp_path / "a" / "b") as second:
        assert second.device.device == device
        assert not second.is_demo
        assert second.store is not None


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_a_home_is_private(ws: Workspace) -> None:
    """Nobody else reads the home or its keys."""
    assert ws.home.stat().st_mode & 0o077 == 0
    for path in (ws.home / "keys").iterdir():
        assert path.stat().st_mode & 0o077 == 0 or path.suffix == ".pub"


def test_the_variable_names_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FIELDKIT_HOME counts when no argument is given."""
    monkeypatch.setenv("FIELDKIT_HOME", str(tmp_path / "v"))
    with Workspace.open() as opened:
        assert opened.home == tmp_path / "v"


def test_a_file_is_no_home(tmp_path: Path) -> None:
    """One sentence, not a traceback."""
    (tmp_path / "f").write_text("x")
    with pytest.raises(Problem) as caught:
        Workspace.open(tmp_path / "f")
    assert caught.value.code == "home-unusable"


def test_damaged_keys_are_told(tmp_path: Path) -> None:
    """A broken device file is neither believed nor replaced."""
    Workspace.open(tmp_path).close()
    (tmp_path / "keys" / "device.json").write_text("{")
    with pytest.raises(Problem) as caught:
        Workspace.open(tmp_path)
    assert caught.value.code == "keys-damaged"


@pytest.mark.parametrize("value", ["yesterday", "2026-11-23T09:30:00", "2026-13-01T00:00:00Z"])
def test_a_bad_clock_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """FIELDKIT_NOW needs a whole moment with its offset."""
    monkeypatch.setenv("FIELDKIT_NOW", value)
    with pytest.raises(Problem) as caught:
        Workspace.open(tmp_path / "h")
    assert caught.value.code == "bad-now"


def test_the_day_is_the_day_in_china(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late evening in UTC is the next day at +08:00."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T20:00:00Z")
    assert ws.today().isoformat() == "2026-11-23"
    assert ws.now().isoformat() == "2026-11-23T04:00:00+08:00"


def test_stamps_read_as_china_time() -> None:
    """The wall-clock part of a stamp, with its offset."""
    from fieldkit_sync.clock import pack

    assert home_time(pack(0, 7)) == "1970-01-01T08:00:00+08:00"


def test_two_processes_make_one_home(tmp_path: Path) -> None:
    """Started at once, both end with the same device."""
    code = (
        "import sys; from pathlib import Path; from fieldkit.work import Workspace\n"
        "w = Workspace.open(Path(sys.argv[1])); print(w.device.device); w.close()"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "h")], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = {process.communicate(timeout=60)[0].strip() for process in running}
    assert len(said) == 1
    assert all(process.returncode == 0 for process in running)


def test_bookmarks_come_back(ws: Workspace) -> None:
    """What was remembered is recalled; a damaged file remembers nothing."""
    bookmarks.remember(ws, "inspect", {"item": "TF03"})
    bookmarks.remember(ws, "door", "甲")
    assert bookmarks.recall(ws, "inspect") == {"item": "TF03"}
    assert bookmarks.recall(ws, "none") is None
    (ws.home / "bookmarks.json").write_text("[")
    assert bookmarks.recall(ws, "inspect") is None
    bookmarks.remember(ws, "a", 1)
    assert json.loads((ws.home / "bookmarks.json").read_text()) == {"a": 1}
