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
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .exchange_files import read_json, read_small, unusable, write_json, write_whole
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.office import Grant

STATE_VARIABLE = "FIELDKIT_STATE"


@dataclass(frozen=True, slots=True)
class Received:
    """What one file from an office brought, by kind."""

    office: str
    office_name: str
    receipts: int = 0
    checklists: int = 0
    sites: int = 0
    assignments: int = 0


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
    """Take in a file that came from the office; in this version, a grant.

    Raises Problem: no such file, not from an office, or meant for another device.
    """
    raw = read_small(path)
    found = _read(raw)
    if found is None:
        raise Problem(
            "not-a-grant",
            _("这不是办公室发来的授权文件，或内容已损坏。"),
            where=shown(str(path)),
            mend=_("请办公室用 fieldkit office enrol 登记卡 -o 文件 重新生成。"),
        )
    if found.device != ws.device.device:
        raise Problem(
            "grant-for-another",
            _("这份授权是给设备 {other} 的，本机是 {own}。").format(
                other=shown(found.device)[:8], own=ws.device.device[:8]
            ),
            where=shown(str(path)),
            mend=_("请在那台设备上接收，或请办公室登记本机。"),
        )
    _keep(ws, found.office, raw)
    return Received(found.office, found.office_name)


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
                _keep(ws, found.office, raw)
                return found
    if not office.isalnum():
        return None
    with suppress(Problem):
        found = _read(read_small(ws.home / "grants" / f"{office}.grant"))
        if found is not None and found.device == ws.device.device:
            return found
    return None


def _read(raw: bytes) -> Grant | None:
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.office import read_grant

    try:
        return read_grant(raw)
    except Refusal:
        return None


def _keep(ws: Workspace, office: str, raw: bytes) -> None:
    folder = ws.home / "grants"
    try:
        write_whole(folder / f"{office}.grant", raw)
        write_json(folder / "current.json", {"office": office, "taken_ns": time.time_ns()})
    except OSError as error:
        raise unusable(folder, error) from error
