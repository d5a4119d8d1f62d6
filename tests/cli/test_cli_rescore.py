"""``fieldkit office rescore``: table, JSON, paper; and that it writes nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from .line import Line

REGISTER = (
    "类别,编码,名称,上级,区划,网格,地址,楼层,户籍\n"
    "village,990100000001,澜渡社区,,990100000001,,澜渡镇,,\n"
    "estate,E1,听枫里,990100000001,,,枫路1号,,\n"
    "estate,E2,鹭汀里,990100000001,,,枫路2号,,\n"
)
KEYS = {
    "checklist", "from", "to", "changes", "rows", "moved", "left_out", "unknown", "published",
    "file",
}  # fmt: skip
LIST = """id: small
version: "2026.11"
title: 小表
target: 小区
boundary: 只看公开处
nature: assessment
site_kinds: [estate]
grades:
  - {id: met, title: 达标, at_least: 90}
  - {id: fail, title: 不达标, at_least: 0}
sources:
  S000: 方案
sections:
  - id: s
    title: 一节
    items:
      - {id: A1, text: 有栏, criterion: 看, type: check, weight: 10, source: [S000], evidence: 照}
      - {id: A2, text: 有字, criterion: 看, type: check, weight: 30, source: [S000], evidence: 照}
"""


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """A home with two finished inspections."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "small.yaml").write_text(LIST, "utf-8")
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(tmp_path / "lists"))
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made = Line(tmp_path / "home", capsys)
    made.json("site", "import", str(tmp_path / "r.csv"))
    for site, one, two in (("E1", "pass", "fail"), ("E2", "fail", "pass")):
        ref = made.json("inspect", "start", "small", "--site", site)["inspection"]
        made.json("inspect", "answer", ref, "A1", one)
        made.json("inspect", "answer", ref, "A2", two)
        made.json("inspect", "finish", ref)
    return made


def test_the_table_says_who_moves_and_that_nothing_was_changed(line: Line, tmp_path: Path) -> None:
    change = tmp_path / "change.yaml"
    change.write_text(
        "checklist: small\nweights: {A1: 90}\ncritical: {add: [A1], effect: ineligible}\n", "utf-8"
    )
    digest = line.json("office", "status")["state_digest"]
    told = line.json("office", "rescore", "small", "--with", str(change))
    assert told.keys() == KEYS
    assert [(row["code"], row["old"]["rank"], row["new"]["rank"]) for row in told["rows"]] == [
        ("E1", 2, 1),
        ("E2", 1, 2),
    ]
    assert told["rows"][1]["veto_new"] == ["A1"]
    assert told["rows"][1]["new"]["grade"] == "ineligible"
    assert (told["rows"][0]["new"]["points"], told["rows"][0]["new"]["max_points"]) == ("90", "120")
    assert (told["moved"], told["published"]) == (2, False)
    text = line.words("office", "rescore", "small", "--with", str(change))
    for words in ("2→1", "↑1", "↓1", "A1 分值：10 → 90", "不予评定", "否决 A1", "什么也没有改"):
        assert words in text
    assert line.json("office", "status")["state_digest"] == digest


def test_the_paper_has_every_site(line: Line, tmp_path: Path) -> None:
    change = tmp_path / "change.yaml"
    change.write_text("checklist: small\ngrades: {met: 20}\n", "utf-8")
    out = tmp_path / "t.docx"
    told = line.json("office", "rescore", "small", "--with", str(change), "-o", str(out))
    assert told["file"] == str(out)
    text = zipfile.ZipFile(out).read("word/document.xml").decode("utf-8")
    for words in ("听枫里", "鹭汀里", "试算对照表", "达标"):
        assert words in text
    line.words("office", "rescore", "small", "--with", str(change), "-o", "t.pdf", code=2)


def test_a_fault_is_told_with_its_place(line: Line, tmp_path: Path) -> None:
    change = tmp_path / "change.yaml"
    change.write_text("checklist: small\nweights:\n  A9: 3\n", "utf-8")
    line.words("office", "rescore", "small", "--with", str(change), code=2)
    assert line.err.startswith(f"{change}:3:3: ")
    line.words("office", "rescore", "small", "--with", str(tmp_path / "none.yaml"), code=2)
    line.words("office", "rescore", "door-to-door", "--with", str(change), code=2)
