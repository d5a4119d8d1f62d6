"""Texts of other devices that speak of persons: held back everywhere, until somebody decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.domain.kinds import site_id
from fieldkit.errors import Problem
from fieldkit.store import held
from fieldkit.work import inspecting, reviewing, sites, telling, visiting
from fieldkit.work.workspace import Workspace
from fieldkit_sync.event import GENESIS, Event, make

PHONE = "联系 13812345678 取钥匙"
OTHER = "e" * 32
HEAD = "kind,code,name,parent,division,grid,address,floor,registered\n"
REGISTER = (
    HEAD
    + "estate,E1,鹭汀花园（演示）,,990121101001,,,,\n"
    + "building,B1,1栋（演示）,E1,,,,,\n"
    + "door,D1,101室,B1,,,,1,1\n"
)


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """A home with one door."""
    table = tmp_path / "r.csv"
    table.write_text(REGISTER, "utf-8")
    opened = Workspace.open(tmp_path / "home")
    sites.import_register(opened, table)
    return opened


def foreign(*written: tuple[str, str, dict[str, object]]) -> list[Event]:
    """What a device without a guard wrote."""
    events: list[Event] = []
    for number, (kind, entity, body) in enumerate(written, 1):
        events.append(
            make(
                device=OTHER,
                epoch="0" * 16,
                seq=number,
                prev=events[-1].hash if events else GENESIS,
                hlc=f"{1_795_000_000_000 + number:012x}0000",
                kind=kind,
                entity=entity,
                division="",
                body=body,
                salt=f"{number:032x}",
            )
        )
    return events


def visit(note: str) -> tuple[str, str, dict[str, object]]:
    """A visit with a note."""
    body = {"outcome": "met", "materials": 1, "app": "none", "note": note, "day": "2026-11-22"}
    return "visit.logged", site_id("D1"), body


def test_a_note_with_a_number_is_held_and_the_visit_counts(ws: Workspace) -> None:
    """Nobody reads it; the coverage is the same as without the note."""
    ws.store.ingest(foreign(visit(PHONE), visit("门口已贴海报")))
    notes = {it.note for it in visiting.of_door(ws, site_id("D1"))}
    assert notes == {held.HELD, "门口已贴海报"}
    assert visiting.coverage(ws, by="building")[0].met == 1
    (one,) = reviewing.waiting(ws)
    assert one.why == ("手机号",)
    assert one.place == "101室"
    assert "138" not in one.without


@pytest.mark.parametrize(("verdict", "shown"), [("release", PHONE), ("hide", held.HIDDEN)])
def test_a_decision_is_an_event(ws: Workspace, verdict: str, shown: str, tmp_path: Path) -> None:
    """It travels, it survives a rebuild, and can be changed."""
    ws.store.ingest(foreign(visit(PHONE)))
    reviewing.decide(ws, reviewing.waiting(ws)[0].ref, verdict)
    assert visiting.of_door(ws, site_id("D1"))[0].note == shown
    assert not reviewing.waiting(ws)
    assert reviewing.waiting(ws, decided=True)[0].verdict == verdict
    ws.store.rebuild()
    assert visiting.of_door(ws, site_id("D1"))[0].note == shown
    with Workspace.open(tmp_path / "another") as there:
        there.store.ingest(ws.store.events())
        assert visiting.of_door(there, site_id("D1"))[0].note == shown
        assert there.store.state_digest() == ws.store.state_digest()
    other = {"release": "hide", "hide": "release"}[verdict]
    reviewing.decide(ws, reviewing.waiting(ws, decided=True)[0].ref, other)
    assert visiting.of_door(ws, site_id("D1"))[0].note != shown


def test_answers_and_the_units_view_are_held_too(ws: Workspace) -> None:
    """And an answer made over a held note does not write the stand-in into the journal."""
    begun = inspecting.start(ws, "wuzha-xiaoqu", "E1")
    entity = begun.inspection.id
    answer = {"item": "XQ04", "value": "pass", "note": "找张先生", "evidence": [], "over": []}
    particulars = {
        "inspectors": [],
        "observed_from": "",
        "observed_to": "",
        "unit_view": PHONE,
        "unit_sign": "",
        "over": [],
    }
    ws.store.ingest(
        foreign(("answer.given", entity, answer), ("inspection.particulars", entity, particulars))
    )
    assert inspecting.sheet(ws, entity).answers["XQ04"].note == held.HELD
    assert telling.told(ws, entity).unit_view == held.HELD
    assert {one.slot for one in reviewing.waiting(ws)} == {"note", "unit_view"}
    after = inspecting.answer(ws, entity, "XQ04", "fail")
    assert after.answers["XQ04"].note == ""


@pytest.mark.parametrize(
    ("ref", "verdict", "code"),
    [
        ("ffff", "release", "unknown-text"),
        ("", "hide", "unknown-text"),
        ("0", "burn", "unknown-verdict"),
    ],
)
def test_slips(ws: Workspace, ref: str, verdict: str, code: str) -> None:
    """One sentence each."""
    with pytest.raises(Problem) as caught:
        reviewing.decide(ws, ref, verdict)
    assert caught.value.code == code
