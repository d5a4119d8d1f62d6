"""The referral slip on paper (移交单, DOMAIN §3.8), with the part that comes back.

Number, unit in charge, matter, facts of the building, the day it went and the day of the answer:
no person, no door, and no judgement of anybody. It is a letter between offices, not a document of
administrative enforcement (国办发〔2024〕54号).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from fieldkit.domain.referral import MATTERS, RECEIVERS, RESULTS, Referral
from fieldkit.report import forms
from fieldkit.report.paper import (
    Block,
    Figure,
    Form,
    Paper,
    Para,
    Recipe,
    Section,
    Source,
    Text,
)
from fieldkit.report.phrases import EMPTY, day_words
from fieldkit.text.i18n import _

_WIDTHS = (32, 46, 32, 46)


class Told(NamedTuple):
    """What the slip says beside its own fields: where the place is, and where it was seen."""

    place: str
    code: str
    village: str
    source: str = ""
    """The inspection and the item that it came from, in words; empty without one."""


def paper(slip: Referral, told: Told, made: datetime, digest: str, *, demo: bool) -> Paper:
    """The slip, one page."""
    return Paper(
        Recipe("referral", {"referral": slip.id}),
        _("移交单"),
        [Section([*_blocks(slip, told)])],
        made,
        digest,
        dated=date.fromisoformat(slip.day),
        demo=demo,
        facts={_("编号"): slip.number or slip.id[:8]},
    )


def _blocks(slip: Referral, told: Told) -> Iterator[Block]:
    yield Para(_("编号：{number}").format(number=slip.number or slip.id[:8]), "line")
    yield Para(_("移交单"), "title")
    matter = _(MATTERS.get(slip.matter, slip.matter))
    unit = slip.unit or _(RECEIVERS.get(slip.receiver, slip.receiver))
    yield Form(
        _WIDTHS,
        [
            forms.pair(_("受理单位"), unit, _("事项类别"), matter, 10),
            forms.pair(_("所在楼栋"), told.place, _("编码"), told.code, 10),
            forms.pair(_("村（社区）"), told.village or EMPTY, _("移送时间"), _day(slip.day), 10),
            forms.wide(_("情况描述\n（楼宇级事实）"), slip.facts, 45),
            forms.wide(_("发现来源"), told.source or EMPTY, 8),
            forms.pair(_("移送单位\n（盖章）"), "", _("经办人"), "", 18),
        ],
    )
    yield Para(_("反馈"), "part", keep=True)
    result = _(RESULTS.get(slip.result, slip.result)) if slip.result else _open()
    answered = _day(slip.answered) if slip.answered else ""
    yield Form(
        _WIDTHS,
        [
            forms.pair(_("反馈结论"), _result(slip, result), _("反馈时间"), answered, 14),
            forms.pair(_("反馈函文号"), slip.reply, _("受理单位\n（盖章）"), "", 18),
            forms.wide(_("说明"), slip.note, 24),
        ],
    )
    for note in (
        _("本单只写楼宇级、单位级事实，不写住户、承租人和其他个人的信息。"),
        _("请在收到后反馈结论；不反馈个人信息和案件情况。"),
    ):
        yield Para(note, "note")


def _result(slip: Referral, said: str) -> Text:
    """The answer can be checked later; the boxes to be ticked cannot."""
    if not slip.result:
        return said
    return Figure(
        f"referral/{slip.id}/result", slip.result, said, _("反馈结论"),
        lambda: [Source("referral", slip.id, said)],
    )  # fmt: skip


def _open() -> str:
    return "\n".join(f"□ {_(label)}" for label in RESULTS.values())


def _day(day: str) -> str:
    return day_words(date.fromisoformat(day))
