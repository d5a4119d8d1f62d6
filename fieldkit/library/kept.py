"""What checked files came to, kept between runs: reading that is ten times cheaper."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit import __version__
from fieldkit.domain.head import Head
from fieldkit.errors import Problem

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Checklist

_MOST = 200
"""Files in the folder; beyond that all go, and those in use come back one by one."""
_LARGEST = 4 * 1024 * 1024
"""Bytes of a file that may be kept; larger ones are refused anyway."""


def bytes_of(path: Path) -> bytes:
    """The bytes of a file; none where it cannot be read or is too large to be kept."""
    try:
        return path.read_bytes() if path.stat().st_size <= _LARGEST else b""
    except OSError:
        return b""


class Kept:
    """A folder of normalised lists, each under the digest of the bytes that it was made from.

    Only files without an error are kept, and only for this release, whose rules accepted them. A
    folder that cannot be written costs time and nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, raw: bytes) -> Checklist | None:
        """The list that these bytes came to, if that is known."""
        from fieldkit.domain.checklist import Checklist

        try:
            doc = json.loads(self._place(raw).read_bytes().partition(b"\n")[2])
            return Checklist.from_doc(doc)
        except (OSError, ValueError, Problem):
            return None

    def head(self, raw: bytes) -> Head | None:
        """What names that list, without reading the rest."""
        try:
            with self._place(raw).open("rb") as file:
                return Head(**json.loads(file.readline()))
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, raw: bytes, checklist: Checklist) -> None:
        """Note what these bytes came to."""
        place = self._place(raw)
        part = place.with_name(f".{place.name}.{os.urandom(4).hex()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            there = list(self._folder.iterdir())
            if len(there) >= _MOST:
                for old in there:
                    old.unlink(missing_ok=True)
            head = json.dumps(checklist.head._asdict(), ensure_ascii=False)
            doc = json.dumps(checklist.to_doc(), ensure_ascii=False)
            part.write_text(f"{head}\n{doc}", "utf-8")
            part.replace(place)

    def _place(self, raw: bytes) -> Path:
        digest = sha256(__version__.encode() + b"\0" + raw).hexdigest()
        return self._folder / f"{digest}.json"
