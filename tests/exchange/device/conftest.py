"""An office that speaks to devices in letters, as its own program would write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldkit.store import receipts_given as book
from fieldkit.work import devices, offices
from fieldkit_sync import letter, policy, receipt
from fieldkit_sync.policy import Member, Policy
from fieldkit_sync.receipt import ChainHeld, Receipt

Run = tuple[int, int]


class Voice:
    """One office's letters; what it holds is read from its journal unless a test says otherwise."""

    def __init__(self, office: Any, folder: Path) -> None:
        self.office = office
        self.keys = offices.load(office)
        self.folder = folder
        self.epoch = f"{1:012x}0001"
        self.number = 0
        self.written = 0

    def held(self, durable: bool = False) -> list[ChainHeld]:
        """What the office holds, chain by chain."""
        db = self.office.store.db
        found = []
        for device, epoch in db.execute("SELECT device, epoch FROM chain").fetchall():
            rows = db.execute(
                "SELECT first, last FROM chain_run WHERE device = ? AND epoch = ? ORDER BY first",
                (device, epoch),
            ).fetchall()
            runs = tuple((int(a), int(b)) for a, b in rows)
            (head,) = db.execute(
                "SELECT hash FROM event WHERE device = ? AND epoch = ? "
                "ORDER BY seq DESC, hash DESC LIMIT 1",
                (device, epoch),
            ).fetchone()
            forked = any(it[:2] == (device, epoch) for it in self.forks())
            pieces = tuple(book.pieces(db, device, epoch, list(runs), forked=forked))
            found.append(ChainHeld(device, epoch, runs, runs if durable else (), head, pieces))
        return found

    def forks(self) -> tuple[tuple[str, str, int], ...]:
        """The numbers used twice, as the office's journal has them."""
        rows = self.office.store.db.execute(
            "SELECT device, epoch, seq FROM chain_fork ORDER BY device, epoch, seq"
        )
        return tuple((str(a), str(b), int(c)) for a, b, c in rows)

    def receipt(
        self,
        device: Any,
        chains: Sequence[ChainHeld] | None = None,
        *,
        durable: bool = False,
        missing: Sequence[str] = (),
        number: int = 0,
        forks: Sequence[tuple[str, str, int]] | None = None,
        to: str = "",
    ) -> bytes:
        """The next receipt for a device, or one with this number."""
        self.number = number or self.number + 1
        return receipt.write(
            Receipt(
                office=self.keys.office,
                office_epoch=self.epoch,
                receipt_seq=self.number,
                prev=receipt.NO_RECEIPT,
                issued=f"{1_795_000_000_000:012x}0000",
                device=to or device.device.device,
                policy_version=1,
                chains=tuple(self.held(durable) if chains is None else chains),
                evidence_missing=tuple(missing),
                forks=self.forks() if forks is None else tuple(forks),
            ),
            self.keys.sign,
        )

    def policy(self, version: int, **changes: Any) -> bytes:
        """A policy of this office that names the devices it enrolled.

        Versions count from 100, above those that the office's program signed by itself.
        """
        members = [Member(it.device, it.public_key) for it in offices.enrolled(self.office)]
        plain = Policy(
            office=self.keys.office,
            office_name=self.keys.name,
            ca_public_key=self.keys.ca_public_key,
            version=100 + version,
            issued="0" * 16,
            recipients=(self.keys.recipient,),
            devices=tuple(members),
            revoked=(),
        )
        return policy.write(replace(plain, **changes), self.keys.sign)

    def grant(self, town: Any, device: Any) -> bytes:
        """The grant of a device alone, without what the office's program puts behind it."""
        return letter.split(town.enrol(self.office, device).read_bytes())[0].raw

    def letter(self, device: Any, *parts: bytes, recipient: str = "") -> Path:
        """A sealed letter as a file."""
        self.written += 1
        path = self.folder / f"{self.keys.office[:8]}-{self.written}.letter.age"
        path.write_bytes(letter.seal(parts, recipient or device.device.recipient))
        return path


@pytest.fixture
def voice(tmp_path: Path) -> Callable[[Any], Voice]:
    """Make the voice of an office home."""
    return lambda office: Voice(office, tmp_path)


@pytest.fixture
def chain_held() -> Callable[..., ChainHeld]:
    """What an office would say of a device's newest chain if it held these runs of it."""

    def of(device: Any, received: Sequence[Run], durable: Sequence[Run] = ()) -> ChainHeld:
        events = list(device.store.events(device=device.device.device))
        epoch = events[-1].epoch
        hashes = {it.seq: it.hash for it in events if it.epoch == epoch}
        pieces = tuple((first, last, hashes[last]) for first, last in received)
        head = hashes[received[-1][1]]
        return ChainHeld(device.device.device, epoch, tuple(received), tuple(durable), head, pieces)

    return of


@pytest.fixture
def opened_lines(tmp_path: Path) -> Callable[[Any, Path], list[bytes]]:
    """The event lines inside a bundle, as its office reads them."""
    from fieldkit_sync import bundle

    def read(office: Any, path: Path) -> list[bytes]:
        keys = [offices.load(office).age_identity, devices.identity(office).age_identity]
        with bundle.read(path, keys, work_dir=tmp_path) as opened:
            return [event.line for event in opened.events()]

    return read
