"""One place by hand: the rules of a register, the events of a register, its words at the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.work import Workspace, places, sites

NEW = {"code": "C-9", "name": "枫桥商贸", "kind": "company", "parent": "990100000001"}


def bodies(ws: Workspace) -> list[dict[str, object]]:
    """What was put, in order, without what it replaced."""
    found = [event.body for event in ws.store.events() if event.kind == "site.put"]
    return [{name: it for name, it in body.items() if name != "over"} for body in found]


def test_a_new_place_is_what_a_register_would_have_made(town: Workspace, tmp_path: Path) -> None:
    """The same body, division from above and all."""
    site = places.put(town, {**NEW, "name": "  枫桥商贸 ", "kind": "企业"})
    assert (site.kind, site.division) == ("company", "990100000001")
    by_hand = bodies(town)[-1]
    table = tmp_path / "one.csv"
    table.write_text("code,name,kind,parent\nC-9,枫桥商贸,企业,990100000001\n", encoding="utf-8")
    with Workspace.open(tmp_path / "second") as second:
        second.store.ingest(list(town.store.events())[:-1])
        assert sites.import_register(second, table).created == 1
        assert by_hand in bodies(second)
    assert sites.import_register(town, table).unchanged == 1


def test_a_change_replaces_what_was_there(town: Workspace) -> None:
    """The new write names the old one; saying the same again writes nothing."""
    told = places.told(town, sites.find(town, "KD1"))
    site = places.put(town, {**told, "address": "澜渡路20号"}, code="KD1")
    assert site.address == "澜渡路20号"
    last = list(town.store.events())[-1]
    assert len(last.body["over"]) == 1
    events = len(list(town.store.events()))
    places.put(town, places.told(town, site), code="KD1")
    assert len(list(town.store.events())) == events


def test_what_is_not_asked_of_a_kind_stays(town: Workspace) -> None:
    """A door tells floor and registration; an estate has neither line."""
    assert {"floor", "registered"} <= set(places.asked("door"))
    assert not {"floor", "registered"} & set(places.asked("estate"))
    told = places.told(town, sites.find(town, "TF-3-1001"))
    assert (told["floor"], told["registered"], told["parent"]) == ("10", "0", "TF-3-1")
    site = places.put(town, {**told, "registered": "1"}, code="TF-3-1001")
    assert (site.registered, site.floor) == (True, "10")


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"code": "KD1"}, "code", "已有编码"),
        ({"code": ""}, "code", "不能为空"),
        ({"code": "C 9"}, "code", "空格"),
        ({"name": ""}, "name", "不能为空"),
        ({"name": "=1+1"}, "name", "公式"),
        ({"name": "张三 13812345678"}, "name", "不能导入"),
        ({"kind": "飞船"}, "kind", "没有“飞船”"),
        ({"parent": "无此"}, "parent", "没有编码为"),
        ({"parent": "C-9"}, "parent", "自己"),
        ({"parent": "TF-3-101"}, "parent", "不能挂在"),
        ({"division": "九九"}, "division", "数字"),
    ],
)
def test_faults_stand_at_their_line(
    town: Workspace, change: dict[str, str], field: str, said: str
) -> None:
    """In words, and nothing is put."""
    told = {**NEW, **change}
    wrong = places.faults(town, told)
    assert list(wrong) == [field]
    assert said in wrong[field]
    events = len(list(town.store.events()))
    with pytest.raises(Problem) as caught:
        places.put(town, told)
    assert caught.value.where == places.TITLES[field]
    assert len(list(town.store.events())) == events


def test_nothing_at_all_is_a_fault_of_every_needed_line(town: Workspace) -> None:
    """An empty form is refused like any other."""
    assert tuple(places.faults(town, {})) == places.NEEDED
    with pytest.raises(Problem):
        places.put(town, {})


def test_no_ring_and_no_other_code(town: Workspace) -> None:
    """A grid may not hang under an estate of its own; a code is the place."""
    told = places.told(town, sites.find(town, "W1"))
    assert "一圈" in places.faults(town, {**told, "parent": "TF"}, code="W1")["parent"]
    assert "不能改" in places.faults(town, {**told, "code": "W2"}, code="W1")["code"]
    assert places.faults(town, told, code="W1") == {}


def test_a_kind_must_suit_what_hangs_below(town: Workspace) -> None:
    """An estate with buildings cannot become a door."""
    told = places.told(town, sites.find(town, "TF"))
    wrong = places.faults(town, {**told, "kind": "unit", "parent": ""}, code="TF")
    assert list(wrong) == ["kind"]


def test_places_above_are_found_by_name_and_code(town: Workspace) -> None:
    """Only what may hold the kind, and nothing struck off."""
    assert [site.code for site in places.above(town, "door", "单元")] == ["TF-3-1"]
    assert places.above(town, "estate", "单元") == []
    assert [site.code for site in places.above(town, "unit", "ＴＦ-3")] == ["TF-3"]
    assert places.above(town, "", "枫") == []
    sites.remove(town, "TF", "demolished")
    assert [site.code for site in places.above(town, "building")] == ["990100000001", "KD1", "W1"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            places.TITLES,
            st.text(max_size=30) | st.sampled_from(["TF", "KD1", "door", "户", "1", "-1", "９９"]),
        ),
    )
)
def test_whatever_is_typed_it_is_put_or_refused_in_words(
    town: Workspace, told: dict[str, str]
) -> None:
    """Faults and putting agree, and what is put is what a second look would put again."""
    wrong = places.faults(town, told)
    try:
        site = places.put(town, told)
    except Problem:
        assert wrong
        return
    assert not wrong
    events = len(list(town.store.events()))
    places.put(town, places.told(town, site), code=site.code)
    assert len(list(town.store.events())) == events
