"""Dealing out what is pending to several bundles where one would grow too large to be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from fieldkit.store import outgoing
from fieldkit.store.outgoing import Part

from .pending import Pending
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit.store.open import Database

MOST_EVENTS = 200_000
"""About so many events lie in one bundle; readers refuse a million, or 256 MiB of them."""


def parcels(ws: Workspace, waiting: Pending) -> list[Pending]:
    """What is pending as one bundle after another; each piece of a chain that needs a seal has it.

    Earlier epochs of a device stay together with the beginning of its newest one, since the seals
    over them stand there. A file goes with the first bundle that announces it, or with the first.
    """
    batches: list[list[Part]] = [[]]
    for piece in _pieces(ws, waiting):
        size = sum(part.events for part in batches[-1])
        if batches[-1] and size + sum(part.events for part in piece) > MOST_EVENTS:
            batches.append([])
        batches[-1] += piece
    left = set(waiting.evidence)
    found: list[Pending] = []
    for batch in batches[1:]:
        named = {it for part in batch for it in outgoing.evidence_named(ws.store.db, part)} & left
        left -= named
        found.append(Pending(tuple(batch), tuple(sorted(named))))
    return [Pending(tuple(batches[0]), tuple(sorted(left))), *found]


def _pieces(ws: Workspace, waiting: Pending) -> Iterator[list[Part]]:
    """Parts that have to travel together."""
    for device, group in groupby(waiting.parts, key=lambda it: it.device):
        parts = list(group)
        first, *more = _cut(ws.store.db, parts[-1], own=device == ws.device.device)
        yield [*parts[:-1], first]
        yield from ([part] for part in more)


def _cut(db: Database, part: Part, *, own: bool) -> list[Part]:
    """A part in pieces of a size that suits; another device's pieces end with its seals."""
    found: list[Part] = []
    while part.events > MOST_EVENTS and not part.branch:
        last = part.first + MOST_EVENTS - 1
        seal = next(outgoing.seals(db, part.device, part.epoch, part.first, last), None)
        end = seal or (outgoing.last_event(db, part.device, part.epoch, last) if own else None)
        if end is None:
            break
        found.append(Part(part.device, part.epoch, part.first, end.seq, end.hash))
        part = Part(part.device, part.epoch, end.seq + 1, part.last, part.head)
    return [*found, part]
