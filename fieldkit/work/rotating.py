"""Changing this device's key: the old one closes its chain, names the new one, and is put aside.

The change happens at one instant: when the note ``keys/device.json`` is replaced. Before it, the
new keys lie whole in ``keys/next`` and a copy of the old ones in ``keys/former``; after it, whoever
needs the keys first moves the new ones to their place (`finish`). So whenever the power goes, the
home has either the old key or the new one, and has lost neither.
"""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.store.open import transaction
from fieldkit.store.store import Draft, Store
from fieldkit.text.i18n import _

from . import devices, grants, keylocks, sealing
from .devices import FORMER, checked_name, keys_damaged
from .exchange_files import unusable
from .pending import pending
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.identity import Public

_NEXT = "next"
_OFFICE = "office"
"""In the folder of a former key: the office that had enrolled it."""


def rotate(ws: Workspace, name: str = "") -> Public:
    """Give this device a new key, and with it a new id and chain; its card is to be enrolled.

    Nothing that was written is lost: what is pending travels with the new key, closed by a seal of
    the old one, and letters sealed to the old key can still be opened. Raises Problem with the old
    key in force.
    """
    from fieldkit_sync import files, keyfolder
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.identity import public

    wanted = checked_name(name, _("设备名称")) if name else ws.device.name
    old = devices.identity(ws)
    granted = grants.current(ws)
    folder = ws.home / "keys"
    try:
        new = _drawn(ws, folder / _NEXT, wanted)
        body = {"public_key": new.public_key}
        ws.store.append([Draft("device.succeeded", old.device, "", body)])
        sealing.close(ws, pending(ws, everything=True))
        # The database's lock keeps another process from doing the same meanwhile.
        with transaction(ws.store.db):
            if public(folder).device != old.device:
                raise devices.keys_changed()
            _put_aside(folder, old.device, granted.office if granted else "")
            note = keyfolder.DEVICE.note
            files.replace(folder / note, (folder / _NEXT / note).read_bytes())
            finish(ws.home)
    except Refusal as refusal:
        raise keys_damaged(refusal) from refusal
    except OSError as error:
        raise unusable(folder, error) from error
    keylocks.forget(ws)
    ws.device = public(folder)
    ws.store.close()
    ws.store = Store(ws.home, ws.device.device, ws.now_ms)
    return ws.device


def _drawn(ws: Workspace, place: Path, name: str) -> Public:
    """The keys that are to come, drawn now or by a run that was cut off; locked like the old."""
    from fieldkit_sync import identity as keys
    from fieldkit_sync import keyfolder, keylock

    if not (place / keyfolder.DEVICE.note).exists():
        keys.Identity.create(place, name)
    new = keys.rename(place, name)
    if keylocks.is_protected(ws, "device") and not keylock.locked(place, keyfolder.DEVICE):
        passphrase = keylocks.working(ws, "device")
        keylock.lock(place, keyfolder.DEVICE, passphrase)
        if keylocks.kept(f"device:{ws.device.device}"):
            keylocks.keep(f"device:{new.device}", passphrase)
    return new


def _put_aside(folder: Path, device: str, office: str) -> None:
    """Copy the keys in force to their place among the former ones, whole or not at all."""
    from fieldkit_sync import files, keyfolder

    place = folder / FORMER / device
    if (place / keyfolder.DEVICE.note).exists():
        return
    place.parent.mkdir(mode=0o700, exist_ok=True)
    for left in place.parent.glob(".*"):
        shutil.rmtree(left, ignore_errors=True)
    part = place.with_name(f".{device}.{secrets.token_hex(4)}")
    part.mkdir(mode=0o700)
    for name in (keyfolder.DEVICE.note, *_key_files()):
        if (folder / name).exists():
            files.write_new(part / name, (folder / name).read_bytes())
    files.write_new(part / _OFFICE, office.encode("ascii"))
    files.fsync_folder(part)
    part.rename(place)
    files.fsync_folder(place.parent)


def office_of(ws: Workspace, former: str) -> str:
    """The office that had enrolled an earlier key of this device; empty if there was none."""
    try:
        return (ws.home / "keys" / FORMER / former / _OFFICE).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def finish(home: Path) -> None:
    """Complete a change of keys that was cut off after the new note was in its place.

    Raises OSError, and Refusal for a folder that is damaged.
    """
    from fieldkit_sync import files, keyfolder

    folder, fresh = home / "keys", home / "keys" / _NEXT
    layout = keyfolder.DEVICE
    if not (fresh / layout.note).exists():
        # What a removal that was cut off has left: copies of the keys in force.
        shutil.rmtree(fresh, ignore_errors=True)
        return
    try:
        if keyfolder.read_note(fresh, layout).id != keyfolder.read_note(folder, layout).id:
            return
        names = [name for name in _key_files() if (fresh / name).exists()]
        for name in names:
            files.replace(folder / name, (fresh / name).read_bytes())
        for name in set(_key_files()) - set(names):
            (folder / name).unlink(missing_ok=True)
        files.fsync_folder(folder)
        (fresh / layout.note).unlink()
    except FileNotFoundError:
        # Another process was quicker.
        return
    shutil.rmtree(fresh, ignore_errors=True)


def _key_files() -> list[str]:
    """Every name that a file of a device's keys may have, but the note's."""
    from fieldkit_sync import keyfolder

    layout = keyfolder.DEVICE
    locked = (layout.locked_private, layout.locked_age)
    return [
        layout.private,
        f"{layout.private}.pub",
        layout.age,
        *locked,
        *(f"{name}.new" for name in locked),
    ]
