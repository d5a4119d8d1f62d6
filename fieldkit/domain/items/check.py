"""``check``: 合格 or 不合格."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded

from .base import ALL, NONE, STATE_WORDS, Context, ItemType, Param, Unreadable, Verdict

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item

_WORDS = {
    "pass": "pass",
    "合格": "pass",
    "√": "pass",
    "✓": "pass",
    "✔": "pass",
    "fail": "fail",
    "不合格": "fail",
    "×": "fail",
    "✗": "fail",
    "✘": "fail",
}


class Check(ItemType):
    """Yes or no against the criterion."""

    name = "check"
    title = N_("是否")
    editor = "verdict"
    hint = N_("pass（合格）、fail（不合格）或 na（不适用）")
    params: ClassVar = {"na": Param()}

    def _read(self, typed: str, item: Item, context: Context) -> str:
        word = _WORDS.get(folded(typed).lower())
        if word is None:
            raise self._nonsense(typed, item)
        return word

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        if value == "pass":
            return Verdict("pass", ALL)
        if value == "fail":
            return Verdict("fail", NONE, _("不符合“{criterion}”").format(criterion=item.criterion))
        raise Unreadable(value)

    def _say(self, value: str, item: Item) -> str:
        return _(STATE_WORDS[value]) if value in STATE_WORDS else value

    def measured(self, value: str, item: Item) -> str:
        """Nothing: the mark says it."""
        return ""
