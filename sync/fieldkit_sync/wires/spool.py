"""Where an office's receiver keeps what comes: parts that grow, volumes that are whole.

It is laid out as the folder wire has it, so that ``office merge`` and a clerk read it like a stick.
A part is named after everything that is known of its volume, so nothing else has to be written
down, and after its device, so that nobody can spoil what another sends.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from fieldkit_sync import files
from fieldkit_sync.deliver import digest
from fieldkit_sync.errors import Refusal

from .base import MAX_VOLUME, NAME, Lying

EXPIRES = 14 * 24 * 3600
"""Seconds after which a part that nobody went on with is removed."""
ROOM = 256 * 1024 * 1024
"""Bytes of the disk that uploads leave free."""
_ID = re.compile(r"([0-9a-f]{64})-([1-9][0-9]{0,9})((?:\.fkb\.zip|\.fkl)?\.age)")
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Upload(NamedTuple):
    """A volume that is to come: all that its address says."""

    sha256: str
    size: int
    suffix: str

    @property
    def name(self) -> str:
        """The volume's name."""
        return f"{self.sha256[:16]}{self.suffix}"

    @property
    def id(self) -> str:
        """Its address."""
        return f"{self.sha256}-{self.size}{self.suffix}"


def upload(address: str, most: int = MAX_VOLUME) -> Upload:
    """Read an address. `Refusal` "not-there", "too-large"."""
    found = _ID.fullmatch(address)
    if found is None:
        raise Refusal("not-there", "no such upload")
    if int(found[2]) > most:
        raise Refusal("too-large", f"more than {most} bytes")
    return Upload(found[1], int(found[2]), found[3])


class Spool:
    """One office's volumes and parts on disk."""

    def __init__(
        self, root: Path, *, room: int = ROOM, clock: Callable[[], float] = time.time
    ) -> None:
        self.root = root
        self._parts = root / ".parts"
        self._room = room
        self._clock = clock
        self._parts.mkdir(parents=True, exist_ok=True, mode=0o700)

    def is_whole(self, wanted: Upload) -> bool:
        """Whether it lies here under its name."""
        try:
            return (self.root / wanted.name).stat().st_size == wanted.size
        except FileNotFoundError:
            return False

    def is_begun(self, device: str, wanted: Upload) -> bool:
        """Whether there is a part of it."""
        return self._part(device, wanted).exists()

    def held(self, device: str, wanted: Upload) -> int | None:
        """Bytes of it that are here; None where nobody began it. All of them: it is whole."""
        if self.is_whole(wanted):
            return wanted.size
        part = self._part(device, wanted)
        try:
            size = part.stat().st_size
            if size < wanted.size:
                return size
            # The program ended between the last byte and the name.
            if size == wanted.size and digest(part) == wanted.sha256:
                self._settle(part, wanted)
                return size
            part.unlink()
        except FileNotFoundError:
            pass
        return None

    def begin(self, device: str, wanted: Upload) -> int:
        """Make room for it; gives the bytes that are here already. `Refusal` "full"."""
        known = self.held(device, wanted)
        if known is not None:
            return known
        self._find_room(wanted)
        with _told():
            self._part(device, wanted).touch(mode=0o600)
        return 0

    def open(self, device: str, wanted: Upload, offset: int) -> BinaryIO:
        """The part, at its end. `Refusal` "not-there", "offset" (where it ends is elsewhere)."""
        part = self._part(device, wanted)
        try:
            out = part.open("r+b")
        except FileNotFoundError as error:
            raise Refusal("not-there", "nobody began this upload, or it has expired") from error
        if out.seek(0, os.SEEK_END) != offset:
            out.close()
            raise Refusal("offset", "the part ends elsewhere")
        return out

    def write(self, out: BinaryIO, chunk: bytes) -> None:
        """More of a part; not durable yet. `Refusal` "full"."""
        with _told():
            out.write(chunk)

    def close(
        self,
        device: str,
        wanted: Upload,
        out: BinaryIO,
        rest: bytes | bytearray = b"",
        back: int | None = None,
    ) -> int:
        """Make what came durable, with the rest of it; a part that is complete becomes the volume.

        With ``back`` it ends there again instead. Gives the bytes that are here. `Refusal`
        "other-bytes": it is complete and not what its name says, so it is gone; "full".
        """
        try:
            with _told():
                if back is None:
                    out.write(rest)
                else:
                    out.truncate(back)
                out.flush()
                os.fsync(out.fileno())
                size = out.seek(0, os.SEEK_END)
                if size < wanted.size:
                    return size
                sha256 = digest(self._part(device, wanted))
        finally:
            out.close()
        if size > wanted.size or sha256 != wanted.sha256:
            self._part(device, wanted).unlink(missing_ok=True)
            raise Refusal("other-bytes", "what came is not what its name says")
        self._settle(self._part(device, wanted), wanted)
        return size

    def take(self, device: str, wanted: Upload, raw: bytes) -> None:
        """A whole volume at once, durable on return. `Refusal` as ``close``."""
        if len(raw) != wanted.size or hashlib.sha256(raw).hexdigest() != wanted.sha256:
            raise Refusal("other-bytes", "what came is not what its name says")
        self.keep(device, wanted, raw)
        self._settle(self._part(device, wanted), wanted)

    def keep(self, device: str, wanted: Upload, raw: bytes) -> None:
        """The first bytes of a volume, as a part of which there was nothing. `Refusal` "full"."""
        self._find_room(wanted)
        with _told():
            part = self._part(device, wanted)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                _write_all(handle, raw)
                os.fsync(handle)
            finally:
                os.close(handle)

    def expire(self) -> int:
        """Remove parts that nobody went on with; gives how many."""
        before, gone = self._clock() - EXPIRES, 0
        for part in self._parts.iterdir():
            with suppress(OSError):
                if part.stat().st_mtime < before:
                    part.unlink()
                    gone += 1
        return gone

    def expires(self, device: str, wanted: Upload) -> float | None:
        """When a part is removed, seconds since 1970; None where there is none."""
        with suppress(OSError):
            return self._part(device, wanted).stat().st_mtime + EXPIRES
        return None

    def letters(self, device: str) -> list[Lying]:
        """The letters to a device, by name."""
        folder = self.root / "letters" / device
        with suppress(FileNotFoundError):
            return sorted(
                Lying(one.name, one.stat().st_size)
                for one in os.scandir(folder)
                if NAME.fullmatch(one.name) and one.is_file(follow_symlinks=False)
            )
        return []

    def letter(self, device: str, name: str) -> Path:
        """One of them. `Refusal` "not-there"."""
        place = self.root / "letters" / device / name
        if NAME.fullmatch(name) is None or place.is_symlink() or not place.is_file():
            raise Refusal("not-there", "no such letter")
        return place

    def trim(self, device: str, keep: int) -> None:
        """Leave so many of the letters to a device, the newest."""
        with suppress(FileNotFoundError):
            found = [one for one in os.scandir(self.root / "letters" / device)
                     if NAME.fullmatch(one.name)]  # fmt: skip
            for old in sorted(found, key=lambda one: one.stat().st_mtime_ns)[:-keep]:
                os.unlink(old)

    def waiting(self) -> tuple[int, int]:
        """How many volumes lie here, and how many bytes they have."""
        found = [one.stat().st_size for one in os.scandir(self.root) if NAME.fullmatch(one.name)]
        return len(found), sum(found)

    def _find_room(self, wanted: Upload) -> None:
        if shutil.disk_usage(self.root).free - wanted.size < self._room:
            raise Refusal("full", "no room for this volume")

    def _part(self, device: str, wanted: Upload) -> Path:
        return self._parts / f"{device}-{wanted.id}.part"

    def _settle(self, part: Path, wanted: Upload) -> None:
        with _told():
            os.replace(part, self.root / wanted.name)
            files.fsync_folder(self.root)


def _write_all(handle: int, raw: bytes) -> None:
    view = memoryview(raw)
    while view:
        view = view[os.write(handle, view) :]


@contextmanager
def _told() -> Iterator[None]:
    """What the system says, in the words of wires."""
    try:
        yield
    except OSError as error:
        code = "full" if error.errno in _FULL else "busy"
        raise Refusal(code, error.strerror or type(error).__name__) from error
