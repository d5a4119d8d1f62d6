"""``external``: another authority's written conclusion, by number, day and outcome alone.

The three noes (003 一) come in as a reply letter of the police; neither the case nor any person
is ever recorded here (DOMAIN §0.4).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from fieldkit.domain import values
from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import composed, first_control, folded

from .base import ALL, NONE, Context, ItemType, Param, Unreadable, Verdict

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item
    from fieldkit.domain.expressions.values import Single

_OUTCOMES = {"met": "met", "符合": "met", "无": "met", "unmet": "unmet", "不符合": "unmet"}
_MOST = 60


class External(ItemType):
    """``met:文号:2021-11-17`` or ``unmet:文号:2021-11-17``."""

    name = "external"
    title = N_("外部结论")
    editor = "external"
    hint = N_("met:文号:2021-11-17（符合）或 unmet:文号:2021-11-17（不符合）")
    params: ClassVar = {"na": Param()}

    def _read(self, typed: str, item: Item, context: Context) -> str:
        parts = composed(typed).replace("：", ":").split(":")
        outcome = _OUTCOMES.get(folded(parts[0]).lower())
        if outcome is None or len(parts) < 3:
            raise self._nonsense(typed, item)
        number = ":".join(parts[1:-1]).strip()
        if not number or len(number) > _MOST or first_control(number) is not None:
            raise Problem(
                "bad-document-number",
                _("{item} 的文号为空、过长或含看不见的字符").format(item=item.id),
                mend=_("只写反馈函文号，不超过 {n} 个字；没有文号就写“无文号”。").format(n=_MOST),
            )
        try:
            day = values.day(folded(parts[-1]))
        except ValueError:
            raise self._nonsense(typed, item) from None
        if day > context.day:
            raise Problem(
                "day-in-future",
                _("{item} 的反馈函日期 {day} 晚于检查日").format(item=item.id, day=day.isoformat()),
                mend=_("请核对日期。"),
            )
        return f"{outcome}:{number}:{day.isoformat()}"

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        outcome, number, day = _parts(value)
        if outcome == "met":
            return Verdict("pass", ALL)
        why = _("书面结论不符合（{number}，{day}）").format(number=number, day=day.isoformat())
        return Verdict("fail", NONE, why)

    def _say(self, value: str, item: Item) -> str:
        outcome, number, day = _parts(value)
        word = _("符合") if outcome == "met" else _("不符合")
        return _("{word}（{number}，{day}）").format(word=word, number=number, day=day.isoformat())

    def _worth(self, value: str, item: Item) -> Single:
        return _parts(value)[0]


def _parts(value: str) -> tuple[str, str, date]:
    outcome, _colon, rest = value.partition(":")
    number, _colon, day = rest.rpartition(":")
    if outcome not in ("met", "unmet") or not number:
        raise Unreadable(value)
    return outcome, number, date.fromisoformat(day)
