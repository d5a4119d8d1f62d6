"""Small files on their way in and out: whole or not at all, private, bounded before reading."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

MAX_SMALL = 256 * 1024
"""The largest card or grant that is looked at, in bytes."""


def read_small(path: Path) -> bytes:
    """The bytes of a card or a grant.

    Raises Problem ``no-file``, ``file-too-large`` or ``file-unreadable``.
    """
    where = shown(str(path))
    try:
        if not path.exists():
            raise Problem("no-file", _("没有这个文件。"), where=where, mend=_("检查路径。"))
        if not path.is_file():
            raise Problem("no-file", _("这不是一个文件。"), where=where, mend=_("检查路径。"))
        with path.open("rb") as stream:
            raw = stream.read(MAX_SMALL + 1)
    except OSError as error:
        raise unusable(path, error) from error
    if len(raw) > MAX_SMALL:
        raise Problem("file-too-large", _("文件太大，不是登记卡或授权文件。"), where=where)
    return raw


def unusable(path: Path, error: OSError) -> Problem:
    """The sentence for a path that the system refuses."""
    return Problem(
        "file-unreadable",
        _("文件读写失败：{reason}。").format(reason=error.strerror or type(error).__name__),
        where=shown(str(path)),
        mend=_("检查磁盘、权限和路径。"),
    )


def write_whole(path: Path, raw: bytes) -> None:
    """Write a file for its owner only, so that a reader sees the old one or the new one.

    The bytes are synced before the name is given. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.urandom(6).hex()}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable where the system can (not on Windows)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_json(path: Path, data: Any) -> None:
    """Write a small JSON file whole. Raises OSError."""
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(path, text.encode("utf-8") + b"\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """A small JSON object of our own, or None when it is missing or damaged.

    Raises Problem for a disk that cannot be read: what is there must not be taken for missing.
    """
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return None
    except OSError as error:
        raise unusable(path, error) from error
    return data if isinstance(data, dict) else None


def append_line(path: Path, data: dict[str, Any]) -> None:
    """Add one JSON line to a log and sync it. Raises OSError."""
    line = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(line.encode("utf-8") + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, as hex. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
