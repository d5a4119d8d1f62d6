"""Who wrote a record, and how anybody above can check that without asking anybody below.

The author's own key sealed the chain that the record stands in; which key that is the offices in
between have signed, each for the devices below it. So a county proves a village's record itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fieldkit.errors import Problem
from fieldkit.store import inspections as store_inspections
from fieldkit.store import outgoing
from fieldkit.text.i18n import _

from . import gates, offices, policies, trust
from .sheets import find
from .workspace import Workspace, home_time

if TYPE_CHECKING:
    from fieldkit_sync.policy import Policy


class Link(NamedTuple):
    """One office on the way down to the author: its id and its name."""

    office: str
    name: str


class Proof(NamedTuple):
    """One event of a record: who wrote it, and the seal that vouches for it.

    ``links`` are how many events stand between it and the seal, each holding the hash of the one
    before. ``fault`` says why it cannot be proved; empty where it can.
    """

    kind: str
    device: str
    epoch: str
    seq: int
    hash: str
    at: str
    seal_seq: int
    links: int
    fault: str


class Proven(NamedTuple):
    """The events of an inspection that say who did it and what it came to, and the way down."""

    inspection: str
    path: tuple[Link, ...]
    proofs: tuple[Proof, ...]

    @property
    def is_proven(self) -> bool:
        """Whether every event is vouched for."""
        return bool(self.proofs) and not any(proof.fault for proof in self.proofs)


def prove(ws: Workspace, ref: str) -> Proven:
    """Check the start and every finish of an inspection down to the author's own signature.

    Raises Problem when this home is no office or the inspection is unknown, Refused for somebody
    else's record of a pair that is not sealed.
    """
    offices.load(ws)
    found = find(ws, ref)
    gates.refuse_hidden(ws, found)
    keys = trust.known_keys(ws)
    places = store_inspections.places(ws.store.db, found.id)
    proofs = tuple(_proof(ws, keys, *place) for place in places)
    return Proven(found.id, _path(ws, found.device), proofs)


def _proof(
    ws: Workspace, keys: dict[str, str], kind: str, device: str, epoch: str, seq: int, digest: str
) -> Proof:
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.seal import check_event

    db = ws.store.db
    line = outgoing.event_at(db, device, epoch, seq, digest)
    at = home_time(line.hlc) if line else ""
    seal_seq, links, fault = 0, 0, ""
    key = keys.get(device, "")
    if line is None:
        fault = _("这条记录不在本机")
    elif not key:
        fault = _("没有办公室为这台设备作保")
    else:
        seal = outgoing.seal_over(db, device, epoch, seq, digest)
        if seal is None:
            fault = _("后面还没有封存签名，等它下一次导出")
        else:
            seal_seq = seal.seq
            links = seal.seq - seq if seal.epoch == epoch else 0
            try:
                check_event(seal, key)
            except Refusal as refusal:
                fault = _("封存签名不对：{code}").format(code=refusal.code)
    return Proof(kind, device, epoch, seq, digest, at, seal_seq, links, fault)


def _path(ws: Workspace, device: str) -> tuple[Link, ...]:
    """The offices from this one down to the one that enrolled the device."""
    from fieldkit_sync.sshkey import device_of

    own = policies.current(ws)
    by_key = {it.ca_public_key: it for it in [own, *policies.lower_policies(ws)]}
    todo: list[tuple[Policy, tuple[Link, ...]]] = [(own, (Link(own.office, own.office_name),))]
    seen = {own.ca_public_key}
    while todo:
        policy, path = todo.pop(0)
        for member in policy.devices:
            if member.device == device:
                return path
            below = by_key.get(member.office_key)
            if below is not None and below.ca_public_key not in seen:
                seen.add(below.ca_public_key)
                link = Link(device_of(below.ca_public_key), below.office_name)
                todo.append((below, (*path, link)))
    if device == ws.device.device:
        return (Link(own.office, own.office_name),)
    raise Problem("no-path", _("没有办公室为这台设备作保"), where=device[:8])
