"""The demonstration: fictional throughout, whole, fast, the same for the same seed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.outcomes import BY_CODE
from fieldkit.errors import Problem
from fieldkit.text.privacy import leaks
from fieldkit.work import (
    bundles,
    demo,
    demo_town,
    demo_visits,
    inspecting,
    journaling,
    merging,
    sites,
    visiting,
)
from fieldkit.work.workspace import Workspace

# DOMAIN §6.1, number 4 on; the first three are the region in every address.
NAMES = (
    "听枫社区 菱歌社区 檐铃社区 霜桥村 杏坞村 檀渡村 棹歌村 茶烟村 苇渡村 鹭汀花园 雁汀里 "
    "砚桥新苑 蘅芜公寓 榆火大厦 烟渚客栈 荷笠民宿 葭湄中心小学 萱草中学 纸鸢幼儿园 芷汀电子厂 "
    "槐序食品有限公司 霁月制衣厂 雁书速递澜渡网点 弦月驿站 岫屿农村银行澜渡支行 "
    "蕉雨通信服务厅 桂魄影城"
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, demo.Counts]]:
    """One small demonstration home, read by most tests and changed by none."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDKIT_STATE", str(folder / "state"))
        patch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
        with Workspace.open(folder / "home") as ws:
            yield ws, demo.fill(ws)


Filled = tuple[Workspace, demo.Counts]


def test_every_place_of_the_domain_is_there(filled: Filled) -> None:
    """All thirty names, each marked as fictional, no division code of a real province."""
    ws, _counts = filled
    every = sites.listing(ws)
    named = {site.name for site in every}
    assert {f"{name}（演示）" for name in NAMES.split()} <= named
    assert all(site.division.startswith("990121101") for site in every)
    region = "霁川市（演示）岫屿县澜渡镇"
    assert all(site.address.startswith(region) for site in every)
    assert sum(site.kind == "building" and "鹭汀路6号" in site.address for site in every) == 8


@pytest.mark.parametrize(("size", "least", "most"), [("small", 130, 180), ("town", 1300, 1700)])
def test_sizes(size: str, least: int, most: int) -> None:
    """The sizes hold about as many doors as they promise, each under its building."""
    town = demo_town.sites(size, 1)
    doors = [site for site in town if site.kind == "door"]
    assert least <= len(doors) <= most
    assert len({site.code for site in town}) == len(town)
    known: set[str] = {""}
    for site in town:
        assert site.parent in known
        known.add(site.id)
    share = sum(bool(door.registered) for door in doors) / len(doors)
    assert 0.4 < share < 0.9


def test_county_is_ten_thousand_doors() -> None:
    """The largest size is for looking at speed."""
    assert 9000 < sum(s.kind == "door" for s in demo_town.sites("county", 1)) < 11000


def test_counts_are_what_the_home_holds(filled: Filled) -> None:
    """Every number is above nothing and agrees with the listings."""
    ws, counts = filled
    assert min(demo.as_json(counts).values()) > 0
    assert counts.sites + counts.doors == len(sites.listing(ws))
    assert counts.inspections == len(inspecting.listing(ws)) == 7
    assert ws.is_demo


def test_inspections_tell_a_story(filled: Filled) -> None:
    """All three lists, open and covert, several grades, one in the middle of its work."""
    ws, _counts = filled
    rows = inspecting.listing(ws)
    assert {row.checklist.id for row in rows} == {"wuzha-xiaoqu", "courier-100", "building-sweep"}
    assert {row.inspection.mode for row in rows} == {"open", "covert"}
    done = [row for row in rows if row.inspection.state == "finished"]
    assert len({row.grade for row in done}) >= 2
    (middle,) = [row for row in rows if row.inspection.state == "open"]
    assert middle.checklist.id == "wuzha-xiaoqu"
    assert 0 < middle.answered < middle.total
    assert middle.site.name == "鹭汀花园（演示）"
    for row in done:
        assert inspecting.sheet(ws, row.inspection.id).score.open_required == ()


def test_visits_are_spread(filled: Filled) -> None:
    """Many outcomes, many days, none today or later; no note says anything of a person."""
    ws, counts = filled
    kinds = Counter(e.kind for e in ws.store.events())
    assert kinds["visit.logged"] == counts.visits
    bodies = [e.body for e in ws.store.events() if e.kind == "visit.logged"]
    assert len({body["outcome"] for body in bodies if body}) >= 6
    days = {body["day"] for body in bodies if body}
    assert len(days) >= 8
    assert max(days) < "2026-11-22"
    assert all(not leaks(body["note"]) and len(body["note"]) <= 50 for body in bodies if body)
    assert sum(row.removed for row in visiting.coverage(ws, by="village")) == kinds["site.removed"]
    rates = {row.delivery_rate for row in visiting.coverage(ws, by="building")}
    assert len(rates) > 3


def test_the_journal_is_sound(filled: Filled) -> None:
    """Chain and projections hold, and time only goes forward, from weeks ago to yesterday."""
    ws, _counts = filled
    events, problems = journaling.verify(ws)
    assert problems == []
    assert events > 250
    stamps = [e.hlc for e in ws.store.events()]
    assert stamps == sorted(stamps)
    assert len({stamp[:9] for stamp in stamps}) > 8


def test_the_same_seed_gives_the_same_town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two homes agree in everything made up; another seed does not."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
    found: list[list[Any]] = []
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        with Workspace.open(tmp_path / name) as ws:
            demo.fill(ws, seed=seed)
            # ``over`` names hashes, and those hang on each home's own keys.
            found.append(
                [
                    (e.kind, e.entity, e.hlc, {**(e.body or {}), "over": None})
                    for e in ws.store.events()
                ]
            )
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_twice_is_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run opens what is there; a stopped run is finished, nothing doubled."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    with Workspace.open(tmp_path / "home") as ws:
        first = demo.fill(ws)
        events = sum(1 for _event in ws.store.events())
        assert demo.fill(ws, "town", 9) == first
        mark = ws.home / "demo.json"
        state = json.loads(mark.read_text("utf-8"))
        # As if the power had gone just after the last append, before its note.
        state.pop("complete")
        state["done"] -= 1
        state["seq"] -= 1
        mark.write_text(json.dumps(state), "utf-8")
        assert demo.fill(ws) == first
        assert sum(1 for _event in ws.store.events()) == events


def test_real_work_is_never_mixed_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home that holds anything else refuses."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    register = tmp_path / "register.csv"
    register.write_text("kind,code,name\nvillage,V1,听枫社区（演示）\n", "utf-8")
    with Workspace.open(tmp_path / "home") as ws:
        sites.import_register(ws, register)
        with pytest.raises(Problem) as stop:
            demo.fill(ws)
        assert stop.value.code == "not-a-demo-home"
        with pytest.raises(Problem):
            demo.fill(ws, "galaxy")


def test_the_demo_can_be_sent_and_merged(filled: Filled, tmp_path: Path) -> None:
    """It is its own office: a bundle of it is known to it already, with its one picture."""
    ws, _counts = filled
    created = bundles.create(ws, tmp_path)
    assert created.path is not None
    assert created.evidence == 1
    assert bundles.verify(ws, created.path).ok is True
    done = merging.merge(ws, [created.path])
    assert (done.rejected, done.events_new, done.events_known) == ([], 0, created.events)


def test_visits_follow_the_outcome_table() -> None:
    """Every made-up outcome exists and lies within the days it may."""
    calls = demo_visits.calls(demo_town.sites("small", 1), 1)
    assert {call.outcome for call in calls} <= set(BY_CODE)
    assert all(1 <= call.back <= demo_visits.DAYS for call in calls)
