"""``ratio``: part of a whole, 分子/分母, both numbers kept (DOMAIN §1.4)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from fieldkit.domain import values
from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded

from .base import ALL, Context, ItemType, Param, Unreadable, Verdict

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item
    from fieldkit.domain.expressions.values import Single


class Ratio(ItemType):
    """``9/10``; ``at_least`` is the target in whole percent, 100 unless the list says so."""

    name = "ratio"
    title = N_("比例")
    hint = N_("分子/分母，如 9/10")
    partial = "linear"
    params: ClassVar = {
        "at_least": Param(required=True, least=1, most=100),
        "unit": Param(),
        "na": Param(),
    }

    def _read(self, typed: str, item: Item, context: Context) -> str:
        try:
            part, whole = values.pair(folded(typed))
        except ValueError:
            raise self._nonsense(typed, item) from None
        if whole == 0:
            raise Problem(
                "whole-is-zero",
                _("{item} 的总数是 0，没有比例可算").format(item=item.id),
                mend=_("一个对象也没有时填 na（不适用）。"),
            )
        if part > whole:
            raise Problem(
                "part-over-whole",
                _("{item} 的 {part} 大于总数 {whole}").format(item=item.id, part=part, whole=whole),
                mend=_("先写合格数、后写总数，如 9/10。"),
            )
        return f"{part}/{whole}"

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        part, whole = kept_pair(value)
        return against(part, whole, item)

    def _say(self, value: str, item: Item) -> str:
        part, whole = kept_pair(value)
        return f"{part}/{whole}（{values.percent(Fraction(part, whole))}）"

    def _worth(self, value: str, item: Item) -> Single:
        return Fraction(*kept_pair(value))


def kept_pair(value: str) -> tuple[int, int]:
    """The two numbers of a kept ratio or sample."""
    part, whole = values.pair(value)
    if whole == 0 or part > whole or value != f"{part}/{whole}":
        raise Unreadable(value)
    return part, whole


def against(part: int, whole: int, item: Item) -> Verdict:
    """The verdict of a rate against the item's target, in exact fractions."""
    target = Fraction(min(max(item.number("at_least", 100), 1), 100), 100)
    rate = Fraction(part, whole)
    if rate >= target:
        return Verdict("pass", ALL)
    why = _("{part}/{whole}（{rate}），应达 {target}").format(
        part=part, whole=whole, rate=values.percent(rate), target=values.percent(target)
    )
    return Verdict("fail", rate / target, why)
