"""``number``: a measured value, which may have decimals and a sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fieldkit.domain import values
from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded

from .base import Context, ItemType, Param, Unreadable, Verdict, unit
from .count import within

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item


class Number(ItemType):
    """A decimal number of up to six places, kept exactly as its digits."""

    name = "number"
    title = N_("数值")
    hint = N_("一个数，如 12 或 3.5")
    params: ClassVar = {
        "at_least": Param(least=-values.MOST, most=values.MOST),
        "at_most": Param(least=-values.MOST, most=values.MOST),
        "places": Param(least=0, most=6),
        "unit": Param(),
        "na": Param(),
    }

    def _read(self, typed: str, item: Item, context: Context) -> str:
        text = folded(typed)
        tail = unit(item)
        try:
            value = values.decimal_text(text.removesuffix(tail).strip() if tail else text)
        except ValueError:
            raise self._nonsense(typed, item) from None
        most = item.number("places", 6)
        if len(value.partition(".")[2]) > most:
            raise Problem(
                "too-many-places",
                _("{item} 的小数位数太多，最多 {n} 位").format(item=item.id, n=most),
                mend=_("请四舍五入后再填。"),
            )
        return value

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        if values.decimal_text(value) != value:
            raise Unreadable(value)
        return within(values.decimal(value), value, item)

    def _say(self, value: str, item: Item) -> str:
        return f"{value}{unit(item)}"
