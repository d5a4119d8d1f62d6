"""Forms of every dialect become the checklist that their author meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import cases_logic, cases_sheets, cases_types
from .forms import NOW, Case, check, imported, saved, sheets

CASES = [*cases_types.CASES, *cases_logic.CASES, *cases_sheets.CASES]


def test_there_are_enough_and_no_name_is_used_twice() -> None:
    assert len(CASES) >= 120
    names = [(case.name, case.form) for case in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_form(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_options_in_a_file_beside_the_workbook(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("code,title\na,甲\nnone,乙\n", "utf-8")
    form = """survey|type|name|label|parameters|relevant
|select_one_from_file towns.csv|t|T|value=code label=title|
|text|q|Q||${t} = 'none'"""
    found = imported(form, tmp_path)
    assert found.data["lists"]["towns"] == [
        {"id": "a", "title": "甲"},
        {"id": "none_", "title": "乙"},
    ]
    assert found.data["sections"][0]["items"][1]["relevant"] == "${t} = 'none_'"
    assert found.not_supported == []


def test_the_yaml_keeps_words_that_only_look_like_something_else(tmp_path: Path) -> None:
    words = ["no", "1e3", "007", "0x1f", "~", "null", "2026-11-22", "a: b", "a #b", "- x", "是"]
    rows = [["text", f"q{n}", word] for n, word in enumerate(words)]
    path = saved({"survey": [["type", "name", "label"], *rows]}, tmp_path / "f.xlsx")
    from fieldkit.library import xlsform
    from fieldkit.library.positions import compose, plain

    found = xlsform.convert(path, NOW)
    root, slips = compose(found.yaml)
    assert slips == []
    assert root is not None
    data = plain(root)
    assert isinstance(data, dict)
    assert [item["text"] for item in data["sections"][0]["items"]] == words
    assert found.yaml.startswith("# yaml-language-server: $schema=")
    assert "text: 是" in found.yaml


def test_many_questions_go_into_several_sections(tmp_path: Path) -> None:
    rows = [["text", f"q{n}", f"Q{n}"] for n in range(4_100)]
    path = saved({"survey": [["type", "name", "label"], *rows]}, tmp_path / "f.xlsx")
    from fieldkit.library import xlsform

    found = xlsform.convert(path, NOW)
    assert [(s["id"], len(s["items"])) for s in found.data["sections"]] == [
        ("main", 2000),
        ("main-2", 2000),
        ("main-3", 100),
    ]
    assert found.items == 4_100


def test_tables_are_read_as_they_are_written() -> None:
    assert sheets("a|x|y\n|1|\n\nb|z") == {"a": [["x", "y"], ["1", None]], "b": [["z"]]}


def test_a_number_too_large_for_an_expression_is_noted(tmp_path: Path) -> None:
    """The question stays, its default is told of."""
    form = """survey|type|name|label|default
|integer|q|Q|1000000000000000001"""
    found = imported(form, tmp_path)
    assert "default" not in found.data["sections"][0]["items"][0]
    assert [(note.row, note.column) for note in found.not_supported] == [(2, "default")]
