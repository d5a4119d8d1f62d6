"""What this device knows of the office above it: its line, its newest policy and receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.store import receipts_held

from . import grants
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.office import Grant
    from fieldkit_sync.policy import Policy
    from fieldkit_sync.receipt import Receipt


def policy(ws: Workspace, office: str) -> Policy | None:
    """The newest policy held of an office."""
    from fieldkit_sync import letter
    from fieldkit_sync.policy import read

    raw = receipts_held.policy(ws.store.db, office)
    return read(letter.one(raw)) if raw is not None else None


def line(ws: Workspace, office: str) -> list[str]:
    """An office and those whose successor it is by their own word, the latest first."""
    before = {}
    for path in (ws.home / "grants").glob("*.grant"):
        known = policy(ws, path.stem)
        if known is not None and known.successor:
            before[known.successor] = path.stem
    found = [office]
    while (granted := grants.of_office(ws, found[-1])) is not None:
        earlier = before.get(granted.ca_public_key, "")
        if not earlier or earlier in found:
            break
        found.append(earlier)
    return found


def speakers(ws: Workspace, grant: Grant) -> dict[str, str]:
    """The office of a grant and those whose successor it is, with their keys."""
    found = {grant.office: grant.ca_public_key}
    for office in line(ws, grant.office):
        granted = grants.of_office(ws, office)
        if granted is not None:
            found.setdefault(office, granted.ca_public_key)
    return found


def receipt(ws: Workspace) -> Receipt | None:
    """The newest receipt held of the office in force, or of one whose successor it is."""
    trusted = grants.trusted(ws)
    return newest_receipt(ws, speakers(ws, trusted)) if trusted else None


def newest_receipt(ws: Workspace, offices: dict[str, str]) -> Receipt | None:
    """The newest receipt held of any of these offices, given with their keys."""
    from fieldkit_sync import letter
    from fieldkit_sync.receipt import read

    found: list[Receipt] = []
    for office, key in offices.items():
        raw = receipts_held.receipt(ws.store.db, office)
        if raw is not None:
            found.append(read(letter.one(raw), key))
    # The first of equals is the one of the later office.
    return max(found, key=lambda it: it.place, default=None)
