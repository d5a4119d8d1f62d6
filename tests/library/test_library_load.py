"""The shipped library, and how lists of an office's own join it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.domain import items as item_types
from fieldkit.errors import Problem
from fieldkit.library.folders import shipped
from fieldkit.library.load import catalogue, find, load_file, schema_text

SHIPPED = {checklist.id: checklist for checklist in catalogue(None)}


SCORED = sorted(name for name, whole in SHIPPED.items() if whole.kind == "inspection")


def test_library_holds_its_lists() -> None:
    """Thirteen inspections and five records; three of them as they always were."""
    assert len(SCORED) == 13
    records = {"chat-group", "door-to-door", "half-year", "meeting", "unit-task"}
    assert set(SHIPPED) - set(SCORED) == records
    facts = {c.id: (len(c.items), c.nature, c.critical_effect) for c in SHIPPED.values()}
    assert facts["wuzha-xiaoqu"] == (21, "assessment", "ineligible")
    assert facts["courier-100"] == (22, "joint", "fail_target")
    assert facts["building-sweep"] == (16, "supervision", "refer")


@pytest.mark.parametrize("name", SCORED)
def test_library_lists_are_whole(name: str) -> None:
    """Weights sum to 100; every item has a criterion, cites a named source and is required."""
    whole = SHIPPED[name]
    assert sum(item.weight for item in whole.items) == 100
    assert [(g.id, g.at_least) for g in whole.grades] == [("met", 90), ("rectify", 80), ("fail", 0)]
    for item in whole.items:
        assert item.criterion
        assert item.source
        assert {clause.split(" ")[0] for clause in item.source} <= set(whole.sources)
        assert item.required == (item.type != "info")
        assert item.partial == item_types.of(item.type).partial
        needed = {n for n, p in item_types.of(item.type).params.items() if p.required}
        assert needed <= set(item.params)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_library_files_name_their_schema(name: str) -> None:
    """An editor finds the schema by the first line."""
    first = (shipped() / f"{name}.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema/checklist.schema.json"


def test_library_never_names_enforcement() -> None:
    """Courier sites are visited jointly and their list is no 现场检查笔录 (W15, W24)."""
    for whole in SHIPPED.values():
        assert "笔录" not in whole.title
    assert SHIPPED["courier-100"].site_kinds == ("courier",)


def test_library_folder_of_an_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lists come first; a broken one is left out, told of, and harms no other."""
    text = (shipped() / "courier-100.yaml").read_text("utf-8")
    (tmp_path / "courier-100.yaml").write_text(text.replace("2026.11", "2026.12"), "utf-8")
    (tmp_path / "own.yaml").write_text("id: own\n", "utf-8")
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(tmp_path))
    rejected: list[Problem] = []
    known = {c.id: c for c in catalogue(None, rejected)}
    assert known["courier-100"].version == "2026.12"
    assert set(known) == set(SHIPPED)
    assert [problem.code for problem in rejected] == ["bad-checklist-file"]
    assert find("courier-100").version == "2026.12"
    with pytest.raises(Problem, match=r"own\.yaml:1:1"):
        find("own")
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(tmp_path / "none"))
    with pytest.raises(Problem) as caught:
        catalogue(None)
    assert caught.value.code == "no-such-folder"


def test_library_problem_names_the_place(tmp_path: Path) -> None:
    """A file that cannot be loaded says where its first fault is and how many there are."""
    path = tmp_path / "x.yaml"
    path.write_text("id: x\ntitel: 错\n", "utf-8")
    with pytest.raises(Problem) as caught:
        load_file(path)
    assert caught.value.where == f"{path}:1:1"
    assert "共" in caught.value.mend
    with pytest.raises(Problem):
        load_file(tmp_path / "none.yaml")
    with pytest.raises(Problem) as caught:
        find("none")
    assert caught.value.code == "unknown-checklist"


def test_library_reads_again_what_changed(tmp_path: Path) -> None:
    """An edited file is seen at once."""
    path = tmp_path / "courier-100.yaml"
    text = (shipped() / "courier-100.yaml").read_text("utf-8")
    path.write_text(text, "utf-8")
    before = load_file(path)
    path.write_text(text.replace("寄递三个100%", "寄递三个 100%"), "utf-8")
    assert load_file(path).digest != before.digest


def test_library_schema_text() -> None:
    """The schema is printed as it is shipped."""
    assert schema_text().startswith("{")
    assert "检查项" in schema_text()
