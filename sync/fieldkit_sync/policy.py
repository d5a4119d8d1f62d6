"""What an office makes known, signed: whom to seal to, whose keys it enrolled, who is revoked.

Versions only grow. A device refuses a lower one, so nobody can bring back a recipient or a key
that was withdrawn by sending an old policy again (TUF calls it rollback). An office above learns
from it whose events the bundles of a lower office may carry: a device that is itself an office
stands there with that office's key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from fieldkit_sync import canon, keyfolder, letter, sshsig
from fieldkit_sync.errors import Refusal
from fieldkit_sync.letter import Document, Sign
from fieldkit_sync.sshkey import device_of, parse_line

TYPE = "fieldkit-policy"
MAX_DEVICES = 8_000
MAX_RECIPIENTS = 16

_KEYS = {
    "ca_public_key", "devices", "issued", "office", "office_name", "recipients", "revoked",
    "successor", "type", "v", "version",
}  # fmt: skip
_HEX16 = re.compile(r"[0-9a-f]{16}")
_HASH = re.compile(r"(?:[0-9a-f]{64})?")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Member:
    """One enrolled device; ``office_key`` is the CA key of its own office, or empty."""

    device: str
    public_key: str
    office_key: str = ""


@dataclass(frozen=True, slots=True)
class LastGood:
    """The last event of a chain that is believed; ``hash`` is empty where it was not held."""

    epoch: str
    seq: int
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Revoked:
    """A device whose later events are refused; of chains that are not listed nothing is good."""

    device: str
    chains: tuple[LastGood, ...]

    def last_good(self, epoch: str) -> LastGood:
        """The last event of this chain that is believed; number 0 means none."""
        return next((it for it in self.chains if it.epoch == epoch), LastGood(epoch, 0))


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked policy. ``successor`` is the CA key that takes this one's place, or empty."""

    office: str
    office_name: str
    ca_public_key: str
    version: int
    issued: str
    recipients: tuple[str, ...]
    devices: tuple[Member, ...]
    revoked: tuple[Revoked, ...]
    successor: str = ""

    def revocation(self, device: str) -> Revoked | None:
        """How a device is revoked, or None."""
        return next((it for it in self.revoked if it.device == device), None)


def write(policy: Policy, sign: Sign) -> bytes:
    """Return the signed document; `Refusal` "bad-policy" for one that could not be read back."""
    doc = {
        "ca_public_key": policy.ca_public_key,
        "devices": [
            {"device": it.device, "office_key": it.office_key, "public_key": it.public_key}
            for it in sorted(policy.devices, key=lambda it: it.device)
        ],
        "issued": policy.issued,
        "office": policy.office,
        "office_name": policy.office_name,
        "recipients": list(policy.recipients),
        "revoked": [
            {
                "chains": [
                    {"epoch": c.epoch, "hash": c.hash, "seq": c.seq}
                    for c in sorted(it.chains, key=lambda c: c.epoch)
                ],
                "device": it.device,
            }
            for it in sorted(policy.revoked, key=lambda it: it.device)
        ],
        "successor": policy.successor,
        "type": TYPE,
        "v": 1,
        "version": policy.version,
    }
    _checked(doc)
    return letter.write(doc, sign, sshsig.POLICY)


def read(document: Document, ca_public_key: str = "") -> Policy:
    """Return what a policy says if the office in it signed it.

    With ``ca_public_key`` it must be that office. `Refusal` "bad-policy", "signature".
    """
    found = _checked(document.doc)
    if ca_public_key and parse_line(ca_public_key)[0] != found.ca_public_key:
        raise Refusal("signature", "a policy of another office")
    document.check(sshsig.POLICY, found.ca_public_key)
    return found


def _checked(doc: dict[str, Any]) -> Policy:
    try:
        return _policy(doc)
    except Refusal as fault:
        raise Refusal("bad-policy", fault.detail) from None


def _policy(doc: dict[str, Any]) -> Policy:
    if doc.keys() != _KEYS or doc["type"] != TYPE or type(doc["v"]) is not int or doc["v"] != 1:
        _refuse("not a policy of version 1")
    texts = ("ca_public_key", "issued", "office", "office_name", "successor")
    if not all(isinstance(doc[key], str) for key in texts):
        _refuse("a field is not text")
    if type(doc["version"]) is not int or not 1 <= doc["version"] <= canon.MAX_INT:
        _refuse("version is malformed")
    if not _HEX16.fullmatch(doc["issued"]):
        _refuse("issued is malformed")
    if _plain_key(doc["ca_public_key"]) != doc["office"]:
        _refuse("the office id does not belong to the key")
    if doc["successor"]:
        _plain_key(doc["successor"])
    recipients = doc["recipients"]
    if not isinstance(recipients, list) or not 0 < len(recipients) <= MAX_RECIPIENTS:
        _refuse("recipients are missing or too many")
    if not all(isinstance(item, str) for item in recipients):
        _refuse("a recipient is not text")
    return Policy(
        office=doc["office"],
        office_name=keyfolder.check_name(doc["office_name"]),
        ca_public_key=doc["ca_public_key"],
        version=doc["version"],
        issued=doc["issued"],
        recipients=tuple(keyfolder.check_recipient(item) for item in recipients),
        devices=tuple(_sorted(doc["devices"], _member, lambda it: it.device, MAX_DEVICES)),
        revoked=tuple(_sorted(doc["revoked"], _revoked, lambda it: it.device, MAX_DEVICES)),
        successor=doc["successor"],
    )


def _member(doc: object) -> Member:
    fields = _texts(doc, {"device", "office_key", "public_key"})
    if _plain_key(fields["public_key"]) != fields["device"]:
        _refuse("a device id does not belong to its key")
    if fields["office_key"]:
        _plain_key(fields["office_key"])
    return Member(fields["device"], fields["public_key"], fields["office_key"])


def _revoked(doc: object) -> Revoked:
    if not isinstance(doc, dict) or doc.keys() != {"chains", "device"}:
        _refuse("revoked: unknown or missing fields")
    if not isinstance(doc["device"], str) or not re.fullmatch("[0-9a-f]{32}", doc["device"]):
        _refuse("revoked: device is malformed")
    chains = _sorted(doc["chains"], _last_good, lambda it: it.epoch, MAX_DEVICES)
    return Revoked(doc["device"], tuple(chains))


def _last_good(doc: object) -> LastGood:
    if not isinstance(doc, dict) or doc.keys() != {"epoch", "hash", "seq"}:
        _refuse("revoked: unknown or missing fields")
    epoch, digest, seq = doc["epoch"], doc["hash"], doc["seq"]
    if not isinstance(epoch, str) or not _HEX16.fullmatch(epoch):
        _refuse("revoked: epoch is malformed")
    if not isinstance(digest, str) or not _HASH.fullmatch(digest):
        _refuse("revoked: hash is malformed")
    if type(seq) is not int or not 0 <= seq <= canon.MAX_INT:
        _refuse("revoked: seq is malformed")
    return LastGood(epoch, seq, digest)


def _sorted(
    rows: object, read_one: Callable[[object], _T], key: Callable[[_T], str], most: int
) -> list[_T]:
    if not isinstance(rows, list) or len(rows) > most:
        _refuse("a list is missing or too long")
    found = [read_one(row) for row in rows]
    keys = [key(item) for item in found]
    if keys != sorted(set(keys)):
        _refuse("a list is out of order, or names one thing twice")
    return found


def _texts(doc: object, keys: set[str]) -> dict[str, str]:
    if not isinstance(doc, dict) or doc.keys() != keys:
        _refuse("unknown or missing fields")
    if not all(isinstance(value, str) for value in doc.values()):
        _refuse("a field is not text")
    return doc


def _plain_key(line: str) -> str:
    """The id of a key that must be a plain line, without a comment."""
    if parse_line(line)[0] != line:
        _refuse("a key is not a plain line")
    return device_of(line)


def newer(policy: Policy, known: Policy | None) -> bool:
    """Whether a policy is to take the known one's place; False for the very same.

    `Refusal` "policy-older" for a lower version (rollback), "policy-split" for another of the
    same version: an office that signs two has lost its key or restored a backup.
    """
    if known is None or known.office != policy.office or policy.version > known.version:
        return True
    if policy.version < known.version:
        raise Refusal("policy-older", f"version {policy.version}, {known.version} is known")
    if policy != known:
        raise Refusal("policy-split", f"two policies of version {policy.version}")
    return False


def members(trusted: Policy, others: Sequence[Policy]) -> dict[str, tuple[Member, Policy]]:
    """Every device under an office: its own, and through their offices' policies those below.

    A policy among ``others`` counts only if an enrolled device stands for its office with that
    very key; so trust runs from the top down and never sideways. Of several versions the highest
    counts. A device named twice keeps the office nearest to the top.
    """
    by_key: dict[str, Policy] = {}
    for it in others:
        if it.ca_public_key not in by_key or it.version > by_key[it.ca_public_key].version:
            by_key[it.ca_public_key] = it
    found: dict[str, tuple[Member, Policy]] = {}
    level, seen = [trusted], {trusted.ca_public_key}
    while level:
        below: list[Policy] = []
        for it in level:
            for member in it.devices:
                found.setdefault(member.device, (member, it))
                lower = by_key.get(member.office_key)
                if lower is not None and lower.ca_public_key not in seen:
                    seen.add(lower.ca_public_key)
                    below.append(lower)
        level = below
    return found


def _refuse(detail: str) -> NoReturn:
    raise Refusal("bad-policy", detail)
