"""One test for each attack of The Update Framework's list, against an office's merge.

Each asks three things: the evil file is refused by the right code, nothing of it is held, and a
good bundle in the same merge has come in all the same.
"""

from __future__ import annotations

import hashlib
import os
import threading
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import Problem
from fieldkit.work import (
    devices,
    grants,
    merging,
    office_line,
    offices,
    policies,
    receipts_given,
    visiting,
)
from fieldkit.work.workspace import Workspace
from fieldkit_sync import age, clock, letter, policy, seal, sshsig
from fieldkit_sync import bundle_header as lay
from fieldkit_sync.bundle import EvidenceItem, write
from fieldkit_sync.event import GENESIS, Event, make
from fieldkit_sync.identity import Identity

Town = Any


class Scene:
    """An office, an enrolled device with a good bundle, and an enrolled device that turned evil."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.office: Workspace = town.office("o")
        self.device: Workspace = town.enrolled(self.office, "d", D101="met")
        self.evil: Workspace = town.enrolled(self.office, "e", D101="met")
        self.good: Path = town.sent(self.device)
        self.out = town.folder / "evil"
        self.out.mkdir()

    def chain(self, device: str = "", ms: int = 0, count: int = 2) -> list[Event]:
        """Visits in a new epoch of some device, by default the evil one's."""
        device = device or self.evil.device.device
        at = ms or self.office.now_ms()
        epoch, events = clock.new_epoch(at), []
        body = {"outcome": "met", "materials": 1, "app": "none", "note": "", "day": "2026-11-22"}
        for seq in range(1, count + 1):
            events.append(
                make(
                    device=device,
                    epoch=epoch,
                    seq=seq,
                    prev=events[-1].hash if events else GENESIS,
                    hlc=clock.pack(at, seq),
                    kind="visit.logged",
                    entity="e" * 32,
                    division="",
                    body=body,
                )
            )
        return events

    def bundle(self, events: list[Event], identity: Identity | None = None, **named: Any) -> Path:
        """A whole, signed bundle of these events to the office."""
        keys = offices.public(self.office)
        said = {"recipients": [keys.recipient], "office": keys.office, **named}
        return write(
            self.out,
            identity=identity or devices.identity(self.evil),
            lines=[event.line for event in events],
            made_hlc=clock.pack(self.office.now_ms(), 0),
            tool="forger",
            **said,
        ).path

    def resealed(self, file: Path, change: Any, sign: bool = True) -> Path:
        """A bundle opened, changed, its manifests mended and signed by the evil device."""
        plain = age.decrypt_bytes(file.read_bytes(), office_line.identities(self.office))
        with zipfile.ZipFile(BytesIO(plain)) as source:
            files = {name: source.read(name) for name in source.namelist()}
        change(files)
        if sign:
            self.mend(files)
        target = BytesIO()
        with zipfile.ZipFile(target, "w") as out:
            for name in sorted(files):
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.create_system, info.external_attr = 3, 0o100644 << 16
                out.writestr(info, files[name])
        sealed = age.encrypt_bytes(target.getvalue(), [offices.public(self.office).recipient])
        path = self.out / f"{hashlib.sha256(sealed).hexdigest()[:16]}.fkb.zip.age"
        path.write_bytes(sealed)
        return path

    def mend(self, files: dict[str, bytes]) -> None:
        """Both manifests anew, and the signature over them."""
        payload = {n: d for n, d in files.items() if n.startswith(lay.TOP + "data/")}
        files[lay.MANIFEST] = _rows(payload)
        skip = {*payload, lay.TAG_MANIFEST, lay.SIGNATURE}
        files[lay.TAG_MANIFEST] = _rows({n: d for n, d in files.items() if n not in skip})
        signature = devices.identity(self.evil).sign(sshsig.BUNDLE, files[lay.TAG_MANIFEST])
        files[lay.SIGNATURE] = signature.encode()

    def refuses(self, evil: Path, code: str) -> None:
        """Merge the evil file beside the good one."""
        done = merging.merge(self.office, [evil, self.good])
        assert [(one.file, one.code) for one in done.rejected] == [(evil, code)]
        assert done.merged + done.already_known == 1
        held = {event.device for event in self.office.store.events()}
        assert held <= {self.device.device.device, self.office.device.device}
        assert self.office.store.verify() == []


def _rows(files: dict[str, bytes]) -> bytes:
    rows = sorted(
        (name.removeprefix(lay.TOP), hashlib.sha256(data).hexdigest())
        for name, data in files.items()
    )
    return "".join(f"{digest}  {name}\n" for name, digest in rows).encode()


@pytest.fixture
def scene(town: Town) -> Scene:
    """The scene of the attack."""
    return Scene(town)


def test_replay(scene: Scene, town: Town) -> None:
    """A bundle that was taken in, sent again as it is, and sealed anew: nothing happens."""
    merging.merge(scene.office, [scene.good])
    digest = scene.office.store.state_digest()
    plain = age.decrypt_bytes(scene.good.read_bytes(), office_line.identities(scene.office))
    again = scene.out / "again.fkb.zip.age"
    again.write_bytes(age.encrypt_bytes(plain, [offices.public(scene.office).recipient]))
    done = merging.merge(scene.office, [scene.good, again])
    assert (done.already_known, done.events_new, done.rejected) == (2, 0, [])
    assert scene.office.store.state_digest() == digest


def test_rollback(scene: Scene, town: Town) -> None:
    """An old receipt and an old policy after the new ones change nothing."""
    merging.merge(scene.office, [scene.good])
    old = town.folder / "old.letter.age"
    receipts_given.give(scene.office, scene.device.device.device, old)
    town.enrolled(scene.office, "third")
    town.answered(scene.office, scene.device)
    with pytest.raises(Problem) as told:
        grants.receive(scene.device, old)
    assert told.value.code == "policy-older"


def test_indefinite_freeze(scene: Scene) -> None:
    """A device of which nothing comes any more: the status says since when."""
    merging.merge(scene.office, [scene.good])
    rows = {row.device: row for row in offices.status(scene.office)}
    assert rows[scene.device.device.device].last_seen == "2026-11-22T10:00:00+08:00"
    assert rows[scene.evil.device.device].last_seen is None


def test_mix_and_match(scene: Scene) -> None:
    """The events of one bundle under the header and signature of another."""
    other = scene.bundle(scene.chain(count=3))
    taken: dict[str, bytes] = {}
    scene.resealed(other, taken.update)
    mixed = scene.resealed(
        scene.bundle(scene.chain()),
        lambda files: files.update({lay.EVENTS: taken[lay.EVENTS]}),
    )
    scene.refuses(mixed, "header-mismatch")


def test_mix_and_match_without_mending(scene: Scene) -> None:
    """The same, with the manifests left as they were signed."""
    taken: dict[str, bytes] = {}
    scene.resealed(scene.bundle(scene.chain(count=3)), taken.update)
    mixed = scene.resealed(
        scene.bundle(scene.chain()),
        lambda files: files.update({lay.EVENTS: taken[lay.EVENTS]}),
        sign=False,
    )
    scene.refuses(mixed, "hash-mismatch")


def test_endless_data(scene: Scene) -> None:
    """A member that unpacks without end is refused by its ratio, before it is unpacked."""
    plain = BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as out:
        info = zipfile.ZipInfo(lay.EVENTS, (1980, 1, 1, 0, 0, 0))
        info.create_system, info.external_attr = 3, 0o100644 << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        out.writestr(info, b"0" * 50_000_000)
    bomb = scene.out / "bomb.fkb.zip.age"
    bomb.write_bytes(age.encrypt_bytes(plain.getvalue(), [offices.public(scene.office).recipient]))
    scene.refuses(bomb, "zip-bomb")


def test_slow_retrieval(scene: Scene) -> None:
    """A pipe that never says anything stops nobody; a file that still grows is cut short."""
    pipe = scene.out / "pipe.fkb.zip.age"
    os.mkfifo(pipe)
    done: list[Any] = []
    # The journal belongs to the thread that opened it.
    home = scene.office.home

    def merge() -> None:
        with Workspace.open(home) as ws:
            done.append(merging.merge(ws, [pipe, scene.good]))

    thread = threading.Thread(target=merge, daemon=True)
    thread.start()
    thread.join(60)
    assert done, "the merge waits for a pipe"
    assert [one.code for one in done[0].rejected] == ["not-a-file"]
    assert done[0].merged == 1
    growing = scene.out / "growing.fkb.zip.age"
    whole = scene.bundle(scene.chain()).read_bytes()
    growing.write_bytes(whole[:-100])
    scene.refuses(growing, "truncated")


def test_fast_forward(scene: Scene) -> None:
    """Events from the year 2500 come in, but nobody's clock follows them."""
    far = scene.office.now_ms() + 500 * 365 * clock.DAY_MS
    done = merging.merge(scene.office, [scene.bundle(scene.chain(ms=far)), scene.good])
    assert (done.merged, done.rejected) == (2, [])
    visiting_home = scene.office
    (event,) = visiting_home.store.append([_note(scene)])
    assert clock.unpack(event.hlc)[0] <= scene.office.now_ms() + clock.DAY_MS


def test_a_failed_batch_moves_no_clock(scene: Scene) -> None:
    """A bundle that is refused at its last line has not touched the clock with its first."""
    soon = scene.office.now_ms() + clock.DAY_MS // 2
    events = scene.chain(ms=soon)
    bad = scene.chain(device=scene.device.device.device, ms=soon)
    before = scene.office.store._get("hlc")
    merging.merge(scene.office, [scene.bundle([*events, *bad])])
    assert scene.office.store._get("hlc") == before


def _note(scene: Scene) -> Any:
    from fieldkit.domain.kinds import site_id
    from fieldkit.store.store import Draft

    body = {"outcome": "met", "materials": 1, "app": "none", "note": "", "day": "2026-11-22"}
    return Draft("visit.logged", site_id("D101"), "", body)


def test_arbitrary_signer(scene: Scene, town: Town) -> None:
    """A whole bundle by a key that nobody enrolled waits, and is taken in once it is."""
    stranger = town.worked("s", {"D101": "met"})
    keys = offices.public(scene.office)
    from fieldkit.work import bundles

    path = bundles.create(stranger, scene.out, keys.recipient).path
    assert path is not None
    scene.refuses(path, "unknown-signer")
    town.enrol(scene.office, stranger)
    assert merging.merge(scene.office, [path]).merged == 1


def test_wrong_namespace(scene: Scene) -> None:
    """A signature made for a seal does not pass for one over a bundle."""

    def change(files: dict[str, bytes]) -> None:
        scene.mend(files)
        signature = devices.identity(scene.evil).sign(sshsig.SEAL, files[lay.TAG_MANIFEST])
        files[lay.SIGNATURE] = signature.encode()

    scene.refuses(scene.resealed(scene.bundle(scene.chain()), change, sign=False), "signature")


def test_wrong_recipient(scene: Scene, town: Town) -> None:
    """A bundle meant for another office, opened there and sealed anew to this one."""
    other = town.office("p")
    meant = scene.bundle(scene.chain(), recipients=[offices.public(other).recipient], office="")
    plain = age.decrypt_bytes(meant.read_bytes(), office_line.identities(other))
    forwarded = scene.out / "forwarded.fkb.zip.age"
    forwarded.write_bytes(age.encrypt_bytes(plain, [offices.public(scene.office).recipient]))
    scene.refuses(forwarded, "wrong-office")


@pytest.mark.parametrize("kind", ["bare", "resealed", "other-key"])
def test_foreign_chain(scene: Scene, kind: str) -> None:
    """Events in the name of an enrolled colleague: unsealed, or sealed with the wrong key."""
    victim = scene.device.device.device
    events = scene.chain(device=victim)
    last = events[-1]
    evil = devices.identity(scene.evil)
    if kind != "bare":
        body = seal.seal_body(evil, last.epoch, last.seq, last.hash)
        if kind == "resealed":
            body["device"] = victim
        events.append(
            make(
                device=victim,
                epoch=last.epoch,
                seq=last.seq + 1,
                prev=last.hash,
                hlc=last.hlc,
                kind="seal",
                entity=victim,
                division="",
                body=body,
            )
        )
    scene.refuses(scene.bundle(events), "unsealed")


def test_forged_policy(scene: Scene) -> None:
    """A policy that the evil device signed for its own office vouches for nobody."""
    from fieldkit_sync.office import OfficeKeys

    fake = OfficeKeys.create(scene.out / "fake", "假办公室")
    ghost = Identity.create(scene.out / "ghost", "幽灵")
    said = policy.Policy(
        office=fake.office,
        office_name=fake.name,
        ca_public_key=fake.ca_public_key,
        version=1,
        issued=clock.pack(scene.office.now_ms(), 0),
        recipients=(fake.recipient,),
        devices=(policy.Member(ghost.device, ghost.public_key),),
        revoked=(),
    )
    raw = policy.write(said, fake.sign)
    assert letter.one(raw).type == policy.TYPE
    scene.refuses(scene.bundle(scene.chain(device=ghost.device), policies=raw), "foreign-event")
    assert policies.lower(scene.office) == []


def test_evidence_under_a_false_name(scene: Scene) -> None:
    """A file of a kind that is not kept refuses the bundle; none of its events stay."""
    script = scene.out / "x.sh"
    script.write_bytes(b"#!/bin/sh\n")
    digest = hashlib.sha256(script.read_bytes()).hexdigest()
    item = EvidenceItem(digest, script.stat().st_size, "sh", script)
    scene.refuses(scene.bundle(scene.chain(), evidence=[item]), "evidence")
    assert list(scene.office.evidence.digests()) == []


def test_hostile_names_reach_no_terminal(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    """A file name that would steer the terminal is printed as harmless text."""
    from fieldkit.start import run

    evil = scene.out / "\x1b]52;c;aGk=\x07\u202e[red].age"
    evil.write_bytes(b"no bundle")
    home = str(scene.office.home)
    assert run(["--home", home, "office", "merge", str(evil)]) == 1
    said = capsys.readouterr()
    for text in (said.out, said.err):
        assert not {c for c in text if (c < " " and c != "\n") or c in "\x7f\u202e\x9b"}


def test_visiting_goes_on(scene: Scene) -> None:
    """After all this the good device's next bundle is taken in as ever."""
    merging.merge(scene.office, [scene.good])
    visiting.log(scene.device, "D102", "met")
    assert merging.merge(scene.office, [scene.town.sent(scene.device)]).merged == 1
