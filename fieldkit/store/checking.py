"""Checking one chain of the journal, line by line and link by link."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from fieldkit_sync.errors import Refusal
from fieldkit_sync.event import GENESIS, Event, parse

COLUMNS = "device, epoch, seq, hash, prev, hlc, kind, entity, division, line"
"""What ``check_chain`` reads of each event, in this order."""


def check_chain(
    device: str, epoch: str, rows: Iterable[tuple[Any, ...]], *, own: bool
) -> list[str]:
    """Faults of one chain, whose rows come in order of their numbers.

    A gap or a fork is a fault only in our own chain: elsewhere a bundle is still on its way, or
    somebody's backup came back, and the office's status says so. That an event follows another
    one than is here is such a fork too, of which one branch has not come yet.
    """
    problems: list[str] = []
    heads: set[str] = {GENESIS}
    last = 0
    for seq, group in groupby(rows, key=lambda row: int(row[2])):
        place = f"{device[:8]}/{epoch}/{seq}"
        hashes: set[str] = set()
        for row in group:
            hashes.add(row[3])
            problems += [f"{place} {fault}" for fault in _faults(row)]
            if own and seq == last + 1 and row[4] not in heads:
                problems.append(f"{place} chain broken")
        if own and seq != last + 1:
            problems.append(f"{device[:8]}/{epoch} gap {last + 1}-{seq - 1}")
        if own and len(hashes) > 1:
            problems.append(f"{place} fork")
        heads, last = hashes, seq
    return problems


def _faults(row: tuple[Any, ...]) -> list[str]:
    try:
        event = parse(bytes(row[9]))
    except Refusal as refusal:
        return [refusal.code]
    return [] if _columns(event) == row[:9] else ["altered"]


def _columns(event: Event) -> tuple[Any, ...]:
    return (*event.id, event.prev, event.hlc, event.kind, event.entity, event.division)
