"""Sealed files on their way to the office: made once, sent again as the same bytes.

Sealing is random, so the same content sealed again would be another file, and whoever carries it
would not know that he has it already. So each sealed file stays in the home's ``bundles`` folder
until the office has acknowledged all that is in it, with a note beside it that says what that is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.store import outgoing
from fieldkit.store.outgoing import Part

from . import above
from .exchange_files import digest_of, read_json, write_json
from .promises import Promise
from .workspace import Workspace

if TYPE_CHECKING:
    from .pending import Pending

_SUFFIX = ".fkb.zip.age"


@dataclass(frozen=True, slots=True)
class Sent:
    """One bundle in the outbox: its note, and its files, volume 1 first."""

    note: Path
    digest: str
    office: str
    parts: tuple[Part, ...]
    evidence: tuple[str, ...]
    missing: int
    files: tuple[Path, ...]

    @property
    def bytes(self) -> int:
        """The size of all its files."""
        return sum(path.stat().st_size for path in self.files)


def content_digest(waiting: Pending, evidence: Sequence[str], target: Sequence[str]) -> str:
    """What tells two exports apart: the events, the evidence files, and whom it is sealed to."""
    from fieldkit_sync.canon import encode

    parts = [[it.device, it.epoch, it.first, it.last, it.head] for it in waiting.parts]
    return hashlib.sha256(encode([parts, list(evidence), list(target)])).hexdigest()


def find(ws: Workspace, digest: str) -> Sent | None:
    """The bundle in the outbox with this content, if its files are whole."""
    for sent in sealed(ws):
        if sent.digest == digest and _whole(sent):
            return sent
    return None


def note(
    ws: Workspace,
    files: Sequence[Path],
    *,
    digest: str,
    office: str,
    waiting: Pending,
    evidence: Sequence[str],
    missing: int,
) -> Sent:
    """Write down what is in a bundle that was just made. Raises OSError."""
    path = ws.home / "bundles" / f"{files[0].name.removesuffix(_SUFFIX)}.json"
    data = {
        "content": digest,
        "office": office,
        "parts": [
            [it.device, it.epoch, it.first, it.last, it.head, it.branch] for it in waiting.parts
        ],
        "evidence": list(evidence),
        "missing": missing,
        "files": [it.name for it in files],
        "made": ws.now().isoformat(timespec="seconds"),
    }
    write_json(path, data)
    return Sent(path, digest, office, waiting.parts, tuple(evidence), missing, tuple(files))


def sealed(ws: Workspace) -> Iterator[Sent]:
    """The bundles in the outbox that have a readable note."""
    for path in sorted((ws.home / "bundles").glob("*.json")):
        found = _read(path)
        if found is not None:
            yield found


def _read(path: Path) -> Sent | None:
    data: dict[str, Any] = read_json(path) or {}
    try:
        files = tuple(path.with_name(str(name)) for name in data["files"])
        parts = tuple(Part(*row) for row in data["parts"])
        evidence = tuple(str(it) for it in data["evidence"])
        texts = (str(data["content"]), str(data["office"]))
        missing = int(data["missing"])
    except (KeyError, TypeError, ValueError):
        return None
    # A name with a folder in it is refused above, by with_name.
    plain = all(it.name.endswith(_SUFFIX) for it in files)
    return Sent(path, *texts, parts, evidence, missing, files) if files and plain else None


def _whole(sent: Sent) -> bool:
    try:
        return all(digest_of(path)[:16] == path.name[:16] for path in sent.files)
    except OSError:
        return False


def acknowledged(ws: Workspace) -> list[Sent]:
    """The bundles of which the office has acknowledged every event and every file."""
    receipt = above.receipt(ws)
    if receipt is None:
        return []
    promise, lacking = Promise(ws.store.db, receipt), set(receipt.evidence_missing)
    return [
        sent
        for sent in sealed(ws)
        if not lacking & set(sent.evidence)
        and all(_received(ws, promise, part) for part in sent.parts)
    ]


def _received(ws: Workspace, promise: Promise, part: Part) -> bool:
    """Whether a part is acknowledged: these very events, not others of the same numbers."""
    db = ws.store.db
    chain = next(it for it in outgoing.chains(db, part.device) if it.epoch == part.epoch)
    if chain.forked:
        links = outgoing.links(db, part.device, part.epoch)
        lacking = promise.lacks(links, part.device, part.epoch)
        return not any(digest in lacking for _seq, digest in outgoing.numbered(db, part))
    runs = promise.received(part.device, part.epoch)
    return any(first <= part.first and part.last <= last for first, last in runs)


def clean(ws: Workspace) -> None:
    """Remove what the office has acknowledged; what cannot be removed now goes another time."""
    for sent in acknowledged(ws):
        with suppress(OSError):
            remove(sent)


def remove(sent: Sent) -> None:
    """Remove a bundle, its note last, so that an interrupted removal is taken up again."""
    for path in (*sent.files, sent.note):
        path.unlink(missing_ok=True)
