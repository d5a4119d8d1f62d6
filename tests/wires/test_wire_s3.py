"""The object store keeps the contract of wires over S3's own protocol, spoken by a server here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit_sync.wires.base import MAX_VOLUME, OFFICE, Volume
from fieldkit_sync.wires.dialling import Caller, dial
from fieldkit_sync.wires.object_store import ObjectStore

from .contract import WireContract, code_of, sealed
from .s3_server import Store


class _Bucket:
    box = "ab" * 16

    def __init__(self, store: Store) -> None:
        self.store = store

    def wire(self) -> ObjectStore:
        return ObjectStore.at("s3://office/town")

    def held(self, box: str = OFFICE) -> dict[str, bytes]:
        top = "office/town/in/"
        found = self.store.objects.items()
        return {key.removeprefix(top): raw for key, raw in found if key.startswith(top)}

    def cut_after(self, count: int) -> None:
        self.store.cut_after, self.store.cuts = count, 4

    def stale(self, one: Volume, held: bytes, box: str = OFFICE) -> bool:
        return False

    def fill(self, full: bool) -> None:
        self.store.status = 507 if full else None

    def lay(self, one: Volume) -> None:
        self.store.objects[self._letter(one.name)] = one.path.read_bytes()

    def spoil(self, name: str) -> None:
        raw = bytearray(self.store.objects[self._letter(name)])
        raw[len(raw) // 2] ^= 1
        self.store.objects[self._letter(name)] = bytes(raw)

    def swell(self, name: str) -> None:
        self.store.objects[self._letter(name)] = bytes(MAX_VOLUME + 1)

    def _letter(self, name: str) -> str:
        return f"office/town/letters/{self.box}/{name}"


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Bucket]:
    """A bucket behind a server of the tests' own."""
    store = Store()
    for name, value in store.environment().items():
        monkeypatch.setenv(name, value)
    yield _Bucket(store)
    store.close()


class TestS3(WireContract):
    """See `contract`."""

    STEP = 1700

    def test_the_wrong_secret(
        self, far: _Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is refused at once, and said so."""
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        one = sealed(tmp_path / "here", 900)
        assert code_of(lambda: far.wire().put(one)) == "refused"
        assert code_of(lambda: far.wire().list(far.box)) == "refused"
        assert far.store.objects == {}

    def test_nobody_there(self, far: _Bucket, tmp_path: Path) -> None:
        """It is told in seconds; whoever is patient tries again."""
        one = sealed(tmp_path / "here", 900)
        far.store.close()
        start = time.monotonic()
        assert code_of(lambda: far.wire().put(one)) == "unreachable"
        assert time.monotonic() - start < 10

    def test_it_is_busy(self, far: _Bucket, tmp_path: Path) -> None:
        one = sealed(tmp_path / "here", 900)
        far.store.status = 503
        assert code_of(lambda: far.wire().put(one)) in {"busy", "cut"}
        far.store.status = None
        assert far.wire().put(one) == 900

    def test_two_at_once(self, far: _Bucket, tmp_path: Path) -> None:
        """Whoever comes second finds it there, and changes nothing."""
        one = sealed(tmp_path / "here", 900)
        wire = far.wire()
        wire._size = lambda key: None  # type: ignore[method-assign]
        far.store.objects[f"office/town/in/{one.name}"] = one.path.read_bytes()
        assert code_of(lambda: wire.put(one)) == "other-bytes"
        assert far.wire().put(one) == 0

    def test_by_its_address(self, far: _Bucket, tmp_path: Path) -> None:
        """As a person types it, with a prefix and without."""
        one = sealed(tmp_path / "here", 900)
        caller = Caller("ab" * 16, lambda namespace, data: "")
        dial("s3://office", caller).put(one)
        dial("s3://office/a/b/", caller).put(one)
        assert sorted(far.store.objects) == [f"office/a/b/in/{one.name}", f"office/in/{one.name}"]
