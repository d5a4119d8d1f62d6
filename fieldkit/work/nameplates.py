"""The policies that go along when a home passes events of devices below it on to its office."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from . import devices, offices, policies
from .workspace import Workspace


def of_devices(ws: Workspace, carried: AbstractSet[str]) -> bytes:
    """A letter that vouches for these devices: this office's policy, and those between.

    Empty when they are all this home's own.
    """
    foreign = carried - {ws.device.device, *devices.former(ws)}
    if not foreign or not offices.is_office(ws):
        return b""
    from fieldkit_sync import letter
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.policy import members, read

    lower = {}
    for raw in policies.lower(ws):
        try:
            lower[read(letter.one(raw)).ca_public_key] = raw
        except Refusal:
            continue
    known = members(policies.current(ws), [read(letter.one(raw)) for raw in lower.values()])
    wanted = {known[device][1].ca_public_key for device in foreign if device in known}
    while True:
        more = {policy.ca_public_key for it, policy in known.values() if it.office_key in wanted}
        if more <= wanted:
            break
        wanted |= more
    between = [lower[key] for key in sorted(wanted & lower.keys())]
    return b"".join([policies.current_letter(ws), *between])
