"""``recency``: how long ago something was last done, counted in days to the inspection's day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from fieldkit.domain import values
from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded

from .base import ALL, NONE, Context, ItemType, Param, Verdict

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item


class Recency(ItemType):
    """A day that must not be more than ``max_days`` before the inspection, nor after it."""

    name = "recency"
    title = N_("时效")
    hint = N_("最近一次的日期，如 2021-11-17")
    params: ClassVar = {"max_days": Param(required=True, least=0, most=36500), "na": Param()}

    def _read(self, typed: str, item: Item, context: Context) -> str:
        try:
            day = values.day(folded(typed))
        except ValueError:
            raise self._nonsense(typed, item) from None
        if day > context.day:
            raise Problem(
                "day-in-future",
                _("{item} 的日期 {day} 晚于检查日 {today}").format(
                    item=item.id, day=day.isoformat(), today=context.day.isoformat()
                ),
                mend=_("请填最近一次实际发生的日期。"),
            )
        return day.isoformat()

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        most = item.number("max_days", 0)
        ago = (context.day - date.fromisoformat(value)).days
        if 0 <= ago <= most:
            return Verdict("pass", ALL)
        if ago < 0:
            return Verdict("fail", NONE, _("日期晚于检查日 {n} 天").format(n=-ago))
        why = _("距检查日 {n} 天，超过 {most} 天").format(n=ago, most=most)
        return Verdict("fail", NONE, why)

    def _say(self, value: str, item: Item) -> str:
        return date.fromisoformat(value).isoformat()
