"""Revoking a device from an event on: what it wrote before stays valid."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fieldkit.errors import Problem
from fieldkit.store import ledger
from fieldkit.text.i18n import _

from . import offices, policies
from .offices import REVOKED, Enrolled
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Revocation:
    """What was revoked: the device, from which number of which epoch on, and what is held of that.

    ``held`` counts events at or after that number that were taken in before the revocation; they
    stay in the journal, which never forgets, and are to be looked at by a person.
    """

    device: Enrolled
    epoch: str
    seq: int
    held: int


def revoke(ws: Workspace, wanted: str, seq: int, epoch: str = "") -> Revocation:
    """Believe nothing of a device from event ``seq`` of ``epoch`` on (its newest one if empty).

    Its earlier epochs are believed as far as they are held; epochs that are not held, not at all:
    whoever has the key can date them as he likes. Raises Problem for an unknown device or number.
    """
    record = offices.find(ws, wanted)
    reach = ledger.reach(ws.store.db, record.device)
    if seq < 1:
        raise Problem("bad-seq", _("编号从 1 开始。"), where="--from")
    point = epoch or max(reach, default="")
    if epoch and epoch not in reach:
        raise Problem(
            "unknown-epoch",
            _("没有收到过这台设备的这一段（{epoch}）。").format(epoch=epoch[:16]),
            where="--epoch",
        )
    if not point and seq > 1:
        raise Problem(
            "nothing-held",
            _("还没有收到过这台设备的记录，只能从第 1 条起吊销。"),
            where="--from",
            mend=_("写 --from 1。"),
        )
    chains, held = [], 0
    for name, last in sorted(reach.items()):
        good = last if name < point else seq - 1 if name == point else 0
        held += max(0, last - good)
        if good:
            digest = ledger.hash_at(ws.store.db, record.device, name, good)
            chains.append((name, good, digest))
    marked = replace(
        record,
        state=REVOKED,
        revoked_at=ws.now().isoformat(timespec="seconds"),
        last_good=tuple(chains),
    )
    keys = offices.load(ws)
    offices.write_record(ws, marked)
    policies.issue(ws, keys=keys)
    return Revocation(marked, point, seq, held)
