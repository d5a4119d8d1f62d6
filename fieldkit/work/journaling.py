"""The journal itself: checked, refolded, written out."""

from __future__ import annotations

from collections.abc import Iterator

from fieldkit.store import ledger

from .workspace import Workspace


def verify(ws: Workspace) -> tuple[int, list[str]]:
    """How many events are held, and everything that is wrong with them or their evidence."""
    return count(ws), ws.store.verify()


def rebuild(ws: Workspace) -> tuple[int, str]:
    """Drop every projection and fold it anew: the number of events and the state digest."""
    events = ws.store.rebuild()
    return events, ws.store.state_digest()


def export(ws: Workspace) -> Iterator[bytes]:
    """Every event's canonical line, without its newline."""
    for event in ws.store.events():
        yield event.line


def count(ws: Workspace) -> int:
    """How many events this home holds."""
    return ledger.count(ws.store.db)
