"""A disk that remembers what was synced: crash images at any operation, faults at any operation.

A SQLite VFS over real files. It logs every change and every sync of the databases that are opened
through it; from the log, `crashes` rebuilds what may lie on the disk after the power failed at an
operation. Limits of the model: an operation is the smallest step, a 512-byte sector is written
whole or not at all, and a sync that returned is believed. Names that were made or removed are
durable after the first sync of a new file beside them: SQLite's own POSIX layer syncs the folder
then.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512
POLICIES = ("none", "all", "torn-1", "torn-2")
"""What of the writes that were not synced is there after the crash."""

_numbers = count()


@dataclass(frozen=True, slots=True)
class Fault:
    """An SQLite code for operations of these kinds: once, or from its turn on."""

    name: str
    kinds: frozenset[str]
    code: int
    lasting: bool


def _fault(name: str, kinds: str, code: int, lasting: bool = False) -> Fault:
    return Fault(name, frozenset(kinds.split()), code, lasting)


FAULTS = (
    _fault("full", "write", apsw.SQLITE_FULL, lasting=True),
    _fault("full-once", "write", apsw.SQLITE_FULL),
    _fault("write", "write", apsw.SQLITE_IOERR_WRITE),
    _fault("write-lasting", "write", apsw.SQLITE_IOERR_WRITE, lasting=True),
    _fault("read", "read", apsw.SQLITE_IOERR_READ),
    _fault("sync", "sync", apsw.SQLITE_IOERR_FSYNC),
    _fault("sync-lasting", "sync truncate delete", apsw.SQLITE_IOERR_FSYNC, lasting=True),
)
"""What a disk does to a database: it is full, or an operation fails, once or from then on."""

NO_OPEN = _fault("open", "open", apsw.SQLITE_CANTOPEN)
"""A file cannot be opened, once."""


@dataclass(frozen=True, slots=True)
class Change:
    """One logged step; ``data`` is None for everything but a write."""

    kind: str  # write, truncate, sync, delete, folder (synced), told
    path: str
    offset: int = 0
    data: bytes | None = None


class Disk(apsw.VFS):
    """Hands every operation on; logs changes; raises the armed fault at its turn."""

    def __init__(self) -> None:
        self.name = f"power-{next(_numbers)}"
        self.log: list[Change] = []
        self.first: dict[str, bytes | None] = {}
        self._fault: Fault | None = None
        self._left = 0
        self.raised = 0
        super().__init__(self.name, "")

    def arm(self, fault: Fault, turn: int) -> None:
        """Let this fault happen at the ``turn``-th operation (from 0) of its kinds."""
        self._fault, self._left, self.raised = fault, turn, 0

    def lift(self) -> int:
        """Be a good disk again; gives how often the fault happened."""
        self._fault = None
        return self.raised

    def check(self, kind: str) -> None:
        """Raise the armed fault if its turn has come."""
        fault = self._fault
        if fault is None or kind not in fault.kinds:
            return
        self._left -= 1
        if self._left == -1 or (self._left < 0 and fault.lasting):
            self.raised += 1
            raise apsw.exception_for(fault.code)

    def told(self, number: int) -> None:
        """Log that the program was told: so many batches are kept."""
        self.log.append(Change("told", "", number))

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.check("open")
        if path is not None:
            here = Path(path)
            if path not in self.first:
                # What is there already counts as durable.
                self.first[path] = here.read_bytes() if here.exists() else None
        return _File(self, name, flags, path)

    def xDelete(self, name: str, syncdir: bool) -> None:
        self.check("delete")
        super().xDelete(name, syncdir)
        self.log.append(Change("delete", name))
        if syncdir:
            self.log.append(Change("folder", name))


class _File(apsw.VFSFile):
    """One open file; a file without a name is scratch, and of no interest after a crash."""

    def __init__(self, disk: Disk, name: Any, flags: list[int], path: str | None) -> None:
        self.disk = disk
        self.path = path
        super().__init__("", name, flags)

    def _log(self, kind: str, offset: int = 0, data: bytes | None = None) -> None:
        if self.path is not None:
            self.disk.log.append(Change(kind, self.path, offset, data))

    def xRead(self, amount: int, offset: int) -> bytes:
        self.disk.check("read")
        return bytes(super().xRead(amount, offset))

    def xWrite(self, data: Any, offset: int) -> None:
        self.disk.check("write")
        super().xWrite(data, offset)
        self._log("write", offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        self.disk.check("truncate")
        super().xTruncate(newsize)
        self._log("truncate", newsize)

    def xSync(self, flags: int) -> None:
        self.disk.check("sync")
        super().xSync(flags)
        self._log("sync")


class _Held:
    """One file: what is durable (None: no such name), and the changes since."""

    def __init__(self, durable: bytes | None) -> None:
        self.durable = durable
        self.since: list[Change] = []

    @property
    def new(self) -> bool:
        """Whether the name itself is not durable."""
        return self.durable is None or any(change.kind == "delete" for change in self.since)

    def sync(self) -> None:
        """All that was written is durable now."""
        self.durable = self.after(lambda: True)
        self.since = []

    def sync_name(self) -> None:
        """Its folder was synced: a removal is durable now."""
        for place, change in reversed(list(enumerate(self.since))):
            if change.kind == "delete":
                self.durable, self.since = None, self.since[place + 1 :]
                return

    def after(self, survives: Callable[[], bool]) -> bytes | None:
        """The content when each unsynced change, sector by sector, may survive."""
        content = None if self.durable is None else bytearray(self.durable)
        for change in self.since:
            if change.kind == "delete":
                if not survives():
                    return None if content is None else bytes(content)
                content = None
                continue
            content = bytearray() if content is None else content
            if change.kind == "truncate":
                if survives():
                    del content[change.offset :]
            else:
                _write(content, change, survives)
        return None if content is None else bytes(content)


def _write(content: bytearray, change: Change, survives: Callable[[], bool]) -> None:
    assert change.data is not None
    at, end = change.offset, change.offset + len(change.data)
    while at < end:
        stop = min(end, (at // SECTOR + 1) * SECTOR)
        if survives():
            content.extend(bytes(max(0, stop - len(content))))
            content[at:stop] = change.data[at - change.offset : stop - change.offset]
        at = stop


@dataclass(frozen=True, slots=True)
class Image:
    """What lies on the disk after a crash before step ``step``; ``told`` batches are promised."""

    step: int
    policy: str
    told: int
    files: dict[str, bytes]

    def lay(self, folder: Path, root: Path) -> None:
        """Put the files into ``folder`` as they lay under ``root``."""
        for path, content in self.files.items():
            place = folder / Path(path).relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def crashes(
    disk: Disk, wanted: Callable[[int], bool], policies: Sequence[str] = POLICIES
) -> Iterator[Image]:
    """The images at each wanted step of the log, and at the end; equal ones in a row only once."""
    held = {path: _Held(content) for path, content in disk.first.items()}
    told = 0
    last: dict[str, tuple[int, dict[str, bytes]]] = {}
    for step, change in enumerate([*disk.log, Change("end", "")]):
        if change.kind == "told":
            told = change.offset
            continue
        if change.kind == "end" or wanted(step):
            for policy in policies:
                files = _files(held, policy, step)
                if last.get(policy) != (told, files):
                    last[policy] = (told, files)
                    yield Image(step, policy, told, files)
        if change.kind == "folder" or (change.kind == "sync" and held[change.path].new):
            for file in held.values():
                file.sync_name()
        if change.kind == "sync":
            held[change.path].sync()
        elif change.kind not in ("end", "folder"):
            held[change.path].since.append(change)


def _files(held: dict[str, _Held], policy: str, step: int) -> dict[str, bytes]:
    chance = random.Random(f"{policy} {step}")
    survive: dict[str, Callable[[], bool]] = {"none": lambda: False, "all": lambda: True}
    survives = survive.get(policy, lambda: chance.random() < 0.5)
    found = {path: file.after(survives) for path, file in sorted(held.items())}
    return {path: content for path, content in found.items() if content is not None}
