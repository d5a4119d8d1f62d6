"""``choice``: exactly one of the options."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import composed, folded, shown

from .base import ALL, NONE, Context, ItemType, Param, Unreadable, Verdict

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item, Option


class Choice(ItemType):
    """An option's id; each option says what choosing it means."""

    name = "choice"
    title = N_("单选")
    editor = "choice"
    hint = N_("选项的编号")
    params: ClassVar = {"options": Param(), "list": Param(), "filter": Param(), "na": Param()}

    def _read(self, typed: str, item: Item, context: Context) -> str:
        return option(typed, item).id

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        chosen = kept(value, item)
        if chosen.verdict == "pass":
            return Verdict("pass", ALL)
        if chosen.verdict == "fail":
            return Verdict("fail", NONE, _("选择了“{title}”").format(title=chosen.title))
        return Verdict("noted", NONE)

    def _say(self, value: str, item: Item) -> str:
        return kept(value, item).title


def option(typed: str, item: Item) -> Option:
    """The option meant by an id or a title; Problem ``unknown-option`` naming them all."""
    wanted, title = folded(typed), composed(typed)
    for known in item.options:
        if wanted == known.id or title == known.title or wanted == folded(known.title):
            return known
    for known in item.options:
        if wanted.lower() == known.id.lower():
            return known
    raise Problem(
        "unknown-option",
        _("{item} 没有选项“{typed}”").format(item=item.id, typed=shown(typed)[:40]),
        mend=_("可用：{options}。").format(
            options="，".join(f"{known.id}（{known.title}）" for known in item.options)
        ),
    )


def kept(value: str, item: Item) -> Option:
    """The option of a kept id."""
    for known in item.options:
        if known.id == value:
            return known
    raise Unreadable(value)
