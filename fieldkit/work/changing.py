"""Doors that come, are split, joined or closed: by event, with the day from which it is so.

What was counted before that day stays as it was (`store.asof`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fieldkit.domain.kinds import site_id
from fieldkit.domain.records import Site
from fieldkit.errors import Problem, Refused
from fieldkit.store import sites as store_sites
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed, folded, shown

from . import sites
from .notes import check_text, checked_note
from .workspace import Workspace

MOST = 20
"""Into so many doors one is split, or so many are joined."""
NOTE_LIMIT = 200


def since_day(ws: Workspace, typed: str | None) -> str:
    """The day from which a change counts; today without one.

    Raises Problem ``bad-day`` for what is none, or a day that has not come.
    """
    today = ws.today()
    if not typed:
        return today.isoformat()
    try:
        day = date.fromisoformat(folded(typed))
    except ValueError as error:
        raise _bad_day(_("“{text}”不是日期").format(text=shown(typed)[:20])) from error
    if day > today:
        raise _bad_day(_("{day} 还没有到").format(day=day.isoformat()))
    return day.isoformat()


def split(
    ws: Workspace, ref: str, names: Sequence[str], on: str | None = None, why: str = ""
) -> list[Site]:
    """Put several doors in the place of one, from a day on; the one leaves every count then.

    Each new door takes the old one's place in the building and its code with a number behind.
    Visits stay with the door at which they were made. Raises Problem or Refused, with nothing done.
    """
    old = _door(ws, ref)
    wanted = [_name(name) for name in names]
    if not 2 <= len(wanted) <= MOST or len(set(wanted)) != len(wanted):
        raise Problem(
            "bad-split",
            _("一户要拆成 2 到 {n} 户，名称各不相同").format(n=MOST),
            mend=_("请逐户写出新的名称，如 301A 301B。"),
        )
    day, reason = since_day(ws, on), checked_note(why, NOTE_LIMIT)
    new = [
        old._replace(id=site_id(code), code=code, name=name)
        for code, name in ((f"{old.code}-{number}", name) for number, name in enumerate(wanted, 1))
    ]
    _write(ws, new, [old], ("split", day, reason or _("拆户")))
    return [sites.find(ws, site.id) for site in new]


def join(
    ws: Workspace, refs: Sequence[str], name: str, on: str | None = None, why: str = ""
) -> Site:
    """Put one door in the place of several of one building, from a day on. Raises as ``split``."""
    old = [_door(ws, ref) for ref in refs]
    if not 2 <= len({site.id for site in old}) == len(old) <= MOST:
        raise Problem(
            "bad-join",
            _("要合并 2 到 {n} 户，各不相同").format(n=MOST),
            mend=_("请写出每一户的编码。"),
        )
    if len({site.parent for site in old}) > 1:
        raise Problem(
            "bad-join",
            _("这几户不在同一栋（单元）里"),
            mend=_("只能合并同一栋、同一单元的户。"),
        )
    day, reason = since_day(ws, on), checked_note(why, NOTE_LIMIT)
    code = f"{old[0].code}+{len(old)}"
    held = any(site.registered for site in old)
    new = old[0]._replace(id=site_id(code), code=code, name=_name(name), registered=held)
    _write(ws, [new], old, ("joined", day, reason or _("合户")))
    return sites.find(ws, new.id)


def _write(
    ws: Workspace, new: Sequence[Site], old: Sequence[Site], how: tuple[str, str, str]
) -> None:
    reason, day, why = how

    def drafts(_db: object) -> list[Draft]:
        for site in old:
            held = store_sites.get(ws.store.db, site.id)
            if held is None or held.removed:
                raise Refused(
                    "site-removed",
                    _("{name} 已经不在册").format(name=shown(site.name)),
                    where=shown(site.code),
                    mend=_("用 fieldkit site show 查看。"),
                )
        made = []
        for site in new:
            if store_sites.get(ws.store.db, site.id) is not None:
                raise Problem(
                    "code-taken",
                    _("编码 {code} 已经有了").format(code=shown(site.code)),
                    mend=_("这一户已经拆过或合过。"),
                )
            body = {
                **sites.site_body(site),
                "since": day,
                "why": why,
                "origin": old[0].id,
                "over": [],
            }
            made.append(Draft("site.put", site.id, sites.partition(site), body))
        for site in old:
            gone = {"reason": reason, "note": why, "over": [], "on": day}
            made.append(Draft("site.removed", site.id, sites.partition(site), gone))
        return made

    ws.store.append(drafts)


def _door(ws: Workspace, ref: str) -> Site:
    found = sites.find(ws, ref)
    if found.kind != "door":
        raise Problem(
            "not-a-door",
            _("“{name}”是{kind}，不是户").format(
                name=shown(found.name)[:40], kind=_(sites.KINDS.get(found.kind, found.kind))
            ),
            where=shown(found.code),
            mend=_("请给出户的编码。"),
        )
    return found


def _name(typed: str) -> str:
    name = composed(typed)
    check_text(name, _("名称"))
    if not 0 < len(name) <= 40:
        raise Problem("bad-name", _("户的名称应有 1 到 40 个字"), mend=_("请写门牌，如 301A。"))
    return name


def _bad_day(what: str) -> Problem:
    return Problem("bad-day", what, mend=_("请写成 2026-11-23，不晚于今天。"))
