"""Plans clause by clause: their files, their faults, and which item verifies what."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from fieldkit.domain.checklist import Checklist, Item, Section
from fieldkit.domain.provenance import Clause, Plan, Use, ancestors, cited, coverage, steps
from fieldkit.errors import Problem
from fieldkit.library import plans
from fieldkit.library.folders import shipped
from fieldkit.library.lint import lint_paths
from fieldkit.library.load import catalogue

FILES = sorted((shipped() / "plans").glob("*.yaml"))
GOOD = """\
code: P1
title: 试点方案
clauses:
  - {id: 三, kind: background, text: 措施}
  - {id: 三(一), kind: duty, text: 宣传}
  - {id: 三(一)1, kind: duty, text: 敲门}
"""


def sheet(*sources: tuple[str, str], name: str = "own") -> Checklist:
    """A list whose items cite the sources given as (item, source)."""
    items = tuple(Item(n, "s", "文", "check", source=(text,)) for n, text in sources)
    return Checklist(
        id=name,
        version="2026.11",
        title="表",
        title_en="",
        target="",
        boundary="",
        site_kinds=(),
        critical_effect="",
        nature="guidance",
        grades=(),
        sections=(Section("s", "节", items),),
        sources={},
    )


def coded(tmp_path: Path, text: str, name: str = "P1") -> list[tuple[int, str]]:
    """Line and code of every fault of a plan's text."""
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, "utf-8")
    return [(fault.line, fault.code) for fault in plans.faults(path)]


def test_plans_of_the_seeds_are_clean() -> None:
    """Five plans, every clause in its place, each under the name of its file."""
    assert [path.stem for path in FILES] == ["S000", "S001", "S002", "S003", "S004"]
    assert [plans.faults(path) for path in FILES] == [[]] * 5
    assert {plan.code: len(plan.clauses) for plan in plans.catalogue()} == {
        "S000": 30,
        "S001": 15,
        "S002": 18,
        "S003": 14,
        "S004": 42,
    }
    assert all(clause.text for plan in plans.catalogue() for clause in plan.clauses)


def test_plans_hold_no_unknown_clause() -> None:
    """Every clause that an item of the library cites stands in its plan."""
    lists = catalogue(None)
    for plan in plans.catalogue():
        assert coverage(plan, lists).unknown == ()


def test_plans_say_what_nothing_verifies() -> None:
    """The measures of the police against persons stay without an item, and are told of."""
    lists = catalogue(None)
    open_ = {
        (plan.code, row.clause.id)
        for plan in plans.catalogue()
        for row in coverage(plan, lists).rows
        if row.verified is False
    }
    assert {("S000", "三(三)1"), ("S003", "三(二)"), ("S002", "四(一)6")} <= open_
    assert not {("S000", "三(三)2"), ("S003", "一"), ("S003", "三(三)"), ("S000", "四(一)")} & open_


@pytest.mark.parametrize(
    ("clause", "path", "above"),
    [
        ("三", ("三",), ()),
        ("三(一)", ("三", "(一)"), ("三",)),
        ("三(一)12", ("三", "(一)", "12"), ("三(一)", "三")),
        ("五(二十六)", ("五", "(二十六)"), ("五",)),
        ("三（一）", (), ()),
        ("", (), ()),
        ("第三条", (), ()),
    ],
)
def test_plans_read_clause_numbers(
    clause: str, path: tuple[str, ...], above: tuple[str, ...]
) -> None:
    """A number falls into its steps; what is none has none and nothing above it."""
    assert steps(clause) == path
    assert ancestors(clause) == above


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("S003 三(一)", ("S003", "三(一)")),
        ("S003 三(一)“进门入户”", ("S003", "三(一)")),
        ("S000 三(三)2（物流行业规范）", ("S000", "三(三)2")),
        ("S001 三(一)1“进商场”“移动传媒”", ("S001", "三(一)1")),
        ("W28", ("W28", "")),
    ],
)
def test_plans_read_citations(source: str, wanted: tuple[str, str]) -> None:
    """The words quoted from a clause are no part of its number."""
    assert cited(source) == wanted


def test_plans_list_an_item_under_every_clause_above() -> None:
    """One part of a broad clause does not verify the whole of it; all parts do."""
    clauses = (
        Clause("三", "措施", "background"),
        Clause("三(一)", "宣传", "duty"),
        Clause("三(一)1", "敲门", "duty"),
        Clause("三(一)2", "上课", "cadence"),
        Clause("四", "报送", "cadence", "obligations"),
    )
    plan = Plan("P1", "试点", clauses)
    one = coverage(plan, [sheet(("A1", "P1 三(一)1"), ("A2", "P2 三(一)2"))])
    states = {row.clause.id: row.verified for row in one.rows}
    assert states == {"三": None, "三(一)": False, "三(一)1": True, "三(一)2": False, "四": True}
    assert [len(row.uses) for row in one.rows] == [1, 1, 1, 0, 0]
    assert (one.verified, one.unverified, one.unknown) == (2, 2, ())
    both = coverage(plan, [sheet(("A1", "P1 三(一)1"), ("A2", "P1 三(一)2"))])
    assert {row.clause.id: row.verified for row in both.rows}["三(一)"] is True
    above = coverage(plan, [sheet(("A1", "P1 三(一)“全部”"))])
    states = {row.clause.id: row.verified for row in above.rows}
    assert (states["三(一)"], states["三(一)1"]) == (True, False)


def test_plans_name_citations_of_no_clause() -> None:
    """A clause that the plan lacks is a fault of the item; a plan cited as a whole is none."""
    plan = Plan("P1", "试点", (Clause("三", "措施", "duty"),))
    found = coverage(plan, [sheet(("A1", "P1 九"), ("A2", "P1"), ("A3", "P1 三"))])
    assert found.unknown == (Use("own", "A1", "九"),)
    assert found.rows[0].uses == (Use("own", "A3", "三"),)


def test_plan_faults_have_places(tmp_path: Path) -> None:
    """Numbers, order, doubles, kinds, keys and the file's name, all at once."""
    assert coded(tmp_path, GOOD) == []
    assert coded(tmp_path, GOOD, "P2") == [(1, "plan-name")]
    bad = GOOD.replace("{id: 三,", "{id: 第三条,").replace("kind: duty, text: 敲门", "kind: todo")
    assert coded(tmp_path, bad) == [
        (4, "clause-number"),
        (5, "clause-parent"),
        (6, "missing-key"),
        (6, "not-a-choice"),
    ]
    assert coded(tmp_path, GOOD.replace("三(一)1", "三(一)")) == [(6, "duplicate-clause")]
    assert coded(tmp_path, GOOD.replace("text: 宣传", "by: nobody")) == [
        (5, "missing-key"),
        (5, "not-a-choice"),
    ]
    assert coded(tmp_path, GOOD + "extra: 1\n") == [(7, "unknown-key")]
    assert coded(tmp_path, GOOD.replace("敲门", "敲\u202e门"))[0][1] == "hidden-character"


@pytest.mark.parametrize("text", ["", "clauses:", "clauses: [", "- a\n", "clauses: {a: 1}\n", "\0"])
def test_plan_nonsense_is_a_problem(tmp_path: Path, text: str) -> None:
    """Whatever a file holds, its faults are told and nothing is raised but a Problem."""
    assert coded(tmp_path, text)
    with pytest.raises(Problem) as caught:
        plans.load_file(tmp_path / "P1.yaml")
    assert caught.value.code == "bad-plan-file"


def test_plans_of_an_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its plans come first; a broken one is left out, told of, and found by its name."""
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "P1.yaml").write_text(GOOD, "utf-8")
    (folder / "S003.yaml").write_text(GOOD.replace("P1", "S003"), "utf-8")
    (folder / "P9.yaml").write_text("clauses: []\n", "utf-8")
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(tmp_path))
    rejected: list[Problem] = []
    known = {plan.code: len(plan.clauses) for plan in plans.catalogue(None, rejected)}
    assert (known["P1"], known["S003"], known["S000"]) == (3, 3, 30)
    assert [problem.code for problem in rejected] == ["bad-plan-file"]
    assert plans.find("p1").title == "试点方案"
    with pytest.raises(Problem, match=r"P9\.yaml:1:"):
        plans.find("P9")
    with pytest.raises(Problem) as caught:
        plans.find("P7")
    assert caught.value.code == "unknown-plan"


def test_plan_files_are_no_checklists(tmp_path: Path) -> None:
    """Lint tells them apart by their content and checks each by its own schema."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "P1.yaml").write_text(GOOD.replace("duty", "todo", 1), "utf-8")
    assert plans.is_plan(tmp_path / "plans" / "P1.yaml")
    assert not plans.is_plan(shipped() / "courier-100.yaml")
    assert not plans.is_plan(tmp_path / "absent.yaml")
    assert [(f.line, f.code) for f in lint_paths([tmp_path]).errors] == [(5, "not-a-choice")]
    assert lint_paths([shipped() / "plans"]).errors == []


def test_plan_schema_is_a_schema() -> None:
    """A full implementation takes the schema and the plans that came with the program."""
    import yaml

    text = (shipped() / "schema" / "plan.schema.json").read_text("utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    for path in FILES:
        jsonschema.validate(yaml.safe_load(path.read_text("utf-8")), plans.described())


def test_coverage_command(capsys: pytest.CaptureFixture[str]) -> None:
    """One document for machines, a table for people, and an unknown code named."""
    from fieldkit.cli.checklist_coverage import coverage as command

    command("S003", json=True)
    (plan,) = json.loads(capsys.readouterr().out)["plans"]
    assert set(plan) == {"code", "title", "clauses", "verified", "unverified", "unknown"}
    assert (plan["code"], plan["unknown"]) == ("S003", [])
    by_id = {clause["id"]: clause for clause in plan["clauses"]}
    assert {"checklist": "wuzha-xiaoqu", "item": "XQ11"} in by_id["三(一)"]["items"]
    assert {"checklist": "wuzha-xiaoqu", "item": "XQ11"} in by_id["三"]["items"]
    assert by_id["三(二)"] == {
        "id": "三(二)",
        "text": "公安机关对有关人员的管控措施",
        "kind": "duty",
        "by": "",
        "verified": False,
        "items": [],
    }
    command(None)
    out = capsys.readouterr().out
    assert "S000" in out
    assert "入户覆盖统计" in out
    with pytest.raises(Problem):
        command("S777")
