"""Referral slips: a building's facts to the unit in charge, and what comes back (DOMAIN §3.8).

Of premises alone: a slip names no door and no person, and the privacy guard reads every word.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from fieldkit.domain import referral
from fieldkit.domain.records import Site
from fieldkit.domain.referral import Referral
from fieldkit.errors import Problem, Refused
from fieldkit.store import sites as store_sites
from fieldkit.store import sweeps as store_sweeps
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed, folded, shown

from . import gates, inspecting, sites
from .notes import check_text
from .sheets import item_in
from .workspace import Workspace

FACTS_LIMIT, UNIT_LIMIT, NUMBER_LIMIT, NOTE_LIMIT = 500, 60, 60, 500


class ReferralRow(NamedTuple):
    """One slip with its place (None when unknown here), and whether laptops disagree about it."""

    referral: Referral
    site: Site | None
    contested: bool


class Slip(NamedTuple):
    """What a person says when making a slip; an empty day is today."""

    facts: str
    receiver: str
    matter: str = "building"
    unit: str = ""
    inspection: str = ""
    item: str = ""
    number: str = ""
    day: str = ""


def make(ws: Workspace, ref: str, slip: Slip) -> ReferralRow:
    """Make a slip about a place; on disk when this returns.

    Raises Refused for a door (a slip goes no further than the building), Problem for an unknown
    place, inspection, item or receiver, a text that is missing or may not be kept, and a day that
    has not come.
    """
    site = sites.find(ws, ref)
    if site.kind == "door":
        raise Refused(
            "no-door-referral",
            _("移交单只写到楼栋，不写到户"),
            where=shown(site.code),
            mend=_("请给出楼栋的编码，只写楼宇级事实。"),
        )
    if slip.receiver not in referral.RECEIVERS:
        raise _unknown(_("没有“{word}”这种受理单位"), slip.receiver, referral.RECEIVERS)
    if slip.matter not in referral.MATTERS:
        raise _unknown(_("没有“{word}”这种事项类别"), slip.matter, referral.MATTERS)
    facts = _text(slip.facts, FACTS_LIMIT, _("情况描述"))
    if not facts:
        raise Problem(
            "facts-missing",
            _("移交单要写明楼宇级事实"),
            mend=_("如：十二层整层封闭，三个月内换了四家租用单位。"),
        )
    inspection, item = _source(ws, site, slip)
    body = {
        "site": site.id,
        "inspection": inspection,
        "item": item,
        "matter": slip.matter,
        "facts": facts,
        "receiver": slip.receiver,
        "unit": _text(slip.unit, UNIT_LIMIT, _("受理单位名称")),
        "number": _text(slip.number, NUMBER_LIMIT, _("文书编号")),
        "day": _day(ws, slip.day),
    }
    id = _fresh()
    ws.store.append([Draft("referral.made", id, sites.partition(site), body)])
    return find(ws, id)


def answer(
    ws: Workspace, ref: str, result: str, day: str = "", note: str = "", number: str = ""
) -> ReferralRow:
    """Record what the unit answered; a later answer takes the place of those known here.

    Raises Problem for an unknown slip or result, a text that may not be kept, or a day before the
    slip or after today.
    """
    found = find(ws, ref).referral
    if result not in referral.RESULTS:
        raise _unknown(_("没有“{word}”这种反馈结论"), result, referral.RESULTS)
    told = _day(ws, day)
    if told < found.day:
        raise _bad_day(_("{day} 早于移送日期 {made}").format(day=told, made=found.day))
    fields = {
        "result": result,
        "day": told,
        "note": _text(note, NOTE_LIMIT, _("备注")),
        "number": _text(number, NUMBER_LIMIT, _("文书编号")),
    }
    site = store_sites.get(ws.store.db, found.site)
    division = sites.partition(site) if site else ""

    def drafts(_db: object) -> list[Draft]:
        over = store_sweeps.reply_heads(ws.store.db, found.id)[:64]
        return [Draft("referral.answered", found.id, division, {**fields, "over": over})]

    ws.store.append(drafts)
    return find(ws, found.id)


def find(ws: Workspace, ref: str) -> ReferralRow:
    """The one slip of that id or unambiguous start of an id. Raises Problem."""
    wanted = folded(ref).lower()
    found = store_sweeps.by_prefix(ws.store.db, wanted) if wanted else []
    if len(found) != 1:
        raise Problem(
            "ambiguous-referral" if found else "unknown-referral",
            _("编号以“{ref}”开头的移交单有 {n} 份").format(ref=shown(ref)[:64], n=len(found)),
            mend=_("用 fieldkit referral list 查看。"),
        )
    return _rows(ws, found)[0]


def listing(ws: Workspace, within: str | None = None, pending: bool = False) -> list[ReferralRow]:
    """Slips, the oldest first: under one place or all, and only those that still wait.

    Raises Problem for an unknown place.
    """
    found = store_sweeps.referrals(ws.store.db)
    if within:
        place = sites.find(ws, within)
        below = {site.id for site in store_sites.all(ws.store.db, within=place.id)}
        found = [one for one in found if one.site in below]
    return _rows(ws, [one for one in found if one.pending or not pending])


def at(ws: Workspace, site: Site) -> list[ReferralRow]:
    """The slips about one place, the latest first."""
    return _rows(ws, store_sweeps.referrals_of(ws.store.db, site.id))


def _rows(ws: Workspace, found: list[Referral]) -> list[ReferralRow]:
    contested = store_sweeps.contested(ws.store.db)
    return [
        ReferralRow(one, store_sites.get(ws.store.db, one.site), one.id in contested)
        for one in found
    ]


def _source(ws: Workspace, site: Site, slip: Slip) -> tuple[str, str]:
    """The inspection and the item that a slip comes from; both may be left out."""
    if not slip.inspection:
        if slip.item:
            raise Problem(
                "item-alone",
                _("写了检查项，没有写是哪次检查"),
                mend=_("加 --inspection，或去掉 --item。"),
            )
        return "", ""
    sheet = inspecting.sheet(ws, slip.inspection)
    gates.refuse_hidden(ws, sheet.inspection)
    if sheet.inspection.site != site.id:
        raise Problem(
            "other-site",
            _("这次检查的对象是“{name}”，不是“{other}”").format(
                name=shown(sheet.site.name)[:40], other=shown(site.name)[:40]
            ),
            mend=_("请核对检查编号和对象编码。"),
        )
    if not slip.item:
        return sheet.inspection.id, ""
    return sheet.inspection.id, item_in(sheet, slip.item).id


def _text(typed: str, limit: int, where: str) -> str:
    text = composed(typed)
    if len(text) > limit:
        raise Problem(
            "note-long",
            _("有 {n} 个字，最多 {limit} 个字").format(n=len(text), limit=limit),
            where=where,
            mend=_("请写短一些。"),
        )
    check_text(text, where)
    return text


def _day(ws: Workspace, typed: str) -> str:
    if not folded(typed):
        return ws.today().isoformat()
    try:
        day = date.fromisoformat(folded(typed))
    except ValueError as error:
        raise _bad_day(_("“{text}”不是日期").format(text=shown(typed)[:20])) from error
    if day > ws.today():
        raise _bad_day(_("{day} 还没有到").format(day=day.isoformat()))
    return day.isoformat()


def _bad_day(sentence: str) -> Problem:
    return Problem("bad-day", sentence, mend=_("写成 2026-12-01，不晚于今天。"))


def _unknown(sentence: str, word: str, known: dict[str, str]) -> Problem:
    words = " ".join(f"{code}（{_(label)}）" for code, label in known.items())
    return Problem(
        "unknown-word",
        sentence.format(word=shown(word)[:40]),
        mend=_("可用：{words}。").format(words=words),
    )


def _fresh() -> str:
    from secrets import token_hex

    return token_hex(16)
