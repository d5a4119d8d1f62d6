"""Every command in this process: its JSON keys, and words for people beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli import run

REGISTER = (
    "类别,编码,名称,上级,区划,网格,地址,楼层,户籍\n"
    "village,990100000001,澜渡社区,,990100000001,,澜渡镇,,\n"
    "estate,TF,听枫里,990100000001,,,枫路1号,,\n"
    "building,TF-3,3栋,TF,,,,,\n"
    "door,TF-3-101,101室,TF-3,,,,1,1\n"
    "door,TF-3-102,102室,TF-3,,,,1,0\n"
)


class Line:
    """The command line of one home."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home, self.capture = home, capture

    def words(self, *words: str, code: int = 0) -> str:
        """What a command says to people."""
        self.capture.readouterr()
        done = run(["--home", str(self.home), *words])
        out, err = self.capture.readouterr()
        assert done == code, (words, out, err)
        return out

    def json(self, *words: str, code: int = 0) -> Any:
        """What a command says to programs; its words for people are looked at too."""
        return json.loads(self.words(*words, "--json", code=code))


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """A home with a small town."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made = Line(tmp_path / "home", capsys)
    assert made.json("site", "import", str(tmp_path / "r.csv")) == {
        "created": 5,
        "updated": 0,
        "unchanged": 0,
        "rejected": [],
    }
    return made


def test_site_keys(line: Line) -> None:
    """``site list`` and ``site show`` by code and by id."""
    listed = line.json("site", "list")
    assert {"id", "code", "name", "kind", "division", "grid"} <= set(listed[0])
    shown = line.json("site", "show", listed[0]["id"])
    assert shown["code"] == listed[0]["code"]
    doors = line.json("site", "list", "--kind", "door", "--within", "TF-3")
    assert [door["code"] for door in doors] == ["TF-3-101", "TF-3-102"]
    assert "听枫里" in line.words("site", "list")
    assert "枫路1号" in line.words("site", "show", "TF")


def test_checklist_keys(line: Line) -> None:
    """``checklist list``, ``show`` and ``schema``."""
    listed = line.json("checklist", "list")
    assert {"wuzha-xiaoqu", "courier-100", "building-sweep"} <= {c["id"] for c in listed}
    assert set(listed[0]) >= {"id", "version", "title", "items", "digest"}
    shown = line.json("checklist", "show", "wuzha-xiaoqu")
    assert set(shown) >= {"id", "version", "title", "grades", "critical_effect", "items"}
    assert set(shown["items"][0]) >= {
        "id", "section", "text", "type", "required", "weight", "critical", "mode", "evidence",
        "source",
    }  # fmt: skip
    assert "wuzha-xiaoqu" in line.words("checklist", "list")
    assert shown["items"][0]["id"] in line.words("checklist", "show", "wuzha-xiaoqu")
    assert json.loads(line.words("checklist", "schema"))


def test_lint_answers_no(line: Line, tmp_path: Path) -> None:
    """Errors exit 1 with their places; a clean folder exits 0."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: x\nid: y\n", encoding="utf-8")
    told = line.json("checklist", "lint", str(bad), code=1)
    assert set(told) == {"errors", "warnings"}
    assert set(told["errors"][0]) >= {"file", "line", "column", "code", "message"}
    assert "bad.yaml" in line.words("checklist", "lint", str(bad), code=1)


def test_an_inspection_from_end_to_end(line: Line) -> None:
    """Start, answer, refuse, finish, show, list, findings."""
    ref = line.json("inspect", "start", "building-sweep", "--site", "TF-3")["inspection"]
    items = line.json("checklist", "show", "building-sweep")["items"]
    check = next(i["id"] for i in items if i["type"] == "check" and not i["critical"])
    given = line.json("inspect", "answer", ref, check, "fail", "--note", "楼道无公示")
    assert set(given) >= {"item", "value", "score"}
    assert (given["item"], given["value"]) == (check, "fail")
    line.words("inspect", "finish", ref, code=1)
    for item in items:
        if item["id"] != check and item["type"] != "info":
            line.words("inspect", "answer", ref[:12], item["id"], "na")
    done = line.json("inspect", "finish", ref)
    assert set(done) >= {
        "inspection", "score", "max_score", "ratio", "grade", "veto", "findings",
    }  # fmt: skip
    shown = line.json("inspect", "show", ref)
    assert shown["state"] == "finished"
    assert shown["site_code"] == "TF-3"
    assert set(shown) >= {"checklist", "checklist_version", "site", "mode", "answers", "findings"}
    answer = shown["answers"][check]
    assert set(answer) == {"value", "note", "evidence", "at", "by"}
    assert answer["at"] == "2026-11-23T09:30:00+08:00"
    listed = line.json("inspect", "list")
    assert listed[0]["inspection"] == ref
    assert listed[0]["findings"] == done["findings"]
    assert listed[0]["answers"] == shown["answers"]
    finding = line.json("finding", "list")[0]
    assert set(finding) >= {"finding", "state", "due", "overdue"}
    assert line.json("finding", "show", finding["finding"][:10]) == {**finding, "history": []}
    assert finding["finding"] in done["findings"]
    for words in (["inspect", "show", ref], ["inspect", "list"], ["finding", "list"]):
        assert check in line.words(*words) or ref[:8] in line.words(*words)
    assert check in line.words("finding", "show", finding["finding"])
    line.words("inspect", "answer", ref, check, "pass", code=1)


def test_visits_and_coverage(line: Line) -> None:
    """``visit log``, ``withdraw`` and ``coverage`` with its nulls."""
    visit = line.json("visit", "log", "TF-3-101", "met", "--app", "already", "--note", "晚间")
    assert set(visit) >= {"visit", "door", "outcome"}
    assert (visit["door"], visit["outcome"]) == ("TF-3-101", "met")
    row = line.json("coverage", "--by", "village", "--within", "990100000001")[0]
    assert set(row) >= {
        "code", "name", "doors", "registered", "removed", "visited", "delivered",
        "delivery_rate", "met", "face_to_face_rate", "revisit",
    }  # fmt: skip
    assert (row["delivery_rate"], row["face_to_face_rate"]) == (1, 0.5)
    assert "50%" in line.words("coverage")
    line.words("visit", "withdraw", visit["visit"][:12])
    assert line.json("coverage")[0]["met"] == 0
    assert line.json("site", "remove", "TF-3-101", "--reason", "demolished")["removed"] is True
    assert line.json("coverage")[0]["delivery_rate"] is None


def test_journal_keys(line: Line) -> None:
    """``journal verify``, ``rebuild`` and ``export`` agree on the number of events."""
    told = line.json("journal", "verify")
    assert told == {"ok": True, "events": 5, "problems": []}
    rebuilt = line.json("journal", "rebuild")
    assert rebuilt["events"] == 5
    assert len(rebuilt["state_digest"]) == 64
    lines = line.words("journal", "export").splitlines()
    assert len(lines) == 5
    assert all(json.loads(text)["k"] == "site.put" for text in lines)
    assert line.json("journal", "rebuild") == rebuilt


def test_without_words_the_screens_open(tmp_path: Path) -> None:
    """The home stands before the command that is not there."""
    asked: list[Path | None] = []

    def open_tui(home: Path | None) -> int:
        asked.append(home)
        return 0

    assert run(["--home", str(tmp_path)], open_tui=open_tui) == 0
    assert run([], open_tui=open_tui) == 0
    assert asked == [tmp_path, None]


def test_an_unexpected_fault_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback without ``--debug``, one with it."""

    def broken(home: Path | None) -> int:
        raise RuntimeError("so\nbad \x1b[2J")

    assert run([], open_tui=broken) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert "\x1b" not in err
    assert run(["--debug"], open_tui=broken) == 2
    assert "Traceback" in capsys.readouterr().err
