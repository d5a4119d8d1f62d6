"""What inspections of a window came to: the facts of a circular (通报, DOMAIN §3.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from fieldkit.domain.records import Finding, Inspection, Site
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem
from fieldkit.store import inspections as store_inspections
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import checklists, findings, gates, sheets, sites
from .findings import FindingRow
from .workspace import Workspace

COUNTED = ("open", "covert")
"""Self-assessments and re-inspections are not the office's own look."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One inspection that counts: what it came to, where, and what was found."""

    sheet: Sheet
    name: str
    chain: tuple[Site, ...]
    """The place, then those above it."""
    previous: Fraction | None
    """The score of the last one before the window with the same checklist, of a hundred."""
    findings: tuple[FindingRow, ...]

    @property
    def id(self) -> str:
        """The inspection's id."""
        return self.sheet.inspection.id

    @property
    def score(self) -> Fraction | None:
        """Points of a hundred; None where nothing counted."""
        ratio = self.sheet.score.ratio
        return None if ratio is None else ratio * 100

    @property
    def is_pass(self) -> bool:
        """Whether it reached the best grade of its checklist."""
        best = max(self.sheet.checklist.grades, key=lambda grade: grade.at_least, default=None)
        return best is not None and self.sheet.score.grade == best.id

    @property
    def village(self) -> Site | None:
        """The village it is in."""
        return next((site for site in self.chain if site.kind == "village"), None)


@dataclass(frozen=True, slots=True)
class Window:
    """The inspections from one day to another, and what was left out of them, by reason."""

    first: date
    last: date
    looked: tuple[Looked, ...]
    left_out: Counter[str]


def window(ws: Workspace, first: date, last: date, within: str = "", checklist: str = "") -> Window:
    """What was inspected from the first to the last day, in the order of places and days.

    Raises Problem for an unknown place or checklist.
    """
    place = sites.find(ws, within).id if within else ""
    wanted = checklists.find(ws, checklist).id if checklist else ""
    hidden = gates.hidden_all(ws)
    every = store_inspections.all(ws.store.db)
    chains = _Chains(ws)
    left_out: Counter[str] = Counter()
    chosen = []
    for one in every:
        if not first.isoformat() <= one.day <= last.isoformat():
            continue
        if place and place not in {site.id for site in chains.of(one.site)}:
            continue
        if wanted and one.checklist_id != wanted:
            continue
        why = _left_out(one, hidden)
        if why:
            left_out[why] += 1
        else:
            chosen.append(one)
    looked = _looked(ws, chosen, every, first, chains, left_out)
    return Window(first, last, tuple(looked), left_out)


def _left_out(one: Inspection, hidden: frozenset[str]) -> str:
    if one.id in hidden:
        return "hidden"
    if one.finished_hlc is None:
        return "unfinished"
    return "" if one.mode in COUNTED else one.mode


def _looked(
    ws: Workspace,
    chosen: Sequence[Inspection],
    every: Sequence[Inspection],
    first: date,
    chains: _Chains,
    left_out: Counter[str],
) -> list[Looked]:
    before = _before(every, first)
    by_inspection: dict[str, list[FindingRow]] = {}
    for row in findings.listing(ws) if chosen else ():
        by_inspection.setdefault(row.finding.inspection, []).append(row)
    found = []
    for one in sorted(chosen, key=lambda it: (chains.place(it.site), it.day, it.id)):
        try:
            sheet = sheets.sheet_of(ws, one)
        except Problem:
            left_out["no-checklist"] += 1
            continue
        if sheet.checklist.kind != "inspection":
            continue
        rows = sorted(by_inspection.get(one.id, ()), key=lambda row: row.finding.item)
        kept = tuple(row for row in rows if row.finding.state != "withdrawn")
        previous = _score(ws, before.get((one.site, one.checklist_id)))
        found.append(Looked(sheet, chains.name(one.site), chains.of(one.site), previous, kept))
    return found


def _before(every: Sequence[Inspection], first: date) -> dict[tuple[str, str], Inspection]:
    """The last finished one before the window, by place and checklist."""
    found: dict[tuple[str, str], Inspection] = {}
    for one in sorted(every, key=lambda it: (it.day, it.finished_hlc or "")):
        if one.finished_hlc and one.mode in COUNTED and one.day < first.isoformat():
            found[one.site, one.checklist_id] = one
    return found


def _score(ws: Workspace, one: Inspection | None) -> Fraction | None:
    if one is None:
        return None
    try:
        ratio = sheets.sheet_of(ws, one).score.ratio
    except Problem:
        return None
    return None if ratio is None else ratio * 100


class _Chains:
    """Each place with those above it, looked up once."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._known: dict[str, tuple[Site, ...]] = {}

    def of(self, site: str) -> tuple[Site, ...]:
        if site not in self._known:
            own = store_sites.get(self._ws.store.db, site)
            above = store_sites.ancestors(self._ws.store.db, site) if own else []
            self._known[site] = (own, *above) if own else ()
        return self._known[site]

    def name(self, site: str) -> str:
        chain = self.of(site)
        return sites.full_name(self._ws, chain[0]) if chain else site[:8]

    def place(self, site: str) -> tuple[str, ...]:
        return tuple(one.code for one in reversed(self.of(site)))


def month_days(month: str) -> tuple[date, date]:
    """The first and the last day of a calendar month. Raises Problem ``bad-month``."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Problem(
            "bad-month",
            _("“{month}”不是月份").format(month=shown(month)[:20]),
            mend=_("月份写作 2026-11。"),
        ) from None
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def day(text: str) -> date:
    """A day as it is written in options. Raises Problem ``bad-day``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(
            "bad-day",
            _("“{day}”不是日期").format(day=shown(text)[:20]),
            mend=_("日期写作 2026-11-22。"),
        ) from None


def number_of(finding: Finding) -> str:
    """The finding's short number, as commands accept it."""
    return finding.id[:8]
