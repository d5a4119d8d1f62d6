"""``choices``: any number of the options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded

from .base import ALL, NONE, Context, ItemType, Param, Unreadable, Verdict
from .choice import option

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item, Option

NOTHING = "none"
"""What is kept when not one of the options holds; no option may have this id."""

_NOTHING_WORDS = ("", NOTHING, "无", "一项也没有")


class Choices(ItemType):
    """Ids with commas in the list's order; ``at_least`` so many make a pass, else all of them."""

    name = "choices"
    title = N_("多选")
    editor = "choices"
    hint = N_("选项的编号，用逗号隔开；一项也没有填 none")
    params: ClassVar = {
        "options": Param(),
        "list": Param(),
        "filter": Param(),
        "at_least": Param(least=1, most=100),
        "na": Param(),
    }

    def _read(self, typed: str, item: Item, context: Context) -> str:
        if folded(typed).lower() in _NOTHING_WORDS:
            return NOTHING
        parts = [part for part in re.split(r"[,，、;；\s]+", typed.strip()) if part]
        if not parts:
            raise self._nonsense(typed, item)
        chosen = {option(part, item).id for part in parts}
        return ",".join(known.id for known in item.options if known.id in chosen)

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        found, every = len(_kept(value, item)), len(item.options)
        need = item.number("at_least", every)
        if found >= need:
            return Verdict("pass", ALL)
        chosen = {known.id for known in _kept(value, item)}
        missing = "、".join(o.title for o in item.options if o.id not in chosen)
        why = _("有 {n} 项，应有 {need} 项；缺：{missing}").format(
            n=found, need=need, missing=missing
        )
        return Verdict("fail", NONE, why)

    def _say(self, value: str, item: Item) -> str:
        return "、".join(known.title for known in _kept(value, item)) or _("一项也没有")


def _kept(value: str, item: Item) -> list[Option]:
    ids = [] if value == NOTHING else value.split(",")
    chosen = [known for known in item.options if known.id in ids]
    if [known.id for known in chosen] != ids:
        raise Unreadable(value)
    return chosen
