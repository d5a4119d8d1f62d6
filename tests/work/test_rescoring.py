"""Re-scoring a campaign of a home: which inspections, the same as directly, the change file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fieldkit.domain.rescoring import ChangeSet, changed
from fieldkit.domain.scoring import score
from fieldkit.errors import Problem
from fieldkit.library import rescoring as library
from fieldkit.work import Workspace, checklists, inspecting, rescoring, sites

REGISTER = """kind,code,name,parent,division,grid,address,floor,registered
village,V1,澜渡社区,,990100000001,,澜渡镇,,
village,V2,枫桥村,,990100000002,,澜渡镇,,
estate,E1,听枫里,V1,,,枫路1号,,
estate,E2,鹭汀里,V1,,,枫路2号,,
estate,E3,苇间里,V2,,,枫路3号,,
"""
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
      - {id: A3, text: 几处, criterion: 数, type: count, weight: 10, params: {at_least: 2},
         source: [S000], evidence: 照}
"""


@pytest.fixture
def campaign(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Three estates, one of them inspected twice, one inspection left open."""
    (tmp_path / "r.csv").write_text(REGISTER, "utf-8")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "small.yaml").write_text(LIST, "utf-8")
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(tmp_path / "lists"))
    sites.import_register(ws, tmp_path / "r.csv")
    for day, site, values in (
        ("2026-11-23", "E1", ("fail", "fail", "0")),
        ("2026-11-24", "E1", ("pass", "fail", "3")),
        ("2026-11-25", "E2", ("fail", "pass", "1")),
        ("2026-11-26", "E3", ("pass", "na", "1")),
    ):
        monkeypatch.setenv("FIELDKIT_NOW", f"{day}T09:30:00+08:00")
        ref = inspecting.start(ws, "small", site).inspection.id
        for item, value in zip(("A1", "A2", "A3"), values, strict=True):
            inspecting.answer(ws, ref, item, value)
        inspecting.finish(ws, ref)
    inspecting.start(ws, "small", "E2")
    return ws


def table(found: rescoring.Rescored) -> list[tuple[str, int, int]]:
    """Codes with both ranks."""
    return [(row.code, row.moved.old_rank, row.moved.new_rank) for row in found.rows]


def test_the_latest_of_each_site_is_scored_as_directly(campaign: Workspace) -> None:
    small = checklists.find(campaign, "small")
    change = ChangeSet("small", {"A1": 60, "A3": 0})
    before = campaign.store.stamp()
    found = rescoring.by(campaign, small, change)
    assert table(found) == [("E3", 2, 1), ("E1", 3, 2), ("E2", 1, 3)]
    assert (found.left_out, found.unknown) == (1, 0)
    for row in found.rows:
        whole = inspecting.sheet(campaign, row.inspection)
        values = {item: it.value for item, it in whole.answers.items()}
        new = score(changed(small, change), "open", date.fromisoformat(row.day), values)
        assert row.moved.old.ratio == whole.score.ratio
        assert (row.moved.new.points, row.moved.new.max_points) == (new.points, new.max_points)
    assert campaign.store.stamp() == before


def test_days_place_and_mode_narrow_it(campaign: Workspace) -> None:
    small = checklists.find(campaign, "small")

    def codes(**wanted: str) -> list[str]:
        found = rescoring.by(campaign, small, ChangeSet("small"), rescoring.Wanted(**wanted))
        return sorted(row.code for row in found.rows)

    assert codes() == ["E1", "E2", "E3"]
    assert codes(within="V1") == ["E1", "E2"]
    assert codes(since="2026-11-25") == ["E2", "E3"]
    assert codes(until="2026-11-24") == ["E1"]
    assert codes(mode="covert") == []
    first = rescoring.by(campaign, small, ChangeSet("small"), rescoring.Wanted(until="2026-11-23"))
    assert first.rows[0].day == "2026-11-23"
    for wanted in ({"since": "x"}, {"mode": "x"}, {"within": "x"}):
        with pytest.raises(Problem):
            codes(**wanted)


def test_another_version_of_the_list(campaign: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "next.yaml"
    text = LIST.replace('"2026.11"', '"2026.12"').replace("weight: 30", "weight: 1")
    more = (
        "      - {id: A4, text: 新项, criterion: 看, type: check, weight: 5, source: [S000],\n"
        "         evidence: 照}\n"
    )
    path.write_text(text + more, "utf-8")
    found = rescoring.rescore(campaign, "small", path)
    assert found.new.version == "2026.12"
    assert {row.open for row in found.rows} == {1}
    path.write_text(text.replace("id: small", "id: other"), "utf-8")
    with pytest.raises(Problem) as problem:
        rescoring.rescore(campaign, "small", path)
    assert problem.value.code == "other-checklist"


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("checklist: other\n", 1, 12, "other-checklist"),
        ("checklist: small\n", 1, 1, "no-changes"),
        ("checklist: small\nweights:\n  A9: 3\n", 3, 3, "no-such-item"),
        ("checklist: small\nweights:\n  A1: -1\n", 3, 7, "too-small"),
        ("checklist: small\nweights:\n  A1: 十\n", 3, 7, "wrong-type"),
        ("checklist: small\nwieghts:\n  A1: 3\n", 2, 1, "unknown-key"),
        ("checklist: small\nweights:\n  A1: 3\n  A1: 4\n", 4, 3, "duplicate-key"),
        ("checklist: small\ngrades:\n  best: 3\n", 3, 3, "no-such-grade"),
        ("checklist: small\ngrades:\n  met: 0\n", 3, 3, "grade-order"),
        ("checklist: small\ngrades:\n  met: 10\n  fail: 20\n", 3, 3, "grade-turned"),
        ("checklist: small\ncritical:\n  add: [A1]\n", 3, 3, "no-effect"),
        ("checklist: small\ncritical:\n  drop: [A1]\n", 3, 10, "not-critical"),
        ("checklist: small\ncritical:\n  add: [A1, A9]\n  effect: refer\n", 3, 13, "no-such-item"),
    ],
)
def test_faults_of_a_change_file_have_their_place(
    campaign: Workspace, tmp_path: Path, text: str, line: int, column: int, code: str
) -> None:
    path = tmp_path / "change.yaml"
    path.write_text(text, "utf-8")
    small = checklists.find(campaign, "small")
    (first, *_more) = library.faults(path, small)
    assert (first.line, first.column, first.code) == (line, column, code)
    with pytest.raises(Problem) as problem:
        library.load(path, small)
    assert problem.value.where == f"{path}:{line}:{column}"
