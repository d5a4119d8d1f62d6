"""What an office erased: told to the device, never resurrected, only after it was acknowledged."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.errors import Refused
from fieldkit.library.load import load_file
from fieldkit.work import (
    bundles,
    dispatches,
    inspecting,
    letters,
    merging,
    offices,
    retention,
    unmerging,
    visiting,
)

Town = Any
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
      - {id: A1, text: 有栏, criterion: 看, type: check, weight: 10, source: [S000], evidence: 照}
"""
NOTE = "门口有两块宣传栏，字迹褪色"


def erased_at_office(town: Town, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any, Any]:
    """An office that merged a device's old visit and erased it; the bundle that had it."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-01-10T10:00:00+08:00")
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    visiting.log(device, "D102", "left", note=NOTE)
    bundle = town.sent(device)
    merging.merge(office, [bundle])
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
    done = retention.purge(office, "2026-11-01")
    assert done.rules["visits"] == 2
    return office, device, bundle


def bodies(ws: Any, kind: str = "visit.logged") -> int:
    return sum(1 for it in ws.store.events() if it.kind == kind and it.body is not None)


def test_a_later_merge_brings_no_body_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    office, device, bundle = erased_at_office(town, monkeypatch)
    digest = office.store.state_digest()
    visiting.log(device, "D201", "absent")
    merging.merge(office, [bundle, town.sent(device)])
    assert bodies(office) == 1
    office.store.ingest(device.store.events())
    assert bodies(office) == 1
    assert office.store.verify() == []
    assert office.store.state_digest() != digest
    folded = office.store.state_digest()
    office.store.rebuild()
    assert office.store.state_digest() == folded


def test_the_device_is_told_and_erases_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    office, device, _bundle = erased_at_office(town, monkeypatch)
    runs = retention.erased(office, {device.device.device})
    assert sum(len(run.hashes) for run in runs) == 2
    assert retention.erased(office, {"0" * 32}) == []
    assert retention.apply(device, runs) == 2
    assert bodies(device) == 0
    assert device.store.verify() == []
    assert retention.apply(device, runs) == 0
    journal = (device.home / "journal.db").read_bytes()
    assert NOTE.encode() not in journal


def test_what_comes_after_it_was_said_comes_without_its_body(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, device, _bundle = erased_at_office(town, monkeypatch)
    early, late = town.office("e"), town.office("l")
    for other in (early, late):
        other.evidence.folder.mkdir(exist_ok=True)
    events = list(device.store.events())
    runs = retention.erased(office)
    early.store.ingest(events)
    retention.apply(early, runs)
    retention.apply(late, runs)
    late.store.ingest(events)
    assert bodies(early) == bodies(late) == 0
    assert early.store.state_digest() == late.store.state_digest()


def test_a_list_cannot_erase_places_or_seals(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from fieldkit.store.erased import Run

    _office, device, _bundle = erased_at_office(town, monkeypatch)
    every = [Run(it.device, it.epoch, it.seq, (it.hash,)) for it in device.store.events()]
    assert retention.apply(device, every) == 2
    assert bodies(device, "site.put") == 6
    assert bodies(device, "seal") == 1


def test_a_device_waits_for_the_receipt(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDKIT_NOW", "2026-01-10T10:00:00+08:00")
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    bundle = town.sent(device)
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
    for dry_run in (True, False):
        with pytest.raises(Refused) as refused:
            retention.purge(device, "2026-11-01", dry_run=dry_run)
        assert refused.value.code == "unacknowledged"
    assert bodies(device) == 1
    merging.merge(office, [bundle])
    town.answered(office, device)
    assert retention.purge(device, "2026-11-01").events == 1
    assert not list((device.home / "bundles").glob("*.age"))
    merging.merge(office, [town.sent(device)])
    assert bodies(office) == 1
    assert office.store.verify() == []


def test_an_erased_file_that_comes_again_goes_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_NOW", "2026-01-10T10:00:00+08:00")
    office = town.office("o")
    device = town.enrolled(office, "d")
    proof = town.folder / "proof.txt"
    proof.write_text("板栏内容已更新", "utf-8")
    path = town.folder / "small.yaml"
    path.write_text(LIST, "utf-8")
    ref = inspecting.begin(device, load_file(path), "E1").inspection.id
    inspecting.answer(device, ref, "A1", "pass", None, [proof])
    inspecting.finish(device, ref)
    merging.merge(office, [town.sent(device)])
    assert len(list(office.evidence.digests())) == 1
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
    assert retention.purge(office, "2026-11-01").files == 1
    visiting.log(device, "D101", "met")
    whole = bundles.create(device, town.folder / "usb-all", offices.public(office).recipient)
    done = merging.merge(office, [whole.path])
    assert (done.rejected, done.events_new > 0) == ([], True)
    assert list(office.evidence.digests()) == []
    assert office.evidence.missing(office.store.db) == []
    assert bodies(office, "evidence.added") == 0
    # Taken again for another record it is evidence like any other.
    other = inspecting.begin(office, load_file(path), "E1").inspection.id
    inspecting.answer(office, other, "A1", "pass", None, [proof])
    assert retention.sweep(office) == 0
    assert len(list(office.evidence.digests())) == 1


def test_the_next_dispatch_tells_the_device(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file brings it; the device erases the same bodies, and only once."""
    office, device, _bundle = erased_at_office(town, monkeypatch)
    assert bodies(device) == 2
    done = dispatches.write(office, [device.device.device], town.folder / "down.age")
    got = letters.receive(device, done.path)
    assert got.erased == 2
    assert bodies(device) == 0
    assert device.store.verify() == []
    assert letters.receive(device, done.path).erased == 0
    assert NOTE.encode() not in (device.home / "journal.db").read_bytes()


def test_what_an_undone_merge_brought_goes_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDKIT_NOW", "2026-01-10T10:00:00+08:00")
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    visiting.log(device, "D102", "left", note=NOTE)
    merge = merging.merge(office, [town.sent(device)]).merge
    unmerging.undo(office, merge)
    before = office.store.state_digest()
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
    assert retention.purge(office, "2026-11-01").rules["visits"] == 2
    assert bodies(office) == 0
    assert office.store.state_digest() == before
    assert NOTE.encode() not in (office.home / "journal.db").read_bytes()
    unmerging.redo(office, merge)
    assert office.store.verify() == []
    assert bodies(office, "site.put") == 6
    assert bodies(office) == 0
