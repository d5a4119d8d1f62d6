"""Undo and redo without limit: as answers of their own, read back from the journal each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldkit.domain.history import NOTHING, Stacks, Told, stacks
from fieldkit.domain.records import Given, Inspection
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem, Refused
from fieldkit.store import inspections as store_inspections
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import checklists, sites
from .gates import refuse_closed
from .sheets import find, sheet, site_of
from .workspace import Workspace

_MOST_OVER = 64


@dataclass(frozen=True, slots=True)
class Step:
    """One step back or forward: of which item, and what it said and will say."""

    item: str
    text: str
    was: Told
    becomes: Told


@dataclass(frozen=True, slots=True)
class _Turn:
    step: Step
    target: str
    heads: tuple[str, ...]
    contested: bool
    """Whether somebody else has answered the item since."""


def undoable(ws: Workspace, ref: str) -> Step | None:
    """What `undo` would take back; None when it would refuse."""
    return _offered(ws, ref, _last_done)


def redoable(ws: Workspace, ref: str) -> Step | None:
    """What `redo` would bring back; None when it would refuse."""
    return _offered(ws, ref, _last_undone)


def undo(ws: Workspace, ref: str) -> tuple[Sheet, Step]:
    """Take this device's last answer back; durable when it returns.

    Raises Refused ``nothing-to-undo``, ``answer-contested`` where another device has answered
    the item since, or when the inspection is finished or locked.
    """
    return _write(ws, ref, _last_done, "undoes", _("没有可以撤销的作答"), "nothing-to-undo")


def redo(ws: Workspace, ref: str) -> tuple[Sheet, Step]:
    """Bring back what was taken back last. Raises as `undo`, ``nothing-to-redo`` in its place."""
    return _write(ws, ref, _last_undone, "redoes", _("没有可以恢复的作答"), "nothing-to-redo")


Pick = Callable[[Workspace, Inspection, Stacks], tuple[Given, Told] | None]


def _last_done(ws: Workspace, inspection: Inspection, known: Stacks) -> tuple[Given, Told] | None:
    """The last answer, and what its item said before."""
    if not known.done:
        return None
    last = known.done[-1]
    before = store_inspections.before(ws.store.db, inspection.id, last.item, last.event)
    if before is None:
        return last, NOTHING
    return last, Told(before.value, before.note, before.evidence)


def _last_undone(_ws: object, _inspection: object, known: Stacks) -> tuple[Given, Told] | None:
    """The last answer taken back, and what it said."""
    if not known.undone:
        return None
    last = known.undone[-1]
    return last, Told(last.value, last.note, last.evidence)


def _turn(ws: Workspace, inspection: Inspection, pick: Pick) -> _Turn | None:
    db = ws.store.db
    own = store_inspections.given(db, inspection.id, ws.device.device)
    picked = pick(ws, inspection, stacks(own, store_inspections.rebased_at(db, inspection.id)))
    if picked is None:
        return None
    target, becomes = picked
    last = next(given for given in reversed(own) if given.item == target.item)
    heads = store_inspections.heads(db, inspection.id, target.item)
    step = Step(
        target.item,
        _text(ws, inspection, target.item),
        Told(last.value, last.note, last.evidence),
        becomes,
    )
    return _Turn(step, target.event, tuple(heads), heads != [last.event])


def _text(ws: Workspace, inspection: Inspection, item: str) -> str:
    """The item's words, also while it is not asked."""
    try:
        checklist = checklists.by_digest(ws, inspection.checklist)
    except Problem:
        return ""
    plain = item.rpartition("].")[2]
    return next((it.text for it in checklist.items if it.id == plain), "")


def _offered(ws: Workspace, ref: str, pick: Pick) -> Step | None:
    inspection = find(ws, ref)
    try:
        refuse_closed(ws, inspection)
    except Refused:
        return None
    turn = _turn(ws, inspection, pick)
    return turn.step if turn is not None and not turn.contested else None


def _write(
    ws: Workspace, ref: str, pick: Pick, field: str, nothing: str, code: str
) -> tuple[Sheet, Step]:
    found = find(ws, ref)
    division = sites.partition(site_of(ws, found))
    steps: list[Step] = []

    def drafts(_db: object) -> list[Draft]:
        inspection = store_inspections.get(ws.store.db, found.id) or found
        refuse_closed(ws, inspection)
        turn = _turn(ws, inspection, pick)
        if turn is None:
            raise Refused(code, nothing, where=inspection.id[:8])
        if turn.contested:
            raise Refused(
                "answer-contested",
                _("{item} 后来在另一台设备上改过，不能撤销或恢复").format(
                    item=shown(turn.step.item)
                ),
                where=inspection.id[:8],
                mend=_("请核对后直接重新作答。"),
            )
        steps.append(turn.step)
        body = {
            "item": turn.step.item,
            "value": turn.step.becomes.value,
            "note": turn.step.becomes.note,
            "evidence": list(turn.step.becomes.evidence),
            "over": list(turn.heads[:_MOST_OVER]),
            field: turn.target,
        }
        return [Draft("answer.given", inspection.id, division, body)]

    ws.store.append(drafts)
    return sheet(ws, found.id), steps[-1]
