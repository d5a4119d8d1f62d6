"""``text``: a few words, guarded like every note."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import composed, first_control

from .base import NONE, Context, ItemType, Param, Unreadable, Verdict

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item

_MOST = 500


class Text(ItemType):
    """Free words of at most ``max_length`` characters; the privacy guard is the caller's."""

    name = "text"
    title = N_("文字")
    hint = N_("几句话，不写个人信息")
    scored = False
    params: ClassVar = {"max_length": Param(least=1, most=_MOST), "na": Param()}

    def _read(self, typed: str, item: Item, context: Context) -> str:
        text = composed(typed)
        most = min(item.number("max_length", _MOST), _MOST)
        if not text:
            raise self._nonsense(typed, item)
        if len(text) > most:
            raise Problem(
                "text-too-long",
                _("{item} 写了 {n} 个字，最多 {most} 个").format(
                    item=item.id, n=len(text), most=most
                ),
                mend=_("请写短些。"),
            )
        if first_control(text, allow="\n") is not None:
            raise Problem(
                "control-character",
                _("{item} 里有看不见的控制字符").format(item=item.id),
                mend=_("请重新打字，不要从别处粘贴。"),
            )
        return text

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        if not value:
            raise Unreadable(value)
        return Verdict("noted", NONE)
