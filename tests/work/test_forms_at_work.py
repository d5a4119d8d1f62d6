"""Lists with conditions in a home: by command and by program, evaluated no more than needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import Problem, Refused
from fieldkit.library.load import load_file
from fieldkit.work import bookmarks, inspecting, sheets
from fieldkit.work.previewing import STRAIGHT, preview_home
from fieldkit.work.workspace import Workspace

HEAD = """\
id: long
version: "2026.11"
kind: record
title: 很长的表
sections:
  - id: a
    title: 甲
    items:
"""


def long_list(folder: Path, items: int) -> Path:
    """A list in which every third item depends on the one before it."""
    rows = [
        f"      - {{id: Q{n}, text: 第{n}项, type: count"
        + (f', relevant: "${{Q{n - 1}}} > 3"' if n % 3 == 0 else "")
        + "}"
        for n in range(1, items + 1)
    ]
    path = folder / "long.yaml"
    path.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return path


def test_an_answer_evaluates_only_what_follows_from_it(tmp_path: Path) -> None:
    """Of a hundred conditions one is looked at again."""
    checklist = load_file(long_list(tmp_path, 300))
    with preview_home(checklist) as home, Workspace.open(home) as ws:
        ref = str(bookmarks.recall(ws, STRAIGHT))
        inspecting.answer(ws, ref, "Q1", "1")
        state = sheets._STATES[ref]
        before = state.evaluated
        sheet = inspecting.answer(ws, ref, "Q2", "5")
        assert sheets._STATES[ref] is state
        assert state.evaluated - before <= 1
        assert "Q3" in sheet.by_id
        assert "Q6" not in sheet.by_id
        with pytest.raises(Problem) as told:
            inspecting.answer(ws, ref, "Q6", "1")
        assert told.value.code == "item-not-asked"


def test_a_constraint_that_was_broken_later_stops_the_end(tmp_path: Path) -> None:
    """Each answer fits when it is given; the last look is over all of them."""
    path = tmp_path / "late.yaml"
    path.write_text(
        HEAD.replace("id: long", "id: late")
        + "      - {id: most, text: 最多, type: count}\n"
        + '      - {id: some, text: 几个, type: count, constraint: ". <= ${most}", '
        + "message: 多了}\n",
        "utf-8",
    )
    with preview_home(load_file(path)) as home, Workspace.open(home) as ws:
        ref = str(bookmarks.recall(ws, STRAIGHT))
        inspecting.answer(ws, ref, "most", "5")
        with pytest.raises(Problem, match="多了"):
            inspecting.answer(ws, ref, "some", "6")
        inspecting.answer(ws, ref, "some", "5")
        sheet = inspecting.answer(ws, ref, "most", "3")
        assert dict(sheet.presented.violated) == {"some": "多了"}
        with pytest.raises(Refused) as told:
            inspecting.finish(ws, ref)
        assert told.value.code == "inspection-broken"
        inspecting.answer(ws, ref, "some", "3")
        _sheet, findings = inspecting.finish(ws, ref)
        assert findings == []


def test_a_record_has_neither_score_nor_findings(tmp_path: Path) -> None:
    """A check that fails in a record is noted, and nothing more."""
    path = tmp_path / "noted.yaml"
    path.write_text(
        HEAD.replace("id: long", "id: noted") + "      - {id: A, text: 有没有, type: check}\n",
        "utf-8",
    )
    with preview_home(load_file(path)) as home, Workspace.open(home) as ws:
        ref = str(bookmarks.recall(ws, STRAIGHT))
        inspecting.answer(ws, ref, "A", "fail")
        sheet, findings = inspecting.finish(ws, ref)
        assert (findings, sheet.failed, sheet.score.ratio) == ([], (), None)
