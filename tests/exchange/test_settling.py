"""Disputes of an office: shown with who and when, settled by one choice, disputed anew later."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import Problem
from fieldkit.store import inspections
from fieldkit.work import (
    bundles,
    inspecting,
    journaling,
    merging,
    places,
    referring,
    settling,
    sites,
    unmerging,
)
from fieldkit.work.referring import Slip
from fieldkit.work.workspace import Workspace

from .conftest import Town


@pytest.fixture
def split(town: Town, monkeypatch: pytest.MonkeyPatch) -> tuple[Workspace, Workspace, Workspace]:
    """An office and two devices that answered one item of one inspection differently."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:00:00+08:00")
    office = town.office("o")
    first, second = town.enrolled(office, "d1"), town.enrolled(office, "d2")
    begun = inspecting.start(first, "building-sweep", "B3")
    ref = begun.inspection.id
    shared = town.sent(first)
    second.store.ingest(list(first.store.events()))
    inspecting.answer(first, ref, "SL02", "pass")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:05:00+08:00")
    inspecting.answer(second, ref, "SL02", "fail", note="门口无公示")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:00:00+08:00")
    done = merging.merge(office, [shared, _sent(town, first, "u1"), _sent(town, second, "u2")])
    assert done.rejected == []
    return office, first, second


def _sent(town: Town, ws: Workspace, name: str) -> Path:
    path = bundles.create(ws, town.folder / name).path
    assert path is not None
    return path


def value(ws: Workspace) -> tuple[str, str]:
    """What the item says now, and whose word it is."""
    (inspection,) = inspections.all(ws.store.db)
    answer = inspections.answers(ws.store.db, inspection.id)["SL02"]
    return answer.value, answer.note


def test_both_values_with_who_and_when(
    split: tuple[Workspace, Workspace, Workspace],
) -> None:
    """The later one counts meanwhile; each has its device, its moment, and when it had come."""
    office, first, second = split
    (dispute,) = settling.listing(office)
    assert dispute.dispute.kind == "answer"
    assert "SL02" in dispute.about
    later, earlier = dispute.told
    assert (later.side.device, earlier.side.device) == (second.device.device, first.device.device)
    assert "门口无公示" in later.value
    assert later.at.startswith("2026-11-23T09:05")
    assert later.by.startswith("2026-11-23T10:00")
    assert "前已收到" in settling.when(later)
    assert later.fast == 0


@pytest.mark.parametrize("number", [1, 2])
def test_one_choice_settles_it(split: tuple[Workspace, Workspace, Workspace], number: int) -> None:
    """The chosen value stands with its note, the choice is an event, nothing is lost."""
    office, _first, _second = split
    (dispute,) = settling.listing(office)
    before = journaling.count(office)
    settling.choose(office, dispute.ref, number)
    assert settling.count(office) == 0
    assert value(office) == (("fail", "门口无公示"), ("pass", ""))[number - 1]
    assert journaling.count(office) == before + 1
    assert journaling.verify(office)[1] == []


def test_who_had_not_seen_the_choice_disputes_it_anew(
    split: tuple[Workspace, Workspace, Workspace], town: Town
) -> None:
    """A device that writes on without the choice makes a new dispute, settled in its turn."""
    office, first, _second = split
    settling.choose(office, settling.listing(office)[0].ref, 1)
    (inspection,) = inspections.all(first.store.db)
    inspecting.answer(first, inspection.id, "SL02", "na", note="无人")
    merging.merge(office, [_sent(town, first, "u3")])
    (again,) = settling.listing(office)
    assert {told.value.split()[0] for told in again.told} != set()
    settling.choose(office, again.ref, 2)
    assert settling.count(office) == 0


def test_a_merge_taken_back_takes_its_dispute_with_it(
    split: tuple[Workspace, Workspace, Workspace],
) -> None:
    """Without the second device there is nothing to settle."""
    office, _first, _second = split
    for merge in unmerging.listing(office):
        unmerging.undo(office, merge.id)
    assert settling.listing(office) == []


def test_places_and_answers_of_slips(town: Town) -> None:
    """The register and referral slips are disputed and settled alike."""
    office = town.office("o")
    first, second = town.enrolled(office, "d1"), town.enrolled(office, "d2")
    second.store.ingest(list(first.store.events()))
    slip = referring.make(first, "B3", Slip("天台有不明天线", "telecom")).referral.id
    second.store.ingest(list(first.store.events()))
    referring.answer(first, slip, "handled")
    referring.answer(second, slip, "unfounded", note="是物业的")
    for ws, name in ((first, "三号楼"), (second, "3号楼")):
        told = places.told(ws, sites.find(ws, "B3")) | {"name": name}
        places.put(ws, told, code="B3")
    merging.merge(office, [_sent(town, first, "p1"), _sent(town, second, "p2")])
    kinds = {one.dispute.kind: one for one in settling.listing(office)}
    assert set(kinds) == {"site", "referral"}
    settling.choose(office, kinds["site"].ref, 2)
    settling.choose(office, kinds["referral"].ref, 1)
    assert settling.listing(office) == []
    assert sites.find(office, "B3").name == kinds["site"].told[1].side.value


def test_a_clock_that_is_ahead_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stamps later than the merge that brought them: the clock is fast by that much at least."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:00:00+08:00")
    office = town.office("o")
    slow, fast = town.enrolled(office, "slow"), town.enrolled(office, "fast")
    fast.store.ingest(list(slow.store.events()))
    for ws, name in ((slow, "甲"), (fast, "乙")):
        if ws is fast:
            monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T12:00:00+08:00")
        places.put(ws, places.told(ws, sites.find(ws, "B3")) | {"name": name}, code="B3")
    path = _sent(town, fast, "f")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:00:00+08:00")
    done = merging.merge(office, [path, _sent(town, slow, "s")])
    assert done.rejected == []
    (dispute,) = settling.listing(office)
    ahead = {told.side.device: told.fast for told in dispute.told}
    assert max(ahead.values()) >= 7200
    assert min(ahead.values()) == 0
    assert any("至少快" in settling.when(told) for told in dispute.told)


@pytest.mark.parametrize(("ref", "number"), [("", 1), ("zz", 1), ("ffffffff", 1)])
def test_unknown_disputes(
    split: tuple[Workspace, Workspace, Workspace], ref: str, number: int
) -> None:
    """No such dispute; and no third value of two."""
    office, _first, _second = split
    with pytest.raises(Problem) as caught:
        settling.choose(office, ref, number)
    assert caught.value.code == "unknown-conflict"
    with pytest.raises(Problem) as caught:
        settling.choose(office, settling.listing(office)[0].ref, 3)
    assert caught.value.code == "unknown-value"
