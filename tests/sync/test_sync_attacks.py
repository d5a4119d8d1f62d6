"""Hostile bundles: each is refused with its code, whole, and in bounded time."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit_sync import age, bundle, event
from fieldkit_sync.bundle_zip import StrictZip, check_name
from fieldkit_sync.errors import Refusal

VECTORS = Path(__file__).resolve().parents[2] / "sync" / "vectors"
CODES = json.loads((VECTORS / "bundles" / "codes.json").read_text("ascii"))
LINES = json.loads((VECTORS / "events.json").read_text("utf-8"))


def _generator():
    spec = importlib.util.spec_from_file_location("vectors_make", VECTORS / "make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # Data classes look their module up by name.
    sys.modules["vectors_make"] = module
    spec.loader.exec_module(module)
    return module


MAKE = _generator()


def code_of(path: Path, keys: list[str], work: Path) -> str:
    """The refusal's code, or "" if the bundle is accepted. No plain bytes may stay behind."""
    work.mkdir(exist_ok=True)
    try:
        with bundle.read(path, keys, work_dir=work) as opened:
            list(opened.events())
            return ""
    except Refusal as no:
        return no.code
    finally:
        assert not list(work.iterdir())


def office_key() -> list[str]:
    """The throw-away key of the vectors."""
    rows = (VECTORS / "office-key.txt").read_text("ascii").splitlines()
    return [row for row in rows if row.startswith("AGE-SECRET-KEY")]


@pytest.mark.parametrize("name", CODES)
def test_golden_bundles(name: str, tmp_path: Path) -> None:
    """Every stored bundle is accepted or refused as on the day it was made."""
    path = VECTORS / "bundles" / f"{name}.fkb.zip.age"
    assert code_of(path, office_key(), tmp_path / "w") == CODES[name]


@pytest.mark.parametrize("row", LINES, ids=lambda row: row["name"])
def test_golden_lines(row) -> None:
    """Every stored line is accepted with its hash, or refused with its code."""
    line = bytes.fromhex(row["line_hex"])
    if row["valid"]:
        found = event.parse(line)
        assert found.line == line
        assert found.hash == row["hash"]
        return
    with pytest.raises(Refusal) as no:
        event.parse(line)
    assert no.value.code == row["code"]


def test_the_lines_are_what_the_generator_makes() -> None:
    """The corpus of lines is reproducible: stored and generated are equal."""
    assert MAKE.event_corpus() == LINES


@pytest.mark.parametrize("name", MAKE.BAD)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_fresh_attacks(world, written, name: str, tmp_path: Path) -> None:
    """The same attacks, made anew with today's keys."""
    code, spoil = MAKE.BAD[name]
    draft = MAKE.take_apart(written.path, world.office, world.device)
    spoil(draft)
    draft.seal(tmp_path / "bad.age")
    assert code_of(tmp_path / "bad.age", [world.office.age_identity], tmp_path / "w") == code


def test_the_wrong_office_cannot_open_it(world, written, tmp_path: Path) -> None:
    """Another office's key opens nothing."""
    keys = [world.other.age_identity]
    assert code_of(written.path, keys, tmp_path / "w") == "wrong-office"


def test_a_strangers_signature_does_not_pass(world, written, tmp_path: Path) -> None:
    """Signed by another key than the one inside: refused; with its own key inside, it is its."""
    draft = MAKE.take_apart(written.path, world.office, world.stranger)
    draft.resign()
    draft.seal(tmp_path / "bad.age")
    keys = [world.office.age_identity]
    assert code_of(tmp_path / "bad.age", keys, tmp_path / "w") == "signature"
    draft.files[MAKE.lay.DEVICE_PUB] = world.stranger.public_key.encode() + b"\n"
    draft.relist()
    draft.seal(tmp_path / "bad.age")
    assert code_of(tmp_path / "bad.age", keys, tmp_path / "w") == "certificate"
    del draft.files[MAKE.lay.DEVICE_CERT]
    draft.relist()
    draft.seal(tmp_path / "bad.age")
    assert code_of(tmp_path / "bad.age", keys, tmp_path / "w") == "header-mismatch"


def test_mixed_volumes_do_not_pass(world, written, photo, tmp_path: Path) -> None:
    """Parts of two good bundles of one device do not make a third."""
    one = MAKE.take_apart(written.path, world.office, world.device)
    other = bundle.write(
        tmp_path / "o",
        identity=world.device,
        lines=[found.line for found in world.events[:4]],
        evidence=[photo],
        recipients=[world.office.recipient],
        made_hlc="0" * 16,
        tool="t",
    )
    two = MAKE.take_apart(other.path, world.office, world.device)
    for name in (MAKE.lay.EVENTS, MAKE.lay.HEADER, MAKE.lay.MANIFEST, MAKE.lay.TAG_MANIFEST):
        mixed = MAKE.Draft(world.device, one.recipient, {**one.files, name: two.files[name]})
        mixed.seal(tmp_path / "bad.age")
        assert code_of(tmp_path / "bad.age", [world.office.age_identity], tmp_path / "w")


def test_no_flipped_bit_passes(world, written, tmp_path: Path) -> None:
    """A bit anywhere in the sealed file makes it unreadable, and nothing else happens."""
    raw = written.path.read_bytes()
    bad = tmp_path / "bad.age"
    for at in [*range(0, 400, 5), *range(400, len(raw), len(raw) // 60)]:
        spoiled = bytearray(raw)
        spoiled[at] ^= 4
        bad.write_bytes(bytes(spoiled))
        assert code_of(bad, [world.office.age_identity], tmp_path / "w"), at


def test_no_cut_passes(world, written, tmp_path: Path) -> None:
    """A file cut anywhere is refused."""
    raw = written.path.read_bytes()
    bad = tmp_path / "bad.age"
    for end in [*range(0, 400, 7), *range(400, len(raw), len(raw) // 40), len(raw) - 1]:
        bad.write_bytes(raw[:end])
        assert code_of(bad, [world.office.age_identity], tmp_path / "w"), end
    bad.write_bytes(raw + b"\0")
    assert code_of(bad, [world.office.age_identity], tmp_path / "w") == "truncated"


def test_a_flipped_bit_inside_does_not_pass_either(world, written, tmp_path: Path) -> None:
    """The same on the inner ZIP, as someone who may seal to the office could do it."""
    draft = MAKE.take_apart(written.path, world.office, world.device)
    raw = draft.zip_bytes()
    age.decrypt_file(written.path, tmp_path / "plain.zip", [world.office.age_identity])
    assert raw == (tmp_path / "plain.zip").read_bytes()
    chance, passed = random.Random(7), 0
    for _ in range(150):
        at, bit = chance.randrange(len(raw)), 1 << chance.randrange(8)
        spoiled = raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]
        draft.after = lambda _, spoiled=spoiled: spoiled
        draft.seal(tmp_path / "bad.age")
        try:
            with bundle.read(tmp_path / "bad.age", [world.office.age_identity]) as opened:
                # Only the idle bits after the end of a deflate stream change nothing, and what
                # nobody reads: a member's maker and its permissions, said in the directory alone.
                assert list(opened.events()) == world.events
                passed += 1
        except Refusal:
            continue
    assert passed <= 12


def test_a_stanza_flood_costs_nothing(world, tmp_path: Path) -> None:
    """Sixty thousand stanzas are refused before the cipher library sees them."""
    stanza = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n"
    path = tmp_path / "flood.age"
    path.write_bytes(b"age-encryption.org/v1\n" + stanza * 60_000)
    start = time.process_time()
    assert code_of(path, [world.office.age_identity], tmp_path / "w") == "header-flood"
    long = b"-> x " + b"A" * 20_000
    path.write_bytes(b"age-encryption.org/v1\n" + long)
    assert code_of(path, [world.office.age_identity], tmp_path / "w") == "header-flood"
    assert time.process_time() - start < 1


def test_a_huge_file_is_refused_unread(world, tmp_path: Path) -> None:
    """The size is looked at first."""
    path = tmp_path / "huge.age"
    with path.open("wb") as out:
        out.truncate(400 * 1024 * 1024)
    assert code_of(path, [world.office.age_identity], tmp_path / "w") == "too-large"
    with pytest.raises(Refusal) as no:
        bundle.peek(path)
    assert no.value.code == "too-large"


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_random_bytes_are_never_an_age_header(tmp_path_factory, raw: bytes) -> None:
    """The header check refuses any noise, also behind a true first line."""
    path = tmp_path_factory.mktemp("h") / "x"
    for prefix in (b"", b"age-encryption.org/v1\n", b"age-encryption.org/v1\n-> X25519 a\n"):
        path.write_bytes(prefix + raw)
        with pytest.raises(Refusal):
            age.header_ok(path)


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_random_bytes_are_never_a_zip(tmp_path_factory, raw: bytes) -> None:
    """The directory check refuses any noise, also before a true end record."""
    path = tmp_path_factory.mktemp("z") / "x"
    for suffix in (
        b"",
        b"PK\x05\x06" + bytes(18),
        b"PK\x05\x06" + b"\0\0\0\0\x01\0\x01\0" + bytes(10),
    ):
        path.write_bytes(raw + suffix)
        with pytest.raises(Refusal):
            StrictZip(path)


def test_a_classic_overlap_bomb_is_refused(tmp_path: Path) -> None:
    """Many entries over one kernel of data (CVE-2024-0450)."""
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as out:
        info = zipfile.ZipInfo("fk1/a", (1980, 1, 1, 0, 0, 0))
        info.create_system, info.external_attr = 3, 0o100644 << 16
        out.writestr(info, b"x" * 50)
    raw = path.read_bytes()
    at, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    entry = raw[at:end]
    more = b"".join(entry.replace(b"fk1/a", b"fk1/%c" % letter) for letter in b"abcdef")
    tail = bytearray(raw[end:])
    tail[8:16] = (6).to_bytes(2, "little") * 2 + len(more).to_bytes(4, "little")
    path.write_bytes(raw[:at] + more + bytes(tail))
    with pytest.raises(Refusal) as no:
        StrictZip(path)
    assert no.value.code in {"zip-overlap", "zip-mismatch"}


@pytest.mark.parametrize(
    "name",
    ["/abs", "a/../b", "..", "a//b", "a/./b", "a/", "c:/x", "a\\b", "nul", "a/con.txt", "com1",
     "é", "a\0b", "A", "a/.x", "a./b", "x" * 200, "", "aux.tar.gz"],
)  # fmt: skip
def test_odd_paths_are_refused(name: str) -> None:
    """No name that any system could read in a second way."""
    with pytest.raises(Refusal) as no:
        check_name(name)
    assert no.value.code.startswith("name-")
