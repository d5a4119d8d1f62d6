"""The HTTP wire keeps the contract of wires, over a receiver of its own and a line that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit_sync.identity import Identity
from fieldkit_sync.wires.base import OFFICE, Volume
from fieldkit_sync.wires.folder import Folder
from fieldkit_sync.wires.http_client import Http, Signer

from .contract import WireContract, swell
from .receiver import PLACE, Line, Running


class _Office:
    def __init__(self, root: Path, me: Identity) -> None:
        self.box = me.device
        self.root = root
        self._me = me
        self.running = Running(root, PLACE, {me.device: me.public_key})
        self.line = Line(self.running.port)

    def wire(self) -> Http:
        me = Signer(self._me.device, self._me.sign)
        return Http(f"http://127.0.0.1:{self.line.port}", me, office=PLACE, timeout=10)

    def held(self, box: str = OFFICE) -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in self.root.glob("*.age")}

    def cut_after(self, count: int) -> None:
        self.line.cut_after = count

    def stale(self, one: Volume, held: bytes, box: str = OFFICE) -> bool:
        (self.root / one.name).unlink(missing_ok=True)
        place = f"{self.box}-{one.sha256}-{one.size}{one.name[16:]}.part"
        (self.root / ".parts" / place).write_bytes(held)
        return True

    def fill(self, full: bool) -> None:
        self.running.spool._room = 1 << 60 if full else 0

    def lay(self, one: Volume) -> None:
        Folder(self.root).put(one, self.box)

    def spoil(self, name: str) -> None:
        place = self.root / "letters" / self.box / name
        raw = bytearray(place.read_bytes())
        raw[len(raw) // 2] ^= 1
        place.write_bytes(raw)

    def swell(self, name: str) -> None:
        swell(self.root / "letters" / self.box / name)

    def close(self) -> None:
        self.line.close()
        self.running.close()


@pytest.fixture(scope="module")
def me(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """One device for all tests."""
    return Identity.create(tmp_path_factory.mktemp("keys") / "keys", "甲")


@pytest.fixture
def far(tmp_path: Path, me: Identity) -> Iterator[_Office]:
    """A receiver that runs, behind a line that can be cut."""
    office = _Office(tmp_path / "spool", me)
    yield office
    office.close()


class TestHttp(WireContract):
    """See `contract`."""
