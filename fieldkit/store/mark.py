"""How far a home had come, noted outside its database.

A database that was restored from a backup, or a home that was copied, knows nothing of it: it
would use numbers again that are used already, and two events would share one. So the last number
of this device is also kept in the user's state folder, by home. A database that lacks the event
noted there was rewound; a home that has events but no note was copied here. Either opens a new
epoch, which costs nothing. Whole disks that are restored rewind both; then the office's receipt
tells (``work.letters``).
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

STATE_VARIABLE = "FIELDKIT_STATE"


class Place(NamedTuple):
    """The last event of this device: epoch, number, hash."""

    epoch: str
    seq: int
    hash: str


def state_folder() -> Path:
    """Where notes lie that must not be in a home: ``FIELDKIT_STATE``, or the platform's place."""
    named = os.environ.get(STATE_VARIABLE, "")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_state_path

    return user_state_path("fieldkit", appauthor=False)


class Mark:
    """The note for one home. A state folder that cannot be written means that nothing is noted."""

    def __init__(self, home: Path, device: str) -> None:
        name = hashlib.sha256(f"{device}\0{home.resolve()}".encode()).hexdigest()[:32]
        self._folder = state_folder() / "marks"
        self._path = self._folder / f"{name}.json"

    def read(self) -> Place | None:
        """What was noted, or None when there is no note, or none that can be read."""
        try:
            doc = json.loads(self._path.read_text("utf-8"))
            return Place(str(doc["epoch"]), int(doc["seq"]), str(doc["hash"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def usable(self) -> bool:
        """Whether notes can be kept here at all."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return False
        return os.access(self._folder, os.W_OK)

    def write(self, place: Place, *, durable: bool = False) -> None:
        """Note how far this home has come; ``durable`` makes it survive a power cut.

        A note that is behind is harmless: only what has left the home can be used twice, and an
        export notes durably. So a failure here is no failure of what was appended.
        """
        part = self._path.with_name(f".{self._path.name}.{os.urandom(4).hex()}")
        doc = {"epoch": place.epoch, "seq": place.seq, "hash": place.hash}
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with part.open("x", encoding="utf-8") as out:
                json.dump(doc, out)
                if durable:
                    out.flush()
                    os.fsync(out.fileno())
            part.replace(self._path)
        except OSError:
            with suppress(OSError):
                part.unlink()
