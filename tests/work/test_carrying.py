"""An open inspection goes over to a newer version of its checklist."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fieldkit.domain.fold import fold
from fieldkit.errors import Problem, Refused
from fieldkit.store import inspections as store_inspections
from fieldkit.store import ledger, project
from fieldkit.work import Workspace, carrying, checklists, inspecting

HEAD = """id: small
version: "{version}"
title: 小表
title_en: Small list
target: 小区
boundary: 只看公开处
nature: assessment
site_kinds: [estate]
critical_effect: refer
grades:
  - {{id: met, title: 达标, at_least: 90}}
  - {{id: fail, title: 不达标, at_least: 0}}
sources:
  S000: 方案
sections:
  - id: s
    title: 一节
    items:
"""
FIRST = ("A1 甲", "A2 乙", "A3 丙", "A4 丁")
SECOND = ("A1 新", "A2 甲", "A3 丙改", "A5 戊")
"""A1 was pushed down by a new A1, so that the old A2 is gone; A3 asks more; A4 is no more."""

Library = Callable[..., None]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Writes the library's one file of our own."""
    folder = tmp_path / "lists"
    folder.mkdir()
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(folder))

    def write(version: str, items: tuple[str, ...]) -> None:
        rows = "".join(
            f"      - {{id: {id_}, text: {text}, type: check, criterion: 看得见, evidence: 照片, "
            "weight: 10, source: [S000 一], mode: both, required: true, critical: false}\n"
            for id_, text in (item.split() for item in items)
        )
        path = folder / "small.yaml"
        path.write_text(HEAD.format(version=version) + rows, encoding="utf-8")

    write("2026.01", FIRST)
    return write


@pytest.fixture
def begun(town: Workspace, library: Library) -> str:
    """An inspection with the first version, all but A4 answered."""
    sheet = inspecting.start(town, "small", "TF")
    for item, value in (("A1", "pass"), ("A2", "fail"), ("A3", "fail")):
        inspecting.answer(town, sheet.inspection.id, item, value, f"说明{item}")
    return sheet.inspection.id


def values(ws: Workspace, inspection: str) -> dict[str, str]:
    """What is answered."""
    return {item: given.value for item, given in inspecting.sheet(ws, inspection).answers.items()}


def test_without_a_newer_version_nothing_happens(
    town: Workspace, begun: str, library: Library
) -> None:
    """The same version, or an older one in the library, is no reason to move."""
    for version in ("2026.01", "2025.12"):
        library(version, FIRST if version == "2026.01" else SECOND)
        with pytest.raises(Refused) as caught:
            carrying.rebase(town, begun)
        assert caught.value.code == "no-newer-version"


def test_answers_go_along(town: Workspace, begun: str, library: Library) -> None:
    """Carried to its new number, asked again, or kept aside; the screen sees only the first."""
    library("2026.10", SECOND)
    whole = inspecting.sheet(town, begun)
    assert carrying.newer(town, whole.inspection) is not None
    count = ledger.count(town.store.db)
    seen = carrying.preview(town, begun)
    assert ledger.count(town.store.db) == count
    done = carrying.rebase(town, begun)
    assert done.carried == seen.carried
    assert done.carried.carried == {"A1": "A2"}
    assert list(done.carried.again) == ["A3"]
    assert done.carried.retired == ("A2",)
    after = inspecting.sheet(town, begun)
    assert after.inspection.checklist_version == "2026.10"
    assert after.inspection.checklist == after.checklist.digest == done.new.digest
    assert values(town, begun) == {"A2": "pass"}
    assert after.answers["A2"].note == "说明A1"
    assert [item.id for item in after.items if after.is_open(item)] == ["A1", "A3", "A5"]
    assert (after.score.points, after.score.max_points) == (10, 10)
    former = carrying.earlier(town, begun)
    assert {item: given.value for item, given in former.items()} == {"A1": "pass", "A3": "fail"}
    assert carrying.newer(town, after.inspection) is None
    assert checklists.by_digest(town, done.old.digest).version == "2026.01"
    inspecting.answer(town, begun, "A3", "pass")
    assert inspecting.sheet(town, begun).answers["A3"].note == "说明A3"
    assert set(carrying.earlier(town, begun)) == {"A1"}
    assert town.store.verify() == []


def test_the_rows_are_the_oracle_s(town: Workspace, begun: str, library: Library) -> None:
    """SQL and plain Python agree, and a rebuild changes nothing."""
    library("2026.10", SECOND)
    carrying.rebase(town, begun)
    library("2026.11", FIRST)
    carrying.rebase(town, begun)
    expected = fold(list(town.store.events()))
    for table, columns in project.DIGESTED.items():
        assert set(town.store.db.execute(f"SELECT {columns} FROM {table}")) == expected[table]
    digest = town.store.state_digest()
    town.store.rebuild()
    assert town.store.state_digest() == digest
    # Back at the first wording: what was carried comes back, what was given up does not.
    assert values(town, begun) == {"A1": "pass"}
    assert "A3" in carrying.earlier(town, begun)


def test_a_finished_inspection_stays(town: Workspace, begun: str, library: Library) -> None:
    """What was scored is never moved; a finish names the version that it scored."""
    library("2026.10", SECOND)
    carrying.rebase(town, begun)
    for item in ("A1", "A3", "A5"):
        inspecting.answer(town, begun, item, "pass")
    inspecting.finish(town, begun)
    library("2026.11", FIRST)
    for action in (carrying.rebase, carrying.preview):
        with pytest.raises(Refused) as caught:
            action(town, begun)
        assert caught.value.code == "inspection-finished"
    assert inspecting.sheet(town, begun).inspection.checklist_version == "2026.10"


@pytest.fixture
def two(town: Workspace, begun: str, tmp_path: Path) -> Iterator[Workspace]:
    """A colleague's home that holds the same."""
    with Workspace.open(tmp_path / "other") as other:
        other.store.ingest(town.store.events())
        yield other


def meet(one: Workspace, other: Workspace) -> None:
    """Both take in what the other wrote, and hold the same afterwards."""
    ours, theirs = list(one.store.events()), list(other.store.events())
    one.store.ingest(theirs)
    other.store.ingest(reversed(ours))
    assert one.store.state_digest() == other.store.state_digest()


def test_both_go_over(town: Workspace, two: Workspace, begun: str, library: Library) -> None:
    """The same step twice is one step: no conflict, nothing lost."""
    library("2026.10", SECOND)
    carrying.rebase(town, begun)
    carrying.rebase(two, begun)
    meet(town, two)
    assert values(town, begun) == values(two, begun) == {"A2": "pass"}
    assert ledger.conflicts(town.store.db) == []


def test_to_different_versions(
    town: Workspace, two: Workspace, begun: str, library: Library
) -> None:
    """The later step wins on both sides."""
    library("2026.10", SECOND)
    carrying.rebase(town, begun)
    library("2026.11", (*FIRST[:3], "A6 己"))
    carrying.rebase(two, begun)
    meet(town, two)
    bound = {inspecting.sheet(ws, begun).inspection.checklist for ws in (town, two)}
    assert len(bound) == 1
    (hash_,) = store_inspections.rebases(town.store.db, begun)
    last = next(event for event in town.store.events() if event.hash == hash_)
    assert bound == {last.body["checklist"]}


def test_an_answer_to_the_old_question_shows(
    town: Workspace, two: Workspace, begun: str, library: Library
) -> None:
    """A colleague answers the old wording meanwhile: a conflict that a person settles."""
    inspecting.answer(two, begun, "A3", "pass")
    inspecting.answer(two, begun, "A4", "pass")
    library("2026.10", ("A1 甲", "A2 乙", "A3 丙", "A4 丁改"))
    carrying.rebase(town, begun)
    meet(town, two)
    (conflict,) = ledger.conflicts(town.store.db)
    assert (conflict.slot, {value for _by, _at, value in conflict.values}) == ("A4", {"", "pass"})
    assert values(town, begun)["A3"] == "pass"


def test_a_finish_elsewhere_keeps_its_version(
    town: Workspace, two: Workspace, begun: str, library: Library
) -> None:
    """Whoever finished without knowing of the step finished the old version."""
    inspecting.answer(two, begun, "A4", "pass")
    inspecting.finish(two, begun)
    library("2026.10", SECOND)
    carrying.rebase(town, begun)
    meet(town, two)
    for ws in (town, two):
        about = inspecting.sheet(ws, begun).inspection
        assert (about.state, about.checklist_version) == ("finished", "2026.01")


def test_an_unknown_inspection(town: Workspace, library: Library) -> None:
    """As everywhere."""
    with pytest.raises(Problem) as caught:
        carrying.preview(town, "ff")
    assert caught.value.code == "unknown-inspection"


def test_an_older_program_that_held_the_step(
    town: Workspace, begun: str, library: Library, tmp_path: Path
) -> None:
    """A home of the schema before drew nothing from the event; brought up, it does."""
    library("2026.10", SECOND)
    carrying.rebase(town, begun)
    digest, path = town.store.state_digest(), town.store.path
    town.store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP TABLE f_rebased")
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm003%'")
        db.execute("UPDATE inspection SET checklist = 'x', checklist_version = '2026.01'")
        db.execute("PRAGMA user_version=2")
    with Workspace.open(tmp_path / "home") as again:
        assert again.store.state_digest() == digest
        assert again.store.verify() == []
        assert values(again, begun) == {"A2": "pass"}
