"""Putting right: from the notice to the second look, as events of a home."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.domain.records import Finding
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem, Refused
from fieldkit.library.load import load_file
from fieldkit.store import inspections as store_inspections
from fieldkit.store.store import Draft
from fieldkit.work import Workspace, carrying, findings, inspecting, rechecking, rectifying
from fieldkit.work.rectifying import Told

LIST = """id: small
version: "2026.11"
title: 小表
target: 小区
boundary: 只看公开处
nature: assessment
site_kinds: [estate]
critical_effect: refer
grades:
  - {id: met, title: 达标, at_least: 90}
  - {id: fail, title: 不达标, at_least: 0}
sources:
  S000: 方案
sections:
  - id: s
    title: 一节
    items:
      - {id: A1, text: 有宣传栏, criterion: 看, type: check, weight: 10,
         source: [S000], evidence: 照}
      - {id: A2, text: 无窝点, criterion: 查, type: check, weight: 10, critical: true,
         source: [S000], evidence: 照}
      - {id: A3, text: 栏内有内容, criterion: 看, type: check, weight: 10, relevant: "${A4} > 0",
         source: [S000], evidence: 照}
      - {id: A4, text: 几处栏, criterion: 数, type: count, weight: 10, params: {at_least: 1},
         source: [S000], evidence: 照}
      - {id: A5, text: 全部栏数, type: calculated, calculate: "${A4} + ${A6}", weight: 10,
         criterion: 合计, params: {at_least: 5}, source: [S000], evidence: 照}
      - {id: A6, text: 楼道栏, criterion: 数, type: number, weight: 0, source: [S000], evidence: 照}
"""
GOOD = {"A1": "pass", "A2": "pass", "A4": "3", "A3": "pass", "A6": "3"}


def begin(ws: Workspace, folder: Path) -> Sheet:
    """An inspection of the estate with the small list."""
    path = folder / "small.yaml"
    path.write_text(LIST, "utf-8")
    return inspecting.begin(ws, load_file(path), "TF")


def answer(ws: Workspace, sheet: Sheet, **values: str) -> None:
    """These answers, in the order of the list."""
    for item, value in values.items():
        inspecting.answer(ws, sheet.inspection.id, item, value)


def finish(ws: Workspace, sheet: Sheet) -> dict[str, Finding]:
    """Finish; the findings by item."""
    inspecting.finish(ws, sheet.inspection.id)
    return state(ws)


def state(ws: Workspace) -> dict[str, Finding]:
    """Every finding by its item."""
    return {row.finding.item: row.finding for row in findings.listing(ws)}


def reopen(ws: Workspace, sheet: Sheet) -> None:
    """Take a finished inspection up again, as an amendment does."""
    ref = sheet.inspection.id
    body = {"reason": "更正", "over": store_inspections.finishes(ws.store.db, ref)}
    ws.store.append([Draft("inspection.reopened", ref, "", body)])


@pytest.fixture
def failed(town: Workspace, tmp_path: Path) -> dict[str, Finding]:
    """Two findings: one general, one critical."""
    sheet = begin(town, tmp_path)
    answer(town, sheet, **{**GOOD, "A1": "fail", "A2": "fail"})
    return finish(town, sheet)


def test_the_whole_loop_with_a_second_round(
    town: Workspace, failed: dict[str, Finding], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notice, report, a second look that fails, another that passes, closed; all in the history."""
    one = failed["A2"].id
    told = Told(number="澜反诈整〔2026〕7号", due="2026-11-28", note="请按期报送")
    row = rectifying.take(town, one[:8], "notify", told)
    assert (row.state, row.finding.due, row.when) == ("已交办", "2026-11-28", "还有 5 天")
    assert row.case.number == "澜反诈整〔2026〕7号"
    photo = tmp_path / "after.txt"
    photo.write_text("已清理\n", "utf-8")
    row = rectifying.take(town, one, "rectify", Told(evidence=[photo]))
    assert (row.finding.state, row.finding.due) == ("reported", "2026-11-30")
    first = rechecking.reinspect(town, [one])
    assert first.sheet.inspection.mode == "reinspection"
    assert [item.id for item in first.sheet.items] == ["A2"]
    assert "换人" in first.hint
    assert first.rows[0].finding.state == "recheck"
    answer(town, first.sheet, A2="fail")
    after = finish(town, first.sheet)["A2"]
    assert (after.state, after.due) == ("again", "2026-11-26")
    assert findings.find(town, one).case.rounds == 2
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-28T09:00:00+08:00")
    row = findings.find(town, one)
    assert (row.overdue, row.when) == (True, "逾期 2 天")
    rectifying.take(town, one, "escalate", Told(note="通报一次"))
    rectifying.take(town, one, "rectify", Told(note="又改了"))
    second = rechecking.reinspect(town, [one])
    answer(town, second.sheet, A2="pass")
    assert finish(town, second.sheet)["A2"].state == "passed"
    row = rectifying.take(town, one, "close")
    assert (row.finding.state, row.overdue, row.when) == ("closed", False, "")
    assert row.case.rounds == 2
    steps = [move.step for move in findings.history(town, row.finding)]
    assert steps == [
        "notify", "rectify", "reinspect", "fail", "escalate", "rectify", "reinspect", "pass",
        "close",
    ]  # fmt: skip
    assert failed["A1"].state == state(town)["A1"].state == "found"
    assert town.store.verify() == []


@pytest.mark.parametrize("step", ["close", "feedback", "relapse", "restore"])
def test_a_step_out_of_turn_is_refused_and_writes_nothing(
    town: Workspace, failed: dict[str, Finding], step: str
) -> None:
    """The sentence says why, and what can be done instead."""
    events = len(list(town.store.events()))
    with pytest.raises(Refused) as caught:
        rectifying.take(town, failed["A1"].id, step, Told(note="理由"))
    assert caught.value.code == "step-not-allowed"
    assert "待交办" in caught.value.sentence()
    assert "现在可以：交办" in caught.value.sentence()
    assert len(list(town.store.events())) == events


@pytest.mark.parametrize(
    ("step", "told", "code"),
    [
        ("fly", Told(), "unknown-step"),
        ("pass", Told(), "unknown-step"),
        ("withdraw", Told(), "note-missing"),
        ("rectify", Told(), "note-missing"),
        ("refer", Told(number="1"), "note-missing"),
        ("withdraw", Told(note="电话13800138000"), "personal-data"),
        ("notify", Told(number="字" * 61), "number-long"),
        ("notify", Told(number="13800138000"), "personal-data"),
        ("notify", Told(due="soon"), "bad-day"),
        ("notify", Told(due="2026-11-22"), "due-past"),
        ("rectify", Told(note="好", due="2026-12-01"), "due-not-set"),
    ],
)
def test_bad_input_is_named(
    town: Workspace, failed: dict[str, Finding], step: str, told: Told, code: str
) -> None:
    """Each slip has its own code, and nothing is kept."""
    events = len(list(town.store.events()))
    with pytest.raises(Problem) as caught:
        rectifying.take(town, failed["A1"].id, step, told)
    assert caught.value.code == code
    assert len(list(town.store.events())) == events


def test_what_another_window_did_meanwhile_counts(
    town: Workspace, failed: dict[str, Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step is judged by the state at the moment of writing, not by what was read before."""
    stale = findings.find(town, failed["A1"].id)
    rectifying.take(town, stale.finding.id, "withdraw", Told(note="误记"))
    monkeypatch.setattr(findings, "find", lambda *_words: stale)
    with pytest.raises(Refused):
        rectifying.take(town, stale.finding.id, "notify")


def test_two_homes_that_moved_one_finding_agree_and_say_so(
    town: Workspace, failed: dict[str, Finding], tmp_path: Path
) -> None:
    """Each took another step unseen: one state, one digest, told until the next step settles it."""
    one = failed["A1"]
    with Workspace.open(tmp_path / "other") as other:
        other.store.ingest(town.store.events())
        rectifying.take(town, one.id, "rectify", Told(note="改了"))
        rectifying.take(other, one.id, "refer", Told(note="转主管"))
        other.store.ingest(town.store.events())
        town.store.ingest(other.store.events())
        assert town.store.state_digest() == other.store.state_digest()
        assert state(town)["A1"] == state(other)["A1"]
        assert findings.contested(town, one)
        step = "close" if state(town)["A1"].state == "reported" else "feedback"
        rectifying.take(town, one.id, step, Told(note="已核实"))
        other.store.ingest(town.store.events())
        assert not findings.contested(other, one)
        assert len(findings.history(other, one)) == 3


def test_a_veto_item_is_not_closed_on_paper(town: Workspace, failed: dict[str, Finding]) -> None:
    """A general finding may be closed on its report, a critical one needs a second look."""
    for finding in failed.values():
        rectifying.take(town, finding.id, "rectify", Told(note="改了"))
    assert rectifying.take(town, failed["A1"].id, "close").finding.state == "closed"
    with pytest.raises(Refused, match="否决项"):
        rectifying.take(town, failed["A2"].id, "close")


def test_referred_and_answered(town: Workspace, failed: dict[str, Finding]) -> None:
    """Handed on, thirty days for the answer, then closed; no day runs once it came."""
    one = failed["A2"].id
    row = rectifying.take(town, one, "refer", Told(note="转公安机关", number="1"))
    assert (row.state, row.finding.due) == ("已移交", "2026-12-23")
    row = rectifying.take(town, one, "feedback", Told(note="已处理"))
    assert (row.state, row.when) == ("已反馈", "")
    assert rectifying.take(town, one, "close").state == "已销号"


def test_holidays_put_a_day_off(town: Workspace, failed: dict[str, Finding]) -> None:
    """From the office's list; a line that is no day is named by its number."""
    path = town.home / "holidays.txt"
    path.write_text("2026-11-30 # 放假\n\n2026-12-01\n", "utf-8")
    assert rectifying.take(town, failed["A1"].id, "notify").finding.due == "2026-12-02"
    assert rectifying.term_day(town, "general") == "2026-12-02"
    with pytest.raises(Problem) as unknown:
        rectifying.term_day(town, "soon")
    assert unknown.value.code == "unknown-term"
    path.write_text("2026-11-30\n元旦\n", "utf-8")
    with pytest.raises(Problem, match=r"holidays\.txt:2"):
        rectifying.due_day(town, failed["A2"], "notify")


def test_a_second_look_asks_only_what_failed(
    town: Workspace, failed: dict[str, Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All reported findings of the inspection together; other items are refused by name."""
    with pytest.raises(Refused):
        rechecking.reinspect(town, [failed["A1"].id])
    for finding in failed.values():
        rectifying.take(town, finding.id, "rectify", Told(note="改了"))
    begun = rechecking.reinspect(town, [failed["A1"].id], together=True)
    assert [item.id for item in begun.sheet.items] == ["A1", "A2"]
    assert begun.sheet.progress == (0, 2)
    assert begun.sheet.score.max_points == 0
    with pytest.raises(Problem, match="这次复查不问 A4"):
        inspecting.answer(town, begun.sheet.inspection.id, "A4", "3")
    assert rechecking.reinspect(town, [failed["A2"].id]).sheet.inspection == begun.sheet.inspection
    assert carrying.newer(town, begun.sheet.inspection) is None
    answer(town, begun.sheet, A1="pass")
    with pytest.raises(Refused, match="A2"):
        inspecting.finish(town, begun.sheet.inspection.id)
    answer(town, begun.sheet, A2="fail")
    after = finish(town, begun.sheet)
    assert {item: finding.state for item, finding in after.items()} == {
        "A1": "passed",
        "A2": "again",
    }
    assert len(after) == len(findings.listing(town)) == 2
    sheet = inspecting.sheet(town, begun.sheet.inspection.id)
    assert (sheet.score.points, sheet.score.max_points) == (10, 20)


def test_a_second_look_that_was_cut_short_is_gone_on_with(
    town: Workspace, failed: dict[str, Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the beginning and the step: the next try takes the same inspection."""
    one = failed["A1"].id
    rectifying.take(town, one, "rectify", Told(note="改了"))
    with monkeypatch.context() as patched:
        patched.setattr(rechecking, "_tell", lambda *_words: None)
        begun = rechecking.reinspect(town, [one]).sheet.inspection.id
    assert state(town)["A1"].state == "reported"
    again = rechecking.reinspect(town, [one])
    assert again.sheet.inspection.id == begun
    assert again.rows[0].finding.state == "recheck"
    rechecking.reinspect(town, [one])
    steps = [move.step for move in findings.history(town, failed["A1"])]
    assert steps == ["rectify", "reinspect"]


def test_a_covert_inspection_is_looked_at_again_covertly(town: Workspace, tmp_path: Path) -> None:
    """Items of covert visits are asked in no other."""
    path = tmp_path / "covert.yaml"
    path.write_text(LIST.replace("{id: A1,", "{id: A1, mode: covert,"), "utf-8")
    sheet = inspecting.begin(town, load_file(path), "TF", mode="covert")
    answer(town, sheet, **{**GOOD, "A1": "fail"})
    one = finish(town, sheet)["A1"].id
    rectifying.take(town, one, "rectify", Told(note="改了"))
    begun = rechecking.reinspect(town, [one])
    assert begun.sheet.inspection.mode == "covert"
    assert [item.id for item in begun.sheet.items] == ["A1"]


def test_conditions_rest_on_the_inspection_before(town: Workspace, tmp_path: Path) -> None:
    """An item that is asked because of another one's answer is asked again without that one."""
    sheet = begin(town, tmp_path)
    answer(town, sheet, **{**GOOD, "A3": "fail"})
    one = finish(town, sheet)["A3"].id
    rectifying.take(town, one, "rectify", Told(note="已更新"))
    begun = rechecking.reinspect(town, [one])
    assert [item.id for item in begun.sheet.items] == ["A3"]
    answer(town, begun.sheet, A3="pass")
    assert finish(town, begun.sheet)["A3"].state == "passed"


def test_a_calculated_item_is_asked_by_what_it_is_made_from(
    town: Workspace, tmp_path: Path
) -> None:
    """Nobody can answer a sum: its parts are asked again, and a part that fails is new."""
    sheet = begin(town, tmp_path)
    answer(town, sheet, **{**GOOD, "A4": "1", "A6": "1"})
    found = finish(town, sheet)
    assert set(found) == {"A5"}
    rectifying.take(town, found["A5"].id, "rectify", Told(note="加了"))
    begun = rechecking.reinspect(town, [found["A5"].id])
    assert [item.id for item in begun.sheet.items] == ["A4", "A5", "A6"]
    answer(town, begun.sheet, A4="0", A6="9")
    after = finish(town, begun.sheet)
    assert after["A5"].state == "passed"
    assert (after["A4"].state, after["A4"].inspection) == ("found", begun.sheet.inspection.id)


def test_findings_of_two_inspections_are_looked_at_apart(
    town: Workspace, failed: dict[str, Finding], tmp_path: Path
) -> None:
    """One re-inspection follows one inspection."""
    other = begin(town, tmp_path)
    answer(town, other, **{**GOOD, "A1": "fail"})
    inspecting.finish(town, other.inspection.id)
    every = [row.finding for row in findings.listing(town) if row.finding.item == "A1"]
    for finding in every:
        rectifying.take(town, finding.id, "rectify", Told(note="改了"))
    with pytest.raises(Problem) as caught:
        rechecking.reinspect(town, [finding.id for finding in every])
    assert caught.value.code == "several-inspections"


def test_an_amended_inspection_withdraws_and_brings_back(town: Workspace, tmp_path: Path) -> None:
    """A finding whose item no longer fails is withdrawn with a trace; failing again brings it."""
    sheet = begin(town, tmp_path)
    answer(town, sheet, A1="fail", A2="pass", A4="0", A6="3")
    first = finish(town, sheet)
    assert {it.state for it in first.values()} == {"found"}
    reopen(town, sheet)
    answer(town, sheet, A1="pass", A2="fail")
    second = finish(town, sheet)
    assert {item: it.state for item, it in second.items()} == {
        "A1": "withdrawn",
        "A2": "found",
        "A4": "found",
        "A5": "found",
    }
    assert "A1" not in {it.item for it in inspecting.findings_of(town, sheet.inspection.id)}
    reopen(town, sheet)
    answer(town, sheet, A1="fail")
    third = finish(town, sheet)
    assert third["A1"].state == "found"
    assert third["A1"].id == first["A1"].id
    assert [m.step for m in findings.history(town, third["A1"])] == ["withdraw", "restore"]
    assert findings.history(town, third["A4"]) == []
    kinds = [event.kind for event in town.store.events()]
    assert kinds.count("finding.opened") == len(third) == 4


def test_what_a_person_withdrew_stays_withdrawn(
    town: Workspace, failed: dict[str, Finding]
) -> None:
    """Finishing the inspection again does not bring it back."""
    one = failed["A1"]
    rectifying.take(town, one.id, "withdraw", Told(note="误记"))
    sheet = inspecting.sheet(town, one.inspection)
    reopen(town, sheet)
    rectifying.take(town, failed["A2"].id, "rectify", Told(note="改了"))
    with pytest.raises(Refused, match="更正"):
        rechecking.reinspect(town, [failed["A2"].id])
    assert finish(town, sheet)["A1"].state == "withdrawn"


def test_an_amended_second_look_counts_as_it_ended(
    town: Workspace, failed: dict[str, Finding]
) -> None:
    """Taken up again, a re-inspection may say the other thing; saying the same adds nothing."""
    one = failed["A1"].id
    rectifying.take(town, one, "rectify", Told(note="改了"))
    begun = rechecking.reinspect(town, [one])
    answer(town, begun.sheet, A1="fail")
    assert finish(town, begun.sheet)["A1"].state == "again"
    reopen(town, begun.sheet)
    assert finish(town, begun.sheet)["A1"].state == "again"
    assert findings.find(town, one).case.rounds == 2
    reopen(town, begun.sheet)
    answer(town, begun.sheet, A1="pass")
    assert finish(town, begun.sheet)["A1"].state == "passed"
    steps = [move.step for move in findings.history(town, failed["A1"])]
    assert steps == ["rectify", "reinspect", "fail", "pass"]


def test_lists_by_site_state_and_day(
    town: Workspace, failed: dict[str, Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Filters narrow, unknown words are named."""
    rectifying.take(town, failed["A2"].id, "withdraw", Told(note="误记"))
    assert len(findings.listing(town, site="TF")) == 2
    assert findings.listing(town, site="KD1") == []
    assert [row.finding.item for row in findings.listing(town, state="open")] == ["A1"]
    assert [row.finding.item for row in findings.listing(town, state="withdrawn")] == ["A2"]
    assert findings.listing(town, overdue=True) == []
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-24T09:00:00+08:00")
    assert [row.finding.item for row in findings.listing(town, overdue=True)] == ["A1"]
    with pytest.raises(Problem) as caught:
        findings.listing(town, state="lost")
    assert caught.value.code == "unknown-state"
