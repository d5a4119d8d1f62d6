"""Undo and redo over sessions and devices, as answers in the journal."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.domain.history import NOTHING, Told
from fieldkit.errors import Problem, Refused
from fieldkit.work import Workspace, carrying, inspecting, undoing


@pytest.fixture
def begun(town: Workspace) -> str:
    """An estate under inspection."""
    return inspecting.start(town, "wuzha-xiaoqu", "TF").inspection.id


@pytest.fixture
def other(town: Workspace, begun: str, tmp_path: Path) -> Iterator[Workspace]:
    """A colleague's home that holds the same."""
    with Workspace.open(tmp_path / "other") as opened:
        opened.store.ingest(town.store.events())
        yield opened


def meet(one: Workspace, other: Workspace) -> None:
    """Both take in what the other wrote, and hold the same afterwards."""
    ours, theirs = list(one.store.events()), list(other.store.events())
    one.store.ingest(theirs)
    other.store.ingest(reversed(ours))
    assert one.store.state_digest() == other.store.state_digest()


def says(ws: Workspace, inspection: str) -> dict[str, Told]:
    """What each answered item says."""
    answers = inspecting.sheet(ws, inspection).answers
    return {item: Told(it.value, it.note, it.evidence) for item, it in answers.items()}


def checks(ws: Workspace, inspection: str, n: int) -> list[str]:
    """Some items that are answered with a word."""
    items = inspecting.sheet(ws, inspection).items
    return [item.id for item in items if item.type == "check"][:n]


def test_a_step_names_what_it_takes_back(town: Workspace, begun: str, tmp_path: Path) -> None:
    """Item, words, what it says and will say; evidence and note come and go with the answer."""
    photo = tmp_path / "a.txt"
    photo.write_text("x", encoding="utf-8")
    (item,) = checks(town, begun, 1)
    inspecting.answer(town, begun, item, "pass")
    inspecting.answer(town, begun, item, "fail", "缺一块", [photo])
    after = says(town, begun)[item]
    step = undoing.undoable(town, begun)
    assert step is not None
    assert step.text == inspecting.sheet(town, begun).by_id[item].text
    assert (step.item, step.was, step.becomes) == (item, after, Told("pass"))
    sheet, done = undoing.undo(town, begun)
    assert done == step
    assert sheet.answers[item].value == "pass"
    assert sheet.answers[item].evidence == ()
    assert undoing.undo(town, begun)[1].becomes == NOTHING
    assert says(town, begun) == {}
    assert undoing.undoable(town, begun) is None
    undoing.redo(town, begun)
    assert undoing.redo(town, begun)[1].becomes == after
    assert says(town, begun) == {item: after}
    assert len([e for e in town.store.events() if e.kind == "answer.given"]) == 6
    assert town.store.verify() == []


def test_nothing_is_refused(town: Workspace, begun: str) -> None:
    """An honest no, in both directions."""
    for act, code in ((undoing.undo, "nothing-to-undo"), (undoing.redo, "nothing-to-redo")):
        with pytest.raises(Refused) as caught:
            act(town, begun)
        assert caught.value.code == code


def test_a_new_answer_forgets_what_was_undone(town: Workspace, begun: str) -> None:
    """As everywhere: redo ends where something else is written."""
    one, two = checks(town, begun, 2)
    inspecting.answer(town, begun, one, "pass")
    undoing.undo(town, begun)
    assert undoing.redoable(town, begun) is not None
    inspecting.answer(town, begun, two, "pass")
    assert undoing.redoable(town, begun) is None


def test_it_goes_on_after_a_restart(town: Workspace, begun: str) -> None:
    """Nothing is remembered but the journal; random walks come back to where they began."""
    dice = random.Random(7)
    items = checks(town, begun, 4)
    for _step in range(12):
        inspecting.answer(town, begun, dice.choice(items), dice.choice(["pass", "fail", "na"]))
    before = says(town, begun)
    with Workspace.open(town.home) as again:
        for _step in range(12):
            undoing.undo(again, begun)
        assert says(again, begun) == {}
    with Workspace.open(town.home) as again:
        for _step in range(12):
            undoing.redo(again, begun)
        assert undoing.redoable(again, begun) is None
    assert says(town, begun) == before


def test_a_colleague_s_answer_comes_back(town: Workspace, other: Workspace, begun: str) -> None:
    """What was there before may be another device's; what another wrote is not ours to undo."""
    (item,) = checks(town, begun, 1)
    inspecting.answer(other, begun, item, "fail", "他写的")
    meet(town, other)
    assert undoing.undoable(town, begun) is None
    inspecting.answer(town, begun, item, "pass", "我写的")
    undoing.undo(town, begun)
    assert says(town, begun) == {item: Told("fail", "他写的")}
    undoing.redo(town, begun)
    meet(town, other)
    assert says(other, begun) == {item: Told("pass", "我写的")}


def test_of_two_that_differed_the_one_that_counted_comes_back(
    town: Workspace, other: Workspace, begun: str
) -> None:
    """Written over a conflict and taken back, it says again what it said then."""
    (item,) = checks(town, begun, 1)
    inspecting.answer(town, begun, item, "fail", "我")
    inspecting.answer(other, begun, item, "pass", "他")
    meet(town, other)
    counted = says(town, begun)
    inspecting.answer(town, begun, item, "na")
    assert undoing.undo(town, begun)[1].becomes == counted[item]
    assert says(town, begun) == counted


@pytest.mark.parametrize("known", [True, False], ids=["after", "at once"])
def test_changed_elsewhere_is_refused(
    town: Workspace, other: Workspace, begun: str, known: bool
) -> None:
    """Written over, or written at the same time: named, and nothing is written."""
    (item,) = checks(town, begun, 1)
    inspecting.answer(town, begun, item, "pass")
    if known:
        meet(town, other)
    inspecting.answer(other, begun, item, "fail")
    meet(town, other)
    count = len(list(town.store.events()))
    assert undoing.undoable(town, begun) is None
    with pytest.raises(Refused) as caught:
        undoing.undo(town, begun)
    assert caught.value.code == "answer-contested"
    assert item in caught.value.sentence()
    assert len(list(town.store.events())) == count


def test_a_finished_one_stays(town: Workspace, begun: str) -> None:
    """Finished is finished."""
    for item in inspecting.sheet(town, begun).items:
        value = {"external": "met:虚函1:2026-11-17", "text": "有"}.get(item.type, "na")
        if item.type != "info":
            inspecting.answer(town, begun, item.id, value)
    assert undoing.undoable(town, begun) is not None
    inspecting.finish(town, begun)
    assert undoing.undoable(town, begun) is None
    with pytest.raises(Refused) as caught:
        undoing.undo(town, begun)
    assert caught.value.code == "inspection-finished"


def test_never_past_a_rebase(
    town: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered to another question, and what was carried over, stays."""
    from fieldkit.library.folders import shipped

    folder = tmp_path / "lists"
    folder.mkdir()
    text = (shipped() / "wuzha-xiaoqu.yaml").read_text("utf-8")
    file = folder / "wuzha-xiaoqu.yaml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("FIELDKIT_CHECKLISTS", str(folder))
    begun = inspecting.start(town, "wuzha-xiaoqu", "TF").inspection
    one, two = checks(town, begun.id, 2)
    inspecting.answer(town, begun.id, one, "pass")
    later = text.replace(f'version: "{begun.checklist_version}"', 'version: "2099.01"')
    words = inspecting.sheet(town, begun.id).by_id[two].criterion
    file.write_text(later.replace(words, words + "且当日更新", 1), encoding="utf-8")
    carrying.rebase(town, begun.id)
    assert undoing.undoable(town, begun.id) is None
    inspecting.answer(town, begun.id, two, "fail")
    assert undoing.undo(town, begun.id)[1].item == two
    with pytest.raises(Problem):
        undoing.undo(town, begun.id)
    assert says(town, begun.id) == {one: Told("pass")}
