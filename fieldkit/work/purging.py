"""Freeing space: what the office holds a copy of off its machine need not lie here as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldkit.store import outgoing
from fieldkit.store.open import transaction

from . import above, outbox
from .exchange_files import unusable
from .promises import Promise
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Purged:
    """How many files went (or would go), their size in bytes, and how many had to stay."""

    files: int
    bytes: int
    kept: int


def purge(ws: Workspace, *, dry_run: bool = False) -> Purged:
    """Remove sealed files that the office acknowledged, and evidence that it holds durably.

    Events are never dropped. An evidence file goes only when every event that announces it lies in
    a ``durable`` run of the receipt held, and the receipt does not list the file as missing.
    Raises Problem where the disk refuses; what had gone by then was free to go.
    """
    sent = outbox.acknowledged(ws)
    files = [path for one in sent for path in one.files if path.exists()]
    count, size = len(files), sum(path.stat().st_size for path in files)
    waiting = sum(len(one.files) for one in outbox.sealed(ws)) - sum(len(it.files) for it in sent)
    kept = waiting
    try:
        if not dry_run:
            for one in sent:
                outbox.remove(one)
        # Nobody may announce a file again between the look and the removal.
        with transaction(ws.store.db):
            receipt = above.receipt(ws)
            for sha256 in list(ws.evidence.digests()):
                path = ws.evidence.path(sha256)
                if path is None:
                    continue
                if receipt is None or not _durable(ws, receipt, sha256):
                    kept += 1
                    continue
                count, size = count + 1, size + path.stat().st_size
                if not dry_run:
                    ws.evidence.drop(sha256)
    except OSError as error:
        raise unusable(ws.home, error) from error
    return Purged(count, size, kept)


def _durable(ws: Workspace, receipt: Receipt, sha256: str) -> bool:
    if sha256 in receipt.evidence_missing:
        return False
    promise = Promise(ws.store.db, receipt)
    events = outgoing.announced(ws.store.db, sha256)
    return bool(events) and all(
        any(first <= seq <= last for first, last in promise.durable(device, epoch))
        for device, epoch, seq in events
    )
