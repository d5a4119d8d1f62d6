"""Identities, cards, certificates, grants and seals."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fieldkit_sync import canon, certificate, identity, office, seal, sshsig
from fieldkit_sync.errors import Refusal
from fieldkit_sync.identity import Identity
from fieldkit_sync.office import OfficeKeys


def refusal(call, *args, **named) -> str:
    """The code with which a call refuses."""
    with pytest.raises(Refusal) as no:
        call(*args, **named)
    return no.value.code


def test_an_identity_loads_as_it_was_made(tmp_path: Path) -> None:
    """Keys, id and name stay; files are private; no half folder is left."""
    made = Identity.create(tmp_path / "home" / "keys", "一组")
    again = Identity.load(tmp_path / "home" / "keys")
    assert again.public == made.public == identity.public(tmp_path / "home" / "keys")
    assert again.age_identity == made.age_identity
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["keys"]
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "home/keys").stat().st_mode) == 0o700
        for name in ("device_ed25519", "device.age"):
            assert stat.S_IMODE((tmp_path / "home/keys" / name).stat().st_mode) == 0o600


def test_an_identity_is_never_overwritten(tmp_path: Path) -> None:
    """A second creation is refused, and so is one over other files."""
    Identity.create(tmp_path / "keys", "一组")
    assert refusal(Identity.create, tmp_path / "keys", "二组") == "identity-exists"
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note").touch()
    assert refusal(Identity.create, tmp_path / "full", "x") == "folder-not-empty"
    (tmp_path / "empty").mkdir()
    assert Identity.create(tmp_path / "empty", "x").name == "x"


def test_of_many_that_create_at_once_one_wins_whole(tmp_path: Path) -> None:
    """Eight creators, one identity, seven plain refusals, nothing left over."""

    def create(number: int) -> str:
        try:
            return Identity.create(tmp_path / "keys", f"n{number}").device
        except Refusal as no:
            return no.code

    with ThreadPoolExecutor(8) as pool:
        made = sorted(pool.map(create, range(8)))
    assert set(made) == {"identity-exists", Identity.load(tmp_path / "keys").device}
    assert made.count("identity-exists") == 7
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize("name", ["", " x", "a\nb", "\x1b[31m", "长" * 41, "x\u202e"])
def test_odd_names_are_refused(tmp_path: Path, name: str) -> None:
    """A name is short and printable."""
    assert refusal(Identity.create, tmp_path / "k", name) == "bad-name"
    assert not (tmp_path / "k").exists()


def test_renaming_keeps_everything_else(tmp_path: Path) -> None:
    """The name is for people; id and keys stay."""
    made = Identity.create(tmp_path / "k", "旧")
    renamed = identity.rename(tmp_path / "k", "新")
    assert renamed.name == "新"
    assert renamed.device == made.device
    assert Identity.load(tmp_path / "k").name == "新"


def test_damaged_identities_are_named(tmp_path: Path) -> None:
    """A missing or exchanged file is a refusal, not a crash."""
    assert refusal(identity.public, tmp_path / "none") == "no-identity"
    one, two = (Identity.create(tmp_path / name, name) for name in ("a", "b"))
    (one.folder / "device_ed25519").write_bytes((two.folder / "device_ed25519").read_bytes())
    assert refusal(Identity.load, one.folder) == "bad-identity"
    (one.folder / "device_ed25519").write_text("nonsense")
    assert refusal(Identity.load, one.folder) == "bad-identity"
    (two.folder / "device.age").unlink()
    assert refusal(Identity.load, two.folder) == "bad-identity"
    (one.folder / "device.json").write_text("{}")
    assert refusal(identity.public, one.folder) == "bad-identity"


def test_cards_are_read_back(world) -> None:
    """A card, the same card from Windows, and its JSON form all name the device."""
    card = identity.card_text(world.device.public)
    assert identity.parse_card(card) == world.device.public
    assert identity.parse_card("\ufeff" + card.replace("\n", "\r\n")) == world.device.public
    facts = {key: getattr(world.device.public, key) for key in ("device", "name", "public_key",
             "recipient")}  # fmt: skip
    assert identity.parse_card(json.dumps(facts, indent=2)) == world.device.public


def test_no_changed_character_of_a_card_passes(world) -> None:
    """The check sum finds every mistyped character."""
    card = identity.card_text(world.device.public)
    for at in range(0, len(card) - 1, 3):
        other = card[:at] + ("x" if card[at] != "x" else "y") + card[at + 1 :]
        with pytest.raises(Refusal):
            identity.parse_card(other)


@pytest.mark.parametrize(
    "change",
    [{"device": "0" * 32}, {"recipient": "age1x"}, {"name": "\x1b"}, {"more": "x"}, {"name": 1}],
)
def test_json_cards_are_checked(world, change) -> None:
    """An id that is not the key's, a malformed field or an extra one is refused."""
    public = world.device.public
    facts = {"device": public.device, "name": public.name, "public_key": public.public_key,
             "recipient": public.recipient}  # fmt: skip
    with pytest.raises(Refusal):
        identity.parse_card(json.dumps({**facts, **change}))
    with pytest.raises(Refusal):
        identity.parse_card(json.dumps(facts)[:-1] + ', "name": "x"}')
    with pytest.raises(Refusal):
        identity.parse_card("{" * 4000)


def test_certificates_say_who_and_by_whom(world) -> None:
    """A checked certificate names device, office and times."""
    found = certificate.check(world.certificate, world.office.ca_public_key)
    assert (found.device, found.office) == (world.device.device, world.office.office)
    assert (found.serial, found.valid_from, found.valid_to) == (9, 1_700_000_000, None)
    timed = certificate.issue(
        world.office.ca_key_path, world.device.public_key, world.device.device,
        world.office.office, 10, 1_700_000_000, 1_800_000_000,
    )  # fmt: skip
    assert certificate.check(timed, world.office.ca_public_key).valid_to == 1_800_000_000


def test_foreign_and_edited_certificates_are_refused(world) -> None:
    """Another office, another device, a flipped character, another type of certificate."""
    check = certificate.check
    assert refusal(check, world.certificate, world.other.ca_public_key) == "certificate"
    kind, body = world.certificate.split(" ")
    for at in range(60, len(body) - 4, 37):
        spoiled = body[:at] + ("A" if body[at] != "A" else "B") + body[at + 1 :]
        assert refusal(check, f"{kind} {spoiled}", world.office.ca_public_key) == "certificate"
    assert refusal(check, world.device.public_key, world.office.ca_public_key) == "certificate"
    assert refusal(
        certificate.issue_with, world.office.private_key, world.device.public_key,
        world.stranger.device, world.office.office, 1, 0,
    ) == "bad-key"  # fmt: skip


def test_grants_are_read_back(world) -> None:
    """A grant carries all that a device needs to seal for its office."""
    raw = office.grant(
        world.office, world.device.public, world.certificate, [world.office.recipient], 3
    )
    found = office.read_grant(raw)
    assert found.device == world.device.device
    assert found.office == world.office.office
    assert found.recipients == (world.office.recipient,)
    assert found.policy_version == 3
    assert found.certificate == world.certificate


def test_edited_grants_are_refused(world) -> None:
    """No flipped bit of a grant passes, nor a grant for another device."""
    raw = office.grant(
        world.office, world.device.public, world.certificate, [world.office.recipient]
    )
    for at in range(0, len(raw), 11):
        spoiled = bytearray(raw)
        spoiled[at] ^= 1
        with pytest.raises(Refusal):
            office.read_grant(bytes(spoiled))
    swapped = raw.replace(
        world.office.recipient.encode(), world.other.recipient.encode()
    )  # the attack that matters: seal to somebody else
    assert refusal(office.read_grant, swapped) == "signature"
    assert refusal(office.read_grant, raw + b"x") == "signature"
    assert refusal(office.read_grant, b"\xff\n\xff") == "not-a-grant"
    with pytest.raises(Refusal):
        office.grant(
            world.office, world.stranger.public, world.certificate, [world.office.recipient]
        )


def test_an_office_loads_as_it_was_made(world, tmp_path: Path) -> None:
    """The office id is the one of its CA key."""
    made = OfficeKeys.create(tmp_path / "office", "镇")
    assert OfficeKeys.load(tmp_path / "office").office == made.office
    assert office.public(tmp_path / "office").recipient == made.recipient
    assert refusal(OfficeKeys.create, tmp_path / "office", "镇") == "office-exists"
    assert refusal(OfficeKeys.load, tmp_path) == "no-office"


def test_seals_hold_for_one_head_of_one_device(world) -> None:
    """A seal is bound to device, epoch, number and head."""
    body = seal.seal_body(world.device, "0" * 16, 5, "a" * 64)
    seal.check_seal(body, world.device.public_key)
    for change in ({"seq": 6}, {"head": "b" * 64}, {"epoch": "1" * 16}):
        assert refusal(seal.check_seal, {**body, **change}, world.device.public_key) == "signature"
    assert refusal(seal.check_seal, body, world.stranger.public_key) == "seal"
    assert refusal(seal.check_seal, {**body, "more": 1}, world.device.public_key) == "seal"
    assert refusal(seal.check_seal, {**body, "seq": "5"}, world.device.public_key) == "seal"
    assert refusal(seal.check_seal, {**body, "sig": 5}, world.device.public_key) == "seal"
    claim = {key: body[key] for key in ("device", "epoch", "seq", "head")}
    wrong = world.device.sign(sshsig.BUNDLE, canon.encode(claim))
    assert refusal(
        seal.check_seal, {**claim, "sig": wrong}, world.device.public_key
    ) == "signature"  # fmt: skip


def test_a_moved_seal_event_is_refused(world) -> None:
    """A seal event seals the event right before it."""

    last = world.events[-1]
    seal.check_event(last, world.device.public_key)
    moved = last.replaced(seq=last.seq + 1)
    assert refusal(seal.check_event, moved, world.device.public_key) == "seal"


def test_no_changed_byte_of_a_signature_passes(world) -> None:
    """The armour is strict: every flipped bit is refused, so are added lines."""
    armour = world.device.sign(sshsig.SEAL, b"data")
    key = world.device.public_key
    sshsig.verify(armour, sshsig.SEAL, b"data", key)
    for at in range(len(armour)):
        for bit in (1, 32):
            spoiled = armour[:at] + chr(ord(armour[at]) ^ bit) + armour[at + 1 :]
            assert refusal(sshsig.verify, spoiled, sshsig.SEAL, b"data", key) == "signature"
    for other in (armour + "\n", " " + armour, armour.replace("\n", "\r\n"), armour[:-1], ""):
        assert refusal(sshsig.verify, other, sshsig.SEAL, b"data", key) == "signature"
    assert refusal(sshsig.verify, armour, sshsig.BUNDLE, b"data", key) == "signature"
    assert refusal(sshsig.verify, armour, sshsig.SEAL, b"date", key) == "signature"


def test_nothing_heavy_is_imported_for_a_look() -> None:
    """Every module loads, and a card is read, without a cipher library."""
    code = (
        "import sys, pkgutil, fieldkit_sync, importlib\n"
        "for m in pkgutil.iter_modules(fieldkit_sync.__path__):\n"
        "    importlib.import_module('fieldkit_sync.' + m.name)\n"
        "from fieldkit_sync.identity import public\n"
        "from fieldkit_sync.errors import Refusal\n"
        "try: public(__import__('pathlib').Path('nowhere'))\n"
        "except Refusal: pass\n"
        "print({'cryptography', 'pyrage'} & set(sys.modules))"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    assert out.stdout.strip() == "set()"
