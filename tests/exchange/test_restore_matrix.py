"""Every way in which a copy comes back: nothing is lost, nothing is used twice, all is sent again.

Each test bears the name of the program whose users lost data that way (SYNC §1, §5.2).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from fieldkit.store.mark import Mark
from fieldkit.work import (
    backups,
    bundles,
    journaling,
    merging,
    offices,
    pending,
    receipts_given,
    visiting,
)
from fieldkit.work.workspace import Workspace

Town = Any


def replaced(town: Town, name: str, copy: Path) -> Workspace:
    """A home whose folder is put back from a copy."""
    folder = town.shut(name)
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    home: Workspace = town.home(name)
    return home


def copied(town: Town, name: str) -> Path:
    """A copy of a home's folder, as a backup makes it; the home goes on."""
    folder = town.shut(name)
    copy = town.folder / f"{name}-copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    town.home(name)
    return copy


def test_turso_8129_a_restored_client_still_reaches_the_office(town: Town) -> None:
    """After a laptop's backup came back, every later write arrives, and the lost ones are back."""
    office = town.office("o")
    town.enrolled(office, "d", D101="met")
    copy = copied(town, "d")
    visiting.log(town.home("d"), "D102", "met")
    merging.merge(office, [town.sent(town.home("d"))])
    device = replaced(town, "d", copy)
    visiting.log(device, "D201", "left")
    done = merging.merge(office, [town.sent(device)])
    assert (done.events_new > 0, done.forks, done.rejected) == (True, [], [])
    town.answered(office, device)
    assert pending.pending(device).events == 0
    outcomes = {row.door: row.outcome for row in _visits(office)}
    assert sorted(outcomes.values()) == ["left", "met", "met"]


def _visits(ws: Workspace) -> list[Any]:
    from fieldkit.store import visits

    doors = [row[0] for row in ws.store.db.execute("SELECT DISTINCT door FROM visit")]
    return [visit for door in doors for visit in visits.of_door(ws.store.db, door)]


def test_cht_8093_an_office_restored_from_its_backup_gets_everything_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Devices that had been told "received" send again what the restored office lost."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    town.answered(office, device)
    copy = copied(town, "o")
    office = town.home("o")
    for door in ("D102", "D201"):
        visiting.log(device, door, "met")
        merging.merge(office, [town.sent(device)])
        town.answered(office, device)
    assert bundles.create(device).path is None
    digest = office.store.state_digest()
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:00:00+08:00")
    office = replaced(town, "o", copy)
    town.answered(office, device)
    assert pending.pending(device).events > 0
    merging.merge(office, [town.sent(device)])
    assert office.store.state_digest() == digest
    town.answered(office, device)
    assert bundles.create(device).path is None


def test_sync_gateway_local_flush(town: Town) -> None:
    """A device that forgot its receipts sends all again; nothing is doubled."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    town.answered(office, device)
    device.store.db.execute("DELETE FROM receipt_held")
    done = merging.merge(office, [town.sent(device)])
    assert (done.events_new, done.rejected, done.forks) == (0, [], [])
    town.answered(office, device)
    assert bundles.create(device).path is None


def test_sync_gateway_remote_flush(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office whose journal is gone, with its keys at hand, gets everything."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met", D102="absent")
    merging.merge(office, [town.sent(device)])
    town.answered(office, device)
    digest = office.store.state_digest()
    folder = town.shut("o")
    for path in folder.glob("journal.db*"):
        path.unlink()
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:00:00+08:00")
    office = town.home("o")
    given = town.answered(office, device)
    assert (given.acknowledged, given.receipt.chains) == (0, ())
    merging.merge(office, [town.sent(device)])
    assert office.store.state_digest() == digest


def test_sync_gateway_remote_rollback_keeps_the_lower_promise(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is what the office says last, also where it says less; an old word is ignored."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    first = town.folder / "first.letter.age"
    receipts_given.give(office, device.device.device, first)
    from fieldkit.work import grants

    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:00:00+08:00")
    receipts_given.restored(office)
    town.answered(office, device)
    old = grants.receive(device, first)
    assert (old.receipts, old.old) == (0, 1)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_manyverse_111_recovery_with_the_keys_alone(town: Town, elsewhere: bool) -> None:
    """The disk is gone, the keys were on paper: the device goes on in a new epoch, both count."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    merging.merge(office, [town.sent(device)])
    folder = town.shut("d")
    keys = town.folder / "paper"
    shutil.copytree(folder / "keys", keys)
    shutil.rmtree(folder)
    place = town.folder / ("e" if elsewhere else "d")
    place.mkdir()
    shutil.copytree(keys, place / "keys")
    again = town.worked(place.name, {"D201": "met"})
    from fieldkit.work import grants

    grants.receive(again, town.enrol(office, again))
    done = merging.merge(office, [town.sent(again)])
    assert (done.rejected, done.forks) == ([], [])
    (row,) = [row for row in offices.status(office) if row.device == again.device.device]
    assert (row.forks, row.gaps) == ((), ())
    assert len(_visits(office)) == 2
    assert journaling.verify(office)[1] == []


def test_ssb_410_a_fork_is_found_at_once_and_named(town: Town) -> None:
    """A whole disk is cloned with all notes: two events of one number, and the office says so."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    copy = copied(town, "d")
    device = town.home("d")
    noted = Mark(device.home, device.device.device).read()
    shutil.copytree(copy, town.folder / "clone")
    clone = town.home("clone")
    assert noted is not None
    Mark(clone.home, clone.device.device).write(noted)
    visiting.log(device, "D102", "met")
    visiting.log(clone, "D102", "absent")
    merging.merge(office, [town.sent(device)])
    done = merging.merge(office, [town.sent(clone)])
    assert done.rejected == []
    assert [fork[0] for fork in done.forks] == [device.device.device] * len(done.forks)
    assert done.forks
    assert len(_visits(office)) == 3
    for home in (device, clone):
        town.answered(office, home)
        visiting.log(home, "D201", "met")
    before = len(done.forks)
    merging.merge(office, [town.sent(device)])
    last = merging.merge(office, [town.sent(clone)])
    assert len(_visits(office)) == 5
    assert journaling.verify(office)[1] == []
    assert before <= len(last.forks) <= before + 1


def test_briefcase_602_the_same_folder_twice_makes_no_duplicates(town: Town) -> None:
    """Merged again, from another path and in another order: nothing new, one digest."""
    office = town.office("o")
    files = [town.sent(town.enrolled(office, name, D101="met")) for name in ("a", "b", "c")]
    merging.merge(office, files)
    digest, visits = office.store.state_digest(), len(_visits(office))
    other = town.folder / "other"
    other.mkdir()
    for number, file in enumerate(reversed(files)):
        shutil.copy(file, other / f"{number}.age")
    again = merging.merge(office, [other, *files])
    assert (again.events_new, again.already_known) == (0, 6)
    assert (office.store.state_digest(), len(_visits(office))) == (digest, visits)


def test_getodk_671_one_incomplete_bundle_stops_nothing(town: Town) -> None:
    """A file that was cut on the way is refused alone, and comes in once it is whole."""
    office = town.office("o")
    files = [town.sent(town.enrolled(office, name, D101="met")) for name in ("a", "b", "c")]
    whole = files[1].read_bytes()
    files[1].write_bytes(whole[: len(whole) // 2])
    done = merging.merge(office, files)
    assert (done.merged, [one.file for one in done.rejected]) == (2, [files[1]])
    files[1].write_bytes(whole)
    assert merging.merge(office, files).merged == 1


def test_a_copy_on_a_stick_is_not_delivered(town: Town) -> None:
    """Without a receipt everything stays pending, however many sticks it was copied to."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    first, second = town.sent(device), town.sent(device)
    assert first.read_bytes() == second.read_bytes()
    assert backups.make(office, town.folder / "disk").files == ()
    assert pending.pending(device).events == journaling.count(device)
