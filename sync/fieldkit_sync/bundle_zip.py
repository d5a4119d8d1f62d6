"""ZIP as bundles use it: written the same every time, read by a parser that trusts nothing.

`zipfile` is not used for reading: it follows whatever directory it finds. Here the members
must lie end to end from the first byte to the directory, each local header must agree with
the directory, and every byte is counted while it is unpacked (SYNC §2.3, "ZIP bomb" and
"path tricks"). Dates, permission bits and the level of packing are read by nobody and may be
anything, so that a bundle packed with a stock ZIP program is as good as one packed here.
Nothing is ever unpacked under a name that came from outside.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fieldkit_sync.errors import Refusal

MAX_MEMBERS = 20_000
MAX_MEMBER = 268_435_456
MAX_TOTAL = 629_145_600
MAX_RATIO = 200
CHUNK = 262_144

STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
# The one capital name is what people look for first in a folder.
_NAME = re.compile(r"[a-z0-9][a-z0-9._/-]{0,120}|fk1/fieldkit/README\.txt", re.ASCII)
_DEVICE_NAME = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSIONS = (10, 20)
_MODE = 0o100644 << 16
# How hard the packer tried (PKWARE APPNOTE 4.4.4); of no consequence for unpacking. Info-ZIP
# also leaves them on a member that it stores after having tried.
_LEVEL_FLAGS = 0x0006
# Read-only and archive; the other DOS attributes make a folder, a label or a link.
_DOS_PLAIN = 0x21


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the ZIP; ``start`` is where its packed bytes begin."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int


def add(target: zipfile.ZipFile, name: str, source: BinaryIO, method: int) -> None:
    """Append one file with fixed metadata, so that equal content gives equal bytes."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = _MODE
    info.compress_type = method
    with target.open(info, "w") as out:
        while chunk := source.read(CHUNK):
            out.write(chunk)


def too_dense(info: zipfile.ZipInfo) -> bool:
    """Whether a member that was written would be refused for the ratio of its sizes."""
    return info.file_size > info.compress_size * MAX_RATIO


class StrictZip:
    """The members of a ZIP file whose directory has been checked whole.

    Opening raises `Refusal` with a code that begins "zip-" or "name-", or "too-large".
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self.members = {member.name: member for member in _directory(self._file)}
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a member, counted and checked; `Refusal` "zip-data"."""
        member = self.members[name]
        crc = got = 0
        source = self._stored(member) if member.method == STORED else self._inflated(member)
        for chunk in source:
            got += len(chunk)
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if got != member.size or crc != member.crc:
            raise Refusal("zip-data", f"{name}: the content is damaged")

    def read(self, name: str, limit: int) -> bytes:
        """Return a small member whole; `Refusal` "too-large" or "zip-data"."""
        if self.members[name].size > limit:
            raise Refusal("too-large", f"{name}: more than {limit} bytes")
        return b"".join(self.chunks(name))

    def open_stored(self, name: str) -> BinaryIO:
        """Return a file object over a stored member."""
        member = self.members[name]
        if member.method != STORED:
            raise Refusal("zip-method", f"{name}: must be stored, not packed")
        return io.BufferedReader(_Slice(self._file, member.start, member.size))

    def _stored(self, member: Member) -> Iterator[bytes]:
        at, end = member.start, member.start + member.packed
        while at < end:
            self._file.seek(at)
            chunk = self._file.read(min(CHUNK, end - at))
            if not chunk:
                return
            at += len(chunk)
            yield chunk

    def _inflated(self, member: Member) -> Iterator[bytes]:
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        room = member.size
        try:
            for packed in self._stored(member):
                waiting = packed
                while waiting and not unpack.eof:
                    chunk = unpack.decompress(waiting, CHUNK)
                    waiting = unpack.unconsumed_tail
                    room -= len(chunk)
                    if room < 0:
                        raise Refusal("zip-bomb", f"{member.name}: longer than announced")
                    yield chunk
                if waiting or unpack.unused_data:
                    raise Refusal("zip-data", f"{member.name}: something follows its data")
        except zlib.error:
            raise Refusal("zip-data", f"{member.name}: cannot be unpacked") from None
        if not unpack.eof:
            raise Refusal("zip-data", f"{member.name}: cut short")


class _Slice(io.RawIOBase):
    """A read-only window on a file that others read from too."""

    def __init__(self, source: BinaryIO, start: int, size: int) -> None:
        self._source, self._at, self._left = source, start, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._source.seek(self._at)
        data = self._source.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._at += len(data)
        self._left -= len(data)
        return len(data)


def check_name(name: str) -> None:
    """Refuse every path that some system could read in a second way; `Refusal` "name-…"."""
    if not _NAME.fullmatch(name):
        raise Refusal("name-form", f"not a plain lower-case path: {name[:80]!r}")
    for part in name.split("/"):
        if not part or part.startswith(".") or part.endswith("."):
            raise Refusal("name-path", f"not a plain path: {name[:80]!r}")
        if _DEVICE_NAME.fullmatch(part):
            raise Refusal("name-device", f"a reserved name on Windows: {name[:80]!r}")


def _directory(source: BinaryIO) -> list[Member]:
    length = source.seek(0, io.SEEK_END)
    count, size, offset = _end_record(source, length)
    source.seek(offset)
    raw = source.read(size)
    members: list[Member] = []
    seen: set[str] = set()
    at = expected = 0
    for _ in range(count):
        member, local, header_at, at = _central_entry(raw, at)
        if member.name in seen:
            raise Refusal("name-duplicate", f"there twice: {member.name}")
        seen.add(member.name)
        if header_at != expected:
            raise Refusal("zip-overlap", f"{member.name}: does not follow the member before")
        start = _local_entry(source, local, header_at)
        expected = start + member.packed
        members.append(
            Member(member.name, member.method, member.crc, member.packed, member.size, start)
        )
    if at != len(raw) or expected != offset:
        raise Refusal("zip-overlap", "something lies between members and directory")
    if sum(member.size for member in members) > MAX_TOTAL:
        raise Refusal("too-large", f"unpacks to more than {MAX_TOTAL} bytes")
    return members


def _end_record(source: BinaryIO, length: int) -> tuple[int, int, int]:
    if length < _END.size:
        raise Refusal("zip-directory", "not a ZIP file")
    source.seek(length - _END.size)
    magic, disk, first, here, count, size, offset, comment = _END.unpack(source.read(_END.size))
    if magic != b"PK\x05\x06" or comment:
        raise Refusal("zip-directory", "does not end as a ZIP file without a comment")
    if disk or first or here != count or 0xFFFF in (count, here) or 0xFFFFFFFF in (size, offset):
        raise Refusal("zip-directory", "several disks, or ZIP64")
    if not 0 < count <= MAX_MEMBERS:
        raise Refusal("too-large", f"no members or more than {MAX_MEMBERS}")
    if offset + size + _END.size != length:
        raise Refusal("zip-overlap", "the directory does not lie before the end record")
    return count, size, offset


def _central_entry(raw: bytes, at: int) -> tuple[Member, bytes, int, int]:
    """The member, the local header that must stand before it, that one's place, the next entry."""
    if len(raw) - at < _CENTRAL.size:
        raise Refusal("zip-directory", "the directory is cut short")
    (magic, _made_by, needs, flags, method, time, date, crc, packed, size, name_len, extra_len,
     comment_len, disk, internal, external, header_at) = _CENTRAL.unpack_from(raw, at)  # fmt: skip
    if magic != b"PK\x01\x02":
        raise Refusal("zip-directory", "the directory is malformed")
    name = _name(raw[at + _CENTRAL.size : at + _CENTRAL.size + name_len], name_len)
    if flags & ~_LEVEL_FLAGS:
        raise Refusal("zip-flags", f"{name}: encrypted, streamed or otherwise special")
    if method not in (STORED, DEFLATED):
        raise Refusal("zip-method", f"{name}: packed in an unknown way")
    if extra_len or comment_len or disk or needs not in _VERSIONS:
        raise Refusal("zip-extra", f"{name}: carries fields that a bundle does not need")
    if internal not in (0, 1) or not _plain_file(external):
        raise Refusal("zip-attributes", f"{name}: not a plain file")
    _check_sizes(name, method, packed, size)
    member = Member(name, method, crc, packed, size, 0)
    local = _LOCAL.pack(
        b"PK\x03\x04", needs, flags, method, time, date, crc, packed, size, name_len, 0
    ) + name.encode("ascii")
    return member, local, header_at, at + _CENTRAL.size + name_len


def _plain_file(external: int) -> bool:
    """Whether the attributes are those of a regular file, or say nothing of its type."""
    mode, dos = external >> 16, external & 0xFFFF
    return mode & ~0o777 in (0, stat.S_IFREG) and not dos & ~_DOS_PLAIN


def _name(raw: bytes, length: int) -> str:
    if len(raw) != length or not raw.isascii():
        raise Refusal("name-form", f"not a plain lower-case path: {raw[:80]!r}")
    name = raw.decode("ascii")
    check_name(name)
    return name


def _check_sizes(name: str, method: int, packed: int, size: int) -> None:
    if max(packed, size) > MAX_MEMBER:
        raise Refusal("too-large", f"{name}: more than {MAX_MEMBER} bytes")
    if method == STORED and packed != size:
        raise Refusal("zip-data", f"{name}: stored, yet of two sizes")
    if size > packed * MAX_RATIO:
        raise Refusal("zip-bomb", f"{name}: unpacks more than {MAX_RATIO}-fold")


def _local_entry(source: BinaryIO, wanted: bytes, header_at: int) -> int:
    source.seek(header_at)
    if source.read(len(wanted)) != wanted:
        name = wanted[_LOCAL.size :].decode("ascii")
        raise Refusal("zip-mismatch", f"{name}: its header and the directory disagree")
    return header_at + len(wanted)
