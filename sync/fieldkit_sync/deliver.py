"""Putting a sealed file where it is to lie, perhaps a USB stick, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from io import BufferedReader, BytesIO
from pathlib import Path

from fieldkit_sync import files
from fieldkit_sync.errors import Refusal

_CHUNK = 262_144


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def deliver(source: BufferedReader | BytesIO, out_dir: Path, suffix: str) -> Path:
    """Copy sealed bytes out under the name of their digest, then read them back from there.

    The name is 16 hex of the SHA-256 and ``suffix``; it is there only when the file is whole
    and synced. `Refusal` "write-back" (the medium gave back other bytes), OSError where the
    disk fails; then nothing is left.
    """
    sealed = hashlib.file_digest(source, "sha256").hexdigest()
    source.seek(0)
    path = out_dir / f"{sealed[:16]}{suffix}"
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            shutil.copyfileobj(source, out, _CHUNK)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    files.fsync_folder(out_dir)
    if digest(path) != sealed:
        path.unlink(missing_ok=True)
        raise Refusal("write-back", "the medium gave back other bytes than were written")
    return path
