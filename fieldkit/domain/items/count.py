"""``count``: how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fieldkit.domain import values
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded

from .base import ALL, NONE, Context, ItemType, Param, Unreadable, Verdict, unit

if TYPE_CHECKING:
    from fractions import Fraction

    from fieldkit.domain.checklist import Item


class Count(ItemType):
    """A whole number of 0 or more, held against ``at_least`` and ``at_most`` where given."""

    name = "count"
    title = N_("数量")
    hint = N_("一个整数，如 12")
    params: ClassVar = {
        "at_least": Param(least=0, most=values.MOST),
        "at_most": Param(least=0, most=values.MOST),
        "unit": Param(),
        "na": Param(),
    }

    def _read(self, typed: str, item: Item, context: Context) -> str:
        text = folded(typed)
        tail = unit(item)
        try:
            return str(values.whole(text.removesuffix(tail).strip() if tail else text))
        except ValueError:
            raise self._nonsense(typed, item) from None

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        number = values.whole(value)
        if value != str(number):
            raise Unreadable(value)
        return within(number, value, item)

    def _say(self, value: str, item: Item) -> str:
        return f"{value}{unit(item)}"


def within(number: int | Fraction, value: str, item: Item) -> Verdict:
    """The verdict of a number against the item's bounds; without bounds it is only noted."""
    if "at_least" not in item.params and "at_most" not in item.params:
        return Verdict("noted", NONE)
    least = item.number("at_least", -values.MOST)
    most = item.number("at_most", values.MOST)
    tail = unit(item)
    if number < least:
        why = _("{n}{unit}，应不少于 {least}{unit}").format(n=value, unit=tail, least=least)
        return Verdict("fail", NONE, why)
    if number > most:
        why = _("{n}{unit}，应不超过 {most}{unit}").format(n=value, unit=tail, most=most)
        return Verdict("fail", NONE, why)
    return Verdict("pass", ALL)
