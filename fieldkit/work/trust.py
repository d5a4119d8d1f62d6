"""Whom an office believes: its devices, the devices below its devices, and up to which event.

Trust runs from the top down. The office enrolled a device; if that device is an office itself, its
policy names the devices below. Events of any of these are believed whoever carries them, as long
as a seal by the device's own key closes their chain: so nobody in between is trusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import devices, office_line, offices, policies
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.policy import Policy, Revoked
    from fieldkit_sync.seal import Closed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with an opened bundle; ``code`` says why not, or is empty.

    ``limits`` are the last believed numbers of revoked chains, by "device/epoch". ``keys`` are the
    signing keys whose seals must close the chains of other devices.
    """

    code: str
    limits: dict[str, int]
    keys: dict[str, str]
    policies: tuple[bytes, ...] = ()


class Trust:
    """An office's trust at one moment. Holds no connection: any thread may ask it."""

    def __init__(self, ws: Workspace) -> None:
        self._offices = office_line.own_offices(ws)
        self._recipients = office_line.own_recipients(ws)
        self._own = _own_devices(ws)
        self._direct = {record.device: record for record in offices.enrolled(ws)}
        self._policy = policies.current(ws)
        self._lower = [policy for policy, _raw in _policies(b"".join(policies.lower(ws)))]

    def judge(self, answer: dict[str, Any]) -> Verdict:
        """Judge what an intake says of a bundle it has opened."""
        code = self._signer(answer)
        if code:
            return Verdict(code, {}, {})
        brought = _policies(str(answer["policies"]).encode("utf-8"))
        lower = [*self._lower, *(policy for policy, _raw in brought)]
        from fieldkit_sync.policy import members

        known = members(self._policy, lower)
        signer = str(answer["device"])
        limits: dict[str, int] = {}
        keys: dict[str, str] = {}
        for run in answer["header"]["ranges"]:
            device, epoch = str(run["dev"]), str(run["epoch"])
            # Our own backup brings back what was believed when it was made.
            if device != signer and signer not in self._own:
                key = self._own.get(device) or (
                    known[device][0].public_key if device in known else ""
                )
                if not key:
                    return Verdict("foreign-event", {}, {})
                keys[device] = key
            for policy in (self._policy, known[device][1] if device in known else None):
                limit = _limit(policy, device, epoch)
                chain = f"{device}/{epoch}"
                if limit is not None and int(run["to_seq"]) > limits.get(chain, limit):
                    limits[chain] = min(limit, limits.get(chain, limit))
        below = {member.office_key for member, _policy in known.values()} - {""}
        taken = tuple(raw for policy, raw in brought if policy.ca_public_key in below)
        return Verdict("", limits, keys, taken)

    def _signer(self, answer: dict[str, Any]) -> str:
        header, device = answer["header"], str(answer["device"])
        if header["office"] not in ("", *self._offices):
            return "other-office"
        if not self._recipients & set(header["to"]):
            return "not-addressed"
        if device in self._own:
            return "" if answer["public_key"] == self._own[device] else "key-changed"
        record = self._direct.get(device)
        if record is None:
            return "unknown-signer"
        if answer["public_key"] != record.public_key:
            return "key-changed"
        return "" if self._certified(answer) else "bad-certificate"

    def _certified(self, answer: dict[str, Any]) -> bool:
        """A certificate is not needed of a device on record; one that is shown must be ours.

        Its end is held against the time at which the bundle was made, not against today: a bundle
        may lie in a drawer for weeks.
        """
        from fieldkit_sync.certificate import check, issuer
        from fieldkit_sync.clock import unpack
        from fieldkit_sync.errors import Refusal
        from fieldkit_sync.sshkey import device_of

        line = str(answer["certificate"])
        if not line:
            return True
        try:
            ca = self._offices.get(device_of(issuer(line)))
            found = check(line, ca) if ca else None
        except Refusal:
            return False
        if found is None or found.device != answer["device"]:
            return False
        made = unpack(str(answer["header"]["made_hlc"]))[0] // 1000
        return found.valid_to is None or made <= found.valid_to


def _own_devices(ws: Workspace) -> dict[str, str]:
    """This home's device and the ones it was before its key was changed, with their keys."""
    found = {ws.device.device: ws.device.public_key}
    return found | {it.device: it.public_key for it in devices.former(ws).values()}


def known_keys(ws: Workspace) -> dict[str, str]:
    """The signing key of every device that this home can check a seal of."""
    from fieldkit_sync.policy import members

    found = _own_devices(ws)
    if offices.is_office(ws):
        below = members(policies.current(ws), policies.lower_policies(ws))
        found |= {device: member.public_key for device, (member, _policy) in below.items()}
    return found


def _policies(letter_bytes: bytes) -> list[tuple[Policy, bytes]]:
    """The policies of a letter that are what they say; others are passed over."""
    from fieldkit_sync import letter, policy
    from fieldkit_sync.errors import Refusal

    found = []
    for document in letter.split(letter_bytes) if letter_bytes else []:
        try:
            found.append((policy.read(document), document.raw))
        except Refusal:
            continue
    return found


def _limit(policy: Policy | None, device: str, epoch: str) -> int | None:
    revoked: Revoked | None = policy.revocation(device) if policy is not None else None
    return None if revoked is None else revoked.last_good(epoch).seq


def unsealed(verdict: Verdict, staged: dict[str, Any], ranges: list[dict[str, Any]]) -> bool:
    """Whether a chain of another device is not closed by a seal with that device's key."""
    if not verdict.keys:
        return False
    closed = _closed(verdict.keys, staged["seals"])
    for run in ranges:
        device, chain = str(run["dev"]), f"{run['dev']}/{run['epoch']}"
        if device not in verdict.keys:
            continue
        last = int(staged["cuts"].get(chain, run["to_seq"]))
        if last < run["from_seq"]:
            continue
        ends = closed.get(chain, set())
        # Of a chain that was cut the end is a seal, or it would have been cut there.
        whole = last == run["to_seq"]
        if not any(end.seq == last and (not whole or end.hash == run["head"]) for end in ends):
            return True
    return False


def _closed(keys: dict[str, str], lines: list[str]) -> dict[str, set[Closed]]:
    """Where each chain is closed by a good seal, by "device/epoch"; a fork has several ends."""
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.event import parse
    from fieldkit_sync.seal import closes

    found: dict[str, set[Closed]] = {}
    for line in lines:
        event = parse(line.encode("utf-8"))
        try:
            epoch, end = closes(event, keys.get(event.device, ""))
        except Refusal:
            continue
        found.setdefault(f"{event.device}/{epoch}", set()).add(end)
    return found
