"""The contract of a wire, and what stands on both sides of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from fieldkit_sync.deliver import digest
from fieldkit_sync.errors import Refusal

SUFFIXES = (".fkb.zip.age", ".fkl.age")
NAME = re.compile(r"[0-9a-f]{16}(?:\.fkb\.zip|\.fkl)?\.age")
"""Sixteen hex digits of the file's SHA-256, and what kind of sealed file it is."""
OFFICE = "in"
"""The box in which an office looks; every other box is a device's id."""
_BOX = re.compile(r"in|[0-9a-f]{32}")
MAX_VOLUME = 320 * 1024 * 1024
"""Bytes; no sealed volume is larger."""

Watch = Callable[[int], None]
"""Called with the bytes of the volume that are across, first with those that were there before;
what it raises ends the work."""

AGAIN = frozenset({"unreachable", "cut", "busy"})
"""Codes of refusals that another try may mend; every other stays what it is."""


class Volume(NamedTuple):
    """A sealed file to be carried: its name on every wire, its size in bytes, its SHA-256."""

    path: Path
    name: str
    size: int
    sha256: str


class Held(NamedTuple):
    """How much of a volume lies safely on the other side: bytes, and whether that is all."""

    name: str
    size: int
    whole: bool


class Lying(NamedTuple):
    """A file on the other side: name and size in bytes."""

    name: str
    size: int


class Wire(Protocol):
    """Four verbs. All raise `Refusal`; with a code of `AGAIN` when trying once more makes sense.

    "unreachable" (nobody there), "cut" (it broke off), "busy" (come back later); "full" (no room
    over there), "refused" (not for you), "too-large", "expired", "not-there", "other-bytes" (what
    came across is not what the name says), "not-a-volume".
    """

    def offer(self, volumes: Sequence[Volume], box: str = OFFICE) -> list[Held]:
        """What of these lies over there already, in their order. Changes nothing."""
        ...

    def put(self, volume: Volume, box: str = OFFICE, watch: Watch | None = None) -> int:
        """Bring a volume across, from where it broke off; gives the bytes that went out.

        On return it lies there whole and durable under its name, however often and by whomever it
        was brought. A file that is not whole is never seen under its name.
        """
        ...

    def list(self, box: str) -> list[Lying]:
        """The whole files in a box, by name."""
        ...

    def get(self, name: str, box: str, into: Path, watch: Watch | None = None) -> Path:
        """Fetch a file into a folder under its name, whole and durable, or not at all."""
        ...


def volume(path: Path) -> Volume:
    """A sealed file as a volume.

    `Refusal` "not-a-volume" when it is not named after its bytes (it was renamed or is damaged),
    "too-large"; OSError as usual.
    """
    size = path.stat().st_size
    bounded(size)
    sha256 = digest(path)
    if NAME.fullmatch(path.name) is None or not sha256.startswith(path.name[:16]):
        raise Refusal("not-a-volume", "the file is not named after its bytes")
    return Volume(path, path.name, size, sha256)


def named(name: str) -> str:
    """The name, if it is one that a volume may have. `Refusal` "not-a-volume"."""
    if NAME.fullmatch(name) is None:
        raise Refusal("not-a-volume", "no volume has such a name")
    return name


def boxed(box: str) -> str:
    """The box, if it is one. `Refusal` "not-there"."""
    if _BOX.fullmatch(box) is None:
        raise Refusal("not-there", "no such box")
    return box


def bounded(size: int) -> None:
    """Whether so many bytes may be a file that is fetched. `Refusal` "too-large"."""
    if size > MAX_VOLUME:
        raise Refusal("too-large", f"{size} bytes")


def is_of(name: str, sha256: str) -> bool:
    """Whether a file of that digest may lie under that name."""
    return NAME.fullmatch(name) is not None and sha256.startswith(name[:16])
