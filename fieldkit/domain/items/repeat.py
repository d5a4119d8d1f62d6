"""``repeat``: items that are asked once for each of so many things."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _

from .base import NONE, Context, Param, Verdict
from .count import Count

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item

MOST = 200
"""So many instances are more than anybody walks through, and keep every evaluation short."""


class Repeat(Count):
    """How many there are; ``least`` and ``most`` bound it."""

    name = "repeat"
    title = N_("重复组")
    hint = N_("有几个，如 3")
    scored = False
    params: ClassVar = {
        "least": Param(least=0, most=MOST),
        "most": Param(least=1, most=MOST),
        "unit": Param(),
    }

    def _read(self, typed: str, item: Item, context: Context) -> str:
        value = super()._read(typed, item, context)
        least, most = item.number("least", 0), min(item.number("most", MOST), MOST)
        if not least <= int(value) <= most:
            raise Problem(
                "bad-count",
                _("{item} 应在 {least} 到 {most} 之间").format(
                    item=item.id, least=least, most=most
                ),
                mend=_("请改正个数。"),
            )
        return value

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        super()._judge(value, item, context)
        return Verdict("noted", NONE)
