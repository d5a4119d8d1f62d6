"""This office's policy, growing by one version with each change; and those of the offices below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.store import receipts_held
from fieldkit.store.open import transaction

from . import office_line, office_marks, offices
from .exchange_files import unusable, write_whole
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.office import OfficeKeys
    from fieldkit_sync.policy import Policy

_FILE = "policy.letter"


def current(ws: Workspace) -> Policy:
    """This office's newest policy; what it enrolled, as version 0, if none was signed yet.

    Raises Problem ``not-an-office`` or ``keys-damaged``.
    """
    return _signed(ws) or _drawn_up(ws, 0)


def current_letter(ws: Workspace) -> bytes:
    """This office's newest policy as it was signed, signing one if there is none."""
    if _signed(ws) is None:
        issue(ws)
    return _path(ws).read_bytes()


def issue(ws: Workspace, keys: OfficeKeys | None = None) -> Policy:
    """Sign what is in force now as the next version; nothing changes if nothing has changed.

    A version never goes back, not even after a backup of this home was restored: a note outside
    it, and every receipt that is known of, say how far it had come. Raises Problem as
    ``offices.load``.
    """
    from fieldkit_sync import policy

    before = _signed(ws)
    known = max(before.version if before else 0, office_marks.read(ws).policy_version)
    wanted = _drawn_up(ws, known)
    if before is not None and _said(before) == _said(wanted) and before.version == known:
        return before
    wanted = _drawn_up(ws, known + 1)
    raw = policy.write(wanted, (keys or offices.load(ws)).sign)
    try:
        write_whole(_path(ws), raw)
    except OSError as error:
        raise unusable(_path(ws), error) from error
    office_marks.note(ws, policy_version=wanted.version)
    return wanted


def last_word(ws: Workspace, keys: OfficeKeys, successor: str) -> bytes:
    """The last policy of these keys: all as it is, and the key that takes their place."""
    from fieldkit_sync import policy

    version = current(ws).version + 1
    return policy.write(_drawn_up(ws, version, successor), keys.sign)


def lower(ws: Workspace) -> list[bytes]:
    """The newest policy of each other office that is known, as its office signed it."""
    return receipts_held.policies(ws.store.db)


def lower_policies(ws: Workspace) -> list[Policy]:
    """The same, read."""
    from fieldkit_sync import letter, policy

    return [policy.read(letter.one(raw)) for raw in lower(ws)]


def keep(ws: Workspace, raw: bytes) -> None:
    """Keep the policy of an office below, unless a later one is held."""
    from fieldkit_sync import letter, policy
    from fieldkit_sync.errors import Refusal

    found = policy.read(letter.one(raw))
    if found.office in office_line.own_offices(ws):
        return
    with transaction(ws.store.db):
        held = receipts_held.policy(ws.store.db, found.office)
        before = policy.read(letter.one(held)) if held is not None else None
        try:
            if policy.newer(found, before):
                receipts_held.keep_policy(ws.store.db, found.office, found.version, raw)
        except Refusal:
            # An old bundle brings an old policy; the later one stays.
            return


def _signed(ws: Workspace) -> Policy | None:
    from fieldkit_sync import letter, policy
    from fieldkit_sync.errors import Refusal

    try:
        return policy.read(letter.one(_path(ws).read_bytes()), offices.public(ws).ca_public_key)
    except (OSError, Refusal):
        return None


def _drawn_up(ws: Workspace, version: int, successor: str = "") -> Policy:
    from fieldkit_sync.clock import pack
    from fieldkit_sync.policy import LastGood, Member, Policy, Revoked

    office = offices.public(ws)
    known = sorted(offices.enrolled(ws), key=lambda it: it.device)
    return Policy(
        office=office.office,
        office_name=office.name,
        ca_public_key=office.ca_public_key,
        version=version,
        issued=pack(ws.now_ms(), 0),
        recipients=tuple(offices.recipients(ws)),
        # A revoked device stays: what it wrote before is believed, and must be checked.
        devices=tuple(Member(it.device, it.public_key, it.office_key) for it in known),
        revoked=tuple(
            Revoked(it.device, tuple(LastGood(*chain) for chain in it.last_good))
            for it in known
            if it.state == offices.REVOKED
        ),
        successor=successor,
    )


def _said(policy: Policy) -> tuple[object, ...]:
    """What a policy says, apart from when and as which version."""
    return (
        policy.ca_public_key,
        policy.office_name,
        policy.recipients,
        policy.devices,
        policy.revoked,
        policy.successor,
    )


def _path(ws: Workspace) -> Path:
    return offices.folder(ws) / _FILE
