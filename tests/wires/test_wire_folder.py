"""The folder wire keeps the contract of wires."""

from __future__ import annotations

import errno
import io
from pathlib import Path
from typing import Any

import pytest

from fieldkit_sync.wires import folder as module
from fieldkit_sync.wires.base import OFFICE, Volume, volume
from fieldkit_sync.wires.folder import Folder

from .contract import WireContract, code_of, sealed, swell


class _Breaking(io.FileIO):
    """A file whose writes go so far and no further."""

    left = -1
    full = False

    def write(self, data: Any) -> int:
        """As the system does it, until the stick is pulled or has no room."""
        if _Breaking.full:
            raise OSError(errno.ENOSPC, "no room")
        if _Breaking.left < 0:
            return super().write(data)
        part = bytes(data)[: _Breaking.left]
        _Breaking.left -= len(part)
        if len(part) < len(data) or not _Breaking.left:
            super().write(part)
            _Breaking.left = -1
            raise OSError(errno.EIO, "pulled out")
        return super().write(data)


class _Stick:
    box = "ab" * 16

    def __init__(self, root: Path) -> None:
        self.root = root

    def wire(self) -> Folder:
        return Folder(self.root)

    def _place(self, box: str) -> Path:
        return self.root if box == OFFICE else self.root / "letters" / box

    def held(self, box: str = OFFICE) -> dict[str, bytes]:
        found = self._place(box).glob("*.age")
        return {one.name: one.read_bytes() for one in found}

    def cut_after(self, count: int) -> None:
        _Breaking.left = count

    def stale(self, one: Volume, held: bytes, box: str = OFFICE) -> bool:
        (self._place(box) / one.name).unlink(missing_ok=True)
        (self._place(box) / f"{one.name}.part").write_bytes(held)
        return True

    def fill(self, full: bool) -> None:
        _Breaking.full = full

    def lay(self, one: Volume) -> None:
        Folder(self.root).put(one, self.box)

    def spoil(self, name: str) -> None:
        self._spoil(self._place(self.box) / name)

    def swell(self, name: str) -> None:
        swell(self._place(self.box) / name)

    def _spoil(self, place: Path) -> None:
        raw = bytearray(place.read_bytes())
        raw[len(raw) // 2] ^= 1
        place.write_bytes(raw)


@pytest.fixture
def far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Stick:
    """A folder on a medium that can be pulled and filled up."""
    root = tmp_path / "stick"
    root.mkdir()

    def opened(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if path.suffix == ".part" and mode in {"wb", "r+b"}:
            return _Breaking(str(path), mode.replace("b", ""))
        return original(path, mode, *rest, **more)

    original = Path.open
    monkeypatch.setattr(_Breaking, "left", -1)
    monkeypatch.setattr(_Breaking, "full", False)
    monkeypatch.setattr(Path, "open", opened)
    return _Stick(root)


class TestFolder(WireContract):
    """See `contract`."""

    def test_a_spoilt_file_is_put_right(self, far: _Stick, tmp_path: Path) -> None:
        """A file under the name that is not the volume is replaced by it."""
        one = sealed(tmp_path / "here", 900)
        far.wire().put(one)
        far._spoil(far.root / one.name)
        assert not far.wire().offer([one])[0].whole
        far.wire().put(one)
        assert far.held() == {one.name: one.path.read_bytes()}

    def test_only_the_rest_goes_out(self, far: _Stick, tmp_path: Path) -> None:
        """After a cut the bytes that are across are compared, not written again."""
        one = sealed(tmp_path / "here", 3 * 1024 * 1024)
        far.cut_after(2 * 1024 * 1024)
        code_of(lambda: far.wire().put(one))
        assert far.wire().offer([one])[0].size == 2 * 1024 * 1024
        assert far.wire().put(one) == 1024 * 1024


def test_a_stick_that_lies_about_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads back as other bytes is not left under the name."""
    one = sealed(tmp_path / "here", 900)
    (tmp_path / "stick").mkdir()
    monkeypatch.setattr(module, "_digest", lambda path: "0" * 64)
    assert code_of(lambda: Folder(tmp_path / "stick").put(one)) == "other-bytes"
    assert list((tmp_path / "stick").iterdir()) == []


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    """A stick that is not in is unreachable; nothing is made in its place."""
    one = sealed(tmp_path / "here", 10)
    assert code_of(lambda: Folder(tmp_path / "stick").put(one)) == "unreachable"
    assert not (tmp_path / "stick").exists()


def test_a_link_is_no_volume(tmp_path: Path) -> None:
    """What is listed is a file of its own, not a way to somewhere else."""
    (tmp_path / "secret").write_bytes(b"s")
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / f"{'0' * 16}.age").symlink_to(tmp_path / "secret")
    assert Folder(tmp_path / "stick").list(OFFICE) == []


def test_a_renamed_file_is_no_volume(tmp_path: Path) -> None:
    """A volume's name says its bytes."""
    one = sealed(tmp_path / "here", 10)
    other = one.path.rename(one.path.with_name(f"{'0' * 16}.fkb.zip.age"))
    assert code_of(lambda: volume(other)) == "not-a-volume"
    stranger = one.path.with_name("x.age")
    stranger.write_bytes(b"")
    assert code_of(lambda: volume(stranger)) == "not-a-volume"
