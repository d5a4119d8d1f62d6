"""An open inspection that meets a newer version of its checklist: what its answers become."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldkit.domain.checklist import Checklist
from fieldkit.domain.records import Answer, Inspection
from fieldkit.domain.versions import Carried, carry, redefined
from fieldkit.errors import Refused
from fieldkit.store import inspections as store_inspections
from fieldkit.store.held import own
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import checklists, sites
from .gates import refuse_turned
from .sheets import find, site_of
from .workspace import Workspace

_ROOM, _MOST_MOVED = 200_000, 6000


@dataclass(frozen=True, slots=True)
class CarryReport:
    """What going over to another version does, or did, to the answers of an inspection.

    ``answers`` are those from before, by their old addresses, which ``carried`` speaks of.
    """

    inspection: Inspection
    old: Checklist
    new: Checklist
    answers: Mapping[str, Answer]
    carried: Carried


def newer(ws: Workspace, inspection: Inspection) -> Checklist | None:
    """The library's version of an inspection's checklist, where it is a later one.

    A re-inspection asks again in the words in which it was asked.
    """
    if inspection.asks:
        return None
    from fieldkit.library.load import catalogue

    for checklist in catalogue(None):
        if checklist.id == inspection.checklist_id:
            later = _rank(checklist.version) >= _rank(inspection.checklist_version)
            return checklist if later and checklist.digest != inspection.checklist else None
    return None


def _rank(version: str) -> list[tuple[int, int, str]]:
    """Versions in their order: numbers by value, a longer one after its beginning."""
    parts = re.findall(r"[0-9]+|[^0-9.]+", version)
    return [(1, int(p), "") if p.isdecimal() else (0, 0, p) for p in parts]


def preview(ws: Workspace, ref: str) -> CarryReport:
    """What `rebase` would do; changes nothing. Raises as it does."""
    return _report(ws, find(ws, ref))


def earlier(ws: Workspace, ref: str) -> dict[str, Answer]:
    """The former answers to what a new version asks again, while it is not answered."""
    return store_inspections.earlier(ws.store.db, find(ws, ref).id)


def rebase(ws: Workspace, ref: str) -> CarryReport:
    """Bind an open inspection to the library's newer version and carry its answers over.

    One durable transaction. Raises Refused for a finished inspection (``inspection-finished``)
    and where there is no newer version (``no-newer-version``), Problem as `find`.
    """
    found = find(ws, ref)
    reports: list[CarryReport] = []

    def drafts(_db: object) -> list[Draft]:
        report = _report(ws, store_inspections.get(ws.store.db, found.id) or found)
        reports.append(report)
        return _drafts(ws, report)

    ws.store.append(drafts)
    return reports[-1]


def _report(ws: Workspace, inspection: Inspection) -> CarryReport:
    if inspection.state == "finished":
        raise Refused(
            "inspection-finished",
            _("这次检查已经办结，不能换检查表版本"),
            where=inspection.id[:8],
            mend=_("需要按新版检查时另开一次复查。"),
        )
    refuse_turned(ws, inspection)
    new = newer(ws, inspection)
    if new is None:
        raise Refused(
            "no-newer-version",
            _("检查表 {id} 没有比 {version} 更新的版本").format(
                id=shown(inspection.checklist_id), version=shown(inspection.checklist_version)
            ),
            where=inspection.id[:8],
            mend=_("请先把新版检查表放进检查表文件夹。"),
        )
    old = checklists.by_digest(ws, inspection.checklist)
    answers = store_inspections.answers(ws.store.db, inspection.id)
    values = {address: given.value for address, given in answers.items()}
    return CarryReport(inspection, old, new, answers, carry(old, new, values))


def _told(moved: Mapping[str, str]) -> dict[str, str]:
    """As much of it as an event's line has room for; the answers that follow say all of it."""
    told: dict[str, str] = {}
    room = _ROOM
    for old, new in sorted(moved.items()):
        room -= len(f"{old}{new}".encode()) + 6
        if room < 0 or len(told) == _MOST_MOVED:
            break
        told[old] = new
    return told


def _drafts(ws: Workspace, report: CarryReport) -> list[Draft]:
    inspection, new, carried = report.inspection, report.new, report.carried
    division = sites.partition(site_of(ws, inspection))
    moved = carried.moved
    body = {
        "checklist": new.digest,
        "checklist_id": new.id,
        "checklist_version": new.version,
        "moved": _told(moved),
        "over": store_inspections.rebases(ws.store.db, inspection.id),
    }
    written = {to: (report.answers[old], report.answers[old].value) for old, to in moved.items()}
    written |= {old: (report.answers[old], "") for old in carried.emptied}
    # A colleague may be answering the old question right now: both then differ, and that shows.
    known = set(report.answers) | set(written)
    guards = [it for it in redefined(report.old, new, inspection.mode) if it not in known]

    def answer(item: str, value: str, given: Answer | None) -> Draft:
        told: dict[str, Any] = {
            "item": item,
            "value": value,
            "note": own(given.note) if given else "",
            "evidence": list(given.evidence) if given else [],
            "over": store_inspections.heads(ws.store.db, inspection.id, item)[:64],
        }
        return Draft("answer.given", inspection.id, division, told)

    # The rebase comes last: what was written before it can no longer be taken back.
    return [
        *checklists.keeping(ws, new),
        *(answer(item, value, given) for item, (given, value) in sorted(written.items())),
        *(answer(item, "", None) for item in guards),
        Draft("inspection.rebased", inspection.id, division, body),
    ]
