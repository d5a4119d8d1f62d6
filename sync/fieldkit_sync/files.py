"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def fsync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut, where the system can do that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some network and FUSE file systems cannot; the rename itself has been done.
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def write_new(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Create ``path`` with ``data``, synced; FileExistsError if it is there already."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def replace(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Put ``data`` at ``path`` atomically, over whatever was there."""
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        write_new(part, data, mode)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


def read_small(path: Path, limit: int) -> bytes | None:
    """Return at most ``limit`` bytes of a file, or None if it holds more."""
    with path.open("rb") as source:
        data = source.read(limit + 1)
    return None if len(data) > limit else data
