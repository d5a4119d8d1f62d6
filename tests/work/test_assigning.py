"""Assignments: for a device, a post or anybody; done by the inspection, or taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.domain.kinds import campaign_id, site_id
from fieldkit.errors import Problem, Refused
from fieldkit.store.held import HELD, texts
from fieldkit.store.store import Draft
from fieldkit.work import Workspace, assigning, campaigns, journaling, reviewing, sites, today
from fieldkit.work.assigning import AssignmentRow

from .test_obligations import inspected


def put(ws: Workspace, to: str = "", due: str = "2026-11-30", campaign: str = "") -> AssignmentRow:
    """An inspection of the courier's outlet."""
    return assigning.put(ws, "KD1", "courier-100", to, due, campaign)


def test_open_until_the_inspection_is_finished(town: Workspace) -> None:
    """What was inspected before it was assigned does not do it; nor a re-inspection."""
    inspected(town, "KD1", "courier-100", "2026-11-22")
    ref = put(town).assignment.id
    inspected(town, "KD1", "courier-100", "2026-11-23", mode="reinspection")
    inspected(town, "KD1", "courier-100", "2026-11-23", finished=False)
    assert assigning.find(town, ref[:6]).state == "open"
    inspected(town, "KD1", "courier-100", "2026-11-23")
    row = assigning.find(town, ref)
    assert (row.state, row.assignment.done) == ("done", "2026-11-23")
    with pytest.raises(Refused):
        assigning.withdraw(town, ref)
    assert journaling.verify(town)[1] == []


def test_late_after_its_day(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The due day itself is in time."""
    put(town)
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-30T09:00:00+08:00")
    assert [row.state for row in assigning.listing(town)] == ["open"]
    assert (today.today(town).assigned, today.today(town).late) == (1, 0)
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-01T09:00:00+08:00")
    assert [row.state for row in assigning.listing(town, state="overdue")] == ["overdue"]
    assert (today.today(town).assigned, today.today(town).late) == (1, 1)


def test_put_again_changes_the_open_one(town: Workspace) -> None:
    """One assignment for a place, list and campaign; its first day stays."""
    first = put(town, "检查一组")
    again = put(town, "检查二组", "2026-12-05")
    assert again.assignment.id == first.assignment.id
    (row,) = assigning.listing(town)
    assert (row.who, row.assignment.due, row.contested) == ("检查二组", "2026-12-05", False)


def test_withdrawn_stays_so(town: Workspace) -> None:
    """Assigning anew makes another one; a second withdrawal is refused."""
    ref = put(town).assignment.id
    assert assigning.withdraw(town, ref, "已由县局检查").state == "withdrawn"
    with pytest.raises(Refused):
        assigning.withdraw(town, ref)
    assert put(town).assignment.id != ref
    assert today.today(town).assigned == 1


def test_for_a_device_a_post_or_anybody(town: Workspace) -> None:
    """This device by its name or number; counted here are its own and those for anybody."""
    own = town.device.device
    assert put(town, own[:8]).assignment.inspector == own
    assert put(town, town.device.name).assignment.inspector == own
    assert today.today(town).assigned == 1
    assert [row.who for row in assigning.listing(town, mine=True)] == [town.device.name]
    put(town, "检查 一组")
    assert assigning.listing(town, mine=True) == []
    assert today.today(town).assigned == 0
    put(town)
    assert today.today(town).assigned == 1


def test_the_usual_due_day(town: Workspace) -> None:
    """The campaign's last day, else the end of the list's period, else none."""
    campaigns.put(town, "冬季", "2026-11-01", "2027-01-15")
    assert put(town, due="", campaign="冬季").assignment.due == "2027-01-15"
    assert put(town, due="").assignment.due == ""
    sweep = assigning.put(town, "TF-3", "building-sweep")
    assert sweep.assignment.due == "2026-12-31"
    assert [row.campaign for row in assigning.listing(town, campaign="冬季")] == ["冬季"]
    assert [row.assignment.id for row in assigning.listing(town, "TF")] == [sweep.assignment.id]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ZZ", "courier-100"), "unknown-site"),
        (("KD1", "zz"), "unknown-checklist"),
        (("KD1", "wuzha-qiye"), "list-not-for-site"),
        (("TF-3-101", "door-to-door"), "not-a-task"),
        (("KD1", "courier-100", "王先生"), "personal-data"),
        (("KD1", "courier-100", "13800138000"), "personal-data"),
        (("KD1", "courier-100", "长" * 21), "post-long"),
        (("KD1", "courier-100", "", "2026-11-22"), "bad-day"),
        (("KD1", "courier-100", "", "明天"), "bad-day"),
        (("KD1", "courier-100", "", "", "冬季"), "unknown-campaign"),
    ],
)
def test_what_cannot_be_assigned(town: Workspace, words: tuple[str, ...], code: str) -> None:
    """Told by its code, nothing is written."""
    before = journaling.count(town)
    with pytest.raises(Problem) as caught:
        assigning.put(town, *words)
    assert caught.value.code == code
    assert journaling.count(town) == before


def test_not_at_a_place_that_is_gone(town: Workspace) -> None:
    """Struck off; and an unknown number is told."""
    sites.remove(town, "KD1", "missing")
    with pytest.raises(Refused):
        put(town)
    with pytest.raises(Problem):
        assigning.find(town, "ff")
    with pytest.raises(Problem):
        assigning.listing(town, state="late")


def test_words_from_elsewhere_that_name_somebody_are_held_back(town: Workspace) -> None:
    """What another laptop wrote past the guard is shown once somebody has looked at it."""
    body = {
        "site": site_id("KD1"),
        "checklist": "courier-100",
        "inspector": "王先生",
        "day": "2026-11-20",
        "due": "",
        "campaign": campaign_id("找李女士"),
        "over": [],
    }
    days = {"first": "2026-11-01", "last": "2026-12-31", "phases": [], "lists": [], "over": []}
    name = {"name": "找李女士"}
    town.store.append(
        [
            Draft("assignment.put", "7" * 32, "", body),
            Draft("campaign.put", campaign_id("找李女士"), "", {**name, **days}),
        ]
    )
    (row,) = assigning.listing(town)
    assert (row.who, row.campaign) == (HELD, HELD)
    first = {one.slot: one for one in texts(town.store.db)}
    assert set(first) == {"inspector", "name"}
    for one in reviewing.waiting(town):
        reviewing.decide(town, one.ref, "release")
    (row,) = assigning.listing(town)
    assert (row.who, row.campaign) == ("王先生", "找李女士")


def test_a_home_of_the_version_before_draws_what_it_only_kept(tmp_path: Path) -> None:
    """An earlier program kept the lines of these events; the migration makes facts of them."""
    with Workspace.open(tmp_path / "old") as ws:
        campaigns.put(ws, "冬季", "2026-11-01", "2026-12-31")
        digest = ws.store.state_digest()
        db = ws.store.db
        for table in ("f_campaign", "f_assignment", "f_unassigned", "campaign", "assignment"):
            db.execute(f"DROP TABLE {table}")
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm009%'")
        db.execute("PRAGMA user_version=7")
    with Workspace.open(tmp_path / "old") as ws:
        assert ws.store.state_digest() == digest
        assert [row.campaign.name for row in campaigns.listing(ws)] == ["冬季"]
