"""What an office gives a device it has enrolled: the proof, and the keys to seal to.

A grant reaches its device as a file, or by itself when both are used by one person on one
computer: then it waits in that person's state folder, the mailbox.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import Problem

from . import devices
from .exchange_files import read_json, read_small, unusable, write_json, write_whole
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.office import Grant

STATE_VARIABLE = "FIELDKIT_STATE"


@dataclass(frozen=True, slots=True)
class Received:
    """What one file from an office brought, by kind: how many of each were new.

    ``old`` counts receipts that were known or earlier than the one held. ``new_epoch`` is True
    when the office turned out to hold more of this device than this home remembers: it is a copy
    or came back from a backup, and numbers its events anew from now on.
    """

    office: str
    office_name: str
    receipts: int = 0
    checklists: int = 0
    sites: int = 0
    assignments: int = 0
    returned: int = 0
    policies: int = 0
    grants: int = 0
    old: int = 0
    new_epoch: bool = False


def mailbox() -> Path:
    """Where grants wait for the homes of this person on this computer."""
    named = os.environ.get(STATE_VARIABLE, "")
    if named:
        return Path(named).expanduser().absolute() / "grants"
    from platformdirs import user_state_path

    return user_state_path("fieldkit", appauthor=False) / "grants"


def post(device: str, raw: bytes) -> bool:
    """Leave a grant for a device in the mailbox; False when this computer has no place for it."""
    path = mailbox() / f"{device}.grant"
    try:
        write_whole(path, raw)
        # Some file systems keep coarse times; the newest grant is the one that counts.
        now = time.time_ns()
        os.utime(path, ns=(now, now))
    except OSError:
        return False
    return True


def receive(ws: Workspace, path: Path) -> Received:
    """Take in a file that came from the office (`letters.receive`)."""
    from . import letters

    return letters.receive(ws, path)


def current(ws: Workspace) -> Grant | None:
    """The grant in force: the one taken in last, by hand or from the mailbox; or None."""
    chosen = read_json(ws.home / "grants" / "current.json") or {}
    office, taken = str(chosen.get("office", "")), chosen.get("taken_ns", 0)
    waiting = mailbox() / f"{ws.device.device}.grant"
    with suppress(OSError, Problem):
        if waiting.stat().st_mtime_ns > (taken if isinstance(taken, int) else 0):
            raw = read_small(waiting)
            found = _read(raw)
            if found is not None and found.device == ws.device.device:
                keep(ws, found.office, raw)
                return found
    found = of_office(ws, office)
    return found if found is not None and found.device == ws.device.device else None


def trusted(ws: Workspace) -> Grant | None:
    """As ``current``; after a change of this device's key also the grant for the key before."""
    found = current(ws)
    if found is None:
        chosen = read_json(ws.home / "grants" / "current.json") or {}
        found = of_office(ws, str(chosen.get("office", "")))
    return found


def of_office(ws: Workspace, office: str) -> Grant | None:
    """The grant that an office gave this device, or gave it under an earlier key; or None."""
    if not office.isalnum():
        return None
    with suppress(Problem):
        found = _read(read_small(ws.home / "grants" / f"{office}.grant"))
        if found is not None and found.device in (ws.device.device, *devices.former(ws)):
            return found
    return None


def _read(raw: bytes) -> Grant | None:
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.office import read_grant

    try:
        return read_grant(raw)
    except Refusal:
        return None


def keep(ws: Workspace, office: str, raw: bytes) -> None:
    """Put a grant in force. Raises Problem where it cannot be written."""
    folder = ws.home / "grants"
    try:
        write_whole(folder / f"{office}.grant", raw)
        write_json(folder / "current.json", {"office": office, "taken_ns": time.time_ns()})
    except OSError as error:
        raise unusable(folder, error) from error
