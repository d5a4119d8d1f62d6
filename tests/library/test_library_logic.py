# ruff: noqa: E501
"""Expressions, groups, lists and what may be asked: every fault at its place, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.library.lint import examine
from fieldkit.library.load import load_file

HEAD = """\
id: logic
version: "2026.11"
kind: record
title: 条件
lists:
  towns:
    - {id: t1, title: 甲镇, county: c1}
    - {id: t2, title: 乙镇, county: c2}
sections:
  - id: a
    title: 甲
    items:
      - {id: K, text: 有没有, type: check}
      - {id: C, text: 哪一个, type: choice, params: {options: [{id: x, title: 子}, {id: y, title: 丑}]}}
      - {id: T, text: 哪个镇, type: choice, params: {list: towns}}
"""
LINE = HEAD.count("\n") + 1


def faults(folder: Path, rows: str) -> list[tuple[int, int, str]]:
    """The errors and warnings of the list with these items added, by line from the first."""
    path = folder / "logic.yaml"
    path.write_text(HEAD + rows, "utf-8")
    whole = examine(path)
    found = sorted([*whole.errors, *whole.warnings])
    return [(it.line - LINE, it.column, it.code) for it in found]


def item(more: str, kind: str = "text") -> str:
    return f"      - {{id: Q, text: 一题, type: {kind}, {more}}}\n"


START = len("      - {id: Q, text: 一题, type: text, ") + 1
CASES = [
    ("relevant: \"${K} = 'pass'\"", []),
    ('relevant: "${KK} = 1"', [(0, START + len('relevant: "'), "unknown-ref")]),
    ("relevant: \"${C} = 'z'\"", [(0, START + len('relevant: "${C} = '), "no-such-choice")]),
    ("relevant: \"${K} = 'good'\"", [(0, START + len('relevant: "${K} = '), "no-such-verdict")]),
    ('relevant: "${K} == 1"', [(0, START + len('relevant: "${K} ='), "expr-twice")]),
    ('relevant: "${Q} = 1"', [(0, START + len('relevant: "') - 1, "cycle")]),
    ('relevant: "selectd(${C}, 1)"', [(0, START + len('relevant: "'), "expr-function")]),
    ("message: 不行", [(0, START + len("message: "), "message-alone")]),
    ('calculate: "1"', [(0, START + len('calculate: "') - 1, "calculate-only")]),
    ("effect: refer", [(0, START, "effect-alone")]),
    ("read_only: true", [(0, START, "read-only-alone")]),
]


@pytest.mark.parametrize(("more", "wanted"), CASES, ids=[more for more, _wanted in CASES])
def test_fault_of_an_expression(
    tmp_path: Path, more: str, wanted: list[tuple[int, int, str]]
) -> None:
    """Line and column of the very word, also within the expression."""
    used = "      - {id: Z, text: 用到, type: text, relevant: \"${T} != ''\"}\n"
    found = faults(tmp_path, item(more) + used)
    assert [(line, code) for line, _column, code in found] == [
        (line, code) for line, _column, code in wanted
    ]
    for (_line, column, _code), (_same, expected, _again) in zip(found, wanted, strict=True):
        assert abs(column - expected) <= 1


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("      - {id: G, text: 组, type: group}\n", ["items-missing"]),
        ("      - {id: G, text: 项, type: check, items: [{id: H, text: 里, type: check}]}\n",
         ["items-not-here"]),
        ("      - {id: G, text: 项, type: choice, params: {list: tonws}}\n", ["unknown-list"]),
        ("      - {id: G, text: 项, type: choice, params: {list: towns, options: "
         "[{id: a, title: 一}, {id: b, title: 二}]}}\n", ["list-or-options"]),
        ("      - {id: G, text: 项, type: choice, params: {filter: \"county = 'c1'\", options: "
         "[{id: a, title: 一}, {id: b, title: 二}]}}\n", ["filter-alone", "unknown-column"]),
        ("      - {id: G, text: 项, type: choice, params: {list: towns, filter: \"conuty = 'c1'\"}}\n",
         ["unknown-column"]),
        ("      - {id: G, text: 住户姓名, type: text}\n", ["asks-personal"]),
        ("      - {id: G, text: 手机号码, type: number}\n", ["asks-personal"]),
        ("      - {id: G, text: 登记表不含姓名, type: text}\n", []),
        ("      - {id: G, text: 是否遮挡姓名, type: check}\n", []),
        ("      - {id: A1, text: 一, type: calculated, calculate: \"${A2} + 1\"}\n"
         "      - {id: A2, text: 二, type: calculated, calculate: \"${A3} + 1\"}\n"
         "      - {id: A3, text: 三, type: calculated, calculate: \"${A1} + 1\"}\n", ["cycle"]),
        ("      - {id: R, text: 重复, type: repeat, params: {least: 3, most: 2}, "
         "items: [{id: I, text: 里, type: count}]}\n", ["repeat-order"]),
        ("      - {id: N, text: 永不, type: text, relevant: \"${C} = 'x' and ${C} = 'y'\"}\n",
         ["never-asked"]),
    ],
)  # fmt: skip
def test_fault_of_the_structure(tmp_path: Path, rows: str, codes: list[str]) -> None:
    """One code for each thing that is wrong."""
    assert [code for _line, _column, code in faults(tmp_path, rows)] == codes


def test_a_circle_is_told_in_full(tmp_path: Path) -> None:
    """Every step of it, in order."""
    path = tmp_path / "logic.yaml"
    rows = "".join(
        f'      - {{id: A{n}, text: 第{n}项, type: calculated, calculate: "${{A{n % 3 + 1}}} + 1"}}\n'
        for n in (1, 2, 3)
    )
    path.write_text(HEAD + rows, "utf-8")
    (fault,) = examine(path).errors
    assert "A1 → A2 → A3 → A1" in fault.message


def with_file(folder: Path, content: bytes | None, name: str = "places.csv") -> list[str]:
    """The codes of a list whose options are in a file beside it."""
    if content is not None:
        (folder / "places.csv").write_bytes(content)
    path = folder / "logic.yaml"
    path.write_text(
        f'id: logic\nversion: "2026.11"\nkind: record\ntitle: 表\nlists: {{places: {{file: {name}}}}}\n'
        "sections:\n  - id: a\n    title: 甲\n    items:\n"
        "      - {id: T, text: 哪里, type: choice, params: {list: places, filter: \"county = 'c1'\"}}\n",
        "utf-8",
    )
    return [fault.code for fault in examine(path).errors]


@pytest.mark.parametrize(
    ("content", "name", "codes"),
    [
        ("id,title,county\nt1,甲镇,c1\nt2,乙镇,c2\n".encode(), "places.csv", []),
        ("\ufeff编号,名称,county\r\nt1,甲镇,c1\r\n".encode(), "places.csv", []),
        (None, "places.csv", ["list-file"]),
        (b"id,title\n", "../places.csv", ["list-file-name"]),
        ("id,title\nt1,甲\n".encode("gbk"), "places.csv", ["list-file-text"]),
        ("code,words\nt1,甲\n".encode(), "places.csv", ["list-file-header"]),
        ("id,title\n-x,甲\n".encode(), "places.csv", ["list-file-row"]),
        (b"id,title\nt1,\x1b[31m\n", "places.csv", ["list-file-row"]),
    ],
)
def test_options_in_a_file_beside_the_list(
    tmp_path: Path, content: bytes | None, name: str, codes: list[str]
) -> None:
    """Read and embedded, or told of with its name."""
    assert with_file(tmp_path, content, name) == codes
    if not codes:
        whole = load_file(tmp_path / "logic.yaml")
        assert whole.item("T").options[0].title == "甲镇"
        assert whole.item("T").options[0].columns == {"county": "c1"}
