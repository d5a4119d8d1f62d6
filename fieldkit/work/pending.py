"""What the office above has not acknowledged: what the next bundle is to carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldkit.store import outgoing
from fieldkit.store.outgoing import Chain, Numbers, Part

from . import above, devices, grants, offices, policies
from .promises import Promise, subtract
from .workspace import Workspace, home_time

if TYPE_CHECKING:
    from fieldkit.store.open import Database
    from fieldkit_sync.policy import Policy, Revoked
    from fieldkit_sync.receipt import Receipt


@dataclass(frozen=True, slots=True)
class Pending:
    """What is not acknowledged: parts of chains, evidence files by digest.

    ``held_back`` counts events of earlier keys of this device that the office in force would
    refuse, since it never enrolled them.
    """

    parts: tuple[Part, ...] = ()
    evidence: tuple[str, ...] = ()
    held_back: int = 0

    @property
    def events(self) -> int:
        """How many events are to be sent."""
        return sum(part.events for part in self.parts)


@dataclass(frozen=True, slots=True)
class Standing:
    """How this device stands towards its office; times are RFC 3339 or None."""

    device: str
    office: str
    office_name: str
    pending_events: int
    held_back: int
    oldest_pending: str | None
    last_receipt: str | None
    received_events: int
    durable_events: int


def pending(ws: Workspace, *, everything: bool = False) -> Pending:
    """What the office in force has not acknowledged.

    With ``everything``, all of this device, as if nobody had ever acknowledged anything. Chains of
    other devices, and of earlier keys of this one, end with a seal: what comes after it cannot be
    vouched for and waits.
    """
    receipt = None if everything else above.receipt(ws)
    promise = Promise(ws.store.db, receipt)
    parts = _lacking(ws, promise, ws.device.device)
    held_back = 0
    for device in devices.former(ws):
        lacking = _lacking(ws, promise, device)
        if everything or not _knows(ws, device):
            held_back += sum(part.events for part in lacking)
        else:
            parts += _closed(ws.store.db, lacking, ())
    if not everything:
        for device, revoked in _below(ws).items():
            parts += _closed(ws.store.db, _lacking(ws, promise, device), revoked)
    return Pending(tuple(parts), _evidence(ws, parts, receipt), held_back)


def standing(ws: Workspace) -> Standing:
    """How much the office holds, how much it does not, and for how long that has waited."""
    receipt, office = above.receipt(ws), grants.trusted(ws)
    waiting = pending(ws)
    oldest = min((outgoing.first_stamp(ws.store.db, it) for it in waiting.parts), default=None)
    received, durable = _counts(ws, Promise(ws.store.db, receipt))
    return Standing(
        ws.device.device,
        office.office if office else "",
        office.office_name if office else "",
        waiting.events,
        waiting.held_back,
        home_time(oldest) if oldest else None,
        home_time(receipt.issued) if receipt else None,
        received,
        durable,
    )


def _lacking(ws: Workspace, promise: Promise, device: str) -> list[Part]:
    """All of a device that is held here and not promised."""
    db = ws.store.db
    parts: list[Part] = []
    for chain in outgoing.chains(db, device):
        if chain.forked:
            parts += _lacking_branches(db, promise, chain)
            continue
        for run in subtract(chain.runs, promise.received(device, chain.epoch)):
            last = outgoing.last_event(db, device, chain.epoch, run[1])
            assert last is not None
            parts.append(Part(device, chain.epoch, *run, last.hash))
    return parts


def _lacking_branches(db: Database, promise: Promise, chain: Chain) -> list[Part]:
    links = outgoing.links(db, chain.device, chain.epoch)
    lacking = promise.lacks(links, chain.device, chain.epoch)
    return outgoing.branches(links, chain.device, chain.epoch, lambda it: it.hash in lacking)


def _closed(db: Database, parts: list[Part], revoked: tuple[Revoked, ...]) -> list[Part]:
    """Parts of one device cut down to what is believed of it and its own seals among them close."""
    kept: list[Part] = []
    # A later epoch may hold the seal over an earlier one.
    for part in sorted(parts, key=lambda it: it.epoch, reverse=True):
        last = min([part.last, *(it.last_good(part.epoch).seq for it in revoked)])
        end = _end(db, part, last, kept)
        if end is not None:
            seq, digest = end
            kept.append(Part(part.device, part.epoch, part.first, seq, digest, part.branch))
    return kept[::-1]


def _end(db: Database, part: Part, last: int, later: list[Part]) -> tuple[int, str] | None:
    """The last event up to a number that a seal closes: one in the part, or in a later epoch."""
    on_part = set(outgoing.numbered(db, part)) if part.branch else None

    def fits(seq: int, digest: str) -> bool:
        return on_part is None or (seq, digest) in on_part

    seals = outgoing.seals(db, part.device, part.epoch, part.first, last)
    own = next(((it.seq, it.hash) for it in seals if fits(it.seq, it.hash)), None)
    if own is not None and own[0] == last:
        return own
    ends = [own] if own is not None else []
    for seal in outgoing.cross_seals(db, part.device, part.epoch):
        sent = any(it.epoch == seal.epoch and it.first <= seal.seq <= it.last for it in later)
        held = outgoing.holds(db, part.device, part.epoch, seal.end, seal.head)
        if sent and held and part.first <= seal.end <= last and fits(seal.end, seal.head):
            ends.append((seal.end, seal.head))
    return max(ends, default=None)


def _knows(ws: Workspace, former: str) -> bool:
    """Whether the office in force enrolled an earlier key of this device, as far as is known."""
    trusted = grants.trusted(ws)
    if trusted is None or trusted.device == former:
        return True
    policy = above.policy(ws, trusted.office)
    if policy is not None:
        return any(it.device == former for it in policy.devices)
    from .rotating import office_of

    return office_of(ws, former) in ("", *above.line(ws, trusted.office))


def _below(ws: Workspace) -> dict[str, tuple[Revoked, ...]]:
    """The devices whose events this home passes up as an office, and how they are revoked."""
    trusted = grants.trusted(ws)
    if trusted is None or not offices.is_office(ws):
        return {}
    from fieldkit_sync.policy import members

    own = policies.current(ws)
    upper = above.policy(ws, trusted.office)
    if upper is not None and not any(
        it.device == ws.device.device and it.office_key == own.ca_public_key for it in upper.devices
    ):
        # The office above does not know that this device is an office: it would refuse them.
        return {}
    mine = {ws.device.device, *devices.former(ws)}
    return {
        device: tuple(it for it in (own.revocation(device), policy.revocation(device)) if it)
        for device, (_member, policy) in sorted(members(own, lower_policies(ws)).items())
        if device not in mine
    }


def lower_policies(ws: Workspace) -> list[Policy]:
    """The policies of the offices below, as far as they hold together."""
    from fieldkit_sync import letter, policy
    from fieldkit_sync.errors import Refusal

    found = []
    for raw in policies.lower(ws):
        try:
            found.append(policy.read(letter.one(raw)))
        except Refusal:
            continue
    return found


def _evidence(ws: Workspace, parts: list[Part], receipt: Receipt | None) -> tuple[str, ...]:
    """Files that the parts announce, and those that the office asks for and we hold."""
    found = {sha256 for part in parts for sha256 in outgoing.evidence_named(ws.store.db, part)}
    asked = receipt.evidence_missing if receipt else ()
    return tuple(sorted(found | {sha256 for sha256 in asked if ws.evidence.has(sha256)}))


def _counts(ws: Workspace, promise: Promise) -> tuple[int, int]:
    """How many of this device's events the office holds, and has a copy of elsewhere.

    Where a chain forked, what comes after the fork is not counted: numbers do not tell it apart.
    """
    received = durable = 0
    for device in (ws.device.device, *devices.former(ws)):
        for chain in outgoing.chains(ws.store.db, device):
            received += _size(promise.received(device, chain.epoch))
            durable += _size(promise.durable(device, chain.epoch))
    return received, durable


def _size(runs: list[Numbers]) -> int:
    return sum(last - first + 1 for first, last in runs)
