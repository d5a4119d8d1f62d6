"""``checklist test`` and ``checklist new`` as functions of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from fieldkit.cli.checklist_new import new
from fieldkit.cli.checklist_test import test as trial
from fieldkit.errors import Problem
from fieldkit.library import rules, scoring_rules
from fieldkit.library.folders import shipped
from fieldkit.library.lint import examine, lint_paths

DEAD = """\
id: dead
version: "2026.01"
kind: record
title: 试
sections:
  - id: one
    title: 一
    items:
      - {id: A, text: 甲, type: check}
      - {id: B, text: 乙, type: text, relevant: "${A} = 'pass' and ${A} = 'fail'"}
"""


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    """The JSON that was printed."""
    return json.loads(capsys.readouterr().out)


def test_all_shipped_lists_are_reached(capsys: pytest.CaptureFixture[str]) -> None:
    """The keys of the JSON; nothing out of reach in what ships."""
    trial([str(shipped())], json=True)
    found = told(capsys)
    assert len(found) == len(list(shipped().glob("*.yaml")))
    for one in found:
        assert set(one) == {"id", "fills", "items", "branches", "reached", "unreached"}
        assert one["unreached"] == []
        assert one["reached"] == one["branches"] > 0


def test_what_is_out_of_reach_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, the item, and the condition in both outputs."""
    path = tmp_path / "dead.yaml"
    path.write_text(DEAD, encoding="utf-8")
    with pytest.raises(typer.Exit) as done:
        trial([str(path)], json=True)
    assert done.value.exit_code == 1
    assert told(capsys)[0]["unreached"] == [
        {
            "item": "B",
            "what": "asked",
            "said": "永远不会问到",
            "condition": "${A} = 'pass' and ${A} = 'fail'",
        }
    ]
    with pytest.raises(typer.Exit):
        trial([str(path)])
    out = capsys.readouterr().out
    assert "B: 永远不会问到（${A} = 'pass' and ${A} = 'fail'）" in out


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """Problems, not tracebacks."""
    with pytest.raises(Problem):
        trial([str(tmp_path / "none.yaml")])
    with pytest.raises(Problem):
        trial([str(tmp_path)])


def test_new_writes_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that passes lint; the second time nothing is touched."""
    path = tmp_path / "mine.yaml"
    new("mine", path, title="我的表", kind="record", json=True)
    assert told(capsys) == {"id": "mine", "kind": "record", "file": str(path)}
    report = lint_paths([path])
    assert (report.errors, report.warnings) == ([], [])
    before = path.read_bytes()
    with pytest.raises(Problem) as refused:
        new("mine", path)
    assert refused.value.code == "file-exists"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "title"), [("a b", ""), ("", ""), ("-a", ""), ("x" * 41, ""), ("a", "行政处罚表")]
)
def test_new_refuses_what_lint_would(name: str, title: str, tmp_path: Path) -> None:
    """No file is written that could not be loaded."""
    path = tmp_path / "x.yaml"
    with pytest.raises(Problem):
        new(name, path, title=title)
    assert not path.exists()


def test_new_into_a_missing_folder(tmp_path: Path) -> None:
    """Told with the reason."""
    with pytest.raises(Problem) as refused:
        new("a", tmp_path / "none" / "a.yaml")
    assert refused.value.code == "not-written"


HEAD = """\
id: s
version: "2026.01"
title: 试
nature: guidance
critical_effect: ineligible
grades:
  - {id: top, title: 优, at_least: 90}
  - {id: mid, title: 中, at_least: 60}
  - {id: low, title: 差, at_least: 0}
sources: {S: 方案}
sections:
  - id: one
    title: 一
    items:
"""
ONE = "      - {{id: {id}, text: {id}, type: {type}, criterion: 见, source: [S 一]{more}}}\n"


def doubts(tmp_path: Path, *items: tuple[str, str, str]) -> list[str]:
    """The codes of what is certain of a list's scores."""
    path = tmp_path / "s.yaml"
    rows = "".join(ONE.format(id=i, type=t, more=m) for i, t, m in items)
    path.write_text(HEAD + rows, encoding="utf-8")
    root = examine(path).root
    assert root is not None
    found = list(scoring_rules.check(rules.Sheet(root)))
    assert all(not is_error and slip.line > 1 for is_error, slip in found)
    return [slip.code for _error, slip in found]


def test_grades_out_of_reach(tmp_path: Path) -> None:
    """One threshold item comes to all or nothing; a linear one, or many, to anything."""
    assert doubts(tmp_path, ("A", "check", ", weight: 100")) == ["grade-never"]
    ratio = ", weight: 100, params: {at_least: 100}"
    assert doubts(tmp_path, ("A", "ratio", ratio)) == []
    assert doubts(tmp_path, ("A", "check", ", weight: 70"), ("B", "check", ", weight: 30")) == []
    vetoed = ", weight: 50, critical: true"
    assert doubts(tmp_path, ("A", "check", vetoed), ("B", "check", vetoed)) == [
        "grade-never",
        "grade-never",
    ]


def test_points_for_everybody_and_visits_without_points(tmp_path: Path) -> None:
    """Options that all pass; covert items none of which counts."""
    options = "{options: [{id: a, title: 甲, verdict: pass}, {id: b, title: 乙, verdict: pass}]}"
    found = doubts(
        tmp_path,
        ("A", "choice", f", weight: 10, params: {options}"),
        ("B", "check", ", weight: 60, mode: open"),
        ("C", "check", ", weight: 30, mode: open"),
        ("D", "check", ", mode: covert"),
    )
    assert found == ["choice-same"]
    found = doubts(
        tmp_path,
        ("B", "check", ", weight: 60, mode: open"),
        ("C", "check", ", weight: 40, mode: open"),
        ("D", "check", ", mode: covert"),
    )
    assert found == ["mode-unscored"]


def test_items_in_groups_of_the_other_visit(tmp_path: Path) -> None:
    """Certain to be asked by nobody."""
    inner = "{id: H, text: H, type: info, mode: covert}"
    found = doubts(
        tmp_path,
        ("A", "check", ", weight: 70"),
        ("B", "check", ", weight: 30"),
        ("G", "group", f", mode: open, items: [{inner}]"),
    )
    assert found == ["mode-never"]
