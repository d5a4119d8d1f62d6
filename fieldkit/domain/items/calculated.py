"""``calculated``: a value that follows from other answers; nobody types it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fieldkit.domain import values
from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _

from .base import NONE, Context, Param, Verdict
from .number import Number

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item


class Calculated(Number):
    """The text of what the expression came to; judged only where bounds are given."""

    name = "calculated"
    title = N_("计算")
    editor = "none"
    hint = N_("由其他答案算出，不用填")
    answerable = False
    params: ClassVar = {"at_least": Param(), "at_most": Param(), "unit": Param()}

    def read(self, typed: str, item: Item, context: Context) -> str:
        """Always Problem ``not-answerable``."""
        raise Problem(
            "not-answerable",
            _("{item} 由其他答案算出，不用填").format(item=item.id),
            mend=_("请改它所依据的检查项。"),
        )

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        if not {"at_least", "at_most"} & item.params.keys():
            return Verdict("noted", NONE)
        return super()._judge(values.decimal_text(value), item, context)

    def _say(self, value: str, item: Item) -> str:
        try:
            return super()._say(value, item)
        except ValueError:
            return value
