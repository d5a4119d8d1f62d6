"""The small form: what was sealed comes out, and nothing else is ever believed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from fieldkit_sync import age, bundle, canon, deliver, event, lite, runs, sshsig
from fieldkit_sync.errors import Refusal


def pack(plain: bytes, level: int = 9) -> bytes:
    """Raw DEFLATE, as anybody would write it."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(plain) + packer.flush()


def unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed, -15)


def open_bytes(packed: bytes, world: Any, ours: tuple[str, ...] = ()) -> lite.LiteOpened:
    """Read decrypted bytes as the office."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "plain"
        path.write_bytes(packed)
        return lite.read_plain(path, ours or [world.office.recipient])


def code(packed: bytes, world: Any, ours: tuple[str, ...] = ()) -> str:
    with pytest.raises(Refusal) as no:
        open_bytes(packed, world, ours)
    return no.value.code


def write(folder: Path, world: Any, events: list[event.Event], **change: Any) -> bundle.Written:
    """A parcel from the device to its office."""
    named: dict[str, Any] = {
        "identity": world.device,
        "lines": [found.line for found in events],
        "recipients": [world.office.recipient],
        "office": world.office.office,
        "office_name": world.office.name,
        "certificate": world.certificate,
        "made_hlc": "0" * 16,
        "tool": "fieldkit test",
    }
    return lite.write(folder, **{**named, **change})


@pytest.fixture
def parcel(world: Any, tmp_path: Path) -> bundle.Written:
    """A good parcel."""
    return write(tmp_path / "out", world, world.events)


@pytest.fixture
def plain(world: Any, parcel: bundle.Written) -> bytes:
    """Its plain text, unpacked."""
    return unpack(age.decrypt_bytes(parcel.path.read_bytes(), [world.office.age_identity]))


def resigned(
    world: Any, plain: bytes, *, who: Any = None, body: bytes | None = None, **change: Any
) -> bytes:
    """The parcel with other header fields or lines, signed as if they were meant."""
    first, _, rest = plain.partition(b"\n")
    rest = rest if body is None else body
    header = {**json.loads(first), **change}
    del header["sig"]
    header["sig"] = (who or world.device).sign(sshsig.LITE, spelled(header) + b"\n" + rest)
    header = {key: value for key, value in {**header, **change}.items() if value is not ...}
    return pack(spelled(header) + b"\n" + rest)


def spelled(doc: Any) -> bytes:
    """Canonical JSON, spelled by the library and not by the code under test."""
    text = json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def test_what_was_sealed_comes_out(world: Any, parcel: bundle.Written) -> None:
    """Events, signer, certificate and header, by the attributes of a whole bundle."""
    with lite.read(parcel.path, [world.other.age_identity, world.office.age_identity]) as opened:
        assert list(opened.events()) == list(opened.events()) == world.events
        assert list(opened.evidence()) == []
        assert (opened.device, opened.public_key) == (world.device.device, world.device.public_key)
        assert opened.certificate == world.certificate
        header = opened.header
        assert (header["kind"], header["n"], header["volume"]) == ("lite", len(world.events), "1/1")
        assert (header["office"], header["evidence"]) == (world.office.office, [])
        assert header["bundle_id"] == parcel.bundle_id
        assert header.keys() == {*bundle_keys(world, parcel.path.parent)}
    assert parcel.path.name == (
        hashlib.sha256(parcel.path.read_bytes()).hexdigest()[:16] + ".fkl.age"
    )
    assert (parcel.events, parcel.evidence, parcel.bytes, parcel.extra) == (
        len(world.events), 0, parcel.path.stat().st_size, (),
    )  # fmt: skip
    assert [path.name for path in parcel.path.parent.glob("*.fkl*")] == [parcel.path.name]


def bundle_keys(world: Any, folder: Path) -> Any:
    """The header fields of a whole bundle."""
    made = bundle.write(
        folder / "whole", identity=world.device, lines=[], recipients=[world.office.recipient],
        made_hlc="0" * 16, tool="t",
    )  # fmt: skip
    with bundle.read(made.path, [world.office.age_identity]) as opened:
        return opened.header.keys()


def test_stock_tools_open_it(world: Any, parcel: bundle.Written, tmp_path: Path) -> None:
    """``age -d``, Python's zlib and ``ssh-keygen``, nothing else."""
    subprocess.run(
        ["age", "-d", "-i", world.office.age_key_path, "-o", tmp_path / "x.fkl", parcel.path],
        check=True,
    )
    script = (
        "import json, zlib\n"
        "first, _, lines = zlib.decompress(open('x.fkl', 'rb').read(), -15).partition(b'\\n')\n"
        "header = json.loads(first)\n"
        "open('sig', 'w').write(header.pop('sig'))\n"
        "text = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(',', ':'))\n"
        "open('signed', 'wb').write(text.encode() + b'\\n' + lines)\n"
        "open('signers', 'w').write(header['dev'] + ' ' + header['pub'] + '\\n')\n"
        "open('events.jsonl', 'wb').write(lines)\n"
    )
    subprocess.run(["python3", "-I", "-c", script], cwd=tmp_path, check=True)
    with (tmp_path / "signed").open("rb") as signed:
        subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", world.device.device,
             "-n", "lite.v1@fieldkit", "-s", "sig"],
            cwd=tmp_path, stdin=signed, check=True,
        )  # fmt: skip
    lines = (tmp_path / "events.jsonl").read_bytes().splitlines()
    assert lines == [found.line for found in world.events]


def test_a_zip_and_a_parcel_are_told_apart_by_their_first_bytes(written: bundle.Written) -> None:
    """No raw DEFLATE stream begins as a ZIP does."""
    with pytest.raises(zlib.error):
        zlib.decompress(b"PK\x03\x04" + bytes(70_000), -15)


@settings(deadline=None, max_examples=40)
@given(
    texts=some.lists(some.text(max_size=40), max_size=12),
    restart=some.integers(0, 12),
    name=some.text(some.characters(categories=["L", "N"]), max_size=40),
)
def test_round_trip(world: Any, texts: list[str], restart: int, name: str) -> None:
    """Any bodies, in one chain or two."""
    events: list[event.Event] = []
    for number, text in enumerate(texts):
        last = events[-1] if events and number != restart else None
        events.append(
            event.make(
                device=world.device.device, epoch=f"{int(number >= restart):016x}",
                seq=last.seq + 1 if last else 1, prev=last.hash if last else event.GENESIS,
                hlc=f"{number:016x}", kind="visit.logged", entity="0" * 32, division="",
                body={"note": text},
            )
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        made = write(Path(folder), world, events, office_name=name, office="", certificate="")
        with lite.read(made.path, [world.office.age_identity]) as opened:
            assert list(opened.events()) == events
            assert (opened.certificate, opened.header["office_name"]) == (None, name)


def test_every_truncation_is_refused(world: Any, plain: bytes) -> None:
    """Of the packed bytes and of the unpacked ones."""
    packed = pack(plain)
    for length in range(len(packed)):
        assert code(packed[:length], world) == "zip-data"
    for length in range(0, len(plain), 7):
        with pytest.raises(Refusal):
            open_bytes(pack(plain[:length], 1), world)


def test_every_flipped_bit_is_refused(world: Any, tmp_path: Path) -> None:
    """Of the text without exception; of the packing, unless the very same text comes out."""
    made = write(tmp_path, world, world.events[:2])
    packed = age.decrypt_bytes(made.path.read_bytes(), [world.office.age_identity])
    plain = unpack(packed)
    for at in range(len(plain) * 8):
        spoiled = flipped(plain, at)
        with pytest.raises(Refusal):
            lite.LiteOpened(spoiled, [world.office.recipient])
    same = 0
    for at in range(len(packed) * 8):
        try:
            text = lite._inflated(flipped(packed, at))
            same += text == plain
            opened = lite.LiteOpened(text, [world.office.recipient])
        except Refusal:
            continue
        assert text == plain, at
        assert list(opened.events()) == world.events[:2]
    # DEFLATE has now and then two spellings for one text; the text is what is signed.
    assert same * 100 < len(packed) * 8


def flipped(data: bytes, at: int) -> bytes:
    return data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :]


@settings(deadline=None, max_examples=200)
@given(raw=some.binary(max_size=400) | some.binary(max_size=400).map(pack))
def test_noise_is_refused(world: Any, raw: bytes) -> None:
    """Whatever the bytes, it is a refusal and never another error."""
    with pytest.raises(Refusal):
        open_bytes(raw, world)


@pytest.mark.parametrize("tail", [b"\x00", b"x", b"PK\x05\x06"])
def test_trailing_bytes_are_refused(world: Any, plain: bytes, tail: bytes) -> None:
    """Nothing may hide behind the end."""
    assert code(pack(plain) + tail, world) == "zip-data"


def test_bombs_are_refused_in_bounded_memory(world: Any, tmp_path: Path) -> None:
    """Counted while unpacking: by ratio, by size, and by what JSON would grow to."""
    steep = pack(bytes(12 * 1024 * 1024))
    dense = hashlib.shake_256(b"x").digest(1_200_000)
    large = pack(dense + bytes(200_000_000))
    header = pack(b'{"a":[' + b"[]," * 5_000_000 + b"[]]}\n" + dense[:100_000])
    nested = pack(b"[" * 1_000_000 + b"\n" + dense[:100_000])
    path = tmp_path / "plain"
    for packed, wanted in (
        (steep, "zip-bomb"),
        (large, "too-large"),
        (header, "header-mismatch"),
        (nested, "header-mismatch"),
        (dense * 2, "too-large"),
    ):
        path.write_bytes(packed)
        tracemalloc.start()
        try:
            with pytest.raises(Refusal) as no:
                lite.read_plain(path, [world.office.recipient])
            assert tracemalloc.get_traced_memory()[1] < 80 * 1024 * 1024
        finally:
            tracemalloc.stop()
        assert no.value.code == wanted
    path.write_bytes(b"age-encryption.org/v1\n" + bytes(lite.MAX_SEALED))
    with pytest.raises(Refusal) as no:
        lite.read(path, [world.office.age_identity])
    assert no.value.code == "too-large"


def test_a_writer_makes_nothing_that_no_reader_takes(world: Any, tmp_path: Path) -> None:
    """Too much, or too much alike: refused, and nothing is left behind."""
    alike = [made(world, 250_000 * "x")] * 3
    much = [made(world, noise(200_000))] * 90
    dense = [made(world, noise(250_000, seed)) for seed in range(30)]
    for events in (alike, much, dense):
        with pytest.raises(Refusal) as no:
            write(tmp_path / "out", world, events)
        assert no.value.code == "too-large"
    assert not (tmp_path / "out").exists()


def noise(length: int, seed: int = 0) -> str:
    return hashlib.shake_256(bytes([seed])).hexdigest(length // 2)


def made(world: Any, text: str) -> event.Event:
    return event.make(
        device=world.device.device, epoch="0" * 16, seq=1, prev=event.GENESIS, hlc="0" * 16,
        kind="visit.logged", entity="0" * 32, division="", body={"note": text},
    )  # fmt: skip


Change = Callable[[Any], dict[str, Any]]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda w: {"sig": ...}, "header-mismatch"),
        (lambda w: {"sig": "x"}, "signature"),
        (lambda w: {"sig": 5}, "header-mismatch"),
        (lambda w: {"more": 1}, "header-mismatch"),
        (lambda w: {"kind": "events"}, "header-mismatch"),
        (lambda w: {"volume": "1/1"}, "header-mismatch"),
        (lambda w: {"v": 2}, "header-mismatch"),
        (lambda w: {"v": True}, "header-mismatch"),
        (lambda w: {"n": 1}, "header-mismatch"),
        (lambda w: {"certificate": None}, "header-mismatch"),
        (lambda w: {"certificate": "ssh-ed25519 x"}, "certificate"),
        (lambda w: {"certificate": "x" * 3000}, "certificate"),
        (lambda w: {"office": w.other.office}, "header-mismatch"),
        (lambda w: {"dev": w.stranger.device}, "header-mismatch"),
        (lambda w: {"dev": w.stranger.device, "pub": w.stranger.public_key}, "signature"),
        (lambda w: {"who": w.stranger}, "signature"),
        (lambda w: {"to": [w.other.recipient]}, "wrong-office"),
        (lambda w: {"to": []}, "header-mismatch"),
        (lambda w: {"ranges": []}, "header-mismatch"),
        (lambda w: {"ranges": [], "n": 0}, "header-mismatch"),
        (lambda w: {"ranges": [one_range(w, head="a" * 64)]}, "header-mismatch"),
        (lambda w: {"ranges": [one_range(w, dev=w.stranger.device)]}, "header-mismatch"),
        (lambda w: {"ranges": [one_range(w, epoch="0" * 16)]}, "header-mismatch"),
        (lambda w: {"body": b""}, "header-mismatch"),
        (lambda w: {"body": lines(w.events[:-1])}, "header-mismatch"),
        (lambda w: {"body": lines([*w.events, w.events[-1]])}, "header-mismatch"),
        (lambda w: {"body": lines(w.events)[:-1]}, "bad-event"),
        (lambda w: {"body": lines(w.events).replace(b"\n", b"\r\n")}, "bad-event"),
        (lambda w: {"body": b"\n" + lines(w.events)}, "bad-event"),
        (lambda w: {"body": lines([*w.events[:1], *w.events[2:], w.events[1]])}, "chain-broken"),
        (lambda w: {"body": lines([w.events[1], w.events[0], *w.events[2:]])}, "chain-broken"),
    ],
)
def test_what_is_signed_is_checked_too(
    world: Any, plain: bytes, change: Change, wanted: str
) -> None:
    """A signature makes nothing true that does not hold together."""
    assert code(resigned(world, plain, **change(world)), world) == wanted


def one_range(world: Any, **change: Any) -> dict[str, Any]:
    """The range that the good parcel announces, but for some fields."""
    (found,) = runs.ranges_of(world.events)
    return {**found, **change}


def lines(events: list[event.Event]) -> bytes:
    return b"".join(found.line + b"\n" for found in events)


def test_the_helper_above_changes_nothing_by_itself(world: Any, plain: bytes) -> None:
    """So the refusals are due to the changes."""
    assert unpack(resigned(world, plain)) == plain
    assert open_bytes(resigned(world, plain), world).device == world.device.device


def test_a_foreign_seal_passes_and_a_false_one_of_the_signer_does_not(
    world: Any, tmp_path: Path
) -> None:
    """The signer's own seals are verified."""
    last = world.events[-1]
    assert last.body is not None
    false = event.make(
        device=last.device, epoch=last.epoch, seq=last.seq, prev=last.prev, hlc=last.hlc,
        kind="seal", entity=last.entity, division="", body={**last.body, "seq": 3},
    )  # fmt: skip
    made = write(tmp_path, world, [*world.events[:-1], false])
    with pytest.raises(Refusal) as no:
        lite.read(made.path, [world.office.age_identity])
    assert no.value.code == "bad-event"
    carried = write(
        tmp_path, world, [*world.events[:-1], false], identity=world.stranger, certificate=""
    )
    assert lite.read(carried.path, [world.office.age_identity]).header["n"] == len(world.events)


def test_it_is_bound_to_its_reader_and_its_purpose(
    world: Any, parcel: bundle.Written, plain: bytes
) -> None:
    """Sealed to another, sealed anew by its reader, or signed for another purpose."""
    with pytest.raises(Refusal) as no:
        lite.read(parcel.path, [world.other.age_identity])
    assert no.value.code == "wrong-office"
    assert code(pack(plain), world, (world.other.recipient,)) == "wrong-office"
    header = json.loads(plain.partition(b"\n")[0])
    body = plain.partition(b"\n")[2]
    header.pop("sig")
    signed = canon.encode(header) + b"\n" + body
    for namespace in (sshsig.BUNDLE, sshsig.SEAL, sshsig.GRANT):
        sig = world.device.sign(namespace, signed)
        spoiled = canon.encode({**header, "sig": sig}) + b"\n" + body
        assert code(pack(spoiled), world) == "signature"


def test_a_certificate_is_of_the_office_that_is_named(
    world: Any, tmp_path: Path, plain: bytes
) -> None:
    """Also when writing; and it is for the signer."""
    with pytest.raises(Refusal) as no:
        write(tmp_path, world, [], office=world.other.office)
    assert no.value.code == "certificate"
    strange = world.office.certify(world.stranger.public, serial=3, valid_from=0)
    assert code(resigned(world, plain, certificate=strange), world) == "certificate"


def test_a_medium_that_lies_is_found_out(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for whole bundles."""
    monkeypatch.setattr(deliver, "digest", lambda path: "0" * 64)
    with pytest.raises(Refusal) as no:
        write(tmp_path / "stick", world, world.events)
    assert no.value.code == "write-back"
    assert list((tmp_path / "stick").iterdir()) == []


def test_it_is_much_smaller_than_the_whole_form(
    world: Any, parcel: bundle.Written, written: bundle.Written, tmp_path: Path
) -> None:
    """That is what it is for."""
    whole = bundle.write(
        tmp_path / "whole", identity=world.device, lines=[e.line for e in world.events],
        recipients=[world.office.recipient], office=world.office.office,
        certificate=world.certificate, made_hlc="0" * 16, tool="t",
    )  # fmt: skip
    assert parcel.bytes < whole.bytes * 0.7


def test_nothing_is_handed_out_after_closing(world: Any, parcel: bundle.Written) -> None:
    """The bytes are gone."""
    with lite.read(parcel.path, [world.office.age_identity]) as opened:
        pass
    assert list(opened.events()) == []
