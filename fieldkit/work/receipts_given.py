"""Receipts: the office's signed word on what it holds of a device, and what it still wants.

An office counts its own epochs. It opens a new one when a note outside its home says that its
database was restored or copied, or when a person says so; from then on its receipts tell what is
truly held, and devices send the rest again (CouchDB #3897, CHT #8093).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.store import receipts_given as book
from fieldkit.store.open import transaction

from . import office_line, office_marks, offices, policies
from .exchange_files import unusable, write_whole
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.office import OfficeKeys
    from fieldkit_sync.receipt import ChainHeld, Receipt, Run


@dataclass(frozen=True, slots=True)
class Given:
    """A receipt as it was written: ``acknowledged`` and ``durable`` count the device's events."""

    file: Path
    receipt: Receipt
    acknowledged: int
    durable: int

    @property
    def missing(self) -> list[tuple[str, Run]]:
        """Epoch and run of what the office lacks of the device's own chains."""
        chains = [it for it in self.receipt.chains if it.device == self.receipt.device]
        return [(it.epoch, run) for it in chains for run in it.missing]


def give(ws: Workspace, wanted: str, out: Path) -> Given:
    """Write the letter for a device: who this office is, its policy, and the receipt.

    Sealed to the device. The receipt is noted before the file appears, so that no two receipts
    ever have one number. Raises Problem for an unknown device, or where nothing can be written.
    """
    from fieldkit_sync import letter

    keys, record = offices.load(ws), offices.find(ws, wanted)
    policy = policies.issue(ws, keys=keys)
    said, raw = _signed(ws, keys, record, policy.version)
    grant = offices.grant_of(ws, record, policy.version, keys)
    parts = [*office_line.successions(ws), grant, policies.current_letter(ws), raw]
    place = out.expanduser().absolute()
    try:
        write_whole(place, letter.seal(parts, record.recipient))
    except OSError as error:
        raise unusable(place, error) from error
    own = [it for it in said.chains if it.device == record.device]
    return Given(
        place,
        said,
        sum(map(_length, (run for it in own for run in it.received))),
        sum(map(_length, (run for it in own for run in it.durable))),
    )


def sign(ws: Workspace, keys: OfficeKeys, record: offices.Enrolled, policy_version: int) -> bytes:
    """The receipt of a device as a signed document, noted as given."""
    return _signed(ws, keys, record, policy_version)[1]


def _signed(
    ws: Workspace, keys: OfficeKeys, record: offices.Enrolled, policy_version: int
) -> tuple[Receipt, bytes]:
    from fieldkit_sync import clock, receipt

    below = _under(ws, record)
    with transaction(ws.store.db):
        epoch = _epoch(ws)
        last, prev = book.last_given(ws.store.db, epoch)
        said = receipt.Receipt(
            office=keys.office,
            office_epoch=epoch,
            receipt_seq=last + 1,
            prev=prev,
            issued=clock.pack(ws.now_ms(), 0),
            device=record.device,
            policy_version=policy_version,
            chains=tuple(_chains(ws, below)),
            evidence_missing=tuple(_missing(ws, below)),
            forks=tuple(fork for it in below for fork in book.forks(ws.store.db, it)),
        )
        raw = receipt.write(said, keys.sign)
        digest = receipt.digest(raw)
        book.keep_given(ws.store.db, epoch, said.receipt_seq, record.device, digest, said.issued)
    office_marks.note(ws, receipt=said.place)
    return said, raw


def restored(ws: Workspace) -> str:
    """Open a new epoch of this office: its database came back from a backup.

    Gives the epoch. Raises Problem ``not-an-office``.
    """
    offices.public(ws)
    with transaction(ws.store.db):
        return _open_epoch(ws)


def _length(run: Run) -> int:
    return run[1] - run[0] + 1


def _epoch(ws: Workspace) -> str:
    """This office's epoch; a new one if the note outside knows of receipts that we do not."""
    epoch, mark = book.office_epoch(ws.store.db), office_marks.read(ws)
    if not epoch:
        return _open_epoch(ws)
    given = book.last_given(ws.store.db, epoch)[0]
    strange = office_marks.usable() and given > 0 and not mark.office_epoch
    if strange or mark.office_epoch > epoch:
        return _open_epoch(ws)
    if mark.office_epoch == epoch and mark.receipt_seq > given:
        return _open_epoch(ws)
    return epoch


def _open_epoch(ws: Workspace) -> str:
    from fieldkit_sync import clock

    before = max(book.office_epoch(ws.store.db), office_marks.read(ws).office_epoch)
    # Later than the last one even if the clock has fallen.
    after = int(before[:12], 16) + 1 if before else 0
    epoch = clock.new_epoch(max(ws.now_ms(), after))
    book.keep_office_epoch(ws.store.db, epoch)
    return epoch


def _under(ws: Workspace, record: offices.Enrolled) -> list[str]:
    """The device, and those that are below it because it is an office."""
    from fieldkit_sync.policy import members

    found = {record.device, *_before(ws, record)}
    if record.office_key:
        lower = policies.lower_policies(ws)
        own = next((it for it in lower if it.ca_public_key == record.office_key), None)
        if own is not None:
            found |= members(own, lower).keys()
    return sorted(found)


def _before(ws: Workspace, record: offices.Enrolled) -> set[str]:
    """What the device was under its keys before: it asks for the fate of that work too."""
    said = [(book.successor(ws.store.db, it.device), it) for it in offices.enrolled(ws)]
    found: set[str] = set()
    keys = {record.public_key}
    while earlier := {it for key, it in said if key in keys and it.device not in found}:
        found |= {it.device for it in earlier}
        keys = {it.public_key for it in earlier}
    return found


def _chains(ws: Workspace, devices: list[str]) -> list[ChainHeld]:
    from fieldkit_sync.receipt import ChainHeld

    db, found = ws.store.db, []
    for device in devices:
        # Nobody can say which of two branches a copy holds: a person has to look first.
        forked = {(it[0], it[1]) for it in book.forks(db, device)}
        safe = book.runs(db, device, "durable_run")
        for (_device, epoch), runs in sorted(book.runs(db, device).items()):
            durable = (
                [] if (device, epoch) in forked else _common(safe.get((device, epoch), []), runs)
            )
            head = book.head(db, device, epoch, runs[-1][1])
            pieces = book.pieces(db, device, epoch, runs, forked=(device, epoch) in forked)
            found.append(ChainHeld(device, epoch, tuple(runs), tuple(durable), head, tuple(pieces)))
    return found


def _common(some: list[Run], others: list[Run]) -> list[Run]:
    """The numbers in both, as runs."""
    pairs = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return sorted((first, last) for first, last in pairs if first <= last)


def _missing(ws: Workspace, devices: list[str]) -> list[str]:
    named = {it for device in devices for it in book.evidence(ws.store.db, device)}
    return sorted(it for it in named if not ws.evidence.has(it))
