"""Assignments: who is to inspect which place with which list, until when; and taking one back."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from fieldkit.domain import cadence as cadences
from fieldkit.domain.campaign import STATES, Assignment, Campaign
from fieldkit.domain.checklist import Checklist
from fieldkit.domain.records import Site
from fieldkit.errors import Problem, Refused
from fieldkit.store import duties
from fieldkit.store import sites as store_sites
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed, folded, shown

from . import calendar, campaigns, checklists, holidays, offices, sites
from .notes import check_text, checked_note
from .workspace import Workspace

POST_LIMIT, NOTE_LIMIT = 20, 200
_ID_LENGTH = 32


class AssignmentRow(NamedTuple):
    """One assignment with its place (None when unknown here), its state today, and who it is for.

    ``who`` is the name that the device or post goes by; empty for whoever comes by.
    """

    assignment: Assignment
    site: Site | None
    state: str
    who: str
    campaign: str
    contested: bool


def put(
    ws: Workspace,
    site_ref: str,
    checklist_ref: str,
    to: str = "",
    due: str = "",
    campaign_ref: str = "",
) -> AssignmentRow:
    """Assign an inspection; one that is open for the same place, list and campaign is changed.

    Without a due day it is the campaign's last, else the end of the list's period. Raises Problem
    for an unknown place, list, device or campaign, a list that is not for such places, a day
    before today, and a text that may not be kept; Refused for a place that was struck off.
    """
    site, checklist = sites.find(ws, site_ref), checklists.find(ws, checklist_ref)
    _fits(site, checklist)
    campaign = campaigns.find(ws, campaign_ref).campaign if campaign_ref else None
    body = {
        "site": site.id,
        "checklist": checklist.id,
        "inspector": _whom(ws, to),
        "day": ws.today().isoformat(),
        "due": _due(ws, due) if folded(due) else _usual_due(ws, checklist, campaign),
        "campaign": campaign.id if campaign else "",
    }
    made: list[str] = []

    def drafts(_db: object) -> list[Draft]:
        before = _open_one(ws, body)
        id = before.id if before else _fresh()
        made.append(id)
        fields = {**body, "day": before.day} if before else body
        over = duties.assignment_heads(ws.store.db, id)[:64]
        return [Draft("assignment.put", id, sites.partition(site), {**fields, "over": over})]

    ws.store.append(drafts)
    return find(ws, made[-1])


def withdraw(ws: Workspace, ref: str, note: str = "") -> AssignmentRow:
    """Take an assignment back; assigning anew makes another one.

    Raises Problem for an unknown one or a note that may not be kept, Refused for one that is done
    or was taken back.
    """
    row = find(ws, ref)
    found = row.assignment
    if row.state in ("done", "withdrawn"):
        raise Refused(
            "assignment-closed",
            _("这项交办{state}，不用撤回").format(state=_(STATES[row.state])),
            where=found.id[:8],
            mend=_("用 fieldkit assignment list 查看。"),
        )
    kept = checked_note(note, NOTE_LIMIT)
    division = sites.partition(row.site) if row.site else ""
    ws.store.append([Draft("assignment.withdrawn", found.id, division, {"note": kept})])
    return find(ws, found.id)


def listing(
    ws: Workspace,
    within: str | None = None,
    state: str | None = None,
    campaign: str | None = None,
    *,
    mine: bool = False,
) -> list[AssignmentRow]:
    """Assignments, the most pressing first; ``mine`` are those for this device or for anybody.

    Raises Problem for an unknown place, state or campaign.
    """
    if state is not None and state not in STATES:
        raise Problem(
            "unknown-state",
            _("没有“{state}”这种状态").format(state=shown(state)[:40]),
            mend=_("可用：{states}。").format(states=" ".join(STATES)),
        )
    found = duties.assignments(ws.store.db)
    if campaign:
        wanted = campaigns.find(ws, campaign).campaign.id
        found = [one for one in found if one.campaign == wanted]
    if within:
        place = sites.find(ws, within)
        below = {site.id for site in store_sites.all(ws.store.db, within=place.id)}
        found = [one for one in found if one.site in below]
    if mine:
        found = [one for one in found if one.inspector in ("", *own_names(ws))]
    return [row for row in _rows(ws, found) if state is None or row.state == state]


def find(ws: Workspace, ref: str) -> AssignmentRow:
    """The one assignment of that id or unambiguous start of an id. Raises Problem."""
    wanted = folded(ref).lower()
    found = duties.assignments_by_prefix(ws.store.db, wanted) if wanted else []
    if len(found) != 1:
        raise Problem(
            "ambiguous-assignment" if found else "unknown-assignment",
            _("编号以“{ref}”开头的交办有 {n} 项").format(ref=shown(ref)[:64], n=len(found)),
            mend=_("用 fieldkit assignment list 查看。"),
        )
    return _rows(ws, found)[0]


def waiting(ws: Workspace) -> tuple[int, int]:
    """How many open assignments are for this device or anybody, and how many of them are late."""
    return duties.assigned_to(ws.store.db, own_names(ws), ws.today().isoformat())


def own_names(ws: Workspace) -> tuple[str, str]:
    """What stands in an assignment for this device: its id, or the name of the post it bears."""
    return ws.device.device, ws.device.name


def _rows(ws: Workspace, found: list[Assignment]) -> list[AssignmentRow]:
    db, today = ws.store.db, ws.today().isoformat()
    contested = duties.contested(db, "assignment")
    names = {one.id: one.name for one in duties.campaigns(db)}
    devices = _devices(ws) if any(len(one.inspector) == _ID_LENGTH for one in found) else {}
    return [
        AssignmentRow(
            one,
            store_sites.get(db, one.site),
            one.state(today),
            devices.get(one.inspector, one.inspector),
            names.get(one.campaign, one.campaign[:8]),
            one.id in contested,
        )
        for one in found
    ]


def _devices(ws: Workspace) -> dict[str, str]:
    """The names of the devices that are known here."""
    known = {ws.device.device: ws.device.name}
    if offices.is_office(ws):
        known |= {one.device: one.name for one in offices.enrolled(ws)}
    return known


def _whom(ws: Workspace, typed: str) -> str:
    """A device by its name, id or the first eight digits of it, else a post as it was typed."""
    text = " ".join(composed(typed).split())
    if not text:
        return ""
    wanted = folded(text).lower()
    known = _devices(ws)
    named = [
        id
        for id, name in known.items()
        if folded(name).lower() == wanted or (len(wanted) >= 8 and id.startswith(wanted))
    ]
    if len(named) == 1:
        return named[0]
    if len(named) > 1:
        raise Problem(
            "ambiguous-device",
            _("有 {n} 台设备叫“{name}”").format(n=len(named), name=shown(text)[:40]),
            mend=_("请写设备编号的前八位：{ids}。").format(ids=" ".join(id[:8] for id in named)),
        )
    where = _("交办给")
    if len(text) > POST_LIMIT:
        raise Problem(
            "post-long",
            _("有 {n} 个字，最多 {limit} 个字").format(n=len(text), limit=POST_LIMIT),
            where=where,
            mend=_("写设备名称或编号，或写岗位，如 检查一组。"),
        )
    check_text(text, where)
    return text


def _fits(site: Site, checklist: Checklist) -> None:
    if site.removed:
        raise Refused(
            "site-removed",
            _("“{name}”已经核减").format(name=shown(site.name)[:40]),
            where=shown(site.code),
            mend=_("请核对编码。"),
        )
    if checklist.kind != "inspection":
        raise Problem(
            "not-a-task",
            _("《{title}》是登记表，不能作为检查任务").format(title=shown(checklist.title)),
            mend=_("用 fieldkit checklist list 查看。"),
        )
    kinds = checklist.site_kinds
    if kinds and site.kind not in kinds:
        raise Problem(
            "list-not-for-site",
            _("《{title}》用于{kinds}，“{name}”是{kind}").format(
                title=shown(checklist.title),
                kinds="、".join(_(sites.KINDS.get(kind, kind)) for kind in kinds),
                name=shown(site.name)[:40],
                kind=_(sites.KINDS.get(site.kind, site.kind)),
            ),
            mend=_("请换一张检查表或核对编码。"),
        )


def _due(ws: Workspace, typed: str) -> str:
    try:
        day = date.fromisoformat(folded(typed))
    except ValueError as error:
        raise _bad_day(_("“{text}”不是日期").format(text=shown(typed)[:20])) from error
    if day < ws.today():
        raise _bad_day(_("{day} 已经过了").format(day=day.isoformat()))
    return day.isoformat()


def _usual_due(ws: Workspace, checklist: Checklist, campaign: Campaign | None) -> str:
    today = ws.today()
    if campaign is not None:
        return max(campaign.last, today.isoformat())
    rules = calendar.known(ws)
    word = rules.cadence(checklist)
    if word in ("", "campaign"):
        return ""
    period = cadences.periods(word, today, today, rules.terms)[0]
    return cadences.due_of(period, holidays.known(ws)).isoformat()


def _open_one(ws: Workspace, body: dict[str, str]) -> Assignment | None:
    return next(
        (
            one
            for one in duties.assignments(ws.store.db, body["site"])
            if not (one.withdrawn or one.done)
            and (one.checklist, one.campaign) == (body["checklist"], body["campaign"])
        ),
        None,
    )


def _bad_day(sentence: str) -> Problem:
    return Problem("bad-day", sentence, mend=_("写成 2026-12-01，不早于今天。"))


def _fresh() -> str:
    from secrets import token_hex

    return token_hex(16)
