"""What checked files came to, kept between runs: reading that is ten times cheaper."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from fieldkit import __version__
from fieldkit.domain.checklist import Checklist
from fieldkit.errors import Problem

_MOST = 200
"""Files in the folder; beyond that all go, and those in use come back one by one."""


class Kept:
    """A folder of normalised lists, each under the digest of the bytes that it was made from.

    Only files without an error are kept, and only for this release, whose rules accepted them. A
    folder that cannot be written costs time and nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, raw: bytes) -> Checklist | None:
        """The list that these bytes came to, if that is known."""
        try:
            doc = json.loads(self._place(raw).read_bytes())
            return Checklist.from_doc(doc)
        except (OSError, ValueError, Problem):
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
            part.write_text(json.dumps(checklist.to_doc(), ensure_ascii=False), "utf-8")
            part.replace(place)

    def _place(self, raw: bytes) -> Path:
        digest = sha256(__version__.encode() + b"\0" + raw).hexdigest()
        return self._folder / f"{digest}.json"
