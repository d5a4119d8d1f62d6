"""The process that opens an ``.xls``: bytes in, JSON out, little memory, no way to do harm."""

from __future__ import annotations

import json
import sys

_MEMORY = 1 << 30


def main(arguments: list[str]) -> int:
    """Read a workbook from stdin and print its sheets; 1 where it cannot be read."""
    from . import guard, sheets

    _bound()
    raw = sys.stdin.buffer.read(guard.MAX_BYTES + 1)
    names, grids = guard.grids(raw, "", sheets.wanted)
    plain = {
        title: [
            ["" if value in ("", None) else sheets.said(value) for value in row] for row in grid
        ]
        for title, grid in grids.items()
    }
    sys.stdout.buffer.write(json.dumps({"names": names, "grids": plain}).encode("ascii"))
    return 0


def _bound() -> None:
    """Bound this process's memory where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    limit = getattr(resource, "RLIMIT_AS", None)
    if limit is not None:
        resource.setrlimit(limit, (_MEMORY, _MEMORY))
