"""One signed file down to many devices: checklists, places, assignments, returned work, receipts.

At a device the office's word is taken as it is: it chose this office. What a dispatch brings is
what offices decide; a record of the field in it is refused, and the whole file with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fieldkit.domain.kinds import BadBody, accept
from fieldkit.errors import Problem
from fieldkit.store import dispatching
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import office_line, offices, policies, receipts_given, sites
from .exchange_files import unusable, write_whole
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.dispatch import Dispatch
    from fieldkit_sync.event import Event
    from fieldkit_sync.letter import Document


class Dispatched(NamedTuple):
    """What was written: the file, how many devices it is for, and events by kind in it."""

    path: Path
    devices: int
    events: int
    checklists: int
    sites: int
    assignments: int
    returned: int


class Brought(NamedTuple):
    """What a dispatch brought to a device that was new there."""

    checklists: int = 0
    sites: int = 0
    assignments: int = 0
    returned: int = 0


def write(
    ws: Workspace,
    wanted: Sequence[str],
    out: Path,
    within: str | None = None,
    *,
    everybody: bool = False,
) -> Dispatched:
    """Write a dispatch for some devices, or for all that are enrolled.

    Each finds its receipt in it. ``within`` leaves places out that are not under one place (nor
    above it). Raises Problem for an unknown device or place, for none, and where there is more
    than a device would read.
    """
    from fieldkit_sync import clock, dispatch
    from fieldkit_sync.errors import Refusal

    keys = offices.load(ws)
    records = _everybody(ws) if everybody else [offices.find(ws, one) for one in wanted]
    records = [it for it in dict.fromkeys(records) if it.device != ws.device.device]
    if not records:
        raise Problem(
            "no-device",
            _("没有指明发给哪台设备"),
            mend=_("写设备编号或名称，或加 --all 发给全部。"),
        )
    lines, counts = _lines(ws, [it.device for it in records], within)
    try:
        document = dispatch.write(
            keys.office,
            clock.pack(ws.now_ms(), 0),
            [it.device for it in records],
            lines,
            keys.sign,
        )
    except Refusal as refusal:
        raise Problem(
            "dispatch-large",
            _("下发内容太大：{n} 条").format(n=len(lines)),
            mend=_("用 --within 分片下发，如一个村一个文件。"),
        ) from refusal
    policy = policies.issue(ws, keys=keys)
    receipts = [receipts_given.sign(ws, keys, it, policy.version) for it in records]
    parts = [
        *office_line.successions(ws),
        policies.current_letter(ws),
        document,
        *receipts,
    ]
    place = out.expanduser().absolute()
    try:
        write_whole(place, dispatch.seal(parts, [it.recipient for it in records]))
    except OSError as error:
        raise unusable(place, error) from error
    return _counted(place, records, lines, counts)


def planned(ws: Workspace) -> Dispatched:
    """What a dispatch to all devices would hold now. Raises Problem as ``write``."""
    offices.load(ws)
    records = _everybody(ws)
    lines, counts = _lines(ws, [it.device for it in records], None)
    return _counted(Path(), records, lines, counts)


def _everybody(ws: Workspace) -> list[offices.Enrolled]:
    """Every enrolled device but this one and those that were revoked."""
    return [
        it
        for it in offices.enrolled(ws)
        if it.state != offices.REVOKED and it.device != ws.device.device
    ]


def _counted(
    place: Path, records: Sequence[offices.Enrolled], lines: Sequence[bytes], counts: Counter[str]
) -> Dispatched:
    return Dispatched(
        place,
        len(records),
        len(lines),
        counts["checklist.put"],
        counts["site.put"],
        counts["assignment.put"],
        counts["inspection.returned"],
    )


def _lines(
    ws: Workspace, devices: Sequence[str], within: str | None
) -> tuple[list[bytes], Counter[str]]:
    """The lines to send, each once, and how many there are of each kind."""
    from fieldkit_sync.event import parse

    db = ws.store.db
    place = sites.find(ws, within).id if within else None
    places = dispatching.sites(db, place)
    entities = {parse(line).entity for line in places}
    others = [it.device for it in offices.enrolled(ws) if it.device not in devices]
    found = [
        *dispatching.checklists(db),
        *places,
        *dispatching.removals(db, entities),
        *dispatching.campaigns(db),
        *dispatching.assignments(db, others),
        *dispatching.returned(db, devices),
    ]
    lines = list(dict.fromkeys(found))
    return lines, Counter(parse(line).kind for line in lines)


def checked(ws: Workspace, document: Document, ca_public_key: str) -> Dispatch:
    """What a dispatch says, if the office signed it for this device and it brings what it may.

    Raises Refusal "bad-dispatch", "signature", "dispatch-for-others".
    """
    from fieldkit_sync import dispatch
    from fieldkit_sync.errors import Refusal

    found = dispatch.read(document, ca_public_key)
    if ws.device.device not in found.to:
        raise Refusal("dispatch-for-others", "this device is not among those it is for")
    for event in found.events:
        if event.kind not in dispatching.SENT:
            raise Refusal("bad-dispatch", f"brings {shown(event.kind)[:40]}")
        try:
            accept(event.kind, event.body or {}, event.entity)
        except BadBody as bad:
            raise Refusal("bad-dispatch", str(bad)) from bad
    return found


def take(ws: Workspace, found: Dispatch) -> Brought:
    """Take the events of a checked dispatch in; gives what was new."""
    fresh = dispatching.unknown(ws.store.db, [_key(event) for event in found.events])
    ws.store.ingest(found.events)
    kinds = Counter(event.kind for event in found.events if event.hash in fresh)
    return Brought(
        kinds["checklist.put"],
        kinds["site.put"],
        kinds["assignment.put"],
        kinds["inspection.returned"],
    )


def _key(event: Event) -> tuple[str, str, int, str]:
    return (event.device, event.epoch, event.seq, event.hash)
