"""What belongs to a record beside the answers (DOMAIN §4.4): who, from when to when, the unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fieldkit.domain.kinds import UNIT_SIGNS
from fieldkit.domain.moments import CHINA
from fieldkit.domain.records import Inspection, Particulars
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem, Refused
from fieldkit.store import inspections as store_inspections
from fieldkit.store.store import Draft
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded, shown

from . import sites
from .gates import refuse_finished, refuse_hidden
from .notes import check_text, checked_note
from .sheets import find, sheet, site_of
from .workspace import Workspace

MOST_INSPECTORS, LEAST_INSPECTORS = 6, 2
NAME_LIMIT, VIEW_LIMIT = 40, 500
SIGNS = {"signed": N_("已签字"), "refused": N_("拒签"), "absent": N_("无人在场")}
"""How the inspected unit stands to the record, in words."""

_TIME = re.compile(
    r"(?:(?P<day>\d{4}-\d{1,2}-\d{1,2})[ T]+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})", re.ASCII
)


def told(ws: Workspace, ref: str) -> Particulars:
    """What is kept beside the answers; empty where nothing is.

    Raises Refused ``pair-open`` for somebody else's record of a pair that is not sealed.
    """
    inspection = find(ws, ref)
    refuse_hidden(ws, inspection)
    return store_inspections.particulars(ws.store.db, inspection.id)


def tell(
    ws: Workspace,
    ref: str,
    inspectors: Sequence[str] | None = None,
    observed_from: str | None = None,
    observed_to: str | None = None,
    unit_view: str | None = None,
    unit_sign: str | None = None,
) -> Sheet:
    """Keep what is given beside the answers; what is not given stays, what is empty goes.

    Inspectors are the office's own; nobody of the inspected unit is named. A time is ``14:05`` of
    the inspection's day or ``2026-11-23 14:05``. Raises Problem for what may not be kept, Refused
    for the unit's view or signature in a covert visit, and when the inspection is finished.
    """
    found = find(ws, ref)
    if found.mode == "covert" and (unit_view or unit_sign):
        raise Refused(
            "covert-unsigned",
            _("暗访当场不签字，也不记被查单位意见"),
            where=found.id[:8],
            mend=_("由组长审核；被查单位在整改通知或反馈会上确认事实。"),
        )
    given: dict[str, Any] = {}
    if inspectors is not None:
        given["inspectors"] = _names(inspectors)
    for name, typed in (("observed_from", observed_from), ("observed_to", observed_to)):
        if typed is not None:
            given[name] = _moment(ws, found, typed)
    if unit_view is not None:
        given["unit_view"] = checked_note(unit_view, VIEW_LIMIT)
    if unit_sign is not None:
        given["unit_sign"] = _sign(unit_sign)
    division = sites.partition(site_of(ws, found))

    def drafts(_db: object) -> list[Draft]:
        inspection = store_inspections.get(ws.store.db, found.id) or found
        refuse_finished(inspection)
        refuse_hidden(ws, inspection)
        before = store_inspections.particulars(ws.store.db, inspection.id)
        after = before._replace(**given)
        if after == before:
            return []
        _refuse_order(after)
        body = {
            "inspectors": list(after.inspectors),
            "observed_from": after.observed_from,
            "observed_to": after.observed_to,
            "unit_view": after.unit_view,
            "unit_sign": after.unit_sign,
            "over": store_inspections.particulars_heads(ws.store.db, inspection.id)[:64],
        }
        return [Draft("inspection.particulars", inspection.id, division, body)]

    ws.store.append(drafts)
    return sheet(ws, found.id)


def missing(ws: Workspace, sheet: Sheet) -> list[str]:
    """What the record still wants beside the answers, one sentence each; it may be finished so."""
    known = store_inspections.particulars(ws.store.db, sheet.inspection.id)
    mode = sheet.inspection.mode
    wanted = []
    if mode != "self" and len(known.inspectors) < LEAST_INSPECTORS:
        wanted.append(
            _("检查人应不少于 {least} 人，现填 {n} 人。").format(
                least=LEAST_INSPECTORS, n=len(known.inspectors)
            )
        )
    if mode == "covert" and not (known.observed_from and known.observed_to):
        wanted.append(_("暗访要记观察的起止时间（离场后补录）。"))
    if mode in ("open", "reinspection") and not known.unit_sign:
        wanted.append(_("没有记被查单位是否签字。"))
    return wanted


def _names(typed: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(" ".join(name.split()) for name in map(folded, typed) if name))
    where = _("检查人")
    if len(names) > MOST_INSPECTORS:
        raise Problem(
            "too-many-inspectors",
            _("有 {n} 人，最多 {most} 人").format(n=len(names), most=MOST_INSPECTORS),
            where=where,
            mend=_("只写实际到场的检查人。"),
        )
    for name in names:
        if len(name) > NAME_LIMIT:
            raise Problem(
                "name-long",
                _("“{name}”太长，最多 {most} 个字").format(
                    name=shown(name)[:NAME_LIMIT], most=NAME_LIMIT
                ),
                where=where,
                mend=_("只写姓名或编号。"),
            )
        check_text(name, where)
    return names


def _sign(typed: str) -> str:
    word = folded(typed).lower()
    if word and word not in UNIT_SIGNS:
        raise Problem(
            "unknown-sign",
            _("签字情况没有“{word}”").format(word=shown(typed)[:40]),
            mend=_("可用：{words}。").format(words=" ".join(UNIT_SIGNS)),
        )
    return word


def _moment(ws: Workspace, inspection: Inspection, typed: str) -> str:
    """A typed time as it is kept: local, to the minute."""
    text = folded(typed)
    if not text:
        return ""
    found = _TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        day = found["day"] or inspection.day
        year, month, date = map(int, day.split("-"))
        moment = datetime(year, month, date, int(found["hour"]), int(found["minute"]), tzinfo=CHINA)
    except ValueError:
        raise Problem(
            "bad-time",
            _("“{typed}”不是时间").format(typed=shown(typed)[:40]),
            mend=_("写成 14:05 或 2026-11-23 14:05。"),
        ) from None
    if moment > ws.now():
        raise Problem(
            "time-ahead",
            _("“{typed}”还没有到").format(typed=shown(typed)[:40]),
            mend=_("请核对日期和时间。"),
        )
    return moment.strftime("%Y-%m-%dT%H:%M")


def _refuse_order(told: Particulars) -> None:
    if told.observed_from and told.observed_to and told.observed_to < told.observed_from:
        raise Problem(
            "times-reversed",
            _("离开的时间早于到达的时间"),
            where=f"{told.observed_from} — {told.observed_to}".replace("T", " "),
            mend=_("请核对日期和时间。"),
        )
