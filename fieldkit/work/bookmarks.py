"""Where a person left off: a small file beside the journal, never part of it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .workspace import Workspace

STRAIGHT = "straight"
"""The inspection to open at once, instead of the first screen."""

_NAME = "bookmarks.json"
_LIMIT = 200
"""Bookmarks kept; the oldest are forgotten first."""


def remember(ws: Workspace, key: str, value: Any) -> None:
    """Keep a small JSON value under a key; a failing disk costs the bookmark, nothing else."""
    marks = _read(ws)
    marks.pop(key, None)
    marks[key] = value
    while len(marks) > _LIMIT:
        del marks[next(iter(marks))]
    path = ws.home / _NAME
    aside = path.with_name(f".{_NAME}-{os.urandom(4).hex()}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(marks, stream, ensure_ascii=False)
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)


def recall(ws: Workspace, key: str) -> Any:
    """What was remembered under the key, or None; a damaged file remembers nothing."""
    return _read(ws).get(key)


def _read(ws: Workspace) -> dict[str, Any]:
    try:
        marks = json.loads((ws.home / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return marks if isinstance(marks, dict) else {}
