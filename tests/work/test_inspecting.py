"""An inspection from its start to its findings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem, Refused
from fieldkit.work import Workspace, checklists, findings, inspecting

SAMPLES = {
    "check": "pass",
    "redline": "pass",
    "count": "99",
    "number": "99",
    "ratio": "99/99",
    "sample": "99/99",
    "recency": "2026-11-20",
    "date": "2026-11-20",
    "external": "met:虚函〔2026〕3号:2026-11-17",
    "text": "已核对",
}


def answer_all(ws: Workspace, sheet: Sheet, **others: str) -> Sheet:
    """Every item answered well, but for the ``others``."""
    for item in sheet.checklist.for_mode(sheet.inspection.mode):
        if item.type == "info":
            continue
        typed = others.get(item.id) or SAMPLES.get(item.type, "na")
        sheet = inspecting.answer(ws, sheet.inspection.id, item.id, typed)
    return sheet


def failing(sheet: Sheet, *, critical: bool) -> str:
    """The id of a check that may be failed."""
    return next(
        item.id
        for item in sheet.checklist.for_mode("open")
        if item.type == "check" and item.critical == critical
    )


@pytest.fixture
def begun(town: Workspace) -> Sheet:
    """An estate under inspection."""
    return inspecting.start(town, "wuzha-xiaoqu", "TF")


def test_a_start_keeps_the_checklist(town: Workspace, begun: Sheet) -> None:
    """The journal holds the checklist once, whatever becomes of the library's file."""
    inspecting.start(town, "wuzha-xiaoqu", "TF")
    kinds = [event.kind for event in town.store.events()]
    assert kinds.count("checklist.put") == 1
    assert kinds.count("inspection.started") == 2
    kept = checklists.by_digest(town, begun.inspection.checklist)
    assert kept.digest == begun.checklist.digest
    assert begun.inspection.day == "2026-11-23"
    assert begun.inspection.nature == begun.checklist.nature


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("none", "TF", "open", None), "unknown-checklist"),
        (("wuzha-xiaoqu", "XX", "open", None), "unknown-site"),
        (("wuzha-xiaoqu", "TF", "loud", None), "unknown-mode"),
        (("wuzha-xiaoqu", "TF", "open", "raid"), "unknown-nature"),
    ],
)
def test_a_start_needs_known_words(
    town: Workspace, words: tuple[str, str, str, str | None], code: str
) -> None:
    """Each slip has its own code."""
    with pytest.raises(Problem) as caught:
        inspecting.start(town, *words)
    assert caught.value.code == code


def test_the_wrong_kind_of_site_is_only_a_warning(town: Workspace, begun: Sheet) -> None:
    """The inspector decides; the program says what is unusual."""
    assert inspecting.unusual_site(begun) == ""
    assert inspecting.unusual_site(inspecting.start(town, "wuzha-xiaoqu", "KD1"))


def test_an_answer_is_kept_and_replaced(town: Workspace, begun: Sheet) -> None:
    """The last value counts; note and evidence stay unless given anew."""
    item = failing(begun, critical=False)
    key = begun.inspection.id[:10]
    first = inspecting.answer(town, key, item.lower(), "fail", note="门岗无宣传栏")
    assert first.answers[item].value == "fail"
    second = inspecting.answer(town, key, item, "pass")
    assert (second.answers[item].value, second.answers[item].note) == ("pass", "门岗无宣传栏")
    third = inspecting.answer(town, key, item, "pass", note="")
    assert third.answers[item].note == ""


def test_evidence_is_added(town: Workspace, begun: Sheet, tmp_path: Path) -> None:
    """Files are kept by content and named by the answer, also after another value."""
    item = failing(begun, critical=False)
    photo = tmp_path / "记录.txt"
    photo.write_text("门岗处无宣传栏\n", encoding="utf-8")
    ref = begun.inspection.id
    digests = inspecting.answer(town, ref, item, "fail", evidence=[photo]).answers[item].evidence
    assert len(digests) == 1
    assert town.evidence.has(digests[0])
    assert inspecting.answer(town, ref, item, "pass").answers[item].evidence == digests
    kinds = [event.kind for event in town.store.events()]
    assert kinds.count("evidence.added") == 1


def test_a_refused_answer_writes_nothing(town: Workspace, begun: Sheet, tmp_path: Path) -> None:
    """Nonsense, foreign items, personal data and missing files leave the journal alone."""
    ref, item = begun.inspection.id, failing(begun, critical=False)
    events = len(list(town.store.events()))
    for item_id, typed, note, files in [
        (item, "maybe", None, []),
        (item, "unseen", None, []),
        ("ZZ99", "pass", None, []),
        (item, "pass", "电话13800138000", []),
        (item, "pass", "x" * 501, []),
        (item, "pass", None, [tmp_path / "none.jpg"]),
    ]:
        with pytest.raises(Problem):
            inspecting.answer(town, ref, item_id, typed, note, files)
    with pytest.raises(Problem):
        inspecting.answer(town, "ffffffff", item, "pass")
    assert len(list(town.store.events())) == events


def test_finish_names_what_is_open(town: Workspace, begun: Sheet) -> None:
    """An unfinished sheet is refused, every open item by name."""
    with pytest.raises(Refused) as caught:
        inspecting.finish(town, begun.inspection.id)
    for item in begun.score.open_required:
        assert item in caught.value.sentence()


def test_finish_opens_findings(town: Workspace, begun: Sheet) -> None:
    """One finding per failed item, due in 7 days; a finished sheet is closed to answers."""
    item = failing(begun, critical=False)
    answer_all(town, begun, **{item: "fail"})
    sheet, opened = inspecting.finish(town, begun.inspection.id)
    assert sheet.inspection.state == "finished"
    assert [f.item for f in opened] == [item]
    assert opened[0].due == "2026-11-30"
    with pytest.raises(Refused):
        inspecting.answer(town, begun.inspection.id, item, "pass")
    with pytest.raises(Refused):
        inspecting.finish(town, begun.inspection.id)
    row = inspecting.listing(town)[0]
    assert (row.answered, row.inspection.state) == (row.total, "finished")


def test_findings_grow_late(town: Workspace, begun: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The due day itself is in time, the day after is not."""
    answer_all(town, begun, **{failing(begun, critical=False): "fail"})
    _sheet, opened = inspecting.finish(town, begun.inspection.id)
    assert not findings.find(town, opened[0].id[:8]).overdue
    due = date.fromisoformat(opened[0].due)
    monkeypatch.setenv("FIELDKIT_NOW", f"{due}T23:59:59+08:00")
    assert [row.overdue for row in findings.listing(town)] == [False]
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-01T00:00:00+08:00")
    assert [row.overdue for row in findings.listing(town)] == [True]
    with pytest.raises(Problem):
        findings.find(town, "ffff")


def test_a_covert_sheet_takes_unseen(town: Workspace) -> None:
    """What could not be seen without being noticed is told apart from what does not apply."""
    sheet = inspecting.start(town, "wuzha-xiaoqu", "TF", mode="covert")
    item = next(i for i in sheet.checklist.for_mode("covert") if i.type == "check")
    sheet = inspecting.answer(town, sheet.inspection.id, item.id, "unseen")
    assert sheet.score.unseen == 1


def test_altered_evidence_is_found(town: Workspace, begun: Sheet, tmp_path: Path) -> None:
    """The journal's check reads every kept file; a seal of this device is checked as well."""
    from fieldkit.work import journaling

    note = tmp_path / "a.txt"
    note.write_text("现场记录\n", encoding="utf-8")
    item = failing(begun, critical=False)
    sheet = inspecting.answer(town, begun.inspection.id, item, "fail", evidence=[note])
    assert journaling.verify(town)[1] == []
    kept = town.evidence.path(sheet.answers[item].evidence[0])
    assert kept is not None
    kept.write_text("改过了\n", encoding="utf-8")
    assert len(journaling.verify(town)[1]) == 1
