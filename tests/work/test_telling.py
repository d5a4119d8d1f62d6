"""Who walked, when, and what the unit said: kept beside the answers."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.domain.records import Particulars
from fieldkit.errors import Problem, Refused
from fieldkit.work import Workspace, inspecting, telling


@pytest.fixture
def begun(town: Workspace) -> str:
    """An estate under open inspection; it is half past nine on 23 November."""
    return inspecting.start(town, "wuzha-xiaoqu", "TF").inspection.id


@pytest.fixture
def covert(town: Workspace) -> str:
    """A courier's under covert inspection."""
    return inspecting.start(town, "courier-100", "KD1", mode="covert").inspection.id


def test_it_merges_with_what_is_there(town: Workspace, begun: str) -> None:
    """What is not given stays, what is empty goes; the same again writes nothing."""
    telling.tell(town, begun, inspectors=[" 林　枫 ", "ＡＢ01", "林 枫", ""])
    telling.tell(town, begun, observed_from="9：05", observed_to="2026-11-23　09:30")
    telling.tell(town, begun, unit_view="没有异议", unit_sign="ＳＩＧＮＥＤ")
    assert telling.told(town, begun) == Particulars(
        ("林 枫", "AB01"), "2026-11-23T09:05", "2026-11-23T09:30", "没有异议", "signed"
    )
    count = len(list(town.store.events()))
    telling.tell(town, begun, unit_sign="signed")
    assert len(list(town.store.events())) == count
    telling.tell(town, begun, unit_view="", observed_to="")
    assert telling.told(town, begun) == Particulars(
        ("林 枫", "AB01"), "2026-11-23T09:05", "", "", "signed"
    )
    assert town.store.verify() == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"inspectors": list("甲乙丙丁戊己庚")}, "too-many-inspectors"),
        ({"inspectors": ["长" * 41]}, "name-long"),
        ({"inspectors": ["13800138000"]}, "personal-data"),
        ({"inspectors": ["林\u202e枫"]}, "note-control"),
        ({"observed_from": "9点"}, "bad-time"),
        ({"observed_from": "24:00"}, "bad-time"),
        ({"observed_from": "2026-02-30 10:00"}, "bad-time"),
        ({"observed_from": "٩:05"}, "bad-time"),
        ({"observed_to": "9:31"}, "time-ahead"),
        ({"observed_from": "9:10", "observed_to": "9:00"}, "times-reversed"),
        ({"unit_sign": "maybe"}, "unknown-sign"),
        ({"unit_view": "前科人员"}, "personal-data"),
    ],
)
def test_what_may_not_be_kept(
    town: Workspace, begun: str, given: dict[str, Any], code: str
) -> None:
    """Each slip has its own code, and nothing is written."""
    with pytest.raises(Problem) as caught:
        telling.tell(town, begun, **given)
    assert caught.value.code == code
    assert telling.told(town, begun) == Particulars()


def test_times_are_compared_with_what_is_there(town: Workspace, begun: str) -> None:
    """Also where only one of them is typed now."""
    telling.tell(town, begun, observed_to="9:00")
    with pytest.raises(Problem) as caught:
        telling.tell(town, begun, observed_from="9:01")
    assert caught.value.code == "times-reversed"
    telling.tell(town, begun, observed_from="9:00")


@pytest.mark.parametrize("given", [{"unit_view": "同意"}, {"unit_sign": "absent"}])
def test_nobody_signs_a_covert_visit(town: Workspace, covert: str, given: dict[str, Any]) -> None:
    """Nothing of the unit is taken down on the spot, and the reason is said."""
    with pytest.raises(Refused) as caught:
        telling.tell(town, covert, **given)
    assert caught.value.code == "covert-unsigned"
    assert "不签字" in caught.value.sentence()
    telling.tell(town, covert, unit_view="", unit_sign="", inspectors=["甲"])
    assert telling.told(town, covert).inspectors == ("甲",)


def test_what_is_missing(town: Workspace, begun: str, covert: str) -> None:
    """Two inspectors always; times where it was covert, the signature where it was open."""

    def wanted(inspection: str) -> list[str]:
        return telling.missing(town, inspecting.sheet(town, inspection))

    assert len(wanted(begun)) == len(wanted(covert)) == 2
    telling.tell(town, covert, observed_from="9:00", observed_to="9:20")
    telling.tell(town, begun, unit_sign="refused")
    telling.tell(town, begun, inspectors=["甲"])
    assert [len(wanted(it)) for it in (begun, covert)] == [1, 1]
    assert "1" in wanted(begun)[0]
    for inspection in (begun, covert):
        telling.tell(town, inspection, inspectors=["甲", "乙"])
        assert wanted(inspection) == []
    own = inspecting.start(town, "wuzha-xiaoqu", "TF", mode="self").inspection.id
    assert wanted(own) == []


def test_finished_is_finished(town: Workspace, begun: str) -> None:
    """Afterwards only by taking it up again."""
    for item in inspecting.sheet(town, begun).items:
        value = {"external": "met:虚函1:2026-11-17", "text": "有"}.get(item.type, "na")
        if item.type != "info":
            inspecting.answer(town, begun, item.id, value)
    inspecting.finish(town, begun)
    with pytest.raises(Refused) as caught:
        telling.tell(town, begun, inspectors=["甲"])
    assert caught.value.code == "inspection-finished"
