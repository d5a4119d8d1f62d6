"""``fieldkit finding``: the whole loop by command, its JSON, and its refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from .line import Line

REGISTER = (
    "类别,编码,名称,上级,区划,网格,地址,楼层,户籍\n"
    "village,990100000001,澜渡社区,,990100000001,,澜渡镇,,\n"
    "estate,TF,听枫里,990100000001,,,枫路1号,,\n"
    "building,TF-3,3栋,TF,,,,,\n"
)
KEYS = {"finding", "state", "due", "overdue", "round", "number"}


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """A home with a building."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made = Line(tmp_path / "home", capsys)
    made.json("site", "import", str(tmp_path / "r.csv"))
    return made


@pytest.fixture
def found(line: Line) -> list[str]:
    """Two findings of one inspection."""
    ref = line.json("inspect", "start", "building-sweep", "--site", "TF-3")["inspection"]
    items = line.json("checklist", "show", "building-sweep")["items"]
    checks = [i["id"] for i in items if i["type"] == "check" and not i["critical"]][:2]
    for item in items:
        if item["type"] != "info":
            line.words(
                "inspect", "answer", ref, item["id"], "fail" if item["id"] in checks else "na"
            )
    findings: list[str] = line.json("inspect", "finish", ref)["findings"]
    assert len(findings) == 2
    return findings


def test_the_whole_loop(line: Line, found: list[str], tmp_path: Path) -> None:
    """Notice, progress, report, second look, closed; each says where it stands."""
    one, two = found
    row = line.json("finding", "notify", one[:8], "--number", "整7号", "--term", "serious")
    assert set(row) >= KEYS
    assert (row["state"], row["due"], row["number"]) == ("notified", "2026-12-08", "整7号")
    assert "还有 7 天" in line.words("finding", "notify", two, "--note", "请整改")
    row = line.json("finding", "rectify", one, "--progress", "--note", "已联系物业")
    assert row["state"] == "rectifying"
    photo = tmp_path / "a.txt"
    photo.write_text("已改\n", encoding="utf-8")
    row = line.json("finding", "rectify", one, "--note", "改了", "--evidence", str(photo))
    assert (row["state"], row["overdue"]) == ("reported", False)
    line.words("finding", "rectify", two, "--note", "也改了")
    begun = line.json("finding", "reinspect", one, "--all")
    assert begun["state"] == "recheck"
    assert begun["findings"] == found
    assert len(begun["asks"]) == 2
    assert "换人" in line.err
    shown = line.json("inspect", "show", begun["reinspection"])
    assert shown["mode"] == "reinspection"
    good, bad = begun["asks"]
    line.words("inspect", "answer", begun["reinspection"], good, "pass")
    line.words("inspect", "answer", begun["reinspection"], bad, "fail", "--note", "还缺")
    line.words("inspect", "finish", begun["reinspection"])
    states = {row["item"]: row for row in line.json("finding", "list")}
    assert {item: row["state"] for item, row in states.items()} == {good: "passed", bad: "again"}
    assert states[bad]["round"] == 2
    assert line.json("finding", "close", states[good]["finding"])["state"] == "closed"
    shown = line.json("finding", "show", states[bad]["finding"])
    assert [step["step"] for step in shown["history"]][-1] == "fail"
    assert shown["history"][-1]["note"] == "还缺"
    assert shown["history"][-1]["inspection"] == begun["reinspection"]
    text = line.words("finding", "show", states[bad]["finding"])
    assert "再整改" in text
    assert "复查不合格" in text
    assert "还缺" in text


def test_what_the_state_does_not_allow_is_refused(line: Line, found: list[str]) -> None:
    """Exit 1 and why; bad words are exit 2."""
    line.words("finding", "close", found[0], code=1)
    assert "待交办" in line.err
    line.words("finding", "reinspect", found[0], code=1)
    line.words("finding", "feedback", found[0], "--note", "x", code=1)
    line.words("finding", "withdraw", found[0], code=2)
    line.words("finding", "notify", found[0], "--term", "soon", code=2)
    line.words("finding", "notify", found[0], "--due", "2026-11-01", code=2)
    line.words("finding", "list", "--state", "lost", code=2)
    line.words("finding", "list", "--site", "lost", code=2)
    assert {row["state"] for row in line.json("finding", "list")} == {"found"}


def test_the_other_ways(line: Line, found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Withdrawn and restored, escalated, referred and answered, relapsed; filters."""
    one, two = found
    assert line.json("finding", "withdraw", one, "--note", "误记")["state"] == "withdrawn"
    assert [row["finding"] for row in line.json("finding", "list", "--state", "open")] == [two]
    assert line.json("finding", "restore", one, "--note", "没有误记")["state"] == "found"
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-02T09:30:00+08:00")
    assert {row["finding"] for row in line.json("finding", "list", "--overdue")} == set(found)
    assert "逾期 2 天" in line.words("finding", "list", "--overdue", "--site", "TF-3")
    row = line.json("finding", "escalate", one, "--note", "通报", "--due", "2026-12-04")
    assert (row["state"], row["due"], row["overdue"]) == ("escalated", "2026-12-04", False)
    row = line.json("finding", "refer", one, "--note", "转主管", "--number", "移1号")
    assert row["state"] == "referred"
    assert line.json("finding", "feedback", one, "--note", "已处理")["state"] == "answered"
    assert line.json("finding", "close", one)["state"] == "closed"
    row = line.json("finding", "relapse", one, "--note", "回头看又有")
    assert (row["state"], row["round"]) == ("again", 2)
