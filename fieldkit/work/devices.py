"""This device: who it is, the card that an office enrols, and the name people call it by."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed

from . import keylocks
from .exchange_files import unusable
from .notes import check_text
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.identity import Identity, Public

NAME_LIMIT = 40
"""The longest device or office name, in characters."""

FORMER = "former"
"""Where the keys lie that this device had before, each in a folder named by its id."""


def card(ws: Workspace) -> str:
    """This device's card as text; it holds public keys only and may be shown to anyone."""
    from fieldkit_sync.identity import card_text

    return card_text(ws.device, office_key(ws))


def office_key(ws: Workspace) -> str:
    """The key of the office that this home is too, or empty.

    The office above learns from it whose word on devices further down it can take.
    """
    from fieldkit_sync import office
    from fieldkit_sync.errors import Refusal

    try:
        return office.public(ws.home / "office").ca_public_key
    except Refusal:
        return ""


def rename(ws: Workspace, name: str) -> Public:
    """Give this device a name that the office will see; the keys stay the same.

    Raises Problem for an empty, long or steering name, or one that holds personal data.
    """
    from fieldkit_sync import identity as keys
    from fieldkit_sync.errors import Refusal

    folder = ws.home / "keys"
    wanted = checked_name(name, _("设备名称"))
    try:
        ws.device = keys.rename(folder, wanted)
    except OSError as error:
        raise unusable(folder, error) from error
    except Refusal as refusal:
        if refusal.code != "bad-name":
            raise keys_damaged(refusal) from refusal
        raise bad_name(_("设备名称")) from refusal
    return ws.device


def checked_name(typed: str, where: str) -> str:
    """A name that may be kept: not empty, at most 40 characters, no personal data."""
    name = composed(typed)
    if not name:
        raise Problem("name-empty", _("名称不能为空。"), where=where)
    if len(name) > NAME_LIMIT:
        raise Problem(
            "name-long",
            _("有 {n} 个字，最多 {limit} 个字。").format(n=len(name), limit=NAME_LIMIT),
            where=where,
        )
    check_text(name, where)
    return name


def bad_name(where: str) -> Problem:
    """The sentence for a name that does not fit on a card."""
    return Problem(
        "bad-name",
        _("这个名称不能用。"),
        where=where,
        mend=_("用一般的文字，不换行，最多 {limit} 个字。").format(limit=NAME_LIMIT),
    )


def identity(ws: Workspace) -> Identity:
    """This device with its secret keys.

    Raises Problem ``keys-damaged``, ``keys-locked`` or ``wrong-passphrase``, and ``keys-changed``
    where this workspace was opened before another program changed the key.
    """
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.identity import Identity

    from . import rotating

    try:
        rotating.finish(ws.home)
        found = keylocks.keys_of(ws, "device", Identity.load)
    except (Refusal, OSError) as error:
        raise keys_damaged(error) from error
    if found.device != ws.device.device:
        raise keys_changed()
    return found


def keys_changed() -> Problem:
    """The sentence for a window that was opened before another program changed the key."""
    return Problem(
        "keys-changed",
        _("另一个程序刚刚更换了本机的密钥。"),
        mend=_("关闭后重新打开再做。"),
    )


def former(ws: Workspace) -> dict[str, Public]:
    """What this device was before its key was changed, by id; the files are not opened."""
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.identity import public

    found = {}
    for folder in sorted((ws.home / "keys" / FORMER).glob("[!.]*")):
        with suppress(Refusal):
            earlier = public(folder)
            if earlier.device != ws.device.device:
                found[earlier.device] = earlier
    return found


def former_identity(ws: Workspace, device: str) -> Identity:
    """An earlier key of this device; Problem ``keys-damaged`` or ``keys-locked``.

    Nobody is asked for the passphrase of then: it is looked for where it needs no asking.
    """
    from fieldkit_sync import keyfolder, keylock
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.identity import Identity

    folder = ws.home / "keys" / FORMER / device
    try:
        if not keylock.locked(folder, keyfolder.DEVICE):
            return Identity.load(folder)
        for passphrase in _passphrases(device, ws.device.device):
            with suppress(Refusal):
                return Identity.load(folder, lambda found=passphrase: found)  # type: ignore[misc]
    except (Refusal, OSError) as error:
        raise keys_damaged(error) from error
    raise keylocks.keys_locked("device")


def _passphrases(*devices: str) -> list[str]:
    named = os.environ.get(keylocks.PASSPHRASE_VARIABLE, "")
    kept = [it for device in devices for it in keylocks.kept(f"device:{device}")]
    return [named, *kept] if named else kept


def age_identities(ws: Workspace) -> list[str]:
    """The age identities that open what was sealed to this device, under whatever key."""
    found = [identity(ws).age_identity]
    for device in former(ws):
        with suppress(Problem):
            found.append(former_identity(ws, device).age_identity)
    return found


def keys_damaged(error: Exception) -> Problem:
    """The sentence for keys that cannot be read."""
    return Problem(
        "keys-damaged",
        _("密钥读不出来（{detail}）。").format(detail=str(getattr(error, "code", error))[:80]),
        mend=_("从备份恢复工作目录里的 keys 和 office 文件夹。"),
    )
