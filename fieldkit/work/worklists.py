"""Work lists of rectification: what is open, by the unit that has to put it right."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from fieldkit.domain import deadlines
from fieldkit.domain.ordering import natural
from fieldkit.domain.records import Finding, Site
from fieldkit.store import sites as store_sites

from . import findings, holidays, sites
from .workspace import Workspace

_PARTS = frozenset(("building", "unit", "door", "grid"))
"""Parts of a place: what is found there is put right by who holds it."""


class Job(NamedTuple):
    """One open finding: how it stands, what comes next, and what may follow from its day."""

    finding: Finding
    site: Site | None
    name: str
    state: str
    rounds: int
    number: str
    overdue: bool
    working_days: int
    """Until the due day; below zero since then."""
    left: str
    step: str
    hint: str


class WorkList(NamedTuple):
    """All that one unit has open, the earliest due first."""

    unit: Site | None
    name: str
    jobs: tuple[Job, ...]

    @property
    def overdue(self) -> int:
        """How many are past their day."""
        return sum(job.overdue for job in self.jobs)


def worklists(ws: Workspace, unit: str | None = None, overdue: bool = False) -> list[WorkList]:
    """The work lists of every unit that has any, or of one with what is below it.

    In natural order of the units' codes; a finding at a place that is not known here comes last.
    Raises Problem for an unknown place.
    """
    known = {site.id: site for site in store_sites.all(ws.store.db)}
    within = None
    if unit is not None:
        place = sites.find(ws, unit)
        within = {site.id for site in store_sites.all(ws.store.db, within=place.id)}
    closed_days = holidays.known(ws)
    lists: dict[str, list[Job]] = {}
    for row in findings.listing(ws, state="open", overdue=overdue):
        if within is not None and row.finding.site not in within:
            continue
        holder = responsible(known, row.site)
        lists.setdefault(holder.id if holder else "", []).append(_job(ws, row, closed_days))
    found = [
        WorkList(known.get(id), sites.full_name(ws, known[id]) if id else "", tuple(jobs))
        for id, jobs in lists.items()
    ]
    return sorted(found, key=_place)


def _place(one: WorkList) -> tuple[object, ...]:
    return (one.unit is None, natural(one.unit.code) if one.unit else ())


def responsible(known: dict[str, Site], site: Site | None) -> Site | None:
    """The place that answers for another: the nearest above that is no mere part; None unknown."""
    seen: set[str] = set()
    at = site
    while at is not None and at.kind in _PARTS and at.id not in seen:
        seen.add(at.id)
        above = known.get(at.parent)
        if above is None:
            return at
        at = above
    return at


def _job(ws: Workspace, row: findings.FindingRow, days: frozenset[date]) -> Job:
    finding, today = row.finding, ws.today()
    return Job(
        finding=finding,
        site=row.site,
        name=sites.full_name(ws, row.site) if row.site else finding.site[:8],
        state=row.state,
        rounds=row.case.rounds,
        number=row.case.number,
        overdue=row.overdue,
        working_days=deadlines.working_days(today, date.fromisoformat(finding.due), days),
        left=deadlines.left_in_words(finding.state, finding.due, today, days),
        step=deadlines.next_in_words(finding.state, row.site.kind if row.site else ""),
        hint=deadlines.hint(finding.state, finding.due, today),
    )
