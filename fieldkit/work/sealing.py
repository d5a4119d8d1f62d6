"""Closing chains with seals before they leave, so that offices further up can believe them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fieldkit.errors import Problem
from fieldkit.store import ledger, outgoing
from fieldkit.store.outgoing import Part
from fieldkit.store.store import Draft, Store

from . import devices
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.identity import Identity

    from .pending import Pending


def close(ws: Workspace, waiting: Pending) -> bool:
    """Seal what is to leave and is not sealed yet; True if that added an event.

    Earlier epochs were cut off, by a copy or a backup, and get their seal in the newest one.
    """
    mine = [part for part in waiting.parts if part.device == ws.device.device]
    newest = max((it.epoch for it in outgoing.chains(ws.store.db, ws.device.device)), default="")
    # Of a home that was told that it is a copy the newest epoch is an earlier one already.
    ended = ws.store._get("rewound") is not None
    earlier = [it for it in mine if (ended or it.epoch != newest) and _open(ws, it)]
    added = _close_former(ws)
    if earlier:
        identity = devices.identity(ws)
        ws.store.append([_seal(identity, it.epoch, it.last, it.head) for it in earlier])
        added = True
    if earlier or any(it.epoch == newest for it in mine):
        added = close_chain(ws.store, ws) or added
    return added


def close_chain(store: Store, ws: Workspace, keys: Identity | None = None) -> bool:
    """Seal the end of the newest epoch of a device; True unless it ended with a seal."""
    added = False
    # A home that turns out to be a copy opens a new epoch with the first seal: that needs another.
    for _turn in range(2):
        if _closed(store):
            return added
        identity = keys or devices.identity(ws)

        def draft(db: Any, identity: Identity = identity) -> list[Draft]:
            head = ledger.head(db, identity.device)
            return [_seal(identity, *head)] if head is not None and not _closed(store) else []

        added = bool(store.append(draft)) or added
    return added


def _closed(store: Store) -> bool:
    """Whether the newest epoch of the store's device ends with a seal over itself, or is empty."""
    head = ledger.head(store.db, store.device)
    last = outgoing.last_event(store.db, store.device, head[0]) if head else None
    return last is None or outgoing.closes_itself(last)


def _seal(identity: Identity, epoch: str, seq: int, head: str) -> Draft:
    from fieldkit_sync.seal import seal_body

    return Draft("seal", identity.device, "", seal_body(identity, epoch, seq, head))


def _open(ws: Workspace, part: Part) -> bool:
    """Whether a part of an earlier epoch reaches to an end that no later epoch closes.

    One that closes itself gets a second seal all the same: what was cut off by a copy or a backup
    is known to have arrived only by a seal that travelled with it (``promises``).
    """
    db = ws.store.db
    last = outgoing.last_event(db, part.device, part.epoch)
    assert last is not None
    if part.last != last.seq and not part.branch:
        return False
    seals = outgoing.cross_seals(db, part.device, part.epoch)
    return not any(seal.head == part.head for seal in seals)


def _close_former(ws: Workspace) -> bool:
    """Seal what another program wrote under a former key while it was changed."""
    added = False
    for device in devices.former(ws):
        store = Store(ws.home, device, ws.now_ms)
        try:
            if not _closed(store):
                added = close_chain(store, ws, devices.former_identity(ws, device)) or added
        except Problem:
            # Locked by a passphrase of then, or damaged: what was sealed before can still be sent.
            continue
        finally:
            store.close()
    return added
