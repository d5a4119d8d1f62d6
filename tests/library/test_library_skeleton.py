"""The beginning of a checklist: without a fault, and with an example of everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.domain.filling import cover
from fieldkit.domain.items import types
from fieldkit.errors import Problem
from fieldkit.library.lint import lint_paths
from fieldkit.library.load import load_file
from fieldkit.library.skeleton import skeleton

TITLES = [
    "",
    "村级反诈工作检查",
    "a: b # c",
    "'\"[]{}",
    "yes",
    "2026",
    "- 一",
    "&甲 *乙",
    "版本：二",
]


@pytest.mark.parametrize("kind", ["inspection", "record"])
@pytest.mark.parametrize("title", TITLES)
def test_skeleton_passes_lint(kind: str, title: str, tmp_path: Path) -> None:
    """Not one error, not one warning, whatever the title; every branch can be reached."""
    path = tmp_path / "trial.yaml"
    path.write_text(skeleton("trial", title, kind), encoding="utf-8")
    report = lint_paths([path])
    assert (report.errors, report.warnings) == ([], [])
    made = load_file(path)
    assert made.kind == kind
    assert title.strip() in ("", made.title)
    assert cover(made).unreached == ()


def test_skeletons_teach_the_format() -> None:
    """Between them most types and every key that a beginner asks for stand there, explained."""
    both = skeleton("a", "", "inspection") + skeleton("a", "", "record")
    shown = {name for name in types() if f"type: {name}\n" in both}
    assert len(shown) >= 10
    for key in ("relevant", "constraint", "message", "default", "calculate", "filter", "critical"):
        assert f"{key}: " in both
    assert sum(line.lstrip().startswith("# ") for line in both.split("\n")) > 20


@pytest.mark.parametrize("checklist_id", ["yes", "1", "2026", "null", "a-1"])
def test_ids_that_look_like_something_else(checklist_id: str, tmp_path: Path) -> None:
    """They are written so that they stay texts."""
    path = tmp_path / f"{checklist_id}.yaml"
    path.write_text(skeleton(checklist_id), encoding="utf-8")
    assert lint_paths([path]).errors == []
    assert load_file(path).id == checklist_id


@pytest.mark.parametrize("title", ["a\x1bb", "a\nb", "长" * 201])
def test_titles_that_no_file_could_say(title: str) -> None:
    """A Problem with the mend."""
    with pytest.raises(Problem):
        skeleton("a", title)


def test_unknown_kind() -> None:
    """Only inspections and records."""
    with pytest.raises(Problem) as told:
        skeleton("a", "", "survey")
    assert told.value.code == "bad-kind"
