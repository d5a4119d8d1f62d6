"""Keys, chains and bundles that the tests of sync share. Keys are drawn once per run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldkit_sync import bundle, clock, event, seal
from fieldkit_sync.identity import Identity
from fieldkit_sync.office import OfficeKeys


@dataclass(frozen=True)
class World:
    """One enrolled device, its office, another office and a chain of events."""

    device: Identity
    stranger: Identity
    office: OfficeKeys
    other: OfficeKeys
    certificate: str
    events: list[event.Event]


EPOCH = clock.pack(1_790_000_000_000, 7)


def chain(device: str, count: int, *, epoch: str = EPOCH) -> list[event.Event]:
    """A chain of ``count`` events with fixed salts."""
    events: list[event.Event] = []
    hlc = None
    for seq in range(1, count + 1):
        hlc = clock.tick(hlc, 1_790_000_000_000 + seq)
        events.append(
            event.make(
                device=device,
                epoch=epoch,
                seq=seq,
                prev=events[-1].hash if events else event.GENESIS,
                hlc=hlc,
                kind="visit.logged",
                entity=f"{seq:032x}",
                division="990101",
                body={"note": "无人在家", "n": seq},
                salt=f"{seq:032x}",
            )
        )
    return events


def sealed(identity: Identity, events: list[event.Event]) -> list[event.Event]:
    """The chain with a seal at its end."""
    last = events[-1]
    body = seal.seal_body(identity, last.epoch, last.seq, last.hash)
    return [
        *events,
        event.make(
            device=identity.device,
            epoch=last.epoch,
            seq=last.seq + 1,
            prev=last.hash,
            hlc=clock.tick(last.hlc, 0),
            kind="seal",
            entity=identity.device,
            division="",
            body=body,
        ),
    ]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The shared keys and events."""
    root = tmp_path_factory.mktemp("world")
    device = Identity.create(root / "device", "一组平板")
    office = OfficeKeys.create(root / "office", "澜渡镇联席办")
    return World(
        device=device,
        stranger=Identity.create(root / "stranger", "别家"),
        office=office,
        other=OfficeKeys.create(root / "other", "邻镇"),
        certificate=office.certify(device.public, serial=9, valid_from=1_700_000_000),
        events=sealed(device, chain(device.device, 12)),
    )


@pytest.fixture
def photo(tmp_path: Path) -> bundle.EvidenceItem:
    """A small piece of evidence."""
    import hashlib

    data = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
    path = tmp_path / "photo.png"
    path.write_bytes(data)
    return bundle.EvidenceItem(hashlib.sha256(data).hexdigest(), len(data), "png", path)


@pytest.fixture
def written(world: World, photo: bundle.EvidenceItem, tmp_path: Path) -> bundle.Written:
    """A good bundle from the device to its office."""
    return bundle.write(
        tmp_path / "out",
        identity=world.device,
        lines=[found.line for found in world.events],
        evidence=[photo],
        recipients=[world.office.recipient],
        office=world.office.office,
        office_name=world.office.name,
        certificate=world.certificate,
        made_hlc=world.events[-1].hlc,
        tool="fieldkit test",
        work_dir=tmp_path,
    )


@pytest.fixture
def chain_of():  # type: ignore[no-untyped-def]
    """Makes a chain for a device id; ``salt`` replaces the last event's salt (a fork)."""

    def build(device: str, count: int, *, salt: str | None = None) -> list[event.Event]:
        events = chain(device, count)
        if salt is not None:
            last = events[-1]
            assert last.body is not None
            events[-1] = event.make(
                device=last.device,
                epoch=last.epoch,
                seq=last.seq,
                prev=last.prev,
                hlc=last.hlc,
                kind=last.kind,
                entity=last.entity,
                division=last.division,
                body=last.body,
                salt=salt,
            )
        return events

    return build
