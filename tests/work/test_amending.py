"""A finished inspection taken up again: a reason, a history, the same everywhere."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.errors import Problem, Refused
from fieldkit.work import Workspace, amending, checklists, inspecting


def finished(ws: Workspace, inspection: str) -> None:
    """Everything answered and closed."""
    for item in inspecting.sheet(ws, inspection).items:
        value = {"external": "met:虚函1:2026-11-17", "text": "有", "check": "pass"}
        if item.type != "info":
            inspecting.answer(ws, inspection, item.id, value.get(item.type, "na"))
    inspecting.finish(ws, inspection)


@pytest.fixture
def done(town: Workspace) -> str:
    """A finished inspection."""
    begun = inspecting.start(town, "wuzha-xiaoqu", "TF").inspection.id
    finished(town, begun)
    return begun


@pytest.fixture
def other(town: Workspace, done: str, tmp_path: Path) -> Iterator[Workspace]:
    """A colleague's home that holds the same."""
    with Workspace.open(tmp_path / "other") as opened:
        opened.store.ingest(town.store.events())
        yield opened


def check(ws: Workspace, inspection: str) -> str:
    """An item that is answered with a word."""
    items = inspecting.sheet(ws, inspection).items
    return next(it.id for it in items if it.type == "check" and not it.critical)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "reason-missing"),
        ("　 ", "reason-missing"),
        ("联系13800138000", "personal-data"),
        ("长" * 501, "note-long"),
    ],
)
def test_a_reason_that_may_be_kept(town: Workspace, done: str, reason: str, code: str) -> None:
    """Required, short, and about nobody."""
    with pytest.raises(Problem) as caught:
        amending.reopen(town, done, reason)
    assert caught.value.code == code
    assert inspecting.sheet(town, done).inspection.state == "finished"


def test_only_what_is_finished(town: Workspace) -> None:
    """An open one needs no opening."""
    begun = inspecting.start(town, "wuzha-xiaoqu", "TF").inspection.id
    with pytest.raises(Refused) as caught:
        amending.reopen(town, begun, "填错")
    assert caught.value.code == "inspection-open"


def test_the_history_is_kept(town: Workspace, done: str) -> None:
    """The first finish, the reason, the change with from and to, and the second finish."""
    item = check(town, done)
    first = inspecting.sheet(town, done)
    assert amending.reopen(town, done, "抄错一项").inspection.state == "open"
    inspecting.answer(town, done, item, "fail", "少一块牌")
    again, findings = inspecting.finish(town, done)
    assert again.inspection.state == "finished"
    assert [finding.item for finding in findings] == [item]
    told = amending.history(town, done)
    assert [(it.kind, it.amends) for it in told] == [
        ("finished", False),
        ("reopened", True),
        ("answered", True),
        ("finished", True),
    ]
    assert told[0].points == first.score.points
    assert told[3].points == again.score.points < first.score.points
    assert told[1].reason == "抄错一项"
    change = told[2]
    assert (change.item, change.was.value, change.now.value) == (item, "pass", "fail")
    assert {it.device for it in told} == {town.device.device}
    said = [amending.said(it, first.checklist) for it in told]
    assert "抄错一项" in said[1]
    assert "少一块牌" in said[2]
    assert first.score.grade_title in said[0]
    paper = amending.amendments(town, done, {town.device.device: "一号机"})
    assert [row[1:] for row in paper] == [("一号机", words) for words in said[1:]]
    assert amending.reopenings(town, done) == [("抄错一项", told[1].hlc, town.device.device)]


def test_a_change_before_the_finish_is_no_amendment(town: Workspace) -> None:
    """It is in the history all the same; first answers are not."""
    begun = inspecting.start(town, "wuzha-xiaoqu", "TF").inspection.id
    item = check(town, begun)
    inspecting.answer(town, begun, item, "fail")
    inspecting.answer(town, begun, item, "fail")
    inspecting.answer(town, begun, item, "pass")
    (change,) = amending.history(town, begun)
    assert (change.was.value, change.now.value, change.amends) == ("fail", "pass", False)
    assert amending.amendments(town, begun) == []


def test_two_devices_in_any_order(
    town: Workspace, other: Workspace, done: str, tmp_path: Path
) -> None:
    """Both take it up again, change it and finish it: whoever holds it all reads the same."""
    item = check(town, done)
    amending.reopen(town, done, "甲的理由")
    inspecting.answer(town, done, item, "fail")
    inspecting.finish(town, done)
    amending.reopen(other, done, "乙的理由")
    inspecting.answer(other, done, item, "na")
    ours, theirs = list(town.store.events()), list(other.store.events())
    known = {event.id for event in ours} & {event.id for event in theirs}
    new = [[e for e in wrote if e.id not in known] for wrote in (ours, theirs)]
    digests, histories = set(), set()
    for n, parts in enumerate(itertools.permutations([ours[: len(known)], *new])):
        with Workspace.open(tmp_path / f"office{n}") as office:
            for part in parts:
                office.store.ingest(reversed(part))
            digests.add(office.store.state_digest())
            histories.add(tuple(amending.history(office, done)))
            assert office.store.verify() == []
    assert len(digests) == 1
    (told,) = histories
    assert {it.reason for it in told if it.kind == "reopened"} == {"甲的理由", "乙的理由"}
    checklist = checklists.find(town, "wuzha-xiaoqu")
    assert all(amending.said(it, checklist) for it in told)
