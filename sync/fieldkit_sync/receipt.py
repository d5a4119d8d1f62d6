"""What an office holds of a device, signed: the device's proof, and its leave to let go.

``received`` means held in the office's own journal, ``durable`` that the office has a copy of it
off its machine. A device drops nothing before ``durable``: an office's disk fails too. The office
counts its own epochs. One that was restored from a backup opens a new epoch, and devices forget
what the old one had promised and send again (CouchDB #3897, CHT #8093).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from fieldkit_sync import canon, letter, sshsig
from fieldkit_sync.errors import Refusal
from fieldkit_sync.letter import Document, Sign

TYPE = "fieldkit-receipt"
NO_RECEIPT = "0" * 64
MAX_ROWS = 50_000

Run = tuple[int, int]
"""First and last number of an unbroken run of events."""
Piece = tuple[int, int, str]
"""First and last number of linked events, and the hash of the last."""

_KEYS = {
    "chains", "device", "evidence_missing", "forks", "issued", "office", "office_epoch",
    "policy_version", "prev", "receipt_seq", "type", "v",
}  # fmt: skip
_HEX16 = re.compile(r"[0-9a-f]{16}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
_HEX64 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ChainHeld:
    """What is held of one chain; ``head`` is the hash of the last event received.

    A hash vouches for what is before it only as far as nothing is missing in between, and where a
    number was used twice, numbers tell nothing. So of a chain with gaps or forks all that is held
    is named in ``pieces``: linked events each, and none in two of them.
    """

    device: str
    epoch: str
    received: tuple[Run, ...]
    durable: tuple[Run, ...]
    head: str
    pieces: tuple[Piece, ...] = ()

    @property
    def missing(self) -> tuple[Run, ...]:
        """The runs that the office lacks below its last number: it asks for them."""
        last, gaps = 0, []
        for first, reached in self.received:
            if first > last + 1:
                gaps.append((last + 1, first - 1))
            last = reached
        return tuple(gaps)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One checked receipt for ``device``; ``prev`` is the digest of the receipt before it.

    ``forks`` are (device, epoch, number) used twice; ``evidence_missing`` are files that the
    office's events name and the office lacks.
    """

    office: str
    office_epoch: str
    receipt_seq: int
    prev: str
    issued: str
    device: str
    policy_version: int
    chains: tuple[ChainHeld, ...]
    evidence_missing: tuple[str, ...] = ()
    forks: tuple[tuple[str, str, int], ...] = field(default=())

    @property
    def place(self) -> tuple[str, int]:
        """Receipts of one office are in this order; a later one takes an earlier one's place."""
        return (self.office_epoch, self.receipt_seq)


def write(receipt: Receipt, sign: Sign) -> bytes:
    """Return the signed document; `Refusal` "bad-receipt" for one that could not be read back."""
    doc = {
        "chains": [
            _chain_doc(it) for it in sorted(receipt.chains, key=lambda it: (it.device, it.epoch))
        ],
        "device": receipt.device,
        "evidence_missing": sorted(receipt.evidence_missing),
        "forks": [list(it) for it in sorted(receipt.forks)],
        "issued": receipt.issued,
        "office": receipt.office,
        "office_epoch": receipt.office_epoch,
        "policy_version": receipt.policy_version,
        "prev": receipt.prev,
        "receipt_seq": receipt.receipt_seq,
        "type": TYPE,
        "v": 1,
    }
    _checked(doc)
    return letter.write(doc, sign, sshsig.RECEIPT)


def _chain_doc(held: ChainHeld) -> dict[str, Any]:
    doc: dict[str, Any] = {
        "device": held.device,
        "durable": [list(run) for run in held.durable],
        "epoch": held.epoch,
        "head": held.head,
        "received": [list(run) for run in held.received],
    }
    return doc | {"pieces": [list(it) for it in sorted(held.pieces)]} if held.pieces else doc


def read(document: Document, ca_public_key: str) -> Receipt:
    """Return what a receipt says if the office of ``ca_public_key`` signed it.

    `Refusal` "bad-receipt", "signature".
    """
    from fieldkit_sync.sshkey import device_of

    found = _checked(document.doc)
    if found.office != device_of(ca_public_key):
        raise Refusal("signature", "a receipt of another office")
    document.check(sshsig.RECEIPT, ca_public_key)
    return found


def digest(raw: bytes) -> str:
    """By this the next receipt names the one before it: SHA-256 of its line."""
    return hashlib.sha256(raw.partition(b"\n")[0]).hexdigest()


def _checked(doc: dict[str, Any]) -> Receipt:
    if doc.keys() != _KEYS or doc["type"] != TYPE or type(doc["v"]) is not int or doc["v"] != 1:
        _refuse("not a receipt of version 1")
    for key, form in (("device", _HEX32), ("office", _HEX32), ("office_epoch", _HEX16),
                      ("issued", _HEX16), ("prev", _HEX64)):  # fmt: skip
        _form(doc[key], form, key)
    for key in ("policy_version", "receipt_seq"):
        _number(doc[key], 0 if key == "policy_version" else 1, key)
    chains = [_chain(row) for row in _rows(doc["chains"], "chains")]
    places = [(it.device, it.epoch) for it in chains]
    missing = _rows(doc["evidence_missing"], "evidence_missing")
    for item in missing:
        _form(item, _HEX64, "evidence_missing")
    forks = [_fork(row) for row in _rows(doc["forks"], "forks")]
    for what, rows in (("chains", places), ("evidence_missing", missing), ("forks", forks)):
        if rows != sorted(set(rows)):
            _refuse(f"{what}: out of order, or there twice")
    return Receipt(
        office=doc["office"],
        office_epoch=doc["office_epoch"],
        receipt_seq=doc["receipt_seq"],
        prev=doc["prev"],
        issued=doc["issued"],
        device=doc["device"],
        policy_version=doc["policy_version"],
        chains=tuple(chains),
        evidence_missing=tuple(missing),
        forks=tuple(forks),
    )


def _chain(doc: object) -> ChainHeld:
    keys = {"device", "durable", "epoch", "head", "received"}
    if not isinstance(doc, dict) or doc.keys() - {"pieces"} != keys:
        _refuse("chains: unknown or missing fields")
    _form(doc["device"], _HEX32, "chains: device")
    _form(doc["epoch"], _HEX16, "chains: epoch")
    _form(doc["head"], _HEX64, "chains: head")
    received, durable = _runs(doc["received"]), _runs(doc["durable"])
    if not received:
        _refuse("chains: nothing received")
    if not _within(durable, received):
        _refuse("chains: durable reaches beyond received")
    pieces = _pieces(doc["pieces"], received) if "pieces" in doc else ()
    return ChainHeld(doc["device"], doc["epoch"], received, durable, doc["head"], pieces)


def _pieces(doc: object, received: tuple[Run, ...]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for row in _rows(doc, "pieces"):
        if not isinstance(row, list) or len(row) != 3:
            _refuse("pieces: three fields")
        first = _number(row[0], 1, "pieces")
        _form(row[2], _HEX64, "pieces: head")
        found.append((first, _number(row[1], first, "pieces"), row[2]))
    if not found or found != sorted(set(found)):
        _refuse("pieces: none, out of order, or there twice")
    if _joined((first, last) for first, last, _head in found) != received:
        _refuse("pieces: other numbers than received")
    return tuple(found)


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Sorted runs that may touch and lie over each other, as runs that lie apart."""
    found: list[Run] = []
    for first, last in runs:
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _runs(doc: object) -> tuple[Run, ...]:
    found: list[Run] = []
    for row in _rows(doc, "runs"):
        if not isinstance(row, list) or len(row) != 2:
            _refuse("runs: a run has two ends")
        first = _number(row[0], found[-1][1] + 2 if found else 1, "runs")
        found.append((first, _number(row[1], first, "runs")))
    return tuple(found)


def _fork(row: object) -> tuple[str, str, int]:
    if not isinstance(row, list) or len(row) != 3:
        _refuse("forks: three fields")
    _form(row[0], _HEX32, "forks: device")
    _form(row[1], _HEX16, "forks: epoch")
    return (row[0], row[1], _number(row[2], 1, "forks: seq"))


def _within(inner: tuple[Run, ...], outer: tuple[Run, ...]) -> bool:
    """Whether each run lies in a run of the other; both are sorted, so one walk is enough."""
    rest = iter(outer)
    here = next(rest, None)
    for first, last in inner:
        while here is not None and here[1] < first:
            here = next(rest, None)
        if here is None or not (here[0] <= first and last <= here[1]):
            return False
    return True


def covers(runs: Iterable[Run], wanted: Run) -> bool:
    """Whether one of the runs holds all of another."""
    return any(first <= wanted[0] and wanted[1] <= last for first, last in runs)


def _rows(doc: object, what: str) -> list[Any]:
    if not isinstance(doc, list) or len(doc) > MAX_ROWS:
        _refuse(f"{what}: not a list, or too long")
    return doc


def _form(value: object, form: re.Pattern[str], what: str) -> None:
    if not isinstance(value, str) or not form.fullmatch(value):
        _refuse(f"{what} is malformed")


def _number(value: object, least: int, what: str) -> int:
    if type(value) is not int or not least <= value <= canon.MAX_INT:
        _refuse(f"{what}: a number is malformed")
    return value


def _refuse(detail: str) -> NoReturn:
    raise Refusal("bad-receipt", detail)
