"""Bundles: what is written comes back, whole, and nothing else is left behind."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from fieldkit_sync import age, bundle, bundle_header, deliver
from fieldkit_sync.errors import Refusal
from fieldkit_sync.office import OfficeKeys


def test_a_bundle_comes_back_whole(world, written, photo, tmp_path: Path) -> None:
    """Events, evidence, signer and certificate are what was put in."""
    with bundle.read(written.path, [world.office.age_identity], work_dir=tmp_path) as opened:
        assert list(opened.events()) == world.events
        assert opened.device == world.device.device
        assert opened.public_key == world.device.public_key
        assert opened.certificate == world.certificate
        assert opened.header["n"] == written.events == 13
        assert opened.header["ranges"] == [
            {
                "dev": world.device.device,
                "epoch": world.events[0].epoch,
                "from_seq": 1,
                "to_seq": 13,
                "prev": "0" * 64,
                "head": world.events[-1].hash,
                "n": 13,
            }
        ]
        [(digest, ext, opener)] = opened.evidence()
        assert (digest, ext) == (photo.sha256, "png")
        with opener() as source:
            assert source.read() == photo.path.read_bytes()


def test_reading_leaves_nothing_plain_behind(world, written, tmp_path: Path) -> None:
    """The working folder is empty after a good and after a refused bundle."""
    work = tmp_path / "w"
    work.mkdir()
    with bundle.read(written.path, [world.office.age_identity], work_dir=work):
        assert any(work.iterdir())
    assert not list(work.iterdir())
    with pytest.raises(Refusal):
        bundle.read(written.path, [world.other.age_identity], work_dir=work)
    assert not list(work.iterdir())


def test_writing_leaves_only_the_sealed_file(written, tmp_path: Path) -> None:
    """No part file and no plain text lie beside the sealed file, which is named by its digest."""
    [only] = (tmp_path / "out").iterdir()
    assert only == written.path
    digest = hashlib.sha256(only.read_bytes()).hexdigest()
    assert only.name == f"{digest[:16]}.fkb.zip.age"
    assert written.bytes == only.stat().st_size


def test_the_inner_zip_is_the_same_every_time(world, photo, tmp_path: Path) -> None:
    """Equal content gives equal bytes before sealing; only the age layer is random."""
    plains = []
    for name in ("a", "b"):
        made = bundle.write(
            tmp_path / name,
            identity=world.device,
            lines=[found.line for found in world.events],
            evidence=[photo],
            recipients=[world.office.recipient],
            made_hlc=world.events[-1].hlc,
            tool="t",
            bundle_id="ab" * 16,
        )
        age.decrypt_file(made.path, tmp_path / f"{name}.zip", [world.office.age_identity])
        plains.append((tmp_path / f"{name}.zip").read_bytes())
    assert plains[0] == plains[1]


def test_peek_needs_no_key(written) -> None:
    """Size, digest and number of stanzas can be said of a sealed file."""
    seen = bundle.peek(written.path)
    assert seen.size == written.bytes
    assert written.path.name.startswith(seen.sha256[:16])
    assert 1 <= seen.stanzas <= 20


def test_two_chains_and_a_fork_travel_together(world, tmp_path: Path, chain_of) -> None:
    """An office forwards several chains, both branches of a fork among them."""
    one, two = chain_of("a" * 32, 5), chain_of("b" * 32, 3)
    fork = chain_of("a" * 32, 5, salt="f" * 32)[-1:]
    made = bundle.write(
        tmp_path / "out",
        identity=world.device,
        lines=[found.line + b"\n" for found in [*one, *two, *fork]],
        recipients=[world.office.recipient, world.other.recipient],
        made_hlc=one[-1].hlc,
        tool="t",
    )
    for keys in (world.office, world.other):
        with bundle.read(made.path, [keys.age_identity]) as opened:
            assert list(opened.events()) == [*one, *two, *fork]
            assert [run["n"] for run in opened.header["ranges"]] == [5, 3, 1]


def test_many_events_are_parsed_a_second_time(
    world, written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit events are not kept in memory, and still come back."""
    monkeypatch.setattr("fieldkit_sync.bundle_read.KEEP", 3)
    with bundle.read(written.path, [world.office.age_identity]) as opened:
        assert opened._kept is None
        assert list(opened.events()) == world.events == list(opened.events())


def test_erased_events_travel(world, tmp_path: Path) -> None:
    """A chain with an erased body verifies and travels like any other."""
    from fieldkit_sync import event

    events = [event.erased(world.events[0]), *world.events[1:]]
    made = bundle.write(
        tmp_path / "out",
        identity=world.device,
        lines=[found.line for found in events],
        recipients=[world.office.recipient],
        made_hlc=events[-1].hlc,
        tool="t",
    )
    with bundle.read(made.path, [world.office.age_identity]) as opened:
        assert next(opened.events()).body is None


def test_evidence_goes_to_further_volumes(world, tmp_path: Path, monkeypatch) -> None:
    """What does not fit the first volume follows in others, each complete in itself."""
    monkeypatch.setattr(bundle_header, "MAX_VOLUME", 30_000)
    items = []
    for number in range(5):
        data = os.urandom(12_000)
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        items.append(bundle.EvidenceItem(digest, len(data), "jpg", path))
    made = bundle.write(
        tmp_path / "out",
        identity=world.device,
        lines=[found.line for found in world.events],
        evidence=items,
        recipients=[world.office.recipient],
        made_hlc=world.events[-1].hlc,
        tool="t",
    )
    assert len(made.extra) == 2
    assert made.evidence == 5
    seen = []
    for number, path in enumerate([made.path, *made.extra], start=1):
        with bundle.read(path, [world.office.age_identity]) as opened:
            assert opened.header["volume"] == f"{number}/3"
            assert opened.header["bundle_id"] == made.bundle_id
            assert opened.header["kind"] == ("events" if number == 1 else "evidence")
            assert len(list(opened.events())) == (13 if number == 1 else 0)
            seen += [digest for digest, _, _ in opened.evidence()]
    assert sorted(seen) == sorted(item.sha256 for item in items)


def test_the_same_evidence_is_sent_once(world, photo, tmp_path: Path) -> None:
    """A photo named by two answers is packed once."""
    made = bundle.write(
        tmp_path / "out",
        identity=world.device,
        lines=[],
        evidence=[photo, photo],
        recipients=[world.office.recipient],
        made_hlc="0" * 16,
        tool="t",
    )
    assert (made.events, made.evidence) == (0, 1)


def test_damaged_evidence_is_not_sent(world, photo, tmp_path: Path) -> None:
    """A file that is no longer what its digest says stops the export, leaving nothing."""
    photo.path.write_bytes(b"x" * photo.size)
    with pytest.raises(Refusal) as no:
        bundle.write(
            tmp_path / "out",
            identity=world.device,
            lines=[],
            evidence=[photo],
            recipients=[world.office.recipient],
            made_hlc="0" * 16,
            tool="t",
        )
    assert no.value.code == "evidence-damaged"
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("recipients", "code"),
    [([], "header-mismatch"), (["age1nonsense"], "header-mismatch"), (["age1" + "q" * 58], "")],
)
def test_wrong_recipients_are_refused(world, tmp_path: Path, recipients, code: str) -> None:
    """A mistyped recipient is named, never skipped."""
    with pytest.raises(Refusal) as no:
        bundle.write(
            tmp_path / "out",
            identity=world.device,
            lines=[],
            recipients=recipients,
            made_hlc="0" * 16,
            tool="t",
        )
    assert no.value.code == (code or "bad-recipient")


def test_a_certificate_of_another_office_is_refused(world, tmp_path: Path) -> None:
    """The certificate and the office in the header belong together."""
    with pytest.raises(Refusal) as no:
        bundle.write(
            tmp_path / "out",
            identity=world.device,
            lines=[],
            recipients=[world.office.recipient],
            office=world.other.office,
            certificate=world.certificate,
            made_hlc="0" * 16,
            tool="t",
        )
    assert no.value.code == "certificate"


def test_a_medium_that_lies_is_found_out(world, written, monkeypatch, tmp_path: Path) -> None:
    """If reading back gives other bytes the file is removed and the export refused."""
    real, calls = deliver.digest, []

    def second_time_differs(path: Path) -> str:
        calls.append(path)
        return real(path) if not path.name.endswith(".fkb.zip.age") else "0" * 64

    monkeypatch.setattr(deliver, "digest", second_time_differs)
    with pytest.raises(Refusal) as no:
        bundle.write(
            tmp_path / "stick",
            identity=world.device,
            lines=[],
            recipients=[world.office.recipient],
            made_hlc="0" * 16,
            tool="t",
        )
    assert no.value.code == "write-back"
    assert not list((tmp_path / "stick").iterdir())


def test_a_full_medium_leaves_no_part_file(world, monkeypatch, tmp_path: Path) -> None:
    """A write that fails half way is reported and leaves nothing under any name."""

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    real = os.fsync
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        bundle.write(
            tmp_path / "stick",
            identity=world.device,
            lines=[],
            recipients=[world.office.recipient],
            made_hlc="0" * 16,
            tool="t",
        )
    monkeypatch.setattr(os, "fsync", real)
    assert not list((tmp_path / "stick").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_plain_bytes_are_private(world, written, tmp_path: Path) -> None:
    """The decrypted file can be read by its owner alone."""
    target = tmp_path / "plain.zip"
    age.decrypt_file(written.path, target, [world.office.age_identity])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_an_office_has_its_own_key(world) -> None:
    """The key that seals for the office is not the one of the device."""
    assert isinstance(world.office, OfficeKeys)
    assert world.office.recipient != world.device.recipient
