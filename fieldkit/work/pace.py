"""Timing per item: the inspector's own, shown to him first and sent to nobody."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit.store import pace as store_pace

from .workspace import Workspace

LONGEST_MS = 10 * 60 * 1000
"""A longer look is a break and counts as this much."""


def add(ws: Workspace, inspection: str, spent: Mapping[str, int]) -> None:
    """Keep how long each item was looked at, in milliseconds."""
    if spent:
        cut = {item: min(ms, LONGEST_MS) for item, ms in spent.items()}
        store_pace.add(ws.store.db, inspection, cut)


def of(ws: Workspace, inspection: str) -> dict[str, tuple[int, int]]:
    """Milliseconds and the number of looks by item."""
    return store_pace.of(ws.store.db, inspection)
