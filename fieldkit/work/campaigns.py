"""Campaigns: a name, days, phases and lists; each place that a list is for owes it once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fieldkit.domain.campaign import Campaign, Phase
from fieldkit.domain.kinds import campaign_id
from fieldkit.errors import Problem
from fieldkit.store import duties
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed, folded, shown

from . import checklists
from .notes import check_text
from .workspace import Workspace

NAME_LIMIT, PHASE_LIMIT, MOST_PHASES = 60, 40, 20


class CampaignRow(NamedTuple):
    """One campaign, its phase on this day, and whether offices disagree about it."""

    campaign: Campaign
    phase: str
    contested: bool


def put(
    ws: Workspace,
    name: str,
    first: str,
    last: str,
    phases: Sequence[str] = (),
    lists: Sequence[str] = (),
) -> CampaignRow:
    """Make a campaign, or say anew what one of that name is; on disk when this returns.

    A phase is typed as ``NAME:FROM:TO``. Raises Problem for a name that is missing or may not be
    kept, days in the wrong order, phases that overlap or leave the campaign, and unknown lists.
    """
    title = _name(name, NAME_LIMIT, _("活动名称"))
    begin, end = _span(first, last, title)
    told = [_phase(typed) for typed in phases]
    if len(told) > MOST_PHASES:
        raise _bad(_("阶段太多，最多 {n} 个").format(n=MOST_PHASES))
    told.sort(key=lambda one: one.first)
    for one in told:
        if not (begin <= one.first and one.last <= end):
            raise _bad(_("阶段“{name}”不在活动起止日之内").format(name=shown(one.name)))
    for before, after in pairwise(told):
        if after.first <= before.last:
            raise _bad(_("阶段“{a}”和“{b}”重叠").format(a=shown(before.name), b=shown(after.name)))
    known = [checklists.find(ws, ref) for ref in lists]
    for one_list in known:
        if one_list.kind != "inspection":
            raise _bad(_("《{title}》是登记表，不能作为检查任务").format(title=one_list.title))
    body = {
        "name": title,
        "first": begin,
        "last": end,
        "phases": [{"name": p.name, "first": p.first, "last": p.last} for p in told],
        "lists": [*dict.fromkeys(one.id for one in known)],
    }
    id = campaign_id(title)

    def drafts(_db: object) -> list[Draft]:
        over = duties.campaign_heads(ws.store.db, id)[:64]
        return [Draft("campaign.put", id, "", {**body, "over": over})]

    ws.store.append(drafts)
    return find(ws, id)


def listing(ws: Workspace) -> list[CampaignRow]:
    """Every campaign, the earliest first."""
    today, contested = ws.today().isoformat(), duties.contested(ws.store.db, "campaign")
    return [
        CampaignRow(one, one.phase(today), one.id in contested)
        for one in duties.campaigns(ws.store.db)
    ]


def find(ws: Workspace, ref: str) -> CampaignRow:
    """The one campaign of that name or id, or unambiguous start of either. Raises Problem."""
    wanted = folded(ref)
    known = listing(ws)
    exact = [row for row in known if wanted in (row.campaign.id, folded(row.campaign.name))]
    near = [
        row
        for row in known
        if wanted and (folded(row.campaign.name).startswith(wanted) or _starts_id(row, wanted))
    ]
    found = exact or near
    if len(found) == 1:
        return found[0]
    raise Problem(
        "ambiguous-campaign" if found else "unknown-campaign",
        _("名称以“{ref}”开头的活动有 {n} 个").format(ref=shown(ref)[:64], n=len(found)),
        mend=_("用 fieldkit campaign list 查看。"),
    )


def _starts_id(row: CampaignRow, wanted: str) -> bool:
    return len(wanted) >= 4 and row.campaign.id.startswith(wanted.lower())


def _phase(typed: str) -> Phase:
    parts = composed(typed).replace("：", ":").split(":")
    if len(parts) != 3:
        raise _bad(_("阶段“{text}”写法不对").format(text=shown(typed)[:40]))
    name = _name(parts[0], PHASE_LIMIT, _("阶段名称"))
    return Phase(name, *_span(parts[1], parts[2], name))


def _name(typed: str, limit: int, where: str) -> str:
    name = " ".join(composed(typed).split())
    if not name or len(name) > limit:
        raise Problem(
            "bad-name",
            _("要写 1 到 {limit} 个字").format(limit=limit),
            where=where,
            mend=_("请改名再试。"),
        )
    check_text(name, where)
    return name


def _span(first: str, last: str, name: str) -> tuple[str, str]:
    days = []
    for typed in (first, last):
        try:
            days.append(date.fromisoformat(folded(typed)).isoformat())
        except ValueError as error:
            raise _bad(_("“{text}”不是日期").format(text=shown(typed)[:20])) from error
    if days[1] < days[0]:
        raise _bad(_("“{name}”的结束日早于开始日").format(name=shown(name)))
    return days[0], days[1]


def _bad(sentence: str) -> Problem:
    return Problem(
        "bad-campaign",
        sentence,
        mend=_("日期写成 2026-12-01，阶段写成 宣传发动:2026-12-01:2026-12-31。"),
    )
