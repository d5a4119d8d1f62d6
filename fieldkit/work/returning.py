"""Finished inspections that the office sends back with a reason, until they are finished anew."""

from __future__ import annotations

from typing import NamedTuple

from fieldkit.domain.records import Inspection
from fieldkit.errors import Problem, Refused
from fieldkit.store import inspections as store_inspections
from fieldkit.store import returned as store_returned
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _

from . import sites
from .gates import refuse_hidden
from .notes import checked_note
from .sheets import find, site_of
from .workspace import Workspace

REASON_LIMIT = 500


class Returned(NamedTuple):
    """One inspection that was sent back: which, why, when, and by which device."""

    inspection: Inspection
    reason: str
    hlc: str
    device: str


def send_back(ws: Workspace, ref: str, reason: str) -> Returned:
    """Send a finished inspection back to whoever made it; the next dispatch carries it.

    Raises Problem for an unknown inspection or a missing reason, Refused while it is not finished.
    """
    told = checked_note(reason, REASON_LIMIT)
    if not told:
        raise Problem(
            "reason-missing",
            _("退回要写明理由"),
            mend=_("写明哪里要更正，检查人才知道怎么改。"),
        )
    found = find(ws, ref)
    refuse_hidden(ws, found)
    if found.state != "finished":
        raise Refused(
            "inspection-open",
            _("这次检查还没有办结，不用退回"),
            where=found.id[:8],
            mend=_("请检查人接着做完。"),
        )
    division = sites.partition(site_of(ws, found))
    ws.store.append([Draft("inspection.returned", found.id, division, {"reason": told})])
    return next(one for one in listing(ws) if one.inspection.id == found.id)


def listing(ws: Workspace) -> list[Returned]:
    """What was sent back and not finished anew since, the latest first."""
    found = []
    for id, reason, hlc, device in store_returned.all(ws.store.db):
        inspection = store_inspections.get(ws.store.db, id)
        if inspection is not None:
            found.append(Returned(inspection, reason, hlc, device))
    return found


def reason_of(ws: Workspace, inspection: str) -> str:
    """Why an inspection was sent back; empty where it was not, or was answered."""
    return store_returned.reason(ws.store.db, inspection)
