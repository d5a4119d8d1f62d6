"""``office standing`` and its neighbours from a command line."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from .line import Line

EXAMPLE = json.loads(
    (Path(__file__).parents[1] / "domain" / "standing_worked_example.json").read_text("utf-8")
)
READINGS = {
    "diff/competition/include": "",
    "diff/competition/per10k": "boundary: per10k",
    "diff/dense/include": "ties: dense",
    "rate-worst/competition/include": "yoy: rate, zero_base: worst",
    "rate-as_one/competition/include": "yoy: rate, zero_base: as_one",
}
INDICATORS = """indicators:
  - {id: yoy, title: 同比数, measure: yoy, weight: 40}
  - {id: per10k, title: 万人均, measure: per10k, weight: 30, decimals: 2}
  - {id: count, title: 发案数, measure: count, weight: 30}
"""


@pytest.fixture
def line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Line:
    """An empty home after the window of November 2026."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-27T09:00:00+08:00")
    monkeypatch.setenv("FIELDKIT_LANG", "zh")
    return Line(tmp_path / "home", capsys)


def cases(folder: Path, rows: list[tuple[str, int, int, int]], name: str = "cases.csv") -> str:
    """A table of these units."""
    path = folder / name
    lines = [",".join(map(str, row)) for row in rows]
    path.write_text("\n".join(["village,cases,cases_last_year,population", *lines, ""]), "utf-8")
    return str(path)


@pytest.fixture
def example(tmp_path: Path) -> str:
    """The table of the worked example."""
    rows = [
        (unit["name"], unit["current"], unit["last_year"], unit["population"])
        for unit in EXAMPLE["units"]
    ]
    return cases(tmp_path, rows)


def readings(folder: Path, told: str) -> str:
    """A file with these readings."""
    path = folder / "own.yaml"
    path.write_text(f"id: own\ntitle: 口径\nreadings: {{{told}}}\n{INDICATORS}", "utf-8")
    return str(path)


def by_name(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The villages by name."""
    return {row["name"]: row for row in data["villages"]}


@pytest.mark.parametrize("case", EXAMPLE["cases"], ids=lambda case: str(case["reading"]))
def test_the_worked_example(line: Line, tmp_path: Path, example: str, case: Any) -> None:
    """澜渡镇 in November 2026 by all five readings: ranks, totals, places, cards."""
    basis = readings(tmp_path, READINGS[case["reading"]])
    data = line.json("office", "standing", example, "--month", "2026-11", "--basis", basis)
    assert (data["month"], data["window"]["from"], data["window"]["to"]) == (
        EXAMPLE["period"],
        *EXAMPLE["window"],
    )
    found = by_name(data)
    assert {n: [*row["ranks"].values()] for n, row in found.items()} == case["ranks"]
    tenths = {n: Fraction(str(row["total"])) * 10 for n, row in found.items()}
    assert tenths == case["total_tenths"]
    assert {n: row["rank"] for n, row in found.items()} == case["place"]
    yellow = {n for n, row in found.items() if row["card"] == "yellow"}
    assert yellow == set(case["bottom"])
    assert {row["card"] for row in data["villages"]} == {"none", "yellow"}
    for row in data["villages"]:
        assert sum(Fraction(str(score)) for score in row["scores"].values()) == Fraction(
            str(row["total"])
        )


def test_numbers_are_exact_decimals(line: Line, example: str) -> None:
    """94.6 for 4/7/9 as for 4/9/7, never 94.60000000000001."""
    words = line.words("office", "standing", example, "--month", "2026-11", "--json")
    assert '"total": 94.6,' in words
    totals = [row["total"] for row in json.loads(words)["villages"]]
    assert all(len(str(total)) <= 5 for total in totals)


def bottom(folder: Path, *names: str) -> str:
    """A month in which these two come last."""
    units = ("甲村", "乙村", "丙村", "丁村", "戊村")
    return cases(folder, [(name, 9 if name in names else 1, 1, 1000) for name in units])


def test_streaks_build_without_publishing(line: Line, tmp_path: Path) -> None:
    """October and November given in order: red; October given again is replaced."""
    line.json("office", "standing", bottom(tmp_path, "甲村", "乙村"), "--month", "2026-10")
    data = line.json("office", "standing", bottom(tmp_path, "甲村", "丙村"), "--month", "2026-11")
    found = by_name(data)
    assert (found["甲村"]["card"], found["甲村"]["streak"]) == ("red", 2)
    assert found["丙村"]["card"] == "yellow"
    assert "甲村连续2个月（2026年10月、2026年11月）" in data["todos"][0]
    line.json("office", "standing", bottom(tmp_path, "丙村", "乙村"), "--month", "2026-10")
    again = by_name(line.json("office", "standing", "--month", "2026-11"))
    assert (again["甲村"]["card"], again["丙村"]["card"]) == ("yellow", "red")


def test_three_months_and_a_gap(line: Line, tmp_path: Path) -> None:
    """Listed after three; a month without figures breaks the row and is named."""
    last = bottom(tmp_path, "甲村", "乙村")
    for month in ("2026-07", "2026-08", "2026-09", "2026-11"):
        data = line.json("office", "standing", last, "--month", month)
    assert by_name(data)["甲村"]["card"] == "yellow"
    assert by_name(data)["甲村"]["listing"] == "2026-09"
    assert any("2026年10月" in note for note in data["notes"])
    rows = line.json("office", "standing-months")
    assert [row["state"] for row in rows] == ["entered"] * 3 + ["missing", "entered"]
    assert rows[2]["cards"] == {"listed": ["乙村", "甲村"]}
    assert "挂牌整治 乙村、甲村" in line.words("office", "standing-months")


def test_from_entering_to_a_correction(line: Line, tmp_path: Path) -> None:
    """Published, frozen, put right; a document takes a unit off the list; the journal holds."""
    line.words("office", "init", "澜渡镇联席办（演示）")
    for month in ("2026-08", "2026-09", "2026-10"):
        last = bottom(tmp_path, "甲村", "乙村")
        line.json("office", "standing", last, "--month", month, "--publish")
    frozen = line.json("office", "standing", "--month", "2026-10")
    assert frozen["published"]
    assert by_name(frozen)["甲村"]["card"] == "listed"
    refused = bottom(tmp_path, "甲村", "丙村")
    line.words("office", "standing", refused, "--month", "2026-10", code=1)
    assert "standing-correct" in line.err
    assert line.json("office", "standing", "--month", "2026-10") == frozen
    wish = ("office", "standing-correct", refused, "--month", "2026-09", "--reason", "撤案")
    seen = line.json(*wish, "--dry-run")
    assert "10月：乙村 挂牌整治→黄牌" in seen["impact"]
    assert not seen["done"]
    assert line.json("office", "standing", "--month", "2026-10") == frozen
    assert "10月：乙村 挂牌整治→黄牌" in line.words(*wish)
    found = by_name(line.json("office", "standing", "--month", "2026-10"))
    assert found["乙村"]["card"] == "yellow"
    said = line.json(
        *("office", "standing-delist", "甲村", "--document", "澜反诈办〔2026〕9号"),
        *("--on", "2026-11-20", "--reason", "整治到位"),
    )
    assert (said["name"], said["state"]) == ("甲村", "given")
    last = bottom(tmp_path, "丁村", "丙村")
    data = line.json("office", "standing", last, "--month", "2026-11", "--publish")
    assert by_name(data)["甲村"]["listing"] is None
    assert "〔2026〕9号" in line.words("office", "standing-months")
    digest = line.json("journal", "rebuild")["state_digest"]
    assert digest == line.json("office", "status")["state_digest"]
    assert line.json("journal", "verify")["ok"]


def test_units_made_of_others(line: Line, tmp_path: Path) -> None:
    """A merged village goes on with the streak where the office says so, with a note."""
    line.json("office", "standing", bottom(tmp_path, "甲村", "乙村"), "--month", "2026-10")
    units = [("丙村", 1), ("丁村", 1), ("戊村", 9), ("新村", 9)]
    path = cases(tmp_path, [(name, n, 1, 1000) for name, n in units])
    line.json("office", "standing", path, "--month", "2026-11")
    wish = ("office", "standing-carry", "新村", "--month", "2026-11", "--from", "甲村")
    line.words(*wish, code=2)
    data = line.json(*wish, "--from", "乙村", "--reason", "甲乙两村合并")
    assert len(data["from"]) == 2
    assert by_name(line.json("office", "standing", "--month", "2026-11"))["新村"]["card"] == "red"


def test_what_people_read(line: Line, example: str) -> None:
    """Places, totals, cards in words, the window, the readings."""
    words = line.words("office", "standing", example, "--month", "2026-11")
    for said in (
        "檐铃社区",
        "92.6",
        "黄牌",
        "统计时间：2026年10月26日至11月25日（31天）",
        "口径：",
    ):
        assert said in words


def test_what_is_wrong(line: Line, tmp_path: Path, example: str) -> None:
    """A sentence each, and nothing is kept of it."""
    blank = cases(tmp_path, [("甲村", 1, 1, 0), ("乙村", 1, 1, 9)], "blank.csv")
    tries = (
        ((str(tmp_path / "no.csv"), "--month", "2026-11"), 2),
        ((example, "--month", "2026-13"), 2),
        ((blank, "--month", "2026-11"), 2),
        (("--month", "2026-11"), 2),
        ((example, "--month", "2026-11", "--basis", str(tmp_path / "no.yaml")), 2),
        ((example, "--month", "2026-11", "--confirm", "无名村"), 2),
        ((example, "--month", "2026-11", "--decide", "ties=dense"), 2),
    )
    for words, code in tries:
        line.words("office", "standing", *words, code=code)
        assert line.err.strip()
        assert "Traceback" not in line.err
    assert line.json("office", "standing-months") == []


def test_a_rate_over_nothing_is_asked_about(line: Line, tmp_path: Path, example: str) -> None:
    """D2: stopped with a sentence until it is decided; then published with the decision."""
    line.words("office", "init", "澜渡镇联席办（演示）")
    basis = readings(tmp_path, "yoy: rate")
    wish = ("office", "standing", example, "--month", "2026-11", "--basis", basis)
    line.words(*wish, code=2)
    assert "霜桥村" in line.err
    assert "--decide zero-base=worst|as_one|switch_diff" in line.err
    assert line.json("office", "standing-months") == []
    data = line.json(*wish, "--decide", "zero-base=as_one", "--publish", "--reason", "会议议定")
    assert by_name(data)["霜桥村"]["rank"] == 2
    assert any("按1起" in text for text in data["basis"])


def test_a_tie_across_the_line_is_asked_about(line: Line, tmp_path: Path, example: str) -> None:
    """D4: the preview shows it, publishing waits for the word."""
    line.words("office", "init", "澜渡镇联席办（演示）")
    basis = readings(tmp_path, "boundary: ask")
    wish = ("office", "standing", example, "--month", "2026-11", "--basis", basis)
    (doubt,) = line.json(*wish)["doubts"]
    assert (doubt["code"], doubt["villages"]) == ("boundary", ["檀渡村", "茶烟村"])
    line.words(*wish, "--publish", code=1)
    decided = ("--decide", "boundary=per10k", "--publish", "--reason", "会议议定")
    found = by_name(line.json(*wish, *decided))
    assert (found["檀渡村"]["card"], found["茶烟村"]["card"]) == ("none", "yellow")
