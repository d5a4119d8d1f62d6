"""Who stands for a title (无诈单位评选, 003三(四), DOMAIN §3.7): what is known of each candidate.

A candidate is a place with a finished inspection by a list of the nature ``assessment``. The
conclusion is a proposal for the meeting, which alone decides: a veto refuses, an outside result
that is not there yet postpones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fieldkit.domain.records import Inspection, Site
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem
from fieldkit.store import inspections as store_inspections
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import N_

from . import checklists, coverage, gates, sheets, sites
from .coverage import CoverageRow
from .workspace import Workspace

CONCLUSIONS = {"name": N_("拟命名"), "refuse": N_("不予命名"), "postpone": N_("延后")}
"""What may be proposed."""
_LOOKS = ("open", "covert")


@dataclass(frozen=True, slots=True)
class Outside:
    """One result that somebody else has to give (三无, by the police station): item and answer."""

    item: str
    text: str
    value: str
    """``met``, ``unmet``, or nothing where it has not come."""
    said: str
    """Number and day of the letter, as they were entered."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of one place that stands for a title."""

    site: Site
    name: str
    chain: tuple[Site, ...]
    checklist: str
    title: str
    """The title that it stands for: the list's."""
    look: Sheet | None
    """The office's latest look; None where there was none."""
    own: Sheet | None
    """Its own latest assessment."""
    outside: tuple[Outside, ...]
    doors: CoverageRow | None

    @property
    def score(self) -> Fraction | None:
        """The office's score of a hundred."""
        return _hundred(self.look)

    @property
    def self_score(self) -> Fraction | None:
        """Its own score of a hundred."""
        return _hundred(self.own)

    @property
    def veto(self) -> tuple[str, ...]:
        """Items that refuse the title."""
        return tuple(self.look.score.veto) if self.look is not None else ()

    @property
    def conclusion(self) -> str:
        """A word of ``CONCLUSIONS``."""
        if self.veto or any(one.value == "unmet" for one in self.outside):
            return "refuse"
        if self.look is None or any(one.value != "met" for one in self.outside):
            return "postpone"
        best = max(self.look.checklist.grades, key=lambda grade: grade.at_least, default=None)
        reached = best is not None and self.look.score.grade == best.id
        return "name" if reached else "postpone"


def candidates(
    ws: Workspace,
    first: date,
    last: date,
    within: str = "",
    checklist: str = "",
    site: str = "",
) -> list[Candidate]:
    """Every candidate of the days, in the order of lists and places; of one place with ``site``.

    Raises Problem for an unknown place or list.
    """
    place = sites.find(ws, within).id if within else ""
    only = sites.find(ws, site).id if site else ""
    wanted = checklists.find(ws, checklist).id if checklist else ""
    hidden = gates.hidden_all(ws)
    found: dict[tuple[str, str], list[Inspection]] = {}
    for one in store_inspections.all(ws.store.db):
        if (
            one.nature == "assessment"
            and one.finished_hlc is not None
            and one.id not in hidden
            and first.isoformat() <= one.day <= last.isoformat()
            and wanted in ("", one.checklist_id)
            and only in ("", one.site)
        ):
            found.setdefault((one.checklist_id, one.site), []).append(one)
    every = [_candidate(ws, key[0], key[1], many) for key, many in found.items()]
    kept = [it for it in every if it is not None and _is_within(it, place)]
    return sorted(kept, key=lambda it: (it.checklist, [s.code for s in reversed(it.chain)]))


def _is_within(one: Candidate, place: str) -> bool:
    return not place or any(site.id == place for site in one.chain)


def _candidate(
    ws: Workspace, checklist: str, site: str, many: Sequence[Inspection]
) -> Candidate | None:
    own = store_sites.get(ws.store.db, site)
    if own is None:
        return None
    look = _latest(ws, [one for one in many if one.mode in _LOOKS])
    mine = _latest(ws, [one for one in many if one.mode == "self"])
    known = look or mine
    if known is None:
        return None
    return Candidate(
        own,
        sites.full_name(ws, own),
        (own, *store_sites.ancestors(ws.store.db, site)),
        checklist,
        known.checklist.title,
        look,
        mine,
        _outside(known),
        _doors(ws, own),
    )


def _latest(ws: Workspace, many: Sequence[Inspection]) -> Sheet | None:
    for one in sorted(many, key=lambda it: (it.day, it.finished_hlc or "", it.id), reverse=True):
        try:
            return sheets.sheet_of(ws, one)
        except Problem:
            continue  # its list is not held here: an earlier one may be
    return None


def _outside(sheet: Sheet) -> tuple[Outside, ...]:
    found = []
    for item in sheet.checklist.items:
        if item.type != "external" or not item.critical:
            continue
        answer = sheet.answers.get(item.id)
        value, _colon, said = (answer.value if answer is not None else "").partition(":")
        known = value if value in ("met", "unmet") else ""
        found.append(Outside(item.id, item.text, known, said.replace(":", "　")))
    return tuple(found)


def _doors(ws: Workspace, site: Site) -> CoverageRow | None:
    rows = coverage.coverage(ws, "village", site.code)
    return coverage.total(rows) if rows else None


def _hundred(sheet: Sheet | None) -> Fraction | None:
    if sheet is None or sheet.score.ratio is None:
        return None
    return sheet.score.ratio * 100
