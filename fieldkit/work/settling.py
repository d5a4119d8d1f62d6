"""What several laptops told differently: both values, who, when, and one choice that settles it.

A choice is a write like any other, made over all that disagree: it says again what was chosen and
names it (``settles``), so its author stays known. What disagrees with it later disputes it anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from fieldkit.domain.kinds import OPTIONAL
from fieldkit.domain.moments import moment_of
from fieldkit.errors import Problem, Refused
from fieldkit.store import conflicts as store_conflicts
from fieldkit.store import duties
from fieldkit.store import findings as store_findings
from fieldkit.store import inspections as store_inspections
from fieldkit.store import sites as store_sites
from fieldkit.store import sweeps as store_sweeps
from fieldkit.store.conflicts import Dispute, Side
from fieldkit.store.store import Draft
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded, shown

from . import amending, gates, inspecting, offices, sites
from .sheets import item_in
from .workspace import Workspace, home_time

KINDS = {
    "answer": N_("检查作答"),
    "site": N_("底册"),
    "finding": N_("整改"),
    "referral": N_("移交反馈"),
    "campaign": N_("活动"),
    "assignment": N_("交办"),
    "standing": N_("排名数据"),
    "standing_issue": N_("排名通报"),
    "standing_word": N_("挂牌和承接"),
}
"""What can be told in several ways."""

SLACK = 120
"""Seconds by which a clock may go wrong before anybody says so."""


class Told(NamedTuple):
    """One value, in words, with who wrote it and when.

    ``at`` is what that device's clock said; ``by`` is when it had come here at the latest, empty
    for what was written here; ``fast`` are the seconds by which its clock is ahead at least.
    """

    side: Side
    name: str
    value: str
    at: str
    by: str
    fast: int


class Disputed(NamedTuple):
    """One open dispute: its short reference, about what, and what was told."""

    ref: str
    dispute: Dispute
    about: str
    told: tuple[Told, ...]


def listing(ws: Workspace) -> list[Disputed]:
    """Every open dispute, in a fixed order."""
    names = _names(ws)
    fast: dict[str, int] = {}
    return [_disputed(ws, one, names, fast) for one in store_conflicts.disputes(ws.store.db)]


def count(ws: Workspace) -> int:
    """How many there are."""
    from fieldkit.store import ledger

    return ledger.count_conflicts(ws.store.db)


def find(ws: Workspace, ref: str) -> Disputed:
    """The one open dispute of that reference. Raises Problem."""
    wanted = folded(ref).lower()
    found = [one for one in listing(ws) if wanted and one.ref.startswith(wanted)]
    if len(found) != 1:
        raise Problem(
            "ambiguous-conflict" if found else "unknown-conflict",
            _("编号以“{ref}”开头的冲突有 {n} 处").format(ref=shown(ref)[:64], n=len(found)),
            mend=_("用 fieldkit office conflicts 查看。"),
        )
    return found[0]


def choose(ws: Workspace, ref: str, number: int) -> Disputed:
    """Settle a dispute with one of its values, counted from 1; gives it as it was.

    A finished inspection is taken up again, changed, and finished anew. Raises Problem for an
    unknown dispute or value, Refused for a step of a finding and a published month of the
    standing: there the next step, or a correction, settles it.
    """
    found = find(ws, ref)
    if not 1 <= number <= len(found.told):
        raise Problem(
            "unknown-value",
            _("没有第 {n} 个值").format(n=number),
            mend=_("可用 1 到 {n}。").format(n=len(found.told)),
        )
    if found.dispute.kind == "finding":
        raise Refused(
            "step-instead",
            _("整改的冲突用下一步理顺"),
            where=found.about,
            mend=_("打开这个问题，再走一步。"),
        )
    if found.dispute.kind == "standing_issue":
        raise Refused(
            "correct-instead",
            _("这个月有两份通报，用更正理顺"),
            where=found.about,
            mend=_("运行 fieldkit office standing-correct。"),
        )
    chosen = found.told[number - 1].side
    event = store_conflicts.event_of(ws.store.db, found.dispute, chosen)
    if event is None or event.body is None:
        raise Problem("no-body", _("这个值的内容已按规定删除，不能选"), where=found.about)
    body = {key: value for key, value in event.body.items() if key not in ("undoes", "redoes")}
    body["over"] = sorted(told.side.hash for told in found.told)
    if "settles" in OPTIONAL.get(event.kind, ()):
        body["settles"] = chosen.hash
    draft = Draft(event.kind, event.entity, event.division, body)
    if found.dispute.kind == "answer":
        _answer(ws, found, draft)
    else:
        ws.store.append([draft])
    return found


def _answer(ws: Workspace, found: Disputed, draft: Draft) -> None:
    inspection = store_inspections.get(ws.store.db, found.dispute.entity)
    finished = inspection is not None and inspection.state == "finished"
    if inspection is not None:
        gates.refuse_hidden(ws, inspection)
    if finished:
        reason = _("选定几台设备不一致的作答：{item}").format(item=found.dispute.slot)
        amending.reopen(ws, found.dispute.entity, reason)
    ws.store.append([draft])
    if finished:
        inspecting.finish(ws, found.dispute.entity)


def _disputed(
    ws: Workspace, dispute: Dispute, names: dict[str, str], fast: dict[str, int]
) -> Disputed:
    about, words = _about(ws, dispute)
    told = []
    events = [store_conflicts.event_of(ws.store.db, dispute, side) for side in dispute.sides]
    bodies = [event.body for event in events if event is not None and event.body]
    for side, event in zip(dispute.sides, events, strict=True):
        if side.device not in fast:
            fast[side.device] = _fast(ws, side.device)
        by = store_conflicts.came(ws.store.db, event) if event else ""
        name = names.get(side.device) or side.device[:8]
        value = words.get(side.value, side.value) if words else side.value
        extra = _more(event.body, bodies) if event is not None and event.body else ""
        text = f"{value}  {extra}" if extra else value
        told.append(Told(side, name, text, home_time(side.hlc), by, fast[side.device]))
    ref = dispute.sides[0].hash[:8]
    return Disputed(ref, dispute, about, tuple(told))


def _about(ws: Workspace, dispute: Dispute) -> tuple[str, dict[str, str]]:
    """What a dispute is about, and how its values are said."""
    db, entity = ws.store.db, dispute.entity
    if dispute.kind == "answer":
        inspection = store_inspections.get(db, entity)
        if inspection is None:
            return f"{entity[:8]} {dispute.slot}", {}
        try:
            sheet = inspecting.sheet(ws, entity)
            item = item_in(sheet, dispute.slot)
        except Problem:
            return f"{entity[:8]} {dispute.slot}", {}
        said = {
            side.value: amending.value_words(sheet.checklist, item.id, side.value)
            for side in dispute.sides
        }
        place = sites.full_name(ws, sheet.site)
        return f"{place}  {inspection.day}  {item.id} {item.text}", said
    if dispute.kind == "site":
        site = store_sites.get(db, entity)
        return (f"{site.code}  {sites.full_name(ws, site)}" if site else entity[:8]), {}
    if dispute.kind == "finding":
        finding = store_findings.get(db, entity)
        return (f"{finding.item} {finding.text}" if finding else entity[:8]), {}
    if dispute.kind in ("campaign", "assignment"):
        return _duty(ws, dispute), {}
    if dispute.kind.startswith("standing"):
        return _ranked(ws, dispute), {}
    slips = store_sweeps.by_prefix(db, entity)
    site = store_sites.get(db, slips[0].site) if slips else None
    return (sites.full_name(ws, site) if site else entity[:8]), {}


def _duty(ws: Workspace, dispute: Dispute) -> str:
    """The campaign's name; the place and list of an assignment."""
    db, entity = ws.store.db, dispute.entity
    if dispute.kind == "campaign":
        names = {one.id: one.name for one in duties.campaigns(db)}
        return names.get(entity, entity[:8])
    assigned = duties.assignments_by_prefix(db, entity)
    site = store_sites.get(db, assigned[0].site) if assigned else None
    return f"{sites.full_name(ws, site)}  {assigned[0].checklist}" if site else entity[:8]


def _ranked(ws: Workspace, dispute: Dispute) -> str:
    """The month of the standing, or the unit that something is said of."""
    event = store_conflicts.event_of(ws.store.db, dispute, dispute.sides[0])
    body = event.body or {} if event is not None else {}
    told = body.get("month", "") if dispute.kind != "standing_word" else body.get("name", "")
    return str(told) or dispute.entity[:8]


def _more(body: dict[str, Any], bodies: list[dict[str, Any]]) -> str:
    """What else a write says that may be the difference; of a month's figures, what differs."""
    if "rows" in body:
        told = [row for row in body["rows"] if any(row not in it["rows"] for it in bodies)]
        numbers = ("cases", "cases_last_year", "population")
        return "；".join(
            f"{row['name']} {'/'.join(str(row[name]) for name in numbers)}" for row in told
        )
    return "  ".join(
        str(body[name]) for name in ("note", "address", "floor", "day") if body.get(name)
    )


def _fast(ws: Workspace, device: str) -> int:
    """By how many seconds a device's clock is ahead at least: its stamps lie after their merge."""
    found = [
        (moment_of(hlc) - datetime.fromisoformat(at)).total_seconds()
        for at, hlc in store_conflicts.ahead(ws.store.db, device)
    ]
    most = int(max(found, default=0))
    return most if most > SLACK else 0


def _names(ws: Workspace) -> dict[str, str]:
    names = {ws.device.device: ws.device.name}
    if offices.is_office(ws):
        names |= {record.device: record.name for record in offices.enrolled(ws)}
    return names


def when(told: Told) -> str:
    """When it was written, as far as anybody can know: from then, to when it was here."""
    at = told.at[5:16].replace("T", " ")
    words = _("记于 {at}").format(at=at)
    if told.fast:
        minutes = told.fast // 60
        words += _("（它的钟至少快 {n} 分）").format(n=minutes)
    if told.by:
        words += _("，{by} 前已收到").format(by=told.by[5:16].replace("T", " "))
    return words


def span(told: Told) -> str:
    """The same in few cells: 11-23 10:42—12:05, and by how much the clock is ahead at least."""
    at, by = (moment[5:16].replace("T", " ") for moment in (told.at, told.by))
    if by:
        at += f"—{by.removeprefix(at[:6])}"
    return at + (_(" 钟快{n}分").format(n=told.fast // 60) if told.fast else "")
