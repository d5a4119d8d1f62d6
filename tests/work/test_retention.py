"""Erasing by term: what goes, what stays, what is refused, and that nothing comes back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.domain.retention import months_before
from fieldkit.errors import Problem, Refused
from fieldkit.library.load import load_file
from fieldkit.store import erased as store_erased
from fieldkit.store import retention as reading
from fieldkit.store.evidence import EvidenceStore
from fieldkit.work import (
    Workspace,
    erasure_certificate,
    findings,
    inspecting,
    rectifying,
    retention,
    visiting,
)
from fieldkit.work.rectifying import Told

At = Callable[[str], None]
LIST = """id: small
version: "2026.11"
title: 小表
target: 小区
boundary: 只看公开处
nature: assessment
site_kinds: [estate]
grades:
  - {id: met, title: 达标, at_least: 90}
  - {id: fail, title: 不达标, at_least: 0}
sources:
  S000: 方案
sections:
  - id: s
    title: 一节
    items:
      - {id: A1, text: 有宣传栏, criterion: 看, type: check, weight: 10, source: [S000],
         evidence: 照}
      - {id: A2, text: 栏内有内容, criterion: 看, type: check, weight: 10, source: [S000],
         evidence: 照}
"""
NOTE = "门口有两块宣传栏，字迹褪色"


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register is old: stamps never run backwards."""
    monkeypatch.setenv("FIELDKIT_NOW", "2022-01-01T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    monkeypatch.delenv("FIELDKIT_HOME", raising=False)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Another day."""

    def move(day: str) -> None:
        monkeypatch.setenv("FIELDKIT_NOW", f"{day}T09:30:00+08:00")

    return move


def photo(folder: Path, words: str) -> Path:
    """A piece of evidence."""
    path = folder / f"{words}.txt"
    path.write_text(words, "utf-8")
    return path


def inspected(ws: Workspace, folder: Path, words: str, mode: str = "open", bad: str = "") -> str:
    """A finished inspection of the estate with one file; gives its id."""
    path = folder / "small.yaml"
    path.write_text(LIST, "utf-8")
    ref = inspecting.begin(ws, load_file(path), "TF", mode).inspection.id
    for item in ("A1", "A2"):
        value = "fail" if item == bad else "pass"
        proof = [photo(folder, words)] if item == "A1" else []
        inspecting.answer(ws, ref, item, value, NOTE if proof else None, proof)
    inspecting.finish(ws, ref)
    return ref


def bodies(ws: Workspace) -> dict[str, int]:
    """Events that still have a body, by kind."""
    found: dict[str, int] = {}
    for event in ws.store.events():
        if event.body is not None:
            found[event.kind] = found.get(event.kind, 0) + 1
    return found


def test_visits_go_after_six_months_and_building_totals_stay(town: Workspace, at: At) -> None:
    at("2026-01-10")
    visiting.log(town, "TF-3-101", "met", note=NOTE)
    visiting.log(town, "TF-3-101", "absent")
    visiting.log(town, "TF-3-201", "absent")
    at("2026-06-01")
    visiting.log(town, "TF-3-1001", "met")
    at("2026-11-23")
    done = retention.purge(town, "2026-11-01")
    assert done.rules["visits"] == 3
    assert bodies(town)["visit.logged"] == 1
    (note,) = reading.applied(town.store.db)
    assert note.body is not None
    (total,) = note.body["totals"]
    assert (total["year"], total["division"], total["place"]) == ("2026", "990100000001", "TF-3")
    counts = total["counts"]
    assert (counts["visits"], counts["doors"], counts["met"], counts["delivered"]) == (3, 2, 1, 1)
    assert counts["outcome.absent"] == 2
    assert town.store.verify() == []


def test_photos_go_when_the_case_is_closed_and_the_answers_stay(
    town: Workspace, at: At, tmp_path: Path
) -> None:
    at("2026-08-01")
    closed = inspected(town, tmp_path, "一")
    open_ = inspected(town, tmp_path, "二", bad="A2")
    at("2026-11-23")
    assert len(list(town.evidence.digests())) == 2
    done = retention.purge(town, "2026-11-01")
    assert (done.rules["photos"], done.files, done.kept) == (1, 1, 1)
    (kept,) = town.evidence.digests()
    answers = {ref: inspecting.sheet(town, ref).answers["A1"] for ref in (closed, open_)}
    assert answers[open_].evidence == (kept,)
    assert answers[closed].note == NOTE
    assert town.store.verify() == []
    assert town.evidence.missing(town.store.db) == []


def test_covert_photos_stay_a_year_after_closing(town: Workspace, at: At, tmp_path: Path) -> None:
    at("2025-12-01")
    inspected(town, tmp_path, "暗", mode="covert")
    at("2026-11-23")
    assert retention.purge(town, "2026-11-01", dry_run=True).files == 0
    at("2026-12-02")
    assert retention.purge(town, "2026-12-01").rules["covert"] == 1


def test_records_go_after_three_years_as_whole_cases(
    town: Workspace, at: At, tmp_path: Path
) -> None:
    at("2023-10-01")
    ref = inspected(town, tmp_path, "旧", bad="A2")
    (row,) = findings.listing(town)
    rectifying.take(town, row.finding.id, "rectify", Told(note="已更换"))
    at("2023-12-01")
    rectifying.take(town, row.finding.id, "close")
    at("2026-11-23")
    # The inspection is over three years old, its finding is not.
    assert retention.purge(town, "2026-11-22", dry_run=True).rules["records"] == 0
    at("2026-12-02")
    done = retention.purge(town, "2026-12-01")
    assert done.rules["records"] == 1
    assert bodies(town).keys() == {"site.put", "checklist.put", "retention.applied"}
    with pytest.raises(Problem):
        inspecting.sheet(town, ref)
    totals = [it for e in reading.applied(town.store.db) for it in (e.body or {})["totals"]]
    (records,) = [it for it in totals if it["rule"] == "records"]
    assert (records["year"], records["checklist"]) == ("2023", "small")
    assert records["counts"]["finding.closed"] == 1
    assert town.store.verify() == []


@pytest.mark.parametrize("bad", ["", "A2"])
def test_refuses_where_what_is_due_is_not_over(
    town: Workspace, at: At, tmp_path: Path, bad: str
) -> None:
    at("2023-01-01")
    if bad:
        inspected(town, tmp_path, "旧", bad=bad)
    else:
        inspecting.start(town, "wuzha-xiaoqu", "TF")
    at("2026-11-23")
    before = bodies(town)
    for dry_run in (True, False):
        with pytest.raises(Refused) as refused:
            retention.purge(town, "2026-11-01", dry_run=dry_run)
        assert refused.value.code == "still-open"
    assert bodies(town) == before


def test_refuses_a_day_to_come_and_no_day(town: Workspace) -> None:
    for day in ("2022-01-01", "2022-01-02"):
        with pytest.raises(Refused) as refused:
            retention.purge(town, day)
        assert refused.value.code == "day-not-past"
    assert retention.purge(town, "2021-12-31").events == 0
    with pytest.raises(Problem) as problem:
        retention.purge(town, "前年")
    assert problem.value.code == "bad-day"


def test_a_dry_run_changes_nothing(town: Workspace, at: At, tmp_path: Path) -> None:
    at("2026-01-10")
    visiting.log(town, "TF-3-101", "met")
    inspected(town, tmp_path, "一")
    at("2026-11-23")
    before = (town.store.state_digest(), list(town.store.lines()), list(town.evidence.digests()))
    told = retention.purge(town, "2026-11-01", dry_run=True)
    assert (told.events, told.files, told.certificate) == (2, 1, None)
    after = (town.store.state_digest(), list(town.store.lines()), list(town.evidence.digests()))
    assert before == after


def test_the_state_is_that_of_a_rebuild(town: Workspace, at: At, tmp_path: Path) -> None:
    at("2026-01-10")
    visiting.log(town, "TF-3-101", "met")
    inspected(town, tmp_path, "一")
    at("2026-11-23")
    retention.purge(town, "2026-11-01")
    digest = town.store.state_digest()
    town.store.rebuild()
    assert town.store.state_digest() == digest


def test_no_byte_of_a_body_stays_in_the_home(town: Workspace, at: At) -> None:
    at("2026-01-10")
    visiting.log(town, "TF-3-101", "met", note=NOTE)
    at("2026-11-23")
    held = [path for path in town.home.rglob("*") if path.is_file()]
    assert any(NOTE.encode() in path.read_bytes() for path in held)
    retention.purge(town, "2026-11-01")
    for path in town.home.rglob("*"):
        assert not path.is_file() or NOTE.encode() not in path.read_bytes(), path.name


def test_the_certificate_is_signed_and_tells_of_any_change(
    town: Workspace, at: At, tmp_path: Path
) -> None:
    at("2026-01-10")
    visiting.log(town, "TF-3-101", "met")
    at("2026-11-23")
    done = retention.purge(town, "2026-11-01", out=tmp_path / "cert.json")
    assert done.certificate is not None
    raw = done.certificate.read_bytes()
    said = erasure_certificate.verify(raw)
    assert (said["before"], said["events"], said["device"]) == (
        "2026-11-01", 1, town.device.device,
    )  # fmt: skip
    assert said["rules"][0]["rule"] == "visits"
    (note,) = reading.applied(town.store.db)
    assert said["digest"] == (note.body or {})["digest"]
    for other in (raw.replace(b'"events": 1', b'"events": 2'), b"{}", b"[]", raw[:-20]):
        with pytest.raises(Problem):
            erasure_certificate.verify(other)


def test_died_before_the_files_went(
    town: Workspace, at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("2026-08-01")
    inspected(town, tmp_path, "一")
    at("2026-11-23")

    def dies(self: EvidenceStore, sha256: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(EvidenceStore, "drop", dies)
        with pytest.raises(KeyboardInterrupt):
            retention.purge(town, "2026-11-01")
    assert len(list(town.evidence.digests())) == 1
    assert store_erased.pending(town.store.db)
    again = retention.purge(town, "2026-11-01", out=tmp_path / "cert.json")
    assert (again.events, list(town.evidence.digests())) == (0, [])
    assert not store_erased.pending(town.store.db)
    # The certificate that the first run did not come to write.
    assert erasure_certificate.verify((tmp_path / "cert.json").read_bytes())["files"] == 1


def test_died_inside_the_transaction(
    town: Workspace, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("2026-01-10")
    visiting.log(town, "TF-3-101", "met")
    at("2026-11-23")
    before = (town.store.state_digest(), list(town.store.lines()))

    def dies(*_any: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(retention, "_notes", dies)
        with pytest.raises(Problem):
            retention.purge(town, "2026-11-01")
    assert (town.store.state_digest(), list(town.store.lines())) == before
    assert retention.erased(town) == []


def test_a_second_run_finds_nothing(town: Workspace, at: At) -> None:
    at("2026-01-10")
    visiting.log(town, "TF-3-101", "met")
    at("2026-11-23")
    retention.purge(town, "2026-11-01")
    lines = list(town.store.lines())
    assert retention.purge(town, "2026-10-01").certificate is None
    assert list(town.store.lines()) == lines


def test_months_before_keeps_to_the_calendar() -> None:
    from datetime import date

    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert months_before(date(2026, 3, 5), 36) == date(2023, 3, 5)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
