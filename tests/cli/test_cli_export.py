"""``fieldkit office export answers`` as an office uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .line import Line


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """The demo town."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    made = Line(tmp_path / "home", capsys)
    made.words("demo", "--no-tui")
    return made


def test_people_and_programs_are_told_what_was_written(line: Line, tmp_path: Path) -> None:
    """Rows, columns, versions; the file is there."""
    out = tmp_path / "a.csv"
    wanted = ["office", "export", "answers", "-o", str(out), "--checklist", "courier-100"]
    assert "2 行" in line.words(*wanted)
    told = line.json(*wanted)
    assert told["file"] == str(out)
    assert (told["rows"], told["checklist"], told["versions"]) == (2, "courier-100", ["2026.11"])
    assert len(out.read_text("utf-8-sig").splitlines()[0].split(",")) >= told["columns"]
    assert (told["hidden"], told["unknown"]) == (0, 0)


def test_a_wrong_wish_is_one_sentence(line: Line, tmp_path: Path) -> None:
    """Several lists, another kind of file, nothing found: no file is left."""
    out = str(tmp_path / "a.xlsx")
    line.words("office", "export", "answers", "-o", out, code=2)
    assert "--checklist" in line.err
    line.words("office", "export", "answers", "-o", str(tmp_path / "a.pdf"), code=2)
    line.words("office", "export", "answers", "-o", out, "--from", "2027-01-01", code=1)
    assert [one.name for one in tmp_path.iterdir()] == ["home"]
