"""Campaigns: a name is one campaign; its phases lie in it and beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.domain.campaign import Phase
from fieldkit.errors import Problem
from fieldkit.work import Workspace, campaigns, journaling

PHASES = ("宣传发动:2026-11-01:2026-11-30", "巩固总结：2027-01-01：2027-01-31")


def test_phases_in_order_and_the_one_of_today(town: Workspace) -> None:
    """Typed in any order, with full-width colons too; today lies in the first."""
    lists = ["courier-100", "wuzha-qiye"]
    row = campaigns.put(town, " 冬季  行动 ", "2026-11-01", "2027-01-31", PHASES[::-1], lists)
    assert row.campaign.name == "冬季 行动"
    assert row.campaign.phases[0] == Phase("宣传发动", "2026-11-01", "2026-11-30")
    assert row.phase == "宣传发动"
    assert row.campaign.phase("2026-12-15") == ""
    assert row.campaign.lists == ("courier-100", "wuzha-qiye")
    assert campaigns.find(town, "冬季") == row
    assert campaigns.find(town, row.campaign.id[:6]) == row
    assert journaling.verify(town)[1] == []


def test_put_again_takes_the_place_of_the_first(town: Workspace) -> None:
    """One campaign of a name; nothing is contested where one knew of the other."""
    campaigns.put(town, "冬季", "2026-11-01", "2026-12-31", PHASES[:1])
    campaigns.put(town, "冬季", "2026-11-01", "2027-01-31")
    (row,) = campaigns.listing(town)
    assert (row.campaign.last, row.campaign.phases, row.contested) == ("2027-01-31", (), False)


def test_two_offices_that_did_not_know_of_each_other(town: Workspace, tmp_path: Path) -> None:
    """The same name meets in one campaign, which is told to be contested until it is put again."""
    with Workspace.open(tmp_path / "other") as other:
        campaigns.put(other, "冬季", "2026-11-01", "2026-12-31")
        events = list(other.store.events())
    campaigns.put(town, "冬季", "2026-11-01", "2027-01-31")
    town.store.ingest(events)
    (row,) = campaigns.listing(town)
    assert row.contested
    assert not campaigns.put(town, "冬季", "2026-11-01", "2027-01-31").contested


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("", "2026-11-01", "2026-12-31"), "bad-name"),
        (("长" * 61, "2026-11-01", "2026-12-31"), "bad-name"),
        (("找13800138000", "2026-11-01", "2026-12-31"), "personal-data"),
        (("冬", "2026-12-31", "2026-11-01"), "bad-campaign"),
        (("冬", "昨天", "2026-11-01"), "bad-campaign"),
        (("冬", "2026-11-01", "2026-12-31", ["无日期"]), "bad-campaign"),
        (("冬", "2026-11-01", "2026-12-31", ["甲:2026-10-31:2026-11-02"]), "bad-campaign"),
        (
            ("冬", "2026-11-01", "2026-12-31",
             ["甲:2026-11-01:2026-11-20", "乙:2026-11-20:2026-11-30"]),
            "bad-campaign",
        ),
        (("冬", "2026-11-01", "2026-12-31", (), ["zz"]), "unknown-checklist"),
        (("冬", "2026-11-01", "2026-12-31", (), ["door-to-door"]), "bad-campaign"),
    ],
)  # fmt: skip
def test_what_is_no_campaign(town: Workspace, words: tuple[str, ...], code: str) -> None:
    """Told by its code, nothing is written."""
    before = journaling.count(town)
    with pytest.raises(Problem) as caught:
        campaigns.put(town, *words)
    assert caught.value.code == code
    assert journaling.count(town) == before


def test_an_unknown_one(town: Workspace) -> None:
    """Neither nothing nor too much."""
    for name in ("甲一", "甲二"):
        campaigns.put(town, name, "2026-11-01", "2026-12-31")
    for ref in ("乙", "甲", ""):
        with pytest.raises(Problem):
            campaigns.find(town, ref)
