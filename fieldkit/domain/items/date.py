"""``date``: a day to be noted."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, ClassVar

from fieldkit.domain import values
from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded

from .base import NONE, Context, ItemType, Param, Verdict

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item


class Date(ItemType):
    """A day, after the inspection's own only where the list says ``future: true``."""

    name = "date"
    title = N_("日期")
    hint = N_("日期，如 2021-11-17")
    scored = False
    params: ClassVar = {"future": Param(), "na": Param()}

    def _read(self, typed: str, item: Item, context: Context) -> str:
        try:
            day = values.day(folded(typed))
        except ValueError:
            raise self._nonsense(typed, item) from None
        if day > context.day and not item.flag("future", False):
            raise Problem(
                "day-in-future",
                _("{item} 的日期 {day} 晚于检查日").format(item=item.id, day=day.isoformat()),
                mend=_("请核对日期。"),
            )
        return day.isoformat()

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        datetime.date.fromisoformat(value)
        return Verdict("noted", NONE)
