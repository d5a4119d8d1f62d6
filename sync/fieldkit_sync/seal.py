"""A seal: a device's signature under its own chain up to one event.

One seal vouches for every event before it, and keeps doing so when an office packs the events
into other bundles. A device adds one at each export (DESIGN, "The event").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fieldkit_sync import canon, sshsig
from fieldkit_sync.errors import Refusal
from fieldkit_sync.event import Event
from fieldkit_sync.identity import Identity
from fieldkit_sync.sshkey import device_of

_FORMS = {
    "device": re.compile(r"[0-9a-f]{32}"),
    "epoch": re.compile(r"[0-9a-f]{16}"),
    "head": re.compile(r"[0-9a-f]{64}"),
}


def seal_body(identity: Identity, epoch: str, seq: int, head: str) -> dict[str, Any]:
    """Return the body of a ``seal`` event; ``seq`` and ``head`` are the last event's before it."""
    claim = {"device": identity.device, "epoch": epoch, "seq": seq, "head": head}
    _check_claim(claim)
    return {**claim, "sig": identity.sign(sshsig.SEAL, canon.encode(claim))}


def check_seal(body: dict[str, Any], public_key: str) -> None:
    """Return if ``public_key``'s device signed this seal; `Refusal` "seal" or "signature"."""
    claim = dict(body)
    armour = claim.pop("sig", None)
    if claim.keys() != {"device", "epoch", "seq", "head"} or not isinstance(armour, str):
        raise Refusal("seal", "unknown or missing fields")
    _check_claim(claim)
    if claim["device"] != device_of(public_key):
        raise Refusal("seal", "speaks for another device")
    sshsig.verify(armour, sshsig.SEAL, canon.encode(claim), public_key)


def check_event(sealed: Event, public_key: str) -> None:
    """Return if a ``seal`` event seals what it may: what stands before it, or another epoch.

    A device whose home was restored or copied seals the chain that it found from its new epoch,
    since the next number of the old one may be used elsewhere. `Refusal` "seal" or "signature".
    """
    body = sealed.body or {}
    check_seal(body, public_key)
    if body["device"] != sealed.device:
        raise Refusal("seal", "speaks for another device")
    before = (sealed.epoch, sealed.seq - 1, sealed.prev)
    if body["epoch"] == sealed.epoch and (body["epoch"], body["seq"], body["head"]) != before:
        raise Refusal("seal", "does not seal the event before it")


@dataclass(frozen=True, slots=True)
class Closed:
    """Up to where a chain is vouched for: the last number, and the hash of its event."""

    seq: int
    hash: str


def closes(sealed: Event, public_key: str) -> tuple[str, Closed]:
    """Return the epoch that a ``seal`` event closes, and where.

    The seal itself is the last event of its own chain that it vouches for: it holds nothing but
    its signature. `Refusal` as `check_event`.
    """
    check_event(sealed, public_key)
    body = sealed.body or {}
    if body["epoch"] == sealed.epoch:
        return sealed.epoch, Closed(sealed.seq, sealed.hash)
    return str(body["epoch"]), Closed(int(body["seq"]), str(body["head"]))


def _check_claim(claim: dict[str, Any]) -> None:
    for key, form in _FORMS.items():
        if not isinstance(claim[key], str) or not form.fullmatch(claim[key]):
            raise Refusal("seal", f"{key} is malformed")
    if type(claim["seq"]) is not int or not 0 <= claim["seq"] <= canon.MAX_INT:
        raise Refusal("seal", "seq is malformed")
