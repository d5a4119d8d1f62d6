"""A new key for a device: nothing is lost, at whatever instant the power goes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.kinds import BadBody, accept
from fieldkit.errors import Problem
from fieldkit.store.store import Store
from fieldkit.work import (
    bundles,
    devices,
    grants,
    journaling,
    keylocks,
    letters,
    merging,
    offices,
    pending,
    rotating,
    visiting,
)
from fieldkit.work.workspace import Workspace
from fieldkit_sync import keylock
from fieldkit_sync.identity import Identity

Town = Any
Voice = Callable[[Any], Any]


def enrolled(town: Town) -> tuple[Any, Any]:
    """An office, and a device of it that has done some work."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    grants.receive(device, town.enrol(office, device))
    return office, device


def test_pending_work_travels_with_the_new_key(town: Town, voice: Voice) -> None:
    """The old chain goes along, closed by a seal of the old key, and is believed."""
    office, device = enrolled(town)
    told = voice(office)
    old = device.device
    new = rotating.rotate(device, "新电脑")
    assert new.device != old.device
    assert (device.device, new.name) == (new, "新电脑")
    assert Identity.load(device.home / "keys").public == new
    assert Identity.load(device.home / "keys" / "former" / old.device).public == old
    assert sorted(path.name for path in (device.home / "keys").iterdir() if path.is_dir()) == [
        "former"
    ]
    *_rest, link, seal = device.store.events(device=old.device)
    assert (link.kind, link.entity, link.body) == (
        "device.succeeded",
        old.device,
        {"public_key": new.public_key},
    )
    assert seal.kind == "seal"
    visiting.log(device, "D102", "absent")
    with pytest.raises(Problem) as stop:
        bundles.create(device)
    assert stop.value.code == "no-office"
    grants.receive(device, town.enrol(office, device))
    made = bundles.create(device)
    assert made.path is not None
    done = merging.merge(office, [made.path])
    assert (done.rejected, done.events_new) == ([], made.events)
    assert office.store.state_digest() == device.store.state_digest()
    assert journaling.verify(device)[1] == []
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert pending.pending(device).events == 0
    stands = pending.standing(device)
    assert stands.received_events == made.events
    assert [it.device for it in offices.status(office)] == [old.device, new.device]


def test_letters_to_the_old_key_still_open(town: Town, voice: Voice) -> None:
    """An office that has not heard of the change yet seals to the old key, and is heard."""
    office, device = enrolled(town)
    told = voice(office)
    made = bundles.create(device)
    assert made.path is not None
    merging.merge(office, [made.path])
    old = device.device
    letter = told.letter(device, told.receipt(device))
    rotating.rotate(device)
    rotating.rotate(device)
    assert letters.receive(device, letter).receipts == 1
    first = sum(part.events for part in pending.pending(device).parts if part.device == old.device)
    assert first == 2
    for_former = told.letter(device, told.policy(2), recipient=old.recipient)
    assert letters.receive(device, for_former).policies == 1


def test_an_office_that_never_knew_the_old_key(town: Town, voice: Voice) -> None:
    """It would refuse a bundle with the old chain whole: the chain waits, and that is said."""
    _office, device = enrolled(town)
    rotating.rotate(device)
    visiting.log(device, "D102", "absent")
    other = town.office("p")
    told = voice(other)
    grants.receive(device, town.enrol(other, device))
    made = bundles.create(device)
    assert made.path is not None
    assert merging.merge(other, [made.path]).rejected == []
    assert pending.standing(device).held_back == 9
    old = next(iter(devices.former(device).values()))
    from fieldkit_sync.policy import Member

    members = sorted(
        [Member(it.device, it.public_key) for it in (old, device.device)], key=lambda it: it.device
    )
    letters.receive(device, told.letter(device, told.policy(2, devices=tuple(members))))
    assert pending.standing(device).held_back == 0


def test_a_program_that_went_on_under_the_old_key(town: Town) -> None:
    """A window that was open meanwhile wrote to the old chain: that is sealed and sent too."""
    office, device = enrolled(town)
    window = Workspace.open(device.home)
    town.open["window"] = window
    rotating.rotate(device)
    visiting.log(window, "D201", "met")
    grants.receive(device, town.enrol(office, device))
    made = bundles.create(device)
    assert made.path is not None
    assert merging.merge(office, [made.path]).rejected == []
    assert office.store.state_digest() == device.store.state_digest()


class _PowerCut(BaseException):
    """The power goes."""


def _cut_at(monkeypatch: pytest.MonkeyPatch, turn: int) -> None:
    """Let the power go at the n-th change of the disk outside the database."""
    left = [turn]

    def guard(real: Callable[..., Any]) -> Callable[..., Any]:
        def act(*args: Any, **named: Any) -> Any:
            if left[0] == 0:
                raise _PowerCut
            left[0] -= 1
            return real(*args, **named)

        return act

    for name in ("replace", "rename", "mkdir", "unlink", "rmdir", "open"):
        monkeypatch.setattr(os, name, guard(getattr(os, name)))


def _frozen(town: Town) -> Path:
    """A home with a chain, as files, and its state folder beside it."""
    _office, device = enrolled(town)
    device.close()
    del town.open["d"]
    return Path(device.home)


@pytest.mark.slow
def test_the_power_goes_at_every_instant(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was done by then, the home has the old key or the new one, whole, and goes on."""
    home = _frozen(town)
    old = Identity.load(home / "keys").device
    seen: set[bool] = set()
    for turn in range(400):
        trial, state = town.folder / f"trial{turn}", town.folder / f"state{turn}"
        shutil.copytree(home, trial)
        shutil.copytree(town.folder / "state", state)
        monkeypatch.setenv("FIELDKIT_STATE", str(state))
        ws = Workspace.open(trial)
        with monkeypatch.context() as patch:
            _cut_at(patch, turn)
            try:
                rotating.rotate(ws)
                whole = True
            except _PowerCut:
                whole = False
        ws.close()
        with Workspace.open(trial) as again:
            keys = devices.identity(again)
            assert keys.device == again.device.device
            changed = keys.device != old
            seen.add(changed)
            if changed:
                assert devices.former_identity(again, old).device == old
                assert not (trial / "keys" / "next").exists()
            visiting.log(again, "D102", "absent")
            assert journaling.verify(again)[1] == []
            if not changed:
                assert rotating.rotate(again).device != old
                assert set(devices.former(again)) == {old}
        shutil.rmtree(trial)
        shutil.rmtree(state)
        if whole:
            break
    assert whole
    assert seen == {True, False}


def test_two_changes_at_once_are_one_after_the_other(town: Town) -> None:
    """Another window changed the key meanwhile: this one says so and changes nothing."""
    _office, device = enrolled(town)
    window = town.open["window"] = Workspace.open(device.home)
    new = rotating.rotate(device)
    with pytest.raises(Problem) as stop:
        rotating.rotate(window)
    assert stop.value.code == "keys-changed"
    assert Identity.load(device.home / "keys").public == new


def test_locked_keys_stay_locked(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new key is locked by the passphrase of the old one; no plain copy is left anywhere."""
    monkeypatch.setattr(keylock, "WORK", 10)
    _office, device = enrolled(town)
    old = device.device.device
    keylocks.protect(device, "device", "五把钥匙开一把锁", False)
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", "五把钥匙开一把锁")
    new = rotating.rotate(device)
    assert keylocks.is_protected(device, "device")
    assert devices.identity(device).device == new.device
    assert devices.former_identity(device, old).device == old
    assert len(devices.age_identities(device)) == 2
    names = {path.name for path in (device.home / "keys").rglob("*") if path.is_file()}
    assert not names & {"device.age", "device_ed25519"}


def test_a_name_that_will_not_do_changes_nothing(town: Town) -> None:
    """The slip is said before anything is drawn."""
    _office, device = enrolled(town)
    before = device.device
    with pytest.raises(Problem):
        rotating.rotate(device, "长" * 41)
    assert devices.identity(device).public == before
    assert not (device.home / "keys" / "next").exists()


@pytest.mark.parametrize(
    "body",
    [{}, {"public_key": ""}, {"public_key": "ssh-rsa AAAA"}, {"public_key": 1}],
)
def test_the_link_names_a_key(body: dict[str, Any]) -> None:
    """What is no key of a device is not taken in as its successor."""
    with pytest.raises(BadBody):
        accept("device.succeeded", body)


def test_a_former_chain_is_sealed_once(town: Town) -> None:
    """Exports after a change add no events to the old chain."""
    office, device = enrolled(town)
    old = device.device.device
    rotating.rotate(device)
    grants.receive(device, town.enrol(office, device))
    before = len(list(device.store.events(device=old)))
    for _n in range(2):
        bundles.create(device)
    assert len(list(device.store.events(device=old))) == before
    store = Store(device.home, old, device.now_ms)
    assert store.verify() == []
    store.close()
