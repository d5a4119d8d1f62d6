"""The journal itself: checked, refolded, written out."""

from __future__ import annotations

from collections.abc import Iterator

from fieldkit.store import ledger

from .workspace import Workspace


def verify(ws: Workspace) -> tuple[int, list[str]]:
    """How many events are held, and everything that is wrong with them.

    Chains and projections are the store's to check; here come the seals of every device whose
    key is known and the evidence files. A file that has not arrived yet is no fault, an altered
    one is.
    """
    problems = ws.store.verify()
    if not problems:
        problems += _broken_seals(ws)
    return count(ws), [*problems, *ws.evidence.problems()]


def _broken_seals(ws: Workspace) -> list[str]:
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.event import parse
    from fieldkit_sync.seal import check_event

    from .trust import known_keys

    keys = known_keys(ws)
    problems = []
    for line in ws.store.lines():
        # Reading every body would cost more than all that is looked for.
        event = parse(line) if b'"k":"seal"' in line else None
        if event is None or event.kind != "seal" or event.device not in keys:
            continue
        try:
            check_event(event, keys[event.device])
        except Refusal as refusal:
            place = f"{event.device[:8]}/{event.epoch}/{event.seq}"
            problems.append(f"{place} seal: {refusal.code}")
    return problems


def rebuild(ws: Workspace) -> tuple[int, str]:
    """Drop every projection and fold it anew: the number of events and the state digest."""
    events = ws.store.rebuild()
    return events, ws.store.state_digest()


def export(ws: Workspace) -> Iterator[bytes]:
    """Every event's canonical line, without its newline."""
    yield from ws.store.lines()


def count(ws: Workspace) -> int:
    """How many events this home holds."""
    return ledger.count(ws.store.db)
