"""A finished inspection taken up again for a reason, and everything that was changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from fieldkit.domain import values
from fieldkit.domain.checklist import Checklist
from fieldkit.domain.history import NOTHING, Told
from fieldkit.domain.items import of
from fieldkit.domain.records import Answer
from fieldkit.domain.scoring import title_of
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem, Refused
from fieldkit.store import inspections as store_inspections
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import checklists, sites
from .gates import refuse_hidden, refuse_turned
from .notes import checked_note
from .sheets import find, sheet, site_of
from .workspace import Workspace

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to an inspection: ``kind`` is finished, reopened or answered.

    ``hlc`` and ``device`` are when and who; ``was`` and ``now`` what an item said and says;
    ``amends`` is whether it came after a finish.
    """

    kind: str
    hlc: str
    device: str
    amends: bool
    item: str = ""
    was: Told = NOTHING
    now: Told = NOTHING
    reason: str = ""
    points: Fraction | None = None
    max_points: Fraction | None = None
    grade: str = ""


def reopen(ws: Workspace, ref: str, reason: str) -> Sheet:
    """Take a finished inspection up again; what was finished stays in its history.

    Raises Problem ``reason-missing`` or as `notes.checked_note`, Refused ``inspection-open``
    when it is not finished, and where it is locked or somebody else's unsealed record.
    """
    told = checked_note(reason, REASON_LIMIT)
    if not told:
        raise Problem(
            "reason-missing",
            _("重新打开要写明理由"),
            mend=_("写明要更正什么、为什么。"),
        )
    found = find(ws, ref)
    division = sites.partition(site_of(ws, found))

    def drafts(_db: object) -> list[Draft]:
        inspection = store_inspections.get(ws.store.db, found.id) or found
        refuse_hidden(ws, inspection)
        if inspection.state != "finished":
            raise Refused(
                "inspection-open",
                _("这次检查还没有办结，可以直接修改"),
                where=inspection.id[:8],
            )
        refuse_turned(ws, inspection)
        over = store_inspections.finishes(ws.store.db, inspection.id)
        body = {"reason": told, "over": over[:64]}
        return [Draft("inspection.reopened", inspection.id, division, body)]

    ws.store.append(drafts)
    return sheet(ws, found.id)


def history(ws: Workspace, ref: str) -> list[Entry]:
    """Every finish, every reopening and every changed answer, the oldest first.

    An answer is listed where it changed what was there, and every one that came after a finish.
    Raises Refused ``pair-open`` for somebody else's record of a pair that is not sealed.
    """
    inspection = find(ws, ref)
    refuse_hidden(ws, inspection)
    db = ws.store.db
    ends = store_inspections.ends(db, inspection.id)
    first = ends[0][0] if ends else None
    entries = [
        Entry(
            "finished",
            hlc,
            device,
            amends=hlc != first,
            points=Fraction(points),
            max_points=Fraction(most),
            grade=grade,
        )
        for hlc, device, points, most, grade in ends
    ]
    entries += [
        Entry("reopened", hlc, device, amends=True, reason=reason)
        for reason, hlc, device in store_inspections.reopenings(db, inspection.id)
    ]
    for answer, before in store_inspections.trail(db, inspection.id):
        amends = first is not None and answer.hlc > first
        was, now = _told(before), _told(answer)
        if was != now and (amends or before is not None):
            entries.append(
                Entry("answered", answer.hlc, answer.device, amends, answer.item, was, now)
            )
    return sorted(entries, key=lambda entry: (entry.hlc, entry.device))


def reopenings(ws: Workspace, ref: str) -> list[tuple[str, str, str]]:
    """Each time it was taken up again: reason, stamp, device; the oldest first."""
    return store_inspections.reopenings(ws.store.db, find(ws, ref).id)


def _told(answer: Answer | None) -> Told:
    return Told(answer.value, answer.note, answer.evidence) if answer is not None else NOTHING


def said(entry: Entry, checklist: Checklist) -> str:
    """One entry in words, without when and who."""
    if entry.kind == "reopened":
        return _("重新打开，理由：{reason}").format(reason=shown(entry.reason))
    if entry.kind == "finished":
        return _("办结：{points}/{most}，{grade}").format(
            points=values.points(entry.points or Fraction(0)),
            most=values.points(entry.max_points or Fraction(0)),
            grade=title_of(checklist, entry.grade),
        )
    was, now = (value_words(checklist, entry.item, told.value) for told in (entry.was, entry.now))
    text = _("{item} 由“{was}”改为“{now}”").format(item=shown(entry.item), was=was, now=now)
    if entry.was.value == entry.now.value:
        text = _("{item} 答案未变（{now}）").format(item=shown(entry.item), now=now)
    if entry.was.note != entry.now.note:
        text += _("，备注由“{was}”改为“{now}”").format(
            was=shown(entry.was.note), now=shown(entry.now.note)
        )
    if entry.was.evidence != entry.now.evidence:
        text += _("，佐证由 {was} 份变为 {now} 份").format(
            was=len(entry.was.evidence), now=len(entry.now.evidence)
        )
    return text


def value_words(checklist: Checklist, item: str, value: str) -> str:
    """An answer's value as people read it."""
    if not value:
        return _("未答")
    plain = item.rpartition("].")[2]
    known = next((it for it in checklist.items if it.id == plain), None)
    return shown(of(known.type).say(value, known) if known else value)


def amendments(
    ws: Workspace, ref: str, names: Mapping[str, str] | None = None
) -> list[tuple[str, str, str]]:
    """What was changed after the first finish, for a paper: stamp, device's name, words."""
    known = names or {}
    checklist = checklists.by_digest(ws, find(ws, ref).checklist)
    return [
        (entry.hlc, known.get(entry.device) or entry.device[:8], said(entry, checklist))
        for entry in history(ws, ref)
        if entry.amends
    ]
