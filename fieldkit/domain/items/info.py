"""``info``: something to read, nothing to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _

from .base import Context, ItemType, Unreadable, Verdict

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item


class Info(ItemType):
    """A reminder among the items (DOMAIN §2)."""

    name = "info"
    title = N_("提示")
    editor = "none"
    hint = N_("本项只供阅读")
    scored = False
    answerable = False

    def read(self, typed: str, item: Item, context: Context) -> str:
        """Always Problem ``not-answerable``."""
        raise Problem(
            "not-answerable",
            _("{item} 是提示，不用作答").format(item=item.id),
            mend=_("请继续下一项。"),
        )

    def judge(self, value: str, item: Item, context: Context) -> Verdict:
        """Always `Unreadable`: no answer belongs here."""
        raise Unreadable(value)
