"""Who owes which periodic inspection: each place and list, period by period, until a day.

A place owes the lists that are for its kind, in each period of the list's cadence and once in each
campaign that asks for the list. Counted are the periods of the calendar year and whole campaigns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from fieldkit.domain import cadence as cadences
from fieldkit.domain.cadence import Span
from fieldkit.domain.campaign import Campaign
from fieldkit.domain.checklist import Checklist
from fieldkit.domain.kinds import SITE_KINDS
from fieldkit.domain.ordering import natural
from fieldkit.domain.rectification import due_after
from fieldkit.errors import Problem
from fieldkit.store import duties
from fieldkit.store.duties import Inspected, Owing
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded, shown

from . import calendar, checklists, gates, holidays, sites
from .workspace import Workspace

STATES = {"done": N_("已办"), "due": N_("待办"), "overdue": N_("逾期")}
"""States of an obligation."""

MERGE_KINDS = frozenset(("company", "courier", "bank", "telecom"))
"""Kinds of place at which visits are to be merged (国办发〔2024〕54号, DOMAIN §4.5)."""
MERGE_DAYS = 30
_YEARS = range(2000, 2101)


class Obligation(NamedTuple):
    """One place's duty in one period."""

    site: Owing
    of: Checklist
    """The list that is owed."""
    cadence: str
    period: str
    """The period's name, or the campaign's."""
    first: str
    last: str
    due: str
    done: str
    """The day of the inspection that fulfils it, else empty."""
    state: str
    merge: Inspected | None = None
    """A visit of the last 30 days with which this one should have been made together."""

    @property
    def checklist(self) -> str:
        """The id of the list."""
        return self.of.id

    @property
    def name(self) -> str:
        """The place's name as it stands alone."""
        return sites.placed(self.site, self.site.holder)


class _Duty(NamedTuple):
    """One list in one calendar: what each place of its kinds owes."""

    checklist: Checklist
    cadence: str
    spans: tuple[Span, ...]


def listing(
    ws: Workspace,
    at: str | None = None,
    within: str | None = None,
    checklist: str | None = None,
    state: str | None = None,
) -> list[Obligation]:
    """What is and was owed until a day (today), by places in natural order of their codes.

    Raises Problem for a day that cannot be, an unknown place, list or state, and a calendar file
    that cannot be read.
    """
    day = _at(ws, at)
    if state is not None and state not in STATES:
        raise Problem(
            "unknown-state",
            _("没有“{state}”这种状态").format(state=shown(state)[:40]),
            mend=_("可用：{states}。").format(states=" ".join(STATES)),
        )
    place = sites.find(ws, within).id if within else None
    only = checklists.find(ws, checklist) if checklist else None
    owed = _duties(ws, day, [only] if only else checklists.listing(ws))
    found = _obligations(ws, day, owed, place)
    return [one for one in found if state is None or one.state == state]


def _duties(ws: Workspace, day: date, lists: Iterable[Checklist]) -> list[_Duty]:
    rules, off = calendar.known(ws), holidays.known(ws)
    campaigns = [one for one in duties.campaigns(ws.store.db) if _counts(one, day)]
    found = []
    spans: dict[str, tuple[Span, ...]] = {}
    for one in lists:
        if one.kind != "inspection":
            continue
        word = rules.cadence(one)
        if word and word != "campaign":
            if word not in spans:
                spans[word] = _spans(word, day, rules, off)
            found.append(_Duty(one, word, spans[word]))
        found += [
            _Duty(one, "campaign", (_campaign_span(campaign, off),))
            for campaign in campaigns
            if one.id in campaign.lists
        ]
    return found


def _counts(campaign: Campaign, day: date) -> bool:
    """Whether it has begun, and ended no earlier than in this year."""
    return campaign.first <= day.isoformat() and campaign.last >= f"{day.year}-01-01"


def _spans(word: str, day: date, rules: calendar.Rules, off: frozenset[date]) -> tuple[Span, ...]:
    year = date(day.year, 1, 1)
    # One that ended in December may be due in January, after the holidays.
    found = cadences.periods(word, year - timedelta(days=31), day, rules.terms)
    dues = [(one, cadences.due_of(one, off)) for one in found]
    return tuple(
        Span(one.name, one.first.isoformat(), one.last.isoformat(), due.isoformat())
        for one, due in dues
        if due >= year
    )


def _campaign_span(campaign: Campaign, off: frozenset[date]) -> Span:
    due = due_after(date.fromisoformat(campaign.last), 0, off).isoformat()
    return Span(campaign.name, campaign.first, campaign.last, due)


def _obligations(
    ws: Workspace, day: date, owed: Sequence[_Duty], within: str | None
) -> list[Obligation]:
    kinds = {kind for duty in owed for kind in duty.checklist.site_kinds or SITE_KINDS}
    if not kinds:
        return []
    db, today = ws.store.db, day.isoformat()
    recently = (day - timedelta(days=MERGE_DAYS)).isoformat()
    earliest = min(recently, *(span.first for duty in owed for span in duty.spans))
    # Doors are asked about at the door, never inspected with a list.
    places = duties.owing(db, sorted(kinds - {"door"}), within)
    places.sort(key=lambda site: (natural(site.code), site.code))
    begun = duties.register_begun(db)
    hidden = gates.hidden_all(ws)
    seen = [one for one in duties.inspected(db, earliest, today) if one.id not in hidden]
    days: dict[tuple[str, str], list[str]] = {}
    latest: dict[str, Inspected] = {}
    for one in seen:
        # Asking again what was wrong is no inspection of the whole.
        if one.mode != "reinspection":
            days.setdefault((one.site, one.checklist), []).append(one.day)
        if one.day >= recently:
            latest[one.site] = one
    by_kind = _by_kind(owed)
    return [
        one
        for site in places
        for duty in by_kind.get(site.kind, ())
        for one in _of_site(
            site, duty, today, begun, days.get((site.id, duty.checklist.id)), latest
        )
    ]


def _by_kind(owed: Sequence[_Duty]) -> Mapping[str, list[_Duty]]:
    found: dict[str, list[_Duty]] = {}
    for duty in owed:
        for kind in duty.checklist.site_kinds or SITE_KINDS:
            found.setdefault(kind, []).append(duty)
    return found


def _of_site(
    site: Owing,
    duty: _Duty,
    today: str,
    begun: str,
    days: Sequence[str] | None,
    latest: Mapping[str, Inspected],
) -> list[Obligation]:
    # What was there when the register was begun owes the whole year; what came later, from then on.
    since = site.since if site.since > begun else ""
    spans = duty.spans
    done = cadences.fulfilled(spans, days) if days else [""] * len(spans)
    merge = latest.get(site.id) if site.kind in MERGE_KINDS else None
    found = []
    for span, day in zip(spans, done, strict=True):
        if span.last < since:
            continue
        # Struck off within the period, it owes the period no more.
        if site.until and not day and site.until <= span.due:
            continue
        state = cadences.state(span.due, day, today)
        found.append(
            Obligation(
                site,
                duty.checklist,
                duty.cadence,
                *span,
                day,
                state,
                None if day else merge,
            )
        )
    return found


def hint_words(one: Obligation) -> str:
    """The hint to merge visits, empty where there is none."""
    if one.merge is None:
        return ""
    return _("30天内已走访（{day}，{checklist}），宜合并进行").format(
        day=one.merge.day, checklist=shown(one.merge.checklist)
    )


def _at(ws: Workspace, typed: str | None) -> date:
    text = folded(typed or "")
    if not text:
        return ws.today()
    try:
        day = date.fromisoformat(text)
        if day.year not in _YEARS:
            raise ValueError(text)
    except ValueError as error:
        raise Problem(
            "bad-day",
            _("“{text}”不是日期").format(text=shown(text)[:20]),
            mend=_("写成 2026-12-01。"),
        ) from error
    return day
