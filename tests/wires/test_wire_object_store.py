"""The object store keeps the contract of wires, over a bucket that is a folder and can break."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.store import LocalStore

from fieldkit_sync.errors import Refusal
from fieldkit_sync.wires.base import OFFICE, Volume
from fieldkit_sync.wires.object_store import ObjectStore

from .contract import WireContract, code_of, sealed, swell


class _Bucket:
    box = "ab" * 16

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self._cut: int | None = None
        self._full = False
        original = obstore.put

        def put(store: Any, key: str, source: Any, **more: Any) -> Any:
            raw = source.read()
            if self._full:
                raise OSError(28, "no room")
            if self._cut is not None:
                self._cut = None
                raise Refusal("cut", "the line broke")
            return original(store, key, raw, **more)

        patch.setattr(obstore, "put", put)

    def wire(self) -> ObjectStore:
        return ObjectStore(LocalStore(str(self.root)), "town")

    def held(self, box: str = OFFICE) -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in (self.root / "town" / "in").glob("*.age")}

    def cut_after(self, count: int) -> None:
        self._cut = count

    def stale(self, one: Volume, held: bytes, box: str = OFFICE) -> bool:
        return False

    def fill(self, full: bool) -> None:
        self._full = full

    def lay(self, one: Volume) -> None:
        ObjectStore(LocalStore(str(self.root)), "town").put(one, self.box)

    def spoil(self, name: str) -> None:
        place = self.root / "town" / "letters" / self.box / name
        raw = bytearray(place.read_bytes())
        raw[len(raw) // 2] ^= 1
        place.write_bytes(raw)

    def swell(self, name: str) -> None:
        swell(self.root / "town" / "letters" / self.box / name)


@pytest.fixture
def far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Bucket:
    """A bucket."""
    root = tmp_path / "bucket"
    root.mkdir()
    return _Bucket(root, monkeypatch)


class TestObjectStore(WireContract):
    """See `contract`."""

    def test_nothing_is_overwritten(self, far: _Bucket, tmp_path: Path) -> None:
        """What lies under the name stays, and the put says so."""
        one = sealed(tmp_path / "here", 100)
        place = far.root / "town" / "in" / one.name
        place.parent.mkdir(parents=True)
        place.write_bytes(b"other")
        assert code_of(lambda: far.wire().put(one)) == "other-bytes"
        assert place.read_bytes() == b"other"
