"""Letters, policies and receipts: the golden ones, the bad ones by code, and their laws."""

from __future__ import annotations

import importlib.util
import itertools
import random
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit_sync import bundle, letter, lite, policy, receipt, sshsig
from fieldkit_sync.errors import Refusal
from fieldkit_sync.identity import Identity
from fieldkit_sync.office import OfficeKeys

VECTORS = Path(__file__).resolve().parents[2] / "sync" / "vectors"
LETTERS = sorted((VECTORS / "letters").glob("*.letter"))
DEVICE = Identity.load(VECTORS / "keys" / "device")
OFFICE = OfficeKeys.load(VECTORS / "keys" / "office")


def maker() -> ModuleType:
    """The generator of the letters."""
    spec = importlib.util.spec_from_file_location("make_letters", VECTORS / "make_letters.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(raw: bytes) -> policy.Policy | receipt.Receipt:
    """What a letter with one document says."""
    document = letter.one(raw)
    if document.type == receipt.TYPE:
        return receipt.read(document, OFFICE.ca_public_key)
    return policy.read(document, OFFICE.ca_public_key)


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_each_letter_has_its_outcome(path: Path) -> None:
    """The name says it: good, or the code of the refusal."""
    code = path.stem.partition("--")[0]
    if code == "good":
        read(path.read_bytes())
        return
    with pytest.raises(Refusal) as told:
        read(path.read_bytes())
    assert told.value.code == code


def test_the_generator_writes_these_very_letters() -> None:
    """Nothing in them is random, so a change of the format cannot go unnoticed."""
    made = maker().letters(DEVICE, OFFICE)
    assert made == {path.name: path.read_bytes() for path in LETTERS}
    assert len(made) > 20


def test_good_ones_say_what_was_written() -> None:
    """Reading gives back every field."""
    made = maker()
    good = VECTORS / "letters"
    assert read((good / "good--policy.letter").read_bytes()) == made.policy_of(DEVICE, OFFICE)
    said = read((good / "good--receipt.letter").read_bytes())
    assert said == made.receipt_of(DEVICE, OFFICE)
    assert isinstance(said, receipt.Receipt)
    assert said.chains[0].missing == ((5, 6),)


@pytest.mark.parametrize("kind", ["policy", "receipt"])
def test_stock_ssh_keygen_checks_them(kind: str, tmp_path: Path) -> None:
    """``head`` and ``tail`` take a document apart; ssh-keygen knows the signature."""
    raw = (VECTORS / "letters" / f"good--{kind}.letter").read_bytes()
    line, _, armour = raw.partition(b"\n")
    (tmp_path / "sig").write_bytes(armour)
    assert shutil.which("ssh-keygen"), "ssh-keygen is not installed"
    (tmp_path / "signers").write_text(f"office {OFFICE.ca_public_key}\n")
    space = {"policy": sshsig.POLICY, "receipt": sshsig.RECEIPT}[kind]
    command = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "office", "-n", space]
    done = subprocess.run(
        [*command, "-s", "sig"], cwd=tmp_path, input=line + b"\n", capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_small_form_opens_for_ever() -> None:
    """The kept parcel, by its own reader and by the one for bundles."""
    path = VECTORS / "letters" / "good--three-events.fkl.age"
    with lite.read(path, [OFFICE.age_identity]) as small:
        assert [event.line for event in small.events()] == [it.line for it in maker().chain(DEVICE)]
    with bundle.read(path, [OFFICE.age_identity]) as opened:
        assert opened.device == DEVICE.device


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["policy", "receipt"]), st.integers(0, 10**6), st.integers(0, 7))
def test_no_flipped_bit_is_believed(kind: str, place: int, bit: int) -> None:
    """A letter with one bit changed anywhere is refused, and nothing else happens."""
    raw = bytearray((VECTORS / "letters" / f"good--{kind}.letter").read_bytes())
    raw[place % len(raw)] ^= 1 << bit
    with pytest.raises(Refusal):
        read(bytes(raw))


def policies(version: int, name: str = "镇") -> policy.Policy:
    """A policy of some version."""
    made: policy.Policy = maker().policy_of(DEVICE, OFFICE)
    from dataclasses import replace

    return replace(made, version=version, office_name=name)


def test_versions_never_go_back() -> None:
    """Higher replaces, the same is the same, lower and different are refused by their codes."""
    assert policy.newer(policies(4), policies(3))
    assert not policy.newer(policies(3), policies(3))
    for other, code in ((policies(2), "policy-older"), (policies(3, "县"), "policy-split")):
        with pytest.raises(Refusal) as told:
            policy.newer(other, policies(3))
        assert told.value.code == code


@pytest.mark.parametrize("seed", range(30))
def test_runs_within_runs(seed: int) -> None:
    """A receipt is believed exactly if each durable run lies in a received one."""
    chance = random.Random(seed)
    cuts = sorted(chance.sample(range(1, 60), 12))
    outer = tuple((a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if b > a)
    inner = tuple(sorted({(a, chance.randint(a, b + chance.choice([0, 0, 1]))) for a, b in outer}))
    held = receipt.ChainHeld(DEVICE.device, "0" * 16, outer, inner, "0" * 64)
    made = maker().receipt_of(DEVICE, OFFICE)
    from dataclasses import replace

    apart = all(b[0] > a[1] + 1 for a, b in itertools.pairwise(outer))
    spread = all(b[0] > a[1] + 1 for a, b in itertools.pairwise(inner))
    fits = all(receipt.covers(outer, run) for run in inner)
    try:
        receipt.write(replace(made, chains=(held,)), OFFICE.sign)
        believed = True
    except Refusal:
        believed = False
    assert believed == (apart and spread and fits)
