"""The register at a glance, and one place with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.domain import scoring
from fieldkit.domain.modes import MODES
from fieldkit.domain.ordering import natural
from fieldkit.domain.records import Finding, Inspection, Site
from fieldkit.domain.translating import list_title
from fieldkit.errors import Problem
from fieldkit.store import inspections as store_inspections
from fieldkit.store import overview as store_overview
from fieldkit.text.i18n import _, language

from . import checklists, gates, sites
from .workspace import Workspace

PREMISES = tuple(k for k in sites.KINDS if k not in ("grid", "building", "unit", "door"))
"""Kinds that are inspected for themselves, what the register shows before anything is chosen."""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A place in the register: its last result in words, and how many findings are not over."""

    site: Site
    result: str
    day: str
    findings: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection of a place: what it was and what came of it, in words."""

    inspection: Inspection
    title: str
    result: str


def kinds(ws: Workspace) -> list[str]:
    """The kinds of place that there are, in the order in which they are told."""
    there = store_overview.kinds(ws.store.db)
    return [kind for kind in sites.KINDS if kind in there]


def listing(ws: Workspace, kind: str | None = None) -> list[SiteRow]:
    """The places of one kind, or all premises, in natural order of codes; struck off ones too.

    The other record of a blind pair that is not sealed counts for nothing.
    """
    wanted = PREMISES if kind is None else (kind,)
    found = store_overview.standings(ws.store.db, wanted, sorted(_hidden(ws)))
    found.sort(key=lambda it: (natural(it.site.code), it.site.code))
    said: dict[tuple[str, str], str] = {}
    rows = []
    for it in found:
        result = ""
        if it.inspection:
            key = (it.checklist, it.grade)
            if it.mode == "covert":
                result = _("走访")
            elif key not in said:
                said[key] = _grade(ws, it.checklist, it.grade)
            result = result or said[key]
        rows.append(SiteRow(it.site, result, it.day, it.findings))
    return rows


def visits(ws: Workspace, site: Site) -> list[Visit]:
    """The inspections of one place, the newest first."""
    grades = store_overview.grades(ws.store.db, site.id)
    found = store_inspections.of_site(ws.store.db, site.id)
    return [_visit(ws, one, grades.get(one.id, "")) for one in reversed(found)]


def findings(ws: Workspace, site: Site) -> list[Finding]:
    """The findings of one place that are not over, the first due first."""
    unseen = _hidden(ws)
    found = store_overview.findings(ws.store.db, site.id)
    return [finding for finding in found if finding.inspection not in unseen]


def _visit(ws: Workspace, known: Inspection, grade: str) -> Visit:
    if gates.hidden(ws, known):
        return Visit(known, _("背靠背的另一份"), _("两份都办结后才能看"))
    if known.mode == "covert":
        result = _("已记完") if known.state == "finished" else _("未完成")
        return Visit(known, _("走访记录"), result)
    try:
        title = list_title(checklists.by_digest(ws, known.checklist), language())
    except Problem:
        title = known.checklist_id
    title = f"{title}  {_(MODES.get(known.mode, known.mode))}"
    if known.state != "finished":
        return Visit(known, title, _("未完成"))
    return Visit(known, title, _grade(ws, known.checklist, grade))


def _grade(ws: Workspace, checklist: str, grade: str) -> str:
    """A grade in words; that it was recorded where the list gives none, or is not here."""
    try:
        known = checklists.by_digest(ws, checklist)
    except Problem:
        return grade
    if known.kind == "record":
        return _("已记完")
    return scoring.title_of(known, grade)


def _hidden(ws: Workspace) -> set[str]:
    """Somebody else's records of pairs that are not sealed (`gates.hidden`, for all at once)."""
    found: dict[tuple[str, str], list[Inspection]] = {}
    for word in store_overview.pair_words(ws.store.db):
        for one in store_inspections.of_pair(ws.store.db, word):
            found.setdefault((word, one.site), []).append(one)
    return {
        one.id
        for both in found.values()
        if not gates.is_sealed(both)
        for one in both
        if one.device != ws.device.device
    }
