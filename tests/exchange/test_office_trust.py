"""The office's side of trust: policy, revocation, receipts, copies, keys that change."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import Problem
from fieldkit.work import (
    backups,
    bundles,
    devices,
    escrow,
    grants,
    inspecting,
    journaling,
    merging,
    office_line,
    office_rotating,
    offices,
    pending,
    policies,
    receipts_given,
    revoking,
    rotating,
    visiting,
)
from fieldkit_sync import age, letter, policy
from fieldkit_sync import receipt as receipts
from fieldkit_sync.bundle import read

Town = Any


def test_every_bundle_can_be_opened_with_the_second_key(town: Town) -> None:
    """The key that lies locked away opens what devices seal, without the office's own."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    secret = escrow.identities(offices.folder(office))
    with read(town.sent(device), secret) as opened:
        assert len(list(opened.events())) > 1
    escrow.remove(offices.folder(office))
    assert escrow.identities(offices.folder(office)) == []
    with pytest.raises(Problem) as told:
        escrow.secret(offices.folder(office))
    assert told.value.code == "escrow-gone"
    offices.init(office, "办公室o（演示）")
    assert age.recipient_of(secret[0]) in offices.recipients(office)
    assert not escrow.here(offices.folder(office))


def test_the_policy_grows_with_what_changes_and_only_then(town: Town) -> None:
    """Enrolling and revoking make new versions; asking again makes none."""
    office = town.office("o")
    versions = [policies.issue(office).version]
    device = town.enrolled(office, "d", D101="met")
    versions.append(policies.current(office).version)
    town.enrolled(office, "d")
    versions.append(policies.current(office).version)
    revoking.revoke(office, device.device.device, 1)
    versions.append(policies.current(office).version)
    assert versions == [1, 2, 2, 3]
    told = policy.read(letter.one(policies.current_letter(office)))
    assert told == policies.current(office)
    assert [it.device for it in told.devices] == [device.device.device]
    assert told.revoked[0].chains == ()


def test_a_restored_office_does_not_go_back_a_version(town: Town) -> None:
    """A backup of the home knows of fewer versions than were given out."""
    office = town.office("o")
    policies.issue(office)
    folder = offices.folder(office)
    shutil.copytree(folder, town.folder / "backup")
    town.enrolled(office, "a")
    town.enrolled(office, "b")
    assert policies.current(office).version == 3
    shutil.rmtree(folder)
    shutil.copytree(town.folder / "backup", folder)
    town.enrolled(office, "c")
    assert policies.current(office).version == 4


def test_revoked_from_a_point(town: Town) -> None:
    """What stands before the point stays and still comes in; what comes after does not."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    first = town.sent(device)
    merging.merge(office, [first])
    held = offices.status(office)[0].last_seq
    visiting.log(device, "D102", "met")
    later = town.sent(device)
    done = revoking.revoke(office, device.device.device[:8], held + 1)
    assert (done.held, done.device.state) == (0, "revoked")
    digest = office.store.state_digest()
    merged = merging.merge(office, [later])
    assert [one.code for one in merged.rejected] == ["revoked"]
    assert office.store.state_digest() == digest
    assert offices.status(office)[0].last_seq == held
    fresh = town.office("fresh")
    shutil.copytree(offices.folder(office), town.folder / "o2" / "office")
    other = town.home("o2")
    assert merging.merge(other, [first]).merged == 1
    both = merging.merge(other, [later, first])
    assert (len(both.rejected), both.already_known) == (1, 1)
    assert other.store.state_digest() == digest
    assert fresh.home != other.home


def test_a_prefix_is_taken_up_to_its_last_seal(town: Town) -> None:
    """One bundle with work from before and after the point: what was sealed before it comes in."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    town.sent(device)
    sealed = device.store.events()
    last = max(event.seq for event in sealed)
    visiting.log(device, "D102", "met")
    both = town.sent(device)
    revoking.revoke(office, device.device.device, 1)
    record = offices.find(office, device.device.device)
    epoch = next(device.store.events()).epoch
    from dataclasses import replace

    offices.write_record(office, replace(record, last_good=((epoch, last + 1, ""),)))
    policies.issue(office)
    done = merging.merge(office, [both])
    assert [one.code for one in done.rejected] == ["revoked"]
    assert done.events_new == last
    assert offices.status(office)[0].last_seq == last


def test_a_revoked_device_is_not_enrolled_again(town: Town) -> None:
    """Its key is not to be trusted, so neither is a card with it."""
    office = town.office("o")
    device = town.enrolled(office, "d")
    revoking.revoke(office, device.device.device, 1)
    with pytest.raises(Problem) as told:
        town.enrol(office, device)
    assert told.value.code == "device-revoked"
    (line,) = offices.signers(office)
    assert ',valid-before="20261122020000Z"' in line


def test_receipts_empty_the_queue(town: Town) -> None:
    """What the office holds is no longer pending; what came since is."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    given = town.answered(office, device)
    assert given.acknowledged == journaling.count(device)
    assert (given.durable, given.missing) == (0, [])
    assert bundles.create(device).path is None
    visiting.log(device, "D102", "absent")
    assert pending.pending(device).events == 1
    merging.merge(office, [town.sent(device)])
    second = town.answered(office, device)
    assert second.receipt.receipt_seq == 2
    assert second.receipt.prev != receipts.NO_RECEIPT
    assert office.store.state_digest() == device.store.state_digest()


def test_only_a_copy_is_durable(town: Town) -> None:
    """Durable is what was read back from elsewhere, with its evidence, and opens again."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    copied = backups.make(office, town.folder / "disk")
    assert copied.events == journaling.count(office)
    assert town.answered(office, device).durable == journaling.count(device)
    assert backups.make(office, town.folder / "disk").files == ()
    visiting.log(device, "D102", "met")
    merging.merge(office, [town.sent(device)])
    given = town.answered(office, device)
    assert given.acknowledged > given.durable > 0
    with pytest.raises(Problem) as told:
        backups.make(office, office.home / "bundles")
    assert told.value.code == "backup-inside"


def test_a_copy_that_cannot_be_read_back_makes_nothing_durable(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick that lies is found out before anything is promised."""
    from fieldkit_sync import bundle
    from fieldkit_sync.errors import Refusal

    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])

    def damaged(*_args: object, **_named: object) -> None:
        raise Refusal("truncated", "")

    with monkeypatch.context() as patch:
        patch.setattr(bundle, "read", damaged)
        with pytest.raises(Problem):
            backups.make(office, town.folder / "disk")
    assert town.answered(office, device).durable == 0


def test_an_office_that_lost_its_disk_gets_everything_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a copy come back the events it holds; the rest is sent by the devices once more."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    backups.make(office, town.folder / "disk")
    visiting.log(device, "D102", "met")
    merging.merge(office, [town.sent(device)])
    town.answered(office, device)
    assert bundles.create(device).path is None
    digest = office.store.state_digest()
    office.close()
    del town.open["o"]
    (town.folder / "new").mkdir()
    for name in ("keys", "office"):
        shutil.copytree(town.folder / "o" / name, town.folder / "new" / name)
    back = town.home("new")
    assert merging.merge(back, [town.folder / "disk"]).rejected == []
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:00:00+08:00")
    receipts_given.restored(back)
    town.answered(back, device)
    merging.merge(back, [town.sent(device)])
    assert back.store.state_digest() == digest
    assert journaling.verify(back)[1] == []


def test_a_restored_database_is_noticed_without_a_word(town: Town) -> None:
    """The note outside knows of receipts that the database forgot: a new epoch opens."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    first = town.answered(office, device)
    office.close()
    del town.open["o"]
    shutil.copy(town.folder / "o" / "journal.db", town.folder / "before.db")
    office = town.home("o")
    visiting.log(device, "D102", "met")
    merging.merge(office, [town.sent(device)])
    second = town.answered(office, device)
    assert second.receipt.office_epoch == first.receipt.office_epoch
    assert bundles.create(device).path is None
    office.close()
    del town.open["o"]
    for path in (town.folder / "o").glob("journal.db*"):
        path.unlink()
    shutil.copy(town.folder / "before.db", town.folder / "o" / "journal.db")
    office = town.home("o")
    third = town.answered(office, device)
    assert third.receipt.office_epoch > first.receipt.office_epoch
    assert third.acknowledged < second.acknowledged
    merging.merge(office, [town.sent(device)])
    assert office.store.state_digest() == device.store.state_digest()


def test_a_forked_chain_is_never_durable(town: Town) -> None:
    """Nobody can say which of two branches a copy holds, so a device drops neither."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    backups.make(office, town.folder / "disk")
    assert town.answered(office, device).durable > 0
    office.store.db.execute(
        "INSERT INTO chain_fork SELECT device, epoch, 2 FROM chain WHERE device = ?",
        (device.device.device,),
    )
    assert town.answered(office, device).durable == 0


def test_devices_follow_an_office_to_new_keys(town: Town) -> None:
    """Old bundles still open, and the next letter brings the device over, trusting nobody anew."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    on_the_way = town.sent(device)
    old = offices.public(office)
    new = office_rotating.rotate(office)
    assert new.office != old.office
    assert set(office_line.own_offices(office)) == {old.office, new.office}
    assert merging.merge(office, [on_the_way]).rejected == []
    town.answered(office, device)
    granted = grants.current(device)
    assert granted is not None
    assert granted.office == new.office
    visiting.log(device, "D102", "met")
    done = merging.merge(office, [town.sent(device)])
    assert (done.merged, done.rejected) == (1, [])
    assert office.store.state_digest() == device.store.state_digest()
    third = office_rotating.rotate(office)
    town.answered(office, device)
    assert grants.current(device).office == third.office  # type: ignore[union-attr]


@pytest.mark.parametrize("stop", range(1, 3))
def test_a_change_of_keys_that_is_cut_off_leaves_an_office(
    town: Town, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    """Whichever rename the power goes at, there is one whole office, the old one or the new."""
    office = town.office("o")
    town.enrolled(office, "d", D101="met")
    old = offices.public(office)
    rename, calls = Path.rename, count(1)

    def dying(self: Path, target: Path) -> Path:
        if self.parent == office.home and next(calls) == stop:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dying)
        with pytest.raises(KeyboardInterrupt):
            office_rotating.rotate(office)
    now = offices.public(office)
    assert (now.office == old.office) == (stop == 1)
    assert offices.load(office).office == now.office
    assert len(offices.enrolled(office)) == 1
    assert office_rotating.rotate(office).office not in (old.office, now.office)


def test_three_levels(town: Town) -> None:
    """A village's office is a device of the town's, the town's one of the county's."""
    county, middle, village = (town.office(name) for name in ("county", "town", "village"))
    for above, below in ((county, middle), (middle, village)):
        card = town.folder / f"{below.home.name}.card"
        card.write_text(devices.card(below), "utf-8")
        grant = town.folder / f"{below.home.name}.grant"
        offices.enrol(above, card, grant)
        grants.receive(below, grant)
    device = town.enrolled(village, "d", D101="met", D102="absent")
    merging.merge(village, [town.sent(device)])
    for below, above in ((village, middle), (middle, county)):
        done = merging.merge(above, [town.sent(below)])
        assert (done.rejected, done.merged) == ([], 1)
        town.answered(above, below)
        assert bundles.create(below).path is None
    assert county.store.state_digest() == device.store.state_digest()
    assert journaling.verify(county)[1] == []


def test_work_under_a_former_key_is_acknowledged_too(town: Town) -> None:
    """After the device changed its key twice, one receipt empties the whole queue."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    for door in ("D102", "D201"):
        rotating.rotate(device)
        grants.receive(device, town.enrol(office, device))
        visiting.log(device, door, "met")
    assert merging.merge(office, [town.sent(device)]).rejected == []
    town.answered(office, device)
    assert pending.pending(device).events == 0
    assert office.store.state_digest() == device.store.state_digest()
    assert journaling.verify(office)[1] == journaling.verify(device)[1] == []


def test_evidence_that_has_not_come_is_asked_for(town: Town) -> None:
    """A file that was announced and is not here is named, asked for by receipt, and then sent."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    begun = inspecting.start(device, "wuzha-xiaoqu", "E1").inspection.id
    photo = town.folder / "note.txt"
    photo.write_text("现场记录", "utf-8")
    inspecting.answer(device, begun, "XQ04", "fail", evidence=[photo])
    merging.merge(office, [town.sent(device)])
    (digest,) = [path.stem for path in (office.home / "evidence").rglob("*.txt")]
    office.evidence.path(digest).unlink()  # type: ignore[union-attr]
    assert offices.status(office)[0].evidence_missing == (digest,)
    given = town.answered(office, device)
    assert given.receipt.evidence_missing == (digest,)
    done = merging.merge(office, [town.sent(device)])
    assert (done.events_new, done.evidence_new) == (0, 1)
    assert offices.status(office)[0].evidence_missing == ()


def test_nobody_brings_events_in_the_name_of_the_office(town: Town) -> None:
    """An enrolled device signs a line of the office's own device, with no seal by that device."""
    from fieldkit.domain.kinds import site_id
    from fieldkit_sync import clock
    from fieldkit_sync.bundle import write
    from fieldkit_sync.event import GENESIS, make

    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    body = {"outcome": "met", "materials": 1, "app": "none", "note": "", "day": "2026-11-22"}
    line = make(
        device=office.device.device,
        epoch=clock.new_epoch(office.now_ms()),
        seq=1,
        prev=GENESIS,
        hlc=clock.pack(office.now_ms(), 0),
        kind="visit.logged",
        entity=site_id("D101"),
        division="",
        body=body,
    ).line
    keys = offices.load(office)
    forged = write(
        town.folder / "forged",
        identity=devices.identity(device),
        lines=[line],
        recipients=[keys.recipient],
        office=keys.office,
        made_hlc=clock.pack(office.now_ms(), 0),
        tool="forger",
    )
    done = merging.merge(office, [forged.path])
    assert [one.code for one in done.rejected] == ["unsealed"]
    assert journaling.count(office) == 0
