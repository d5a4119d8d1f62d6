"""The linter: every fault of every broken file, at its very place, with its mend."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.items import types
from fieldkit.library import positions, repair, schema
from fieldkit.library.folders import schema as described
from fieldkit.library.folders import shipped
from fieldkit.library.lint import Fault, examine, lint_paths
from fieldkit.library.rules import ALL_PARAMS

BROKEN = Path(__file__).parent / "broken"
GOOD = sorted(shipped().glob("*.yaml"))
EXPECTED: dict[str, dict[str, list[list[Any]]]] = json.loads((BROKEN / "expected.json").read_text())


def places(faults: list[Fault]) -> list[list[Any]]:
    """Line, column and code of each fault."""
    return [[fault.line, fault.column, fault.code] for fault in faults]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_lint_finds_every_fault(name: str) -> None:
    """Golden: nothing missed, nothing invented, each at its line and column."""
    report = lint_paths([BROKEN / name])
    assert places(report.errors) == EXPECTED[name]["errors"]
    assert places(report.warnings) == EXPECTED[name]["warnings"]


def test_lint_golden_covers_the_folder() -> None:
    """Ten broken files at least, each with several faults, none without an expectation."""
    assert {path.name for path in BROKEN.glob("*.yaml")} == set(EXPECTED)
    assert len(EXPECTED) >= 10
    assert all(len(faults["errors"]) >= 2 for faults in EXPECTED.values())


def test_lint_takes_a_folder_at_once() -> None:
    """One call names the faults of all files; a file beyond saving hides no other."""
    report = lint_paths([BROKEN])
    assert len(report.errors) == sum(len(faults["errors"]) for faults in EXPECTED.values())
    for fault in report.errors + report.warnings:
        assert fault.message.endswith("。"), fault
        assert "；" in fault.message, f"no mend: {fault}"
        assert "{" not in fault.message.replace("“{”", "")


def test_lint_shipped_lists_are_clean() -> None:
    """Not one error, not one warning."""
    report = lint_paths([shipped()])
    assert (report.errors, report.warnings) == ([], [])


def slipped(line: str) -> Callable[[list[str]], int]:
    """Replace the first line that starts like this one's text before ``=>``."""
    old, new = line.split("=>")

    def change(lines: list[str]) -> int:
        at = next(n for n, row in enumerate(lines) if row.startswith(old))
        lines[at] = lines[at].replace(old, new, 1)
        return at + 1

    return change


SLIPS = [
    ("        weight: 12=>        weight: -12", 17, "too-small"),
    ("        weight: 12=>        weight: 1２", 17, "wrong-type"),
    ("        weight: 12=>        weigth: 12", 9, "unknown-key"),
    ("        weight: 12=>        weight：12", 15, "fullwidth-colon"),
    ("        weight: 12=>        weight:12", 15, "missing-space"),
    ("        weight: 12=>        weight 12", 15, "missing-colon"),
    ("        weight: 12=>\t\tweight: 12", 1, "bad-indent-char"),
    ("        weight: 12=>       weight: 12", 8, "bad-indent"),
    ("        weight: 12=>      weight: 12", 7, "bad-indent"),
    ("        weight: 12=>weight: 12", 1, "bad-indent"),
    ("        weight: 12=>          weight: 12", 11, "bad-indent"),
    ("        weight: 12=>  、      weight: 12", 3, "stray-text"),
    ("        type: ratio=>        type: rate", 15, "not-a-choice"),
    ("        type: ratio=>        type: 比例", 15, "not-a-choice"),
    ("        critical: true=>        critical: yes", 19, "wrong-type"),
    ("        mode: both=>        mode: night", 15, "not-a-choice"),
    ("        params: {at_least: 100=>        params: {at_least: 100.5", 28, "wrong-type"),
    ("        params: {at_least: 100=>        params: {at_laest: 100", 18, "unknown-key"),
    ("        params: {draw: 20=>        params: {draw: 0", 24, "param-range"),
    ("        params: {draw: 20, =>        params: {", 9, "param-missing"),
    ("        source: [W28=>        source: [W29", 18, "unknown-source"),
    ("        source: [W28, 实务]=>        source: [W28, 实务", 17, "unclosed-bracket"),
    ('        text: 出港件有验视标识=>        text: "出港件有验视标识', 15, "unclosed-quote"),
    ("        text: 出港件有验视标识=>        text: 出港件: 有验视标识", 18, "colon-in-value"),
    ("        text: 出港件有验视标识=>        text: *x", 15, "alias"),
    ("        text: 出港件有验视标识=>        text: !!int 3", 15, "tag"),
    ("        text: 出港件有验视标识=>        text:", 14, "empty-value"),
    ("      - id: KD04=>      - id: KD03", 13, "duplicate-id"),
    ("      - id: KD04=>      - id: 快 4", 13, "bad-pattern"),
    ("      - id: KD04=>      -id: KD04", 7, "missing-dash-space"),
    ("      - id: KD04=>        id: KD04", 9, "missing-dash"),
    ("      - id: KD04=>     - id: KD04", 6, "bad-indent"),
    ("critical_effect: fail_target=>critical_effect: fail", 18, "not-a-choice"),
    ("  - {id: met, title: 达标, at_least: 90=>  - {id: met, title: 达标, at_least: 70", 0, ""),
    ('version: "2026.11"=>version: 2026.11', 10, "wrong-type"),
    ("nature: joint=>nature: joint\u200b", 14, "hidden-character"),
]


@pytest.mark.parametrize(("slip", "column", "code"), SLIPS)
def test_lint_one_slip_one_fault(slip: str, column: int, code: str, tmp_path: Path) -> None:
    """A single slip in a good list is one error, where it was made."""
    lines = (shipped() / "courier-100.yaml").read_text("utf-8").split("\n")
    line = slipped(slip)(lines)
    path = tmp_path / "courier-100.yaml"
    path.write_text("\n".join(lines), "utf-8")
    found = places(lint_paths([path]).errors)
    if code:
        assert found == [[line, column, code]]
    else:
        assert [fault[2] for fault in found] == ["grade-order"]


def test_lint_encodings(tmp_path: Path) -> None:
    """GB18030 is named with the place of its first byte; a BOM and CRLF are nothing."""
    good = (shipped() / "courier-100.yaml").read_text("utf-8")
    path = tmp_path / "courier-100.yaml"
    path.write_bytes(good.encode("gb18030"))
    assert places(examine(path).errors) == [[4, 8, "not-utf8"]]
    path.write_bytes(b"\xef\xbb\xbf" + good.replace("\n", "\r\n").encode("utf-8"))
    assert examine(path).errors == []
    path.write_text("", "utf-8")
    assert places(examine(path).errors) == [[1, 1, "empty-file"]]
    path.write_text("# 只有注释\n", "utf-8")
    assert places(examine(path).errors) == [[1, 1, "empty-file"]]
    path.write_text("- 一\n- 二\n", "utf-8")
    assert places(examine(path).errors) == [[1, 1, "wrong-type"]]


def test_lint_bounds(tmp_path: Path) -> None:
    """Huge, deep and self-repeating files are refused quickly."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"#" * (4 * 2**20 + 1))
    assert places(examine(path).errors) == [[1, 1, "too-large"]]
    path.write_text("id: " + "[" * 2000, "utf-8")
    assert examine(path).errors
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(12)
    )
    path.write_text(bomb, "utf-8")
    assert {"anchor", "alias"} <= {fault.code for fault in examine(path).errors}


def test_lint_paths_that_are_none(tmp_path: Path) -> None:
    """A missing path and a folder without lists are errors, beside the others' faults."""
    report = lint_paths([tmp_path / "none.yaml", tmp_path, BROKEN / "07-grades.yaml"])
    codes = [fault.code for fault in report.errors]
    assert {"no-such-path", "no-checklists", "grade-order"} <= set(codes)


def test_lint_same_list_twice(tmp_path: Path) -> None:
    """Two files with one id cannot both be meant."""
    good = (shipped() / "courier-100.yaml").read_text("utf-8")
    for name in ("courier-100.yaml", "other.yaml"):
        (tmp_path / name).write_text(good, "utf-8")
    report = lint_paths([tmp_path])
    assert places(report.errors) == [[2, 5, "duplicate-checklist"]]
    assert places(report.warnings) == [[2, 5, "file-name"]]


def test_lint_speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes and places do not depend on the language."""
    before = places(lint_paths([BROKEN]).errors)
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    assert places(lint_paths([BROKEN]).errors) == before


def test_lint_norway_and_other_surprises() -> None:
    """YAML 1.2 core: words stay words, days stay text, 017 is seventeen."""
    root, slips = positions.compose("[NO, on, 1:30, 2026-11-22, 017, 0x1F, ~, TRUE, 1.5, '5']")
    assert slips == []
    assert root is not None
    assert positions.plain(root) == [
        "NO",
        "on",
        "1:30",
        "2026-11-22",
        17,
        "0x1F",
        None,
        True,
        0.5,
        "5",
    ]


def test_lint_survives_any_mutilation(tmp_path: Path) -> None:
    """Random damage never raises and never points outside the file."""
    good = (shipped() / "courier-100.yaml").read_text("utf-8")
    chance = random.Random(7)
    path = tmp_path / "courier-100.yaml"
    for _round in range(40):
        text = good
        for _cut in range(chance.randint(1, 3)):
            at = chance.randrange(len(text))
            text = (
                text[:at]
                + chance.choice(":：\"'[]{}-&*!|>\t　#\n 5")
                + text[at + chance.randint(0, 2) :]
            )
        path.write_text(text, "utf-8")
        lines = [*text.split("\n"), ""]
        for fault in examine(path).errors:
            assert 1 <= fault.line <= len(lines)
            assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1


@given(text=st.text(alphabet="ab:- \n\"'[]{}&*!|>#?，：", max_size=60))
@settings(max_examples=50, deadline=None)
def test_lint_reads_any_text(text: str) -> None:
    """Whatever stands in a file ends in a tree or in faults."""
    root, slips, _dropped = repair.read(text, schema.key_owners(described()))
    assert root is not None or slips


def test_schema_and_types_agree() -> None:
    """The schema names exactly the types and the parameters that the code has."""
    parts = described()["$defs"]
    assert set(parts["item"]["properties"]["type"]["enum"]) == set(types())
    assert set(parts["params"]["properties"]) == set(ALL_PARAMS)
    jsonschema.Draft202012Validator.check_schema(described())


def own(data: object) -> set[tuple[int, int]]:
    """Places of the walker's faults in a file of this data."""
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    root, _slips = positions.compose(text)
    assert root is not None
    return {(s.line, s.column) for s in schema.check(root, described(), frozenset())}


def mutations(doc: dict[str, Any]) -> list[dict[str, Any]]:
    """The list with one thing wrong each."""
    changes: list[tuple[list[Any], Any]] = [
        (["version"], "11"), (["nature"], "x"), (["extra"], 1), (["grades"], []),
        (["grades", 0, "at_least"], 101), (["grades", 0, "at_least"], "9"), (["sources"], []),
        (["sources", "a b"], "x"), (["sources", "S000"], ""), (["sections", 0, "items"], []),
        (["sections", 0, "items", 0, "id"], "a b"), (["sections", 0, "items", 0, "weight"], -1),
        (["sections", 0, "items", 0, "weight"], True), (["sections", 0, "items", 0, "mode"], None),
        (["sections", 0, "items", 0, "source"], ["S000 一", "S000 一"]),
        (["sections", 0, "items", 0, "source"], ["S000 一 二"]),
        (["sections", 0, "items", 0, "source"], []),
        (["sections", 0, "items", 0, "text"], "长" * 4001),
        (["sections", 0, "items", 0, "critical"], "true"),
        (["sections", 0, "items", 0, "params"], {"options": [{"id": "a"}]}),
        (["site_kinds"], ["courier", "courier"]), (["site_kinds"], ["castle"]),
    ]  # fmt: skip
    found = []
    for path, value in changes:
        copy: dict[str, Any] = json.loads(json.dumps(doc))
        part: Any = copy
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = value
        found.append(copy)
    for path in (
        ["id"],
        ["sources"],
        ["sections", 0, "title"],
        ["sections", 0, "items", 0, "type"],
    ):
        copy = json.loads(json.dumps(doc))
        part = copy
        for step in path[:-1]:
            part = part[step]
        del part[path[-1]]
        found.append(copy)
    return found


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_schema_agrees_with_a_full_validator(path: Path) -> None:
    """Where the walker finds a fault a full validator finds one, and the other way round."""
    validator = jsonschema.Draft202012Validator(described())
    doc: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    assert own(doc) == set()
    assert list(validator.iter_errors(doc)) == []
    for wrong in mutations(doc) if doc.get("kind") != "record" else ():
        assert own(wrong), wrong
        assert list(validator.iter_errors(wrong)), wrong
