"""The office's merge: idempotent, in any order, and no bad file in the way of a good one."""

from __future__ import annotations

import json
import os
import shutil
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import Problem
from fieldkit.work import (
    bundles,
    devices,
    grants,
    inspecting,
    journaling,
    merging,
    offices,
    visiting,
)
from fieldkit_sync import bundle as sealed
from fieldkit_sync import bundle_header, event

Town = Any


def bundle(town: Town, office: Any, device: Any) -> Path:
    """Enrol a device, and seal what it has for this office."""
    grants.receive(device, town.enrol(office, device))
    path = bundles.create(device, town.folder / f"out-{office.home.name}").path
    assert path is not None
    return path


def test_merging_twice_is_merging_once(town: Town) -> None:
    """The second time everything is known and the digest is the same."""
    office = town.office("o")
    path = bundle(town, office, town.worked("d", {"D101": "met", "D102": "absent"}))
    first = merging.merge(office, [path])
    assert (first.bundles, first.merged, first.already_known) == (1, 1, 0)
    assert first.events_new == 6 + 2 + 1
    assert first.rejected == []
    assert not first.gaps
    assert not first.forks
    digest = office.store.state_digest()
    again = merging.merge(office, [path, path.parent])
    assert (again.bundles, again.merged, again.already_known) == (1, 0, 1)
    assert (again.events_new, again.events_known) == (0, 9)
    assert office.store.state_digest() == digest
    assert again.merge != first.merge
    assert journaling.verify(office)[1] == []


def test_a_device_and_its_office_agree(town: Town) -> None:
    """Two homes with the same field events print the same digest."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    path = bundle(town, office, device)
    merging.merge(office, [path])
    assert office.store.state_digest() == device.store.state_digest()


def test_any_order_gives_one_state(town: Town) -> None:
    """Two devices that answered the same item differently: both orders, one digest, a conflict."""
    one = town.worked("a", {"D101": "met", "D102": "absent"})
    two = town.worked("b", {"D101": "absent", "D201": "left"})
    makers = [town.office(f"o{n}") for n in range(2)]
    digests = set()
    for office, order in zip(makers, permutations((one, two)), strict=True):
        for device in order:
            path = bundle(town, office, device)
            merging.merge(office, [path])
        # Each export adds no second seal, so that both offices hold the same events.
        digests.add(office.store.state_digest())
        assert journaling.verify(office)[1] == []
        rows = visiting.coverage(office, by="building")
        assert [(r.visited, r.met) for r in rows] == [(3, 1)]
    assert len(digests) == 1


def test_concurrent_answers_are_kept_and_shown(town: Town) -> None:
    """One inspection carried to two devices and answered on both is a conflict, in any order."""
    first = town.worked("a", {})
    begun = inspecting.start(first, "wuzha-xiaoqu", "E1").inspection.id
    hub = town.office("hub")
    merging.merge(hub, [bundle(town, hub, first)])
    # The second inspector takes the shared start over from the first one's events.
    second = town.home("b")
    second.store.ingest(first.store.events())
    inspecting.answer(first, begun, "XQ04", "pass")
    inspecting.answer(second, begun, "XQ04", "fail")
    digests = set()
    for name, order in (("p", (first, second)), ("q", (second, first))):
        office = town.office(name)
        for device in order:
            done = merging.merge(office, [bundle(town, office, device)])
        assert done.conflicts == 1
        assert done.rejected == []
        digests.add(office.store.state_digest())
    assert len(digests) == 1


def test_bad_files_do_not_block_good_ones(town: Town) -> None:
    """Garbage, a cut file, a stranger, another office's file: each named, all set aside."""
    office, other = town.office("o"), town.office("other")
    good = bundle(town, office, town.worked("d", {"D101": "met"}))
    foreign = bundle(town, other, town.worked("e", {"D102": "met"}))
    stranger = _stranger(town, office)
    bad = town.folder / "bad"
    bad.mkdir()
    (bad / "garbage.age").write_bytes(b"\x00\xffnot a bundle" * 50)
    (bad / "empty.age").write_bytes(b"")
    (bad / "cut.age").write_bytes(good.read_bytes()[:-100])
    altered = bytearray(good.read_bytes())
    altered[len(altered) // 2] ^= 1
    (bad / "altered.age").write_bytes(bytes(altered))
    shutil.copy(foreign, bad / "foreign.age")
    shutil.copy(stranger, bad / "stranger.age")
    shutil.copy(good, bad / "zz-good.age")
    done = merging.merge(office, [bad])
    assert (done.bundles, done.merged, len(done.rejected)) == (7, 1, 6)
    assert done.quarantined == 1
    codes = {one.file.name: one.code for one in done.rejected}
    assert codes["stranger.age"] == "unknown-signer"
    assert codes["foreign.age"] == "wrong-office"
    assert codes["garbage.age"] == codes["empty.age"] == "not-age"
    assert codes["cut.age"] == "truncated"
    for one in done.rejected:
        assert one.kept is not None
        assert one.kept.read_bytes() == one.file.read_bytes()
        note = json.loads(one.kept.with_suffix(".reason.json").read_text("utf-8"))
        assert note["reason"] == one.reason
    assert journaling.verify(office)[1] == []
    assert not list(office.home.glob(".opening-*"))


def _stranger(town: Town, office: Any) -> Path:
    device = town.worked("s", {"D201": "met"})
    path = bundles.create(device, town.folder / "strange", offices.load(office).recipient).path
    assert path is not None
    return path


def test_a_stranger_is_taken_in_once_enrolled(town: Town) -> None:
    """What was set aside merges after enrolment, from where it lies, and leaves ``rejected``."""
    office = town.office("o")
    stranger = _stranger(town, office)
    kept = merging.merge(office, [stranger]).rejected[0].kept
    assert kept is not None
    town.enrol(office, town.home("s"))
    done = merging.merge(office, [kept])
    assert (done.merged, done.rejected) == (1, [])
    assert not kept.exists()
    assert stranger.exists()


def test_more_work_comes_with_the_next_bundle(town: Town) -> None:
    """A later bundle brings only what is new; an older one after it brings nothing."""
    office, device = town.office("o"), town.worked("d", {"D101": "absent"})
    early = bundle(town, office, device)
    visiting.log(device, "D101", "met")
    late = bundle(town, office, device)
    assert merging.merge(office, [late]).events_new == 6 + 2 + 2
    assert merging.merge(office, [early]).events_new == 0


def test_nothing_new_adds_no_second_seal(town: Town) -> None:
    """Two exports in a row hold the same events; a fresh home has nothing to send."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    grants.receive(device, town.enrol(office, device))
    first, second = (bundles.create(device) for _n in range(2))
    assert first.events == second.events == 8
    assert bundles.create(town.home("fresh")) == bundles.Created(None)


def test_evidence_travels(town: Town) -> None:
    """A file added to an answer is in the office's store after the merge, unchanged."""
    office, device = town.office("o"), town.worked("d", {})
    proof = town.folder / "note.txt"
    proof.write_text("板栏内容已更新", "utf-8")
    begun = inspecting.start(device, "wuzha-xiaoqu", "E1").inspection.id
    sheet = inspecting.answer(device, begun, "XQ04", "pass", evidence=[proof])
    (sha256,) = sheet.answers["XQ04"].evidence
    path = bundle(town, office, device)
    done = merging.merge(office, [path])
    assert done.evidence_new == 1
    assert office.evidence.read(sha256) == device.evidence.read(sha256)
    assert merging.merge(office, [path]).evidence_new == 0


def test_homes_among_the_folders(town: Town) -> None:
    """Of a home only its bundles are taken: its keys end in .age and are no bundles."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    grants.receive(device, town.enrol(office, device))
    bundles.create(device)
    done = merging.merge(office, [town.folder])
    assert (done.bundles, done.merged, done.rejected) == (1, 1, [])


def test_a_missing_path_is_said_first(town: Town) -> None:
    """A slip of the finger merges nothing and names the path."""
    office = town.office("o")
    with pytest.raises(Problem) as stop:
        merging.merge(office, [town.folder / "nowhere"])
    assert stop.value.code == "no-file"
    with pytest.raises(Problem) as stop:
        merging.merge(town.home("d"), [town.folder])
    assert stop.value.code == "not-an-office"


def test_verify_and_show(town: Town) -> None:
    """The office sees all; a passer-by sees the outside; a stranger's bundle is not trusted."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    path = bundle(town, office, device)
    seen = bundles.verify(office, path)
    assert (seen.ok, seen.device, seen.events) == (True, device.device.device, 8)
    assert (seen.first_seq, seen.last_seq, seen.evidence) == (1, 8, 0)
    outside = bundles.show(device, path)
    assert (outside.ok, outside.events, outside.problems) == (None, None, [])
    assert outside.size == path.stat().st_size
    assert bundles.verify(device, path).ok is False
    stranger = bundles.verify(office, _stranger(town, office))
    assert stranger.ok is False
    assert stranger.events == 8


def test_status_names_devices(town: Town) -> None:
    """An enrolled device is listed before it has sent anything, and with its last event after."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    path = bundle(town, office, device)
    (row,) = offices.status(office)
    assert (row.device, row.last_seq, row.last_seen) == (device.device.device, 0, None)
    merging.merge(office, [path])
    (row,) = offices.status(office)
    assert (row.last_seq, row.last_seen) == (8, "2026-11-22T10:00:00+08:00")


def _crafted(town: Town, office: Any, device: Any, lines: list[bytes]) -> Path:
    """A bundle as a changed program of an enrolled device could make it."""
    grants.receive(device, town.enrol(office, device))
    keys = offices.load(office)
    written = sealed.write(
        town.folder / "crafted",
        identity=devices.identity(device),
        lines=lines,
        recipients=[keys.recipient],
        office=keys.office,
        office_name=keys.name,
        made_hlc="0" * 16,
        tool="crafted",
    )
    return written.path


def test_nobody_speaks_for_another_device(town: Town) -> None:
    """An enrolled device that carries another one's events along is refused whole."""
    office = town.office("o")
    one, two = town.worked("a", {"D101": "met"}), town.worked("b", {"D102": "met"})
    path = _crafted(town, office, one, [*one.store.lines(), *two.store.lines()])
    done = merging.merge(office, [path])
    assert [r.code for r in done.rejected] == ["foreign-event"]
    assert offices.held(office) == 0


@pytest.mark.parametrize(
    "body",
    [{"outcome": "bribed"}, {}, {"outcome": "met", "materials": -1}, {"outcome": "met", "x": 1}],
)
def test_a_malformed_body_refuses_the_whole_bundle(town: Town, body: dict[str, Any]) -> None:
    """One bad event among good ones, and none is taken in."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    *_rest, last = device.store.events()
    bad = event.make(
        device=last.device,
        epoch=last.epoch,
        seq=last.seq + 1,
        prev=last.hash,
        hlc=last.hlc,
        kind="visit.logged",
        entity=last.entity,
        division="",
        body=body,
    )
    path = _crafted(town, office, device, [*device.store.lines(), bad.line])
    done = merging.merge(office, [path])
    assert [r.code for r in done.rejected] == ["bad-body"]
    assert offices.held(office) == 0


def test_an_unknown_kind_is_kept(town: Town) -> None:
    """Events of a newer version are taken in and forwarded, not understood."""
    office, device = town.office("o"), town.worked("d", {})
    *_rest, last = device.store.events()
    newer = event.make(
        device=last.device,
        epoch=last.epoch,
        seq=last.seq + 1,
        prev=last.hash,
        hlc=last.hlc,
        kind="drone.flown",
        entity=last.entity,
        division="",
        body={"height": 12},
    )
    path = _crafted(town, office, device, [*device.store.lines(), newer.line])
    assert merging.merge(office, [path]).events_new == 7


def test_a_missing_bundle_is_a_gap_until_it_comes(town: Town) -> None:
    """A device's events 4 on arrive first: 1-3 are named as missing, then they are not."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    lines = list(device.store.lines())
    late = _crafted(town, office, device, lines[3:])
    done = merging.merge(office, [late])
    assert done.gaps == [(device.device.device, 1, 3)]
    whole = _crafted(town, office, device, lines)
    assert merging.merge(office, [whole]).gaps == []


def test_evidence_in_volumes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence that does not fit goes into further files, merged in any order."""
    monkeypatch.setattr(bundle_header, "MAX_VOLUME", 9000)
    office, device = town.office("o"), town.worked("d", {})
    begun = inspecting.start(device, "wuzha-xiaoqu", "E1").inspection.id
    proofs = []
    for number in range(3):
        proofs.append(town.folder / f"note{number}.txt")
        proofs[-1].write_text(f"第{number}份板栏内容已更新。" * 100, "utf-8")
    inspecting.answer(device, begun, "XQ04", "pass", evidence=proofs)
    grants.receive(device, town.enrol(office, device))
    made = bundles.create(device)
    assert made.path is not None
    assert made.evidence == 3
    assert made.extra
    done = merging.merge(office, [*made.extra, made.path])
    assert done.rejected == []
    assert (done.merged, done.evidence_new) == (1 + len(made.extra), 3)
    assert journaling.verify(office)[1] == []


def test_what_a_killed_merge_left_is_removed(town: Town) -> None:
    """Plain bytes of an opened bundle do not lie about for long."""
    office = town.office("o")
    old, fresh = office.home / ".opening-old", office.home / ".opening-fresh"
    for folder in (old, fresh):
        folder.mkdir()
    os.utime(old, (1, 1))
    merging.merge(office, [bundle(town, office, town.worked("d", {"D101": "met"}))])
    assert not old.exists()
    assert fresh.exists()
