"""Changing an office's keys: devices follow the old key's last word, and trust nobody anew.

The new office is made whole beside the old one, with the old keys kept inside it, since bundles
sealed to them are still on their way. Then the two folders change places. A crash between the two
renames leaves the new folder whole, and whoever looks for the office next puts it in its place.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.text.i18n import _

from . import escrow, keylocks, office_line, offices, policies
from .devices import bad_name
from .exchange_files import unusable, write_json, write_whole
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.office import OfficeKeys, OfficePublic

_KEYS = ("office_ed25519", "office_ed25519.pub", "office.age", "office.json")
_OLD = ".office-old"


def rotate(ws: Workspace, name: str = "") -> OfficePublic:
    """Give this office new keys, and with them a new id; every device is certified anew.

    Devices follow with the next receipt letter or grant file. Raises Problem with the old keys in
    force, also when they are behind a passphrase: former keys have to open old bundles unasked.
    """
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.office import OfficeKeys

    if keylocks.is_protected(ws, "office"):
        raise Problem(
            "keys-protected",
            _("办公室密钥有口令保护，更换前请先取消保护。"),
            mend=_("运行 fieldkit device unprotect --office，更换后再设口令。"),
        )
    old = offices.load(ws)
    here, fresh = offices.folder(ws), ws.home / offices.NEXT
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(ws.home / _OLD, ignore_errors=True)
    try:
        new = OfficeKeys.create(fresh, name or old.name)
        last = policies.last_word(ws, old, new.ca_public_key)
        _carry(here, fresh, old.office, last)
        for record in offices.enrolled(ws):
            _certify(fresh, new, record)
        escrow.ensure(fresh)
        _swap(ws, here, fresh)
    except OSError as error:
        raise unusable(here, error) from error
    except Refusal as refusal:
        raise bad_name(_("办公室名称")) from refusal
    keys = offices.load(ws)
    version = policies.issue(ws, keys=keys).version
    for record in offices.enrolled(ws):
        if record.state != offices.REVOKED:
            offices.post_grant(ws, record, version, keys)
    return offices.public(ws)


def _carry(here: Path, fresh: Path, old: str, last: bytes) -> None:
    """Take over what stays, and put the old keys among the former ones."""
    former = fresh / "former"
    if (here / "former").is_dir():
        shutil.copytree(here / "former", former)
    place = former / old
    place.mkdir(parents=True, mode=0o700)
    for name in _KEYS:
        write_whole(place / name, (here / name).read_bytes())
    write_whole(place / office_line.LAST_WORD, last)
    for path in here.glob("escrow.*"):
        write_whole(fresh / path.name, path.read_bytes())
    (fresh / "devices").mkdir(mode=0o700)


def _certify(fresh: Path, new: OfficeKeys, record: offices.Enrolled) -> None:
    from fieldkit_sync.identity import Public

    device = Public(record.device, record.name, record.public_key, record.recipient)
    certificate = new.certify(device, serial=record.serial, valid_from=0)
    place = fresh / "devices" / f"{record.device}.json"
    write_json(place, offices.as_json(replace(record, certificate=certificate)))


def _swap(ws: Workspace, here: Path, fresh: Path) -> None:
    here.rename(ws.home / _OLD)
    fresh.rename(here)
    shutil.rmtree(ws.home / _OLD, ignore_errors=True)
