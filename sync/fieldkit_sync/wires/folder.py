"""A folder: a USB stick, a network share, a mounted drive.

The office's box is the folder itself, so that what is put there is what ``office merge FOLDER``
finds; letters to a device lie in ``letters/<device>``. A volume is written under a name that ends
with ``.part`` and renamed once it is synced and reads back as the same bytes.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from fieldkit_sync import files
from fieldkit_sync.errors import Refusal

from .base import OFFICE, Held, Lying, Volume, Watch, bounded, boxed, is_of, named

_CHUNK = 1024 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_GONE = {errno.ENODEV, errno.ENXIO, errno.EIO, errno.ENOTCONN, errno.ESTALE, errno.EHOSTDOWN}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


class Folder:
    """A wire to a folder that is there already; it makes none but ``letters``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def offer(self, volumes: Sequence[Volume], box: str = OFFICE) -> list[Held]:
        """See `base.Wire`. Half a volume counts with what of it is the same bytes."""
        with _told():
            folder = self._box(box)
            return [self._held(folder, it) for it in volumes]

    def put(self, volume: Volume, box: str = OFFICE, watch: Watch | None = None) -> int:
        """See `base.Wire`. What a part holds is compared with the volume before it is gone on."""
        with _told():
            folder = self._box(box)
            if folder != self._root:
                folder.mkdir(parents=True, exist_ok=True)
            place = folder / named(volume.name)
            if _is_there(place, volume):
                return 0
            part = place.with_name(f"{place.name}.part")
            start = _agreeing(part, volume)
            _append(volume, part, start, watch)
            _settle(part, place, volume)
            return volume.size - start

    def list(self, box: str) -> list[Lying]:
        """See `base.Wire`."""
        with _told():
            folder = self._box(box)
            if not folder.is_dir():
                return []
            found = [
                Lying(one.name, one.stat().st_size)
                for one in os.scandir(folder)
                if one.is_file(follow_symlinks=False) and _is_name(one.name)
            ]
            return sorted(found)

    def get(self, name: str, box: str, into: Path, watch: Watch | None = None) -> Path:
        """See `base.Wire`."""
        with _told():
            source = self._box(box) / named(name)
            if not source.is_file():
                raise Refusal("not-there", "no such file")
            bounded(source.stat().st_size)
            return fetched(source, into / name, watch)

    def _box(self, box: str) -> Path:
        if not self._root.is_dir():
            raise Refusal("unreachable", "the folder is not there")
        return self._root if boxed(box) == OFFICE else self._root / "letters" / box

    def _held(self, folder: Path, volume: Volume) -> Held:
        place = folder / named(volume.name)
        if _is_there(place, volume):
            return Held(volume.name, volume.size, True)
        part = place.with_name(f"{place.name}.part")
        return Held(volume.name, _agreeing(part, volume), False)


def fetched(source: Path, place: Path, watch: Watch | None = None) -> Path:
    """Copy a file to a place beside which it grows as ``.part``; the name tells the digest.

    `Refusal` "other-bytes" when what was read is not what the name says; nothing is left then.
    """
    part = place.with_name(f"{place.name}.part")
    hashed, done = hashlib.sha256(), 0
    try:
        with source.open("rb") as reader, part.open("wb") as out:
            while chunk := reader.read(_CHUNK):
                hashed.update(chunk)
                out.write(chunk)
                done += len(chunk)
                if watch is not None:
                    watch(done)
            _synced(out)
        if not is_of(place.name, hashed.hexdigest()):
            raise Refusal("other-bytes", "the file is not what its name says")
        os.replace(part, place)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    files.fsync_folder(place.parent)
    return place


def _is_name(name: str) -> bool:
    with suppress(Refusal):
        return bool(named(name))
    return False


def _is_there(place: Path, volume: Volume) -> bool:
    """Whether the volume lies there whole; a wrong file under its name is put away, not trusted."""
    try:
        size = place.stat().st_size
    except FileNotFoundError:
        return False
    return size == volume.size and _digest(place) == volume.sha256


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _agreeing(part: Path, volume: Volume) -> int:
    """How many bytes at the front of a part are the volume's; none where there is no part."""
    agreed = 0
    try:
        with part.open("rb") as held, volume.path.open("rb") as source:
            while chunk := held.read(_CHUNK):
                if chunk != source.read(len(chunk)):
                    return agreed
                agreed += len(chunk)
    except FileNotFoundError:
        return 0
    return agreed


def _append(volume: Volume, part: Path, start: int, watch: Watch | None) -> None:
    with volume.path.open("rb") as source, part.open("r+b" if part.exists() else "wb") as out:
        out.truncate(start)
        out.seek(start)
        source.seek(start)
        done = start
        if watch is not None:
            watch(done)
        while chunk := source.read(_CHUNK):
            out.write(chunk)
            done += len(chunk)
            if watch is not None:
                watch(done)
        _synced(out)


def _synced(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())


def _settle(part: Path, place: Path, volume: Volume) -> None:
    if _digest(part) != volume.sha256:
        # The stick, or the file under it, gives back other bytes: begin anew next time.
        part.unlink(missing_ok=True)
        raise Refusal("other-bytes", "the medium gave back other bytes than were written")
    # What lies under the name is not the volume (see above): a sealed name has one content.
    os.replace(part, place)
    files.fsync_folder(place.parent)


@contextmanager
def _told() -> Iterator[None]:
    """What the system says, in the words of wires."""
    try:
        yield
    except OSError as error:
        code = (
            "full"
            if error.errno in _FULL
            else "unreachable"
            if error.errno in _GONE
            else "refused"
            if error.errno in _CLOSED
            else "cut"
        )
        raise Refusal(code, error.strerror or type(error).__name__) from error
