"""What stands beside an inspection: the last time here, the day's counts, the inspector's pace."""

from __future__ import annotations

import pytest

from fieldkit.work import earlier, inspecting, pace, today
from fieldkit.work.workspace import Workspace

LIST = "courier-100"


def finished(ws: Workspace, monkeypatch: pytest.MonkeyPatch, day: str, value: str = "pass",
             **more: object) -> str:  # fmt: skip
    """A whole inspection of the courier on a day, every check answered so."""
    monkeypatch.setenv("FIELDKIT_NOW", f"{day}T09:00:00+08:00")
    sheet = inspecting.start(ws, LIST, "KD1", **more)  # type: ignore[arg-type]
    ref = sheet.inspection.id
    typed = {"check": value, "ratio": "10/10", "sample": "10/10", "recency": day, "choices": ""}
    for item in sheet.items:
        given = typed[item.type] or ",".join(option.id for option in item.options)
        inspecting.answer(ws, ref, item.id, given)
    inspecting.finish(ws, ref)
    return ref


def test_the_last_time_is_the_newest_finished_one_before(
    town: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unfinished one is no result, and neither is one of another kind of visit."""
    finished(town, monkeypatch, "2026-09-01", "fail")
    last = finished(town, monkeypatch, "2026-10-01")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-10-02T09:00:00+08:00")
    inspecting.start(town, LIST, "KD1")
    finished(town, monkeypatch, "2026-10-03", "pass", mode="covert")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-01T09:00:00+08:00")
    sheet = inspecting.start(town, LIST, "KD1")
    known = earlier.earlier(town, sheet)
    assert known is not None
    assert known.inspection.id == last
    assert known.same_version
    check = next(item.id for item in sheet.items if item.type == "check")
    assert known.answers[check][1] == "pass"
    assert earlier.earlier(town, inspecting.sheet(town, last)) is not None


def test_a_blind_partner_is_never_shown(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other of a pair found is not the last time."""
    pair = inspecting.Link(pair="风铃")
    finished(town, monkeypatch, "2026-10-01", "fail", link=pair)
    monkeypatch.setenv("FIELDKIT_NOW", "2026-10-02T09:00:00+08:00")
    mine = inspecting.start(town, LIST, "KD1", link=pair)
    assert earlier.earlier(town, mine) is None
    assert earlier.earlier(town, inspecting.start(town, LIST, "KD1")) is not None


def test_the_day_counts_what_is_there(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings are due by their day; the one that is late is not also due today."""
    assert today.today(town) == today.Today(0, 0, 3, 1, 0, 0, 0)
    ref = finished(town, monkeypatch, "2026-10-01", "fail")
    inspecting.start(town, LIST, "KD1")
    dues = sorted(finding.due for finding in inspecting.findings_of(town, ref))
    assert dues
    monkeypatch.setenv("FIELDKIT_NOW", f"{dues[0]}T20:00:00+08:00")
    now = today.today(town)
    assert (now.open, now.finished, now.findings) == (1, 1, len(dues))
    assert (now.due, now.overdue) == (dues.count(dues[0]), 0)
    monkeypatch.setenv("FIELDKIT_NOW", "2027-01-01T09:00:00+08:00")
    now = today.today(town)
    assert (now.due, now.overdue) == (0, len(dues))
    newest = today.newest_open(town)
    assert newest is not None
    assert inspecting.sheet(town, newest).inspection.state == "open"


def test_what_waits_is_counted(town: Workspace) -> None:
    """Everything since the first event, while no office has acknowledged anything."""
    assert today.unsent(town).pending_events == 9


def test_pace_adds_up_and_leaves_no_event(town: Workspace) -> None:
    """Times are this home's own: neither in the journal nor in the digest."""
    digest = town.store.state_digest()
    pace.add(town, "a" * 32, {"XQ01": 1500, "XQ02": 10})
    pace.add(town, "a" * 32, {"XQ01": 500, "XQ03": 3_600_000})
    assert pace.of(town, "a" * 32) == {
        "XQ01": (2000, 2),
        "XQ02": (10, 1),
        "XQ03": (pace.LONGEST_MS, 1),
    }
    assert town.store.state_digest() == digest
    assert town.store.verify() == []
