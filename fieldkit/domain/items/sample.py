"""``sample``: so many drawn, so many good; never a rate without its two numbers (R17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _

from .base import Context, Param, Verdict
from .ratio import Ratio, against, kept_pair

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item


class Sample(Ratio):
    """``9/10``: nine good of ten drawn.

    ``draw`` is how many to draw; with ``all_if_fewer`` (the default, 不足全查) fewer will do
    where there are no more, without it fewer are refused.
    """

    name = "sample"
    title = N_("抽样")
    hint = N_("合格数/抽查数，如 9/10")
    params: ClassVar = {
        "draw": Param(required=True, least=1, most=1000),
        "at_least": Param(required=True, least=1, most=100),
        "all_if_fewer": Param(),
        "unit": Param(),
        "na": Param(),
    }

    def _read(self, typed: str, item: Item, context: Context) -> str:
        value = super()._read(typed, item, context)
        drawn, draw = kept_pair(value)[1], item.number("draw", 1)
        if drawn < draw and not item.flag("all_if_fewer", True):
            raise Problem(
                "drawn-too-few",
                _("{item} 至少要抽 {draw}，只抽了 {drawn}").format(
                    item=item.id, draw=draw, drawn=drawn
                ),
                mend=_("补足后再填；做不到的填 na（不适用）并写明原因。"),
            )
        return value

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        part, whole = kept_pair(value)
        if not item.flag("all_if_fewer", True):
            whole = max(whole, item.number("draw", 1))
        return against(part, whole, item)

    def _say(self, value: str, item: Item) -> str:
        part, whole = kept_pair(value)
        return _("抽{whole}合格{part}").format(whole=whole, part=part)
