"""The keys that an office has and had: bundles sealed to a former key must still be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import escrow, offices
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.office import OfficePublic

LAST_WORD = "policy.letter"
"""In the folder of a former key: the policy that names its successor."""


def own_offices(ws: Workspace) -> dict[str, str]:
    """The ids that this office has and had, with their CA keys."""
    found = [offices.public(ws), *_former(ws)]
    return {it.office: it.ca_public_key for it in found}


def own_recipients(ws: Workspace) -> set[str]:
    """The recipients that this office answers to: today's, former ones, the second key."""
    return {it.recipient for it in [offices.public(ws), *_former(ws)]} | set(offices.recipients(ws))


def identities(ws: Workspace) -> list[str]:
    """The age identities that open what was sealed to this office, today's first."""
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.office import OfficeKeys

    found = [offices.load(ws).age_identity]
    for place in sorted((offices.folder(ws) / "former").glob("*")):
        try:
            found.append(OfficeKeys.load(place).age_identity)
        except (Refusal, OSError):
            continue
    return [*found, *escrow.identities(offices.folder(ws))]


def successions(ws: Workspace) -> list[bytes]:
    """The last word of each former key of this office, which names its successor."""
    places = sorted((offices.folder(ws) / "former").glob(f"*/{LAST_WORD}"))
    return [place.read_bytes() for place in places]


def _former(ws: Workspace) -> list[OfficePublic]:
    from fieldkit_sync import office
    from fieldkit_sync.errors import Refusal

    found = []
    for place in sorted((offices.folder(ws) / "former").glob("*")):
        try:
            found.append(office.public(place))
        except Refusal:
            continue
    return found
