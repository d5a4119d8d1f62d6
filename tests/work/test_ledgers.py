"""Ledgers of finished records: their lines, their sums, and who is missing."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.report import ledger as report
from fieldkit.work import Workspace, inspecting, ledgers, rectifying, referring, rounds, units
from fieldkit.work.rectifying import Told
from fieldkit.work.referring import Slip

VILLAGE = "990100000001"


def record(ws: Workspace, checklist: str, site: str, *, finish: bool = True, **answers: str) -> str:
    """A record with these answers; every other item that wants one does not apply."""
    whole = inspecting.start(ws, checklist, site)
    ref = whole.inspection.id
    for item in whole.items:
        typed = answers.get(item.id, "na" if item.flag("na", True) and item.required else "")
        if typed:
            inspecting.answer(ws, ref, item.id, typed)
    if finish:
        inspecting.finish(ws, ref)
    return ref


def test_meetings_stand_on_their_own_day(town: Workspace) -> None:
    """A meeting of October noted in November is October's; the sums are of the columns."""
    ref = record(town, "meeting", VILLAGE, HY01="liaison", HY02="2026-11-05", HY03="3", HY04="2")
    record(town, "meeting", VILLAGE, HY01="joint", HY02="2026-10-20", HY03="5", HY04="4")
    record(
        town, "meeting", VILLAGE, HY01="joint", HY02="2026-11-21", HY03="7", finish=False, HY04="1"
    )
    found = ledgers.ledger(town, "meetings", month="2026-11")
    assert [(row.inspection, row.day, row.cells[:3]) for row in found.rows] == [
        (ref, "2026-11-05", ("联络员会议", "3", "2"))
    ]
    assert found.totals == ("—", "3", "2", "—")
    notes = "".join(found.notes)
    assert "联络员会议" not in notes
    assert "2026年第4季度没有“联席会议”" not in notes
    assert "2026年没有“党委会议听取汇报”" in notes
    quarter = ledgers.ledger(town, "meetings", "2026-Q4")
    assert [row.day for row in quarter.rows] == ["2026-10-20", "2026-11-05"]
    assert ledgers.ledger(town, "meetings", "2027-01").notes == ()


def test_a_quiet_group_is_late(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest record of a group counts, against the list's own days, as of today."""
    told = {"QZ01": "second", "QZ02": "1", "QZ03": "2026-01-05"}
    record(town, "chat-group", VILLAGE, **told, QZ04="2026-11-01")
    (row,) = ledgers.ledger(town, "groups").rows
    assert (row.late, row.status) == (True, "已 22 天未更新，应在 7 天内")
    ref = record(town, "chat-group", VILLAGE, **told, QZ04="2026-11-20")
    record(town, "chat-group", "W1", QZ01="third", QZ02="1", QZ03="2026-02-01", QZ04="2026-11-16")
    rows = ledgers.ledger(town, "groups").rows
    assert [(row.inspection == ref, row.late) for row in rows] == [(True, False), (False, False)]
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-24T09:30:00+08:00")
    assert [row.late for row in ledgers.ledger(town, "groups").rows] == [False, True]
    assert rows[0].cells == ("二级", "1", "2026-01-05", "2026-11-20")
    (missing,) = ledgers.ledger(town, "groups", "2026-10").rows
    assert (missing.missing, missing.status) == (True, "未登记")


def test_who_has_not_submitted(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Units and villages of the half-year; ten days after it somebody is late."""
    units.take_in(town, units.dictionary(), VILLAGE)
    monkeypatch.setenv("FIELDKIT_NOW", "2027-01-06T09:30:00+08:00")
    record(
        town, "half-year", f"{VILLAGE}-DW01",
        BS01="2026-12-31", BS02="2027-01-05", BS11="4", BS18="2", BS19="2",
    )  # fmt: skip
    monkeypatch.setenv("FIELDKIT_NOW", "2027-01-13T09:30:00+08:00")
    record(
        town, "half-year", f"{VILLAGE}-DW02",
        BS01="2026-12-31", BS02="2027-01-13", BS11="6", BS18="0", BS19="0",
    )  # fmt: skip
    found = ledgers.ledger(town, "submissions", "2026-H2")
    assert len(found.rows) == 27
    by = {row.site.code.removeprefix(f"{VILLAGE}-"): row for row in found.rows if row.site}
    assert (by["DW01"].status, by["DW01"].late) == ("按期", False)
    assert (by["DW02"].status, by["DW02"].late) == ("逾期 3 天", True)
    assert (by["DW03"].status, by["DW03"].missing) == ("未报，逾期 3 天", True)
    assert by[VILLAGE].missing
    sums = dict(zip((id for id, _title in found.columns), found.totals, strict=True))
    assert (sums["BS11"], sums["BS18"], sums["BS02"]) == ("10", "2", "—")
    assert by["DW01"].cells[1] == "/"
    monkeypatch.setenv("FIELDKIT_NOW", "2027-01-09T09:30:00+08:00")
    rows = ledgers.ledger(town, "submissions", "2026-H2", within=f"{VILLAGE}-DW03").rows
    assert [(row.status, row.late) for row in rows] == [("未报，未到期", False)]


def test_tasks_are_open_until_they_are_noted_done(town: Workspace) -> None:
    """The same number again is news of the same task."""
    told = {"RW01": "任1", "RW02": "yearly", "RW03": "印发资料"}
    record(town, "unit-task", VILLAGE, **told, RW04="2026-11-10")
    (row,) = ledgers.ledger(town, "tasks").rows
    assert (row.status, row.late) == ("逾期 13 天", True)
    record(town, "unit-task", VILLAGE, **told, RW04="2026-11-10", RW05="2026-11-12")
    record(town, "unit-task", VILLAGE, **{**told, "RW01": "任2"}, RW04="2026-12-10")
    rows = ledgers.ledger(town, "tasks").rows
    assert [(row.cells[0], row.status, row.late) for row in rows] == [
        ("任1", "逾期 2 天办结", False),
        ("任2", "未到期", False),
    ]


def test_units_with_their_duties_and_what_they_have_open(town: Workspace) -> None:
    """Every unit in a line; before the import the ledger says what to do."""
    assert "fieldkit office units" in ledgers.ledger(town, "units").notes[-1]
    units.take_in(town, units.dictionary(), VILLAGE)
    whole = inspecting.start(town, "member-unit", f"{VILLAGE}-DW12")
    for item in whole.items:
        typed = "fail" if item.id == "CY01" else "na"
        inspecting.answer(town, whole.inspection.id, item.id, typed)
    inspecting.finish(town, whole.inspection.id)
    found = ledgers.ledger(town, "units")
    assert len(found.rows) == 26
    row = found.rows[11]
    assert (row.name, row.day, row.cells[2:]) == ("教育局", "2026-11-23", ("不达标", "1", ""))
    assert "无诈校园 XY04" in row.cells[1]
    assert [row.missing for row in found.rows].count(False) == 1
    assert "成员单位履职 CY01—CY14" in found.notes[0]


def test_closed_findings_and_slips(town: Workspace) -> None:
    """Closed in the span, though taken up again; slips with what came back."""
    whole = inspecting.start(town, "building-sweep", "TF-3")
    first = next(it.id for it in whole.items if it.type == "check" and not it.critical)
    for item in whole.items:
        if item.type != "info":
            typed = "fail" if item.id == first else "na"
            inspecting.answer(town, whole.inspection.id, item.id, typed)
    inspecting.finish(town, whole.inspection.id)
    from fieldkit.work import findings

    (row,) = findings.listing(town)
    ref = row.finding.id
    assert ledgers.ledger(town, "rectification").rows == ()
    rectifying.take(town, ref, "rectify", Told(note="已改"))
    rectifying.take(town, ref, "close")
    (line,) = ledgers.ledger(town, "rectification", month="2026-11").rows
    assert (line.cells[0], line.cells[1], line.day, line.status) == (
        ref[:8],
        first,
        "2026-11-23",
        "",
    )
    rectifying.take(town, ref, "relapse", Told(note="又出现"))
    (line,) = ledgers.ledger(town, "rectification", month="2026-11").rows
    assert line.status == "再整改"
    slip = referring.make(town, "TF-3", Slip("天台有来源不明的天线", "telecom", "devices"))
    (line,) = ledgers.ledger(town, "referrals").rows
    assert (line.cells[1], line.status) == ("通信管理", "待反馈")
    referring.answer(town, slip.referral.id, "handled")
    (line,) = ledgers.ledger(town, "referrals", within="TF").rows
    assert (line.cells[4:], line.status) == (("2026-11-23", "已核实处理"), "")


def test_what_is_no_ledger_and_no_span(town: Workspace) -> None:
    """Each slip has its code; the kinds are named."""
    for words, code in (
        (("nothing",), "unknown-ledger"),
        (("meetings", "2026-Q5"), "bad-round"),
        (("meetings", "", "2026-Q4"), "bad-round"),
        (("meetings", "", "", "nowhere"), "unknown-site"),
    ):
        with pytest.raises(Problem) as caught:
            ledgers.ledger(town, *words)
        assert caught.value.code == code
    assert set(ledgers.kinds()) == {
        "meetings", "groups", "submissions", "tasks", "units", "referrals", "rectification",
    }  # fmt: skip


@given(st.dates(date(1970, 1, 1)), st.sampled_from(["month", "quarter", "half", "year"]))
def test_a_day_is_in_the_span_around_it(day: date, every: str) -> None:
    """And every span is named so that its name means it."""
    span = rounds.around(day, every)
    assert span.first <= day.isoformat() <= span.last
    assert rounds.span_of(span.name) == span
    assert rounds.round_words(span)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_no_cell_of_a_csv_is_a_formula(cells: list[str]) -> None:
    """Read back, nothing begins like a formula but a number with its sign; it is UTF-8, marked."""
    raw = report.table(["头"] * len(cells), [cells, ["=1+1", "-3", "@x"]])
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[-1] == ["'=1+1", "-3", "'@x"]
    for cell in rows[1]:
        begins = cell.lstrip(" 　")[:1]
        assert begins not in ("=", "@", "＝", "＠", "\t", "\r")
        if begins in ("+", "-", "＋", "－"):
            assert begins in "+-"
            assert cell.strip(" 　")[1:].replace(".", "", 1).isdigit()
