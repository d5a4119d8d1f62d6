"""Inspections as they stand: found by the start of an id, put together, listed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from fieldkit.domain.checklist import Checklist, Item
from fieldkit.domain.modes import MODES as MODES
from fieldkit.domain.presenting import Presented, is_plain, narrowed, present
from fieldkit.domain.records import Answer, Finding, Inspection, Site
from fieldkit.domain.scoring import Known, score
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem
from fieldkit.store import findings as store_findings
from fieldkit.store import inspections as store_inspections
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _, language
from fieldkit.text.plain import folded, shown

from . import checklists
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit.domain.form import State


class InspectionRow(NamedTuple):
    """One inspection in a list: what it is, how far it is, and what it came to."""

    inspection: Inspection
    site: Site
    checklist: Checklist
    answered: int
    total: int
    points: Fraction
    max_points: Fraction
    ratio: Fraction | None
    grade: str
    grade_title: str
    veto: tuple[str, ...]
    answers: Mapping[str, Answer]


def sheet(ws: Workspace, ref: str) -> Sheet:
    """One inspection with its checklist, answers and score; ``ref`` is an id or its start.

    Raises Problem ``unknown-inspection``, ``ambiguous-inspection`` or ``checklist-missing``.
    """
    return sheet_of(ws, find(ws, ref))


def listing(ws: Workspace) -> list[InspectionRow]:
    """Every inspection, the newest first; those whose checklist is missing are left out."""
    cache: dict[str, Checklist | None] = {}
    rows = []
    found = store_inspections.all(ws.store.db)
    for inspection in sorted(found, key=lambda i: (i.started_hlc, i.id), reverse=True):
        if inspection.checklist not in cache:
            try:
                cache[inspection.checklist] = checklists.by_digest(ws, inspection.checklist)
            except Problem:
                cache[inspection.checklist] = None
        checklist = cache[inspection.checklist]
        if checklist is not None:
            rows.append(_row(sheet_of(ws, inspection, checklist)))
    return rows


def item_of(whole: Sheet, item_id: str) -> Item:
    """The item of that id, however its letters were typed; Problem ``unknown-item`` if none."""
    return item_in(whole, item_id)


def findings_of(ws: Workspace, inspection: str) -> list[Finding]:
    """The findings that one inspection opened, in order of their items' ids."""
    return findings_by_inspection(ws).get(inspection, [])


def findings_by_inspection(ws: Workspace) -> dict[str, list[Finding]]:
    """Every finding under its inspection, in order of their items' ids, but those withdrawn."""
    found: dict[str, list[Finding]] = {}
    for finding in sorted(store_findings.all(ws.store.db), key=lambda f: (f.item, f.id)):
        if finding.state == "withdrawn":
            continue
        found.setdefault(finding.inspection, []).append(finding)
    return found


def _row(whole: Sheet) -> InspectionRow:
    answered, total = whole.progress
    result = whole.score
    return InspectionRow(
        inspection=whole.inspection,
        site=whole.site,
        checklist=whole.checklist,
        answered=answered,
        total=total,
        points=result.points,
        max_points=result.max_points,
        ratio=result.ratio,
        grade=result.grade,
        grade_title=result.grade_title,
        veto=result.veto,
        answers=whole.answers,
    )


class _Last(NamedTuple):
    """The sheet that was made last for a home, and at what state of its database."""

    stamp: tuple[int, int]
    told: str
    sheet: Sheet


def current(ws: Workspace, inspection: Inspection) -> Sheet:
    """As ``sheet_of``; the one made last while nothing has changed since."""
    last = _last(ws)
    if (
        last is not None
        and last.stamp == ws.store.stamp()
        and last.told == language()
        and last.sheet.inspection == inspection
    ):
        return last.sheet
    return _kept(ws, ws.store.stamp(), sheet_of(ws, inspection))


def after_answer(ws: Workspace, before: Sheet, item: str) -> Sheet:
    """The sheet once one item was answered: only that answer is read again.

    Where another process wrote in between, everything is.
    """
    last = _last(ws)
    inspection = before.inspection
    stamp = ws.store.stamp()
    if last is None or last.sheet is not before or last.stamp[0] != stamp[0]:
        return _kept(ws, stamp, sheet(ws, inspection.id))
    answers = dict(before.answers)
    given = store_inspections.answer(ws.store.db, inspection.id, item)
    answers.pop(item, None)
    if given is not None and given.value:
        answers[item] = given
    after = _sheet(before.checklist, inspection, before.site, answers, before.background)
    return _kept(ws, stamp, after)


def _kept(ws: Workspace, stamp: tuple[int, int], whole: Sheet) -> Sheet:
    ws.last_sheet = _Last(stamp, language(), whole)
    return whole


def _last(ws: Workspace) -> _Last | None:
    return ws.last_sheet if isinstance(ws.last_sheet, _Last) else None


def sheet_of(ws: Workspace, inspection: Inspection, checklist: Checklist | None = None) -> Sheet:
    """The sheet of an inspection that is at hand already."""
    checklist = checklist or checklists.by_digest(ws, inspection.checklist)
    answers = store_inspections.answers(ws.store.db, inspection.id)
    background = _background(ws, inspection)
    return _sheet(checklist, inspection, site_of(ws, inspection), answers, background)


def _sheet(
    checklist: Checklist,
    inspection: Inspection,
    site: Site,
    answers: Mapping[str, Answer],
    background: Mapping[str, str],
) -> Sheet:
    values = {item: given.value for item, given in answers.items()}
    shown = _presented(checklist, inspection, {**background, **values})
    if inspection.asks:
        shown = narrowed(shown, inspection.asks, values)
    day = date.fromisoformat(inspection.day)
    result = score(checklist, inspection.mode, day, values, shown, _lines(inspection))
    whole = Sheet(inspection, checklist, site, answers, result, background)
    # It has been made for the score already.
    whole.__dict__["presented"] = shown
    return whole


def _background(ws: Workspace, inspection: Inspection) -> dict[str, str]:
    """What the inspections before said of the items that are not asked again, the last first."""
    found: dict[str, str] = {}
    seen = {inspection.id}
    at: Inspection | None = inspection
    while at is not None and at.asks and at.prior not in seen:
        seen.add(at.prior)
        known = store_inspections.answers(ws.store.db, at.prior)
        found = {item: it.value for item, it in known.items()} | found
        at = store_inspections.get(ws.store.db, at.prior)
    return {item: value for item, value in found.items() if item not in inspection.asks}


_LINES: dict[tuple[str, ...], Known] = {}


def _lines(inspection: Inspection) -> Known:
    """What is kept of the last score of an inspection, told in the language of now."""
    key = (inspection.id, inspection.mode, inspection.day, language())
    known = _LINES.pop(key, {})
    _LINES[key] = known
    while len(_LINES) > _MOST_STATES:
        del _LINES[next(iter(_LINES))]
    return known


_STATES: dict[str, State] = {}
_MOST_STATES = 8
"""Inspections that are kept evaluated, the oldest forgotten first."""


def _presented(
    checklist: Checklist, inspection: Inspection, values: Mapping[str, str]
) -> Presented:
    """What is asked now; after one answer only what is made from it is evaluated anew."""
    if is_plain(checklist):
        return present(checklist, inspection.mode, inspection.day, values)
    from fieldkit.domain.applying import presented
    from fieldkit.domain.form import State, form_of

    form = form_of(checklist, inspection.mode)
    state = _STATES.pop(inspection.id, None)
    if state is None or state.form is not form or state.day != inspection.day:
        state = State(form, inspection.day, values)
    else:
        state.change(values)
    _STATES[inspection.id] = state
    while len(_STATES) > _MOST_STATES:
        del _STATES[next(iter(_STATES))]
    return presented(state)


def site_of(ws: Workspace, inspection: Inspection) -> Site:
    """The inspected site; a stand-in where only the inspection has arrived so far."""
    site = store_sites.get(ws.store.db, inspection.site)
    if site is not None:
        return site
    return Site(
        id=inspection.site,
        code=inspection.site[:8],
        name=_("（底册中没有的对象）"),
        kind="venue",
        parent="",
        division="",
        grid="",
        address="",
        floor="",
        registered=None,
    )


def find(ws: Workspace, ref: str) -> Inspection:
    """The one inspection of that id or unambiguous start of an id, else Problem."""
    wanted = folded(ref).lower()
    found = store_inspections.by_prefix(ws.store.db, wanted) if wanted else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise Problem(
            "unknown-inspection",
            _("没有编号以“{ref}”开头的检查").format(ref=shown(ref)[:64]),
            mend=_("用 fieldkit inspect list 查看。"),
        )
    raise Problem(
        "ambiguous-inspection",
        _("“{ref}”对应 {n} 次检查").format(ref=shown(ref)[:64], n=len(found)),
        mend=_("请多写几位编号。"),
    )


def item_in(whole: Sheet, item_id: str) -> Item:
    """The item of that address among those that are asked now, else Problem."""
    checklist, inspection, items = whole.checklist, whole.inspection, whole.items
    wanted = folded(item_id)
    if wanted in whole.by_id:
        return whole.by_id[wanted]
    wanted = wanted.upper()
    for item in items:
        if item.id.upper() == wanted:
            return item
    plain = wanted.rpartition("].")[2]
    others = inspection.asks and wanted not in {path.upper() for path in inspection.asks}
    if others and any(item.id.upper() == plain for item in checklist.items):
        raise Problem(
            "item-not-asked",
            _("这次复查不问 {item}").format(item=shown(item_id)[:40]),
            mend=_("只问：{items}。").format(items=" ".join(shown(it) for it in inspection.asks)),
        )
    if any(item.id.upper() == plain for item in checklist.for_mode(inspection.mode)):
        raise Problem(
            "item-not-asked",
            _("检查项 {item} 现在不用答：条件不成立").format(item=shown(item_id)[:40]),
            mend=_("请先核对它所依据的答案。"),
        )
    if any(item.id.upper() == plain for item in checklist.items):
        raise Problem(
            "item-other-mode",
            _("检查项 {item} 不在{mode}的范围内").format(
                item=wanted, mode=_(MODES.get(inspection.mode, inspection.mode))
            ),
            mend=_("请在另一种方式的检查里作答。"),
        )
    raise Problem(
        "unknown-item",
        _("《{title}》里没有检查项“{item}”").format(
            title=shown(checklist.title), item=shown(item_id)[:40]
        ),
        mend=_("从 {first} 到 {last}。").format(first=items[0].id, last=items[-1].id),
    )
