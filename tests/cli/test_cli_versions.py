"""``checklist diff`` and ``inspect rebase``: what programs read, and words for people beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli import checklist_versions, run
from fieldkit.cli.output import SETTINGS
from fieldkit.errors import Problem, Refused
from fieldkit.library.folders import shipped

REGISTER = (
    "类别,编码,名称,上级,区划,网格,地址,楼层,户籍\nestate,TF,听枫里,,990100000001,,枫路1号,,\n"
)
SOURCE = (shipped() / "wuzha-xiaoqu.yaml").read_text("utf-8")


class Home:
    """A home whose library holds one list of our own."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home, self.capture = folder / "home", capture
        self.file = folder / "lists" / "wuzha-xiaoqu.yaml"

    def words(self, *words: str) -> str:
        """What a command says."""
        self.capture.readouterr()
        assert run(["--home", str(self.home), *words]) == 0, self.capture.readouterr()
        return self.capture.readouterr().out

    def said(self, command: Any, *args: Any, **more: Any) -> str:
        """What one of the functions under test says."""
        self.capture.readouterr()
        SETTINGS.home = self.home
        command(*args, **more)
        return self.capture.readouterr().out

    def write(self, text: str) -> None:
        """Put a version into the library."""
        self.file.write_text(text, encoding="utf-8")


@pytest.fixture
def home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Home:
    """A home with one estate, and the shipped version in a library folder."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(tmp_path / "lists"))
    monkeypatch.setattr(SETTINGS, "home", None)
    made = Home(tmp_path, capsys)
    made.file.parent.mkdir()
    made.write(SOURCE)
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made.words("site", "import", str(tmp_path / "r.csv"))
    return made


def later() -> tuple[str, str, str]:
    """A later version: its first check has another id, its second another text; and those ids."""
    from fieldkit.library.load import load_file

    checks = [
        item.id
        for item in load_file(shipped() / "wuzha-xiaoqu.yaml").for_mode("open")
        if item.type == "check"
    ]
    one, two = checks[:2]
    text = SOURCE.replace(f"id: {one}\n", "id: ZZ01\n").replace('"2026.11"', '"2026.12"')
    head, found, rest = text.partition(f"id: {two}\n")
    assert found
    rest = rest.replace("text: ", "text: 另", 1)
    return head + found + rest, one, two


def test_diff_of_two_files(home: Home, tmp_path: Path) -> None:
    """Paths, ids and digests; the sentence that scores do not compare."""
    new, one, two = later()
    path = tmp_path / "new.yaml"
    path.write_text(new, encoding="utf-8")
    told = json.loads(home.said(checklist_versions.diff, "wuzha-xiaoqu", str(path), json=True))
    assert set(told) >= {
        "from", "to", "added", "removed", "changed", "renumbered", "grades", "sources",
        "comparable",
    }  # fmt: skip
    assert (told["from"]["version"], told["to"]["version"]) == ("2026.11", "2026.12")
    assert told["renumbered"] == [{"from": one, "to": "ZZ01"}]
    (change,) = told["changed"]
    assert (change["item"], change["field"]) == (two, "text")
    assert change["new"] == "另" + change["old"]
    assert told["comparable"] is False
    words = home.said(checklist_versions.diff, "wuzha-xiaoqu", str(path))
    assert f"{one}→ZZ01" in words
    assert "不能直接相比" in words
    digest = told["from"]["digest"]
    same = json.loads(home.said(checklist_versions.diff, digest[:12], "wuzha-xiaoqu", json=True))
    assert same["comparable"] is True
    assert same["changed"] == same["added"] == same["removed"] == []
    assert "没有差别" in home.said(checklist_versions.diff, digest, "wuzha-xiaoqu")


def test_diff_says_what_is_not_there(home: Home, tmp_path: Path) -> None:
    """Unknown ids and files that cannot be read are the user's slip."""
    for ref in ("none", str(tmp_path / "none.yaml")):
        with pytest.raises(Problem):
            home.said(checklist_versions.diff, ref, "wuzha-xiaoqu", json=True)


def test_rebase(home: Home) -> None:
    """First looked at, then done; a second time there is nothing to do."""
    begun = json.loads(home.words("inspect", "start", "wuzha-xiaoqu", "--site", "TF", "--json"))
    inspection = begun["inspection"]
    new, one, two = later()
    for item, value in ((one, "pass"), (two, "fail")):
        home.words("inspect", "answer", inspection, item, value)
    home.write(new)
    seen = json.loads(home.said(checklist_versions.rebase, inspection[:8], dry_run=True, json=True))
    assert "没有改动" in home.said(checklist_versions.rebase, inspection, dry_run=True)
    done = json.loads(home.said(checklist_versions.rebase, inspection, dry_run=False, json=True))
    assert done == seen
    assert done["inspection"] == inspection
    assert done["carried"] == [{"item": one, "to": "ZZ01", "value": "pass"}]
    (again,) = done["again"]
    assert (again["item"], again["value"]) == (two, "fail")
    assert "内容" in again["why"]
    assert done["retired"] == []
    shown = json.loads(home.words("inspect", "show", inspection, "--json"))
    assert shown["checklist_version"] == "2026.12"
    assert {item: it["value"] for item, it in shown["answers"].items()} == {"ZZ01": "pass"}
    assert two in shown["open_required"]
    with pytest.raises(Refused):
        home.said(checklist_versions.rebase, inspection, dry_run=False)
