"""A drive for Python's own file calls that is full, or fails, at a chosen operation.

Patches the calls that make, fill, sync, name and read files, for paths under one folder. A write
that fails leaves half of its bytes behind, as a full disk does. What writes natively (age) is
counted as one operation that leaves some bytes.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyrage


@dataclass(frozen=True, slots=True)
class FileFault:
    """An errno for operations of these kinds: once, or from its turn on."""

    name: str
    kinds: frozenset[str]
    code: int
    lasting: bool


def _fault(name: str, kinds: str, code: int, lasting: bool = False) -> FileFault:
    return FileFault(name, frozenset(kinds.split()), code, lasting)


FULL = _fault("full", "make write", errno.ENOSPC, lasting=True)
FULL_ONCE = _fault("full-once", "make write", errno.ENOSPC)
FAILS = _fault("fails", "make write sync name", errno.EIO)
GONE = _fault("gone", "make write sync name remove read", errno.EIO, lasting=True)
"""The stick was pulled out: nothing works any more."""
READ = _fault("read", "read", errno.EIO)


class Drive:
    """Counts operations and raises the armed fault at its turn."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self._fault: FileFault | None = None
        self._left = 0
        self.raised = 0
        self.handles: dict[int, str] = {}

    def holds(self, path: Any) -> bool:
        """Whether a path, or a handle that was opened here, is on this drive."""
        if isinstance(path, int):
            return path in self.handles
        return os.fspath(path).startswith(self.root) if isinstance(path, str | Path) else False

    def arm(self, fault: FileFault, turn: int) -> None:
        """Let this fault happen at the ``turn``-th operation (from 0) of its kinds."""
        self._fault, self._left, self.raised = fault, turn, 0

    def lift(self) -> int:
        """Be a good drive again; gives how often the fault happened."""
        self._fault = None
        return self.raised

    def error(self, kind: str) -> OSError | None:
        """The fault, if its turn has come."""
        fault = self._fault
        if fault is None or kind not in fault.kinds:
            return None
        self._left -= 1
        if self._left == -1 or (self._left < 0 and fault.lasting):
            self.raised += 1
            return OSError(fault.code, os.strerror(fault.code))
        return None

    def check(self, kind: str) -> None:
        """Raise the fault, if its turn has come."""
        if error := self.error(kind):
            raise error


class _Open:
    """An open file whose reads and writes are operations of the drive."""

    def __init__(self, drive: Drive, file: Any) -> None:
        self._drive = drive
        self._file = file

    def write(self, data: Any) -> int:
        if error := self._drive.error("write"):
            self._file.write(data[: len(data) // 2])
            raise error
        return int(self._file.write(data))

    def read(self, *size: Any) -> Any:
        self._drive.check("read")
        return self._file.read(*size)

    def readinto(self, buffer: Any) -> Any:
        self._drive.check("read")
        return self._file.readinto(buffer)

    def __enter__(self) -> _Open:
        return self

    def __exit__(self, *fault: object) -> None:
        self._file.close()

    def __iter__(self) -> Any:
        return iter(self._file)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _opening(drive: Drive, real: Callable[..., Any]) -> Callable[..., Any]:
    def open_(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        if not drive.holds(file):
            return real(file, mode, *given, **named)
        if not isinstance(file, int):
            drive.check("make" if set(mode) & set("wxa") else "read")
        if set(mode) & set("wxa") and "b" in mode:
            # Nothing waits in a buffer here: what was written before the fault is on the drive.
            given, named = (), {**named, "buffering": 0}
        return _Open(drive, real(file, mode, *given, **named))

    return open_


@contextmanager
def drive_at(root: Path) -> Iterator[Drive]:
    """Everything under ``root`` lies on a drive that can fail."""
    drive = Drive(root)
    real = {
        name: getattr(os, name) for name in ("open", "close", "fsync", "replace", "mkdir", "unlink")
    }

    def os_open(path: Any, flags: int, *given: Any, **named: Any) -> int:
        ours = drive.holds(path)
        if ours:
            drive.check("make" if flags & os.O_CREAT else "read")
        handle = int(real["open"](path, flags, *given, **named))
        if ours:
            drive.handles[handle] = str(path)
        return handle

    def os_close(handle: int) -> None:
        drive.handles.pop(handle, None)
        real["close"](handle)

    def named(name: str, kind: str) -> Callable[..., Any]:
        def call(path: Any, *given: Any, **more: Any) -> Any:
            if name == "fsync" or drive.holds(path):
                drive.check(kind)
            return real[name](path, *given, **more)

        return call

    def native(name: str) -> Callable[..., Any]:
        function = getattr(pyrage, name)

        def call(source: str, target: str, keys: Any) -> None:
            error = drive.error("write") if drive.holds(target) else None
            function(source, target, keys)
            if error:
                os.truncate(target, os.stat(target).st_size // 2)
                # The library gives the system's number in its text only.
                raise OSError(f"{error.strerror} (os error {error.errno})")

        return call

    with ExitStack() as stack:
        for module in (io, builtins):
            stack.enter_context(patch.object(module, "open", _opening(drive, module.open)))
        stack.enter_context(patch.object(os, "open", os_open))
        stack.enter_context(patch.object(os, "close", os_close))
        stack.enter_context(patch.object(os, "fsync", named("fsync", "sync")))
        stack.enter_context(patch.object(os, "replace", named("replace", "name")))
        stack.enter_context(patch.object(os, "mkdir", named("mkdir", "make")))
        stack.enter_context(patch.object(os, "unlink", named("unlink", "remove")))
        # Copying within the kernel would pass by unseen.
        stack.enter_context(patch.object(shutil, "_USE_CP_SENDFILE", False))
        for name in ("encrypt_file", "decrypt_file"):
            stack.enter_context(patch.object(pyrage, name, native(name)))
        yield drive
