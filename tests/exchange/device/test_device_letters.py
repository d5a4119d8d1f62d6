"""Letters from the office: what is believed, what is refused, and that nothing is half taken in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import Problem
from fieldkit.store import receipts_held
from fieldkit.work import above, bundles, grants, letters, merging, offices

Town = Any
Voice = Callable[[Any], Any]


def enrolled(town: Town) -> tuple[Any, Any]:
    """An office, and a device of it that has sent its work."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    grants.receive(device, town.enrol(office, device))
    made = bundles.create(device)
    assert made.path is not None
    merging.merge(office, [made.path])
    return office, device


def refused(device: Any, path: Path) -> str:
    """The code with which a file is refused, having left nothing behind."""
    before = state(device)
    with pytest.raises(Problem) as stop:
        letters.receive(device, path)
    assert stop.value.exit_code == 2
    assert "\n" not in stop.value.sentence()
    assert state(device) == before
    return stop.value.code


def state(device: Any) -> tuple[Any, ...]:
    """All that a letter may change."""
    db = device.store.db
    files = sorted((device.home / "grants").glob("*"))
    return (
        db.execute("SELECT * FROM receipt_held").fetchall(),
        db.execute("SELECT * FROM policy_held").fetchall(),
        db.execute("SELECT * FROM home").fetchall(),
        [(path.name, path.read_bytes()) for path in files],
    )


def test_documents_come_in_any_order(town: Town, voice: Voice) -> None:
    """Receipt, policy and grant in one letter, each counted."""
    office, device = enrolled(town)
    told = voice(office)
    grant = told.grant(town, device)
    path = told.letter(device, told.receipt(device), told.policy(1), grant)
    done = letters.receive(device, path)
    assert (done.receipts, done.policies, done.grants) == (1, 1, 1)
    assert (done.office, done.new_epoch) == (told.keys.office, False)
    again = letters.receive(device, path)
    assert (again.receipts, again.policies, again.old) == (0, 0, 1)


def test_a_plain_grant_may_bring_policies(town: Town, voice: Voice) -> None:
    """As a file in the open; receipts are not for everybody's eyes and come sealed only."""
    office, device = town.office("o"), town.home("d")
    told = voice(office)
    raw = told.grant(town, device)
    path = town.folder / "open.grant"
    path.write_bytes(raw + told.policy(3))
    assert letters.receive(device, path).policies == 1
    path.write_bytes(raw + told.receipt(device, []))
    assert refused(device, path) == "not-a-letter"
    path.write_bytes(told.policy(4) + raw)
    assert refused(device, path) == "not-a-grant"


def test_a_first_letter_may_be_sealed(town: Town, voice: Voice) -> None:
    """A device without an office takes the one that it is given; without a grant it has none."""
    office, device = town.office("o"), town.home("d")
    told = voice(office)
    grant = told.grant(town, device)
    (grants.mailbox() / f"{device.device.device}.grant").unlink()
    assert refused(device, told.letter(device, told.policy(1))) == "no-office"
    assert letters.receive(device, told.letter(device, grant, told.policy(1))).grants == 1
    granted = grants.current(device)
    assert granted is not None
    assert granted.office == told.keys.office


def test_policies_never_go_back(town: Town, voice: Voice) -> None:
    """A lower version is refused with all that came with it, and so is another of the same."""
    office, device = enrolled(town)
    told = voice(office)
    letters.receive(device, told.letter(device, told.policy(5)))
    old = told.letter(device, told.policy(4), told.receipt(device))
    assert refused(device, old) == "policy-older"
    split = told.letter(device, told.receipt(device), told.policy(5, issued="1" * 16))
    assert refused(device, split) == "policy-split"
    assert (
        letters.receive(device, told.letter(device, told.policy(7), told.policy(6))).policies == 2
    )
    held = above.policy(device, told.keys.office)
    assert held is not None
    assert held.version == 107


def test_bundles_are_sealed_to_the_newest_recipients(town: Town, voice: Voice) -> None:
    """A policy that names a second key counts at once."""
    office, device = enrolled(town)
    told = voice(office)
    second = offices.load(town.office("p")).recipient
    recipients = (told.keys.recipient, second)
    letters.receive(device, told.letter(device, told.policy(2, recipients=recipients)))
    made = bundles.create(device)
    assert made.path is not None
    assert bundles.verify(town.home("p"), made.path).device == device.device.device


def test_other_offices_are_refused(town: Town, voice: Voice) -> None:
    """Whoever can seal a letter to a device does not become its office by that."""
    office, device = enrolled(town)
    other = voice(town.office("p"))
    path = town.enrol(other.office, device)
    (grants.mailbox() / f"{device.device.device}.grant").unlink()
    grants.receive(device, town.enrol(office, device))
    (grants.mailbox() / f"{device.device.device}.grant").unlink()
    grant = other.grant(town, device)
    (grants.mailbox() / f"{device.device.device}.grant").unlink()
    for parts in ([grant], [other.policy(1)], [other.receipt(device)]):
        assert refused(device, other.letter(device, *parts)) == "other-office"
    forged = other.receipt(device).replace(
        other.keys.office.encode(), offices.load(office).office.encode()
    )
    assert refused(device, other.letter(device, forged)) == "signature"
    assert letters.receive(device, path).office == other.keys.office


def test_a_successor_is_followed(town: Town, voice: Voice) -> None:
    """The old office names the new key; grant, policy and receipts of the new one then count."""
    office, device = enrolled(town)
    told, heir = voice(office), voice(town.office("p"))
    letters.receive(device, told.letter(device, told.receipt(device, durable=True)))
    grant = heir.grant(town, device)
    (grants.mailbox() / f"{device.device.device}.grant").unlink()
    last_word = told.policy(9, successor=heir.keys.ca_public_key)
    path = heir.letter(device, grant, heir.policy(1), last_word)
    done = letters.receive(device, path)
    assert (done.office, done.policies, done.grants) == (heir.keys.office, 2, 1)
    assert bundles.create(device).path is None
    stands = above.receipt(device)
    assert stands is not None
    assert stands.office == told.keys.office
    heir.epoch, heir.number = told.epoch, told.number
    chains = told.held()
    assert letters.receive(device, heir.letter(device, heir.receipt(device, chains))).receipts == 1
    assert letters.receive(device, told.letter(device, told.receipt(device))).receipts == 0
    late = told.receipt(device, number=50)
    assert letters.receive(device, told.letter(device, late)).receipts == 1


def test_a_successor_comes_in_two_letters(town: Town, voice: Voice) -> None:
    """The policy may have come long before the grant."""
    office, device = enrolled(town)
    told, heir = voice(office), voice(town.office("p"))
    grant = heir.grant(town, device)
    (grants.mailbox() / f"{device.device.device}.grant").unlink()
    letters.receive(device, told.letter(device, told.policy(2, successor=heir.keys.ca_public_key)))
    assert letters.receive(device, heir.letter(device, grant)).office == heir.keys.office


def test_last_words_of_former_keys_are_passed_over(town: Town, voice: Voice) -> None:
    """Who follows already, or never knew the old key, is not troubled; nobody gains by a claim."""
    office, device = enrolled(town)
    told, stranger = voice(office), voice(town.office("p"))
    claim = stranger.policy(9, successor=told.keys.ca_public_key)
    done = letters.receive(device, told.letter(device, claim, told.policy(1), told.receipt(device)))
    assert (done.policies, done.receipts) == (1, 1)
    assert above.policy(device, stranger.keys.office) is None
    forged = stranger.receipt(device, number=500)
    assert refused(device, stranger.letter(device, claim, forged)) == "other-office"
    before = [*grants.mailbox().iterdir()]
    grants.receive(device, town.enrol(stranger.office, device))
    grants.receive(device, town.enrol(office, device))
    for path in {*grants.mailbox().iterdir()} - {*before}:
        path.unlink()
    assert refused(device, stranger.letter(device, claim, forged)) == "other-office"


def test_letters_are_for_one_device(town: Town, voice: Voice) -> None:
    """Sealed to another nobody can open it; sealed to us but meant for another it is refused."""
    office, device = enrolled(town)
    other = town.home("e")
    told = voice(office)
    assert refused(device, told.letter(other, told.receipt(device))) == "wrong-office"
    assert refused(device, told.letter(device, told.receipt(other))) == "receipt-for-another"
    grant = told.grant(town, other)
    letter = told.letter(device, told.receipt(device), told.policy(2), grant)
    assert refused(device, letter) == "grant-for-another"


def test_two_receipts_of_one_number(town: Town, voice: Voice) -> None:
    """An office that says two things under one number has lied once; nothing else counts."""
    office, device = enrolled(town)
    told = voice(office)
    letters.receive(device, told.letter(device, told.receipt(device)))
    split = told.letter(device, told.receipt(device, durable=True, number=1), told.policy(2))
    assert refused(device, split) == "receipt-split"
    number = told.number + 1
    both = [told.receipt(device, number=number), told.receipt(device, [], number=number)]
    assert refused(device, told.letter(device, *both)) == "receipt-split"


def test_what_newer_programs_write_is_refused_whole(town: Town, voice: Voice) -> None:
    """A document of an unknown type spoils its letter: half of it might be the wrong half."""
    from fieldkit_sync import letter

    office, device = enrolled(town)
    told = voice(office)
    strange = letter.write({"type": "fieldkit-poem"}, told.keys.sign, "poem.v1@fieldkit")
    assert refused(device, told.letter(device, told.receipt(device), strange)) == "not-a-letter"
    assert refused(device, told.letter(device, b"")) == "not-a-letter"
    made = bundles.create(device, to=device.device.recipient)
    assert made.path is not None
    assert refused(device, made.path) == "not-a-letter"


def test_nothing_is_kept_when_the_disk_refuses(
    town: Town, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grant cannot be written: then neither policy nor receipt is kept."""
    office, device = enrolled(town)
    told = voice(office)
    path = told.letter(device, told.policy(2), told.receipt(device), told.grant(town, device))
    grants.current(device)

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("fieldkit.work.grants.write_whole", full)
        assert refused(device, path) == "file-unreadable"
    assert letters.receive(device, path).policies == 1


def _damaged(raw: bytes) -> list[bytes]:
    cuts = [raw[:length] for length in range(len(raw))]
    flips = [
        raw[:at] + bytes([raw[at] ^ (1 << bit)]) + raw[at + 1 :]
        for at in range(len(raw))
        for bit in range(8)
    ]
    return [*cuts, *flips, raw + b"\n", raw + raw[-10:]]


@pytest.mark.slow
@pytest.mark.parametrize("sealed", [True, False])
def test_every_cut_and_every_flipped_bit_is_refused(town: Town, voice: Voice, sealed: bool) -> None:
    """Of a small letter and of a plain grant no damaged copy is taken in, and none crashes."""
    office, device = enrolled(town)
    told = voice(office)
    whole = town.folder / "whole"
    if sealed:
        whole = told.letter(device, told.receipt(device, []))
    else:
        whole.write_bytes(told.grant(town, device))
    grants.current(device)
    raw = whole.read_bytes()
    path = town.folder / "damaged"
    before = state(device)
    for bad in _damaged(raw):
        path.write_bytes(bad)
        with pytest.raises(Problem):
            letters.receive(device, path)
    assert state(device) == before
    assert letters.receive(device, whole).office == told.keys.office


def test_a_held_receipt_is_kept_as_it_came(town: Town, voice: Voice) -> None:
    """The signed bytes stay, as proof against the office."""
    office, device = enrolled(town)
    told = voice(office)
    raw = told.receipt(device)
    letters.receive(device, told.letter(device, raw))
    assert receipts_held.receipt(device.store.db, told.keys.office) == raw
