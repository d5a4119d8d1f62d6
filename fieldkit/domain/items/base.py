"""What every item type can do: read what was typed, judge it, put it into words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Item
    from fieldkit.domain.expressions.values import Single

REGISTRY: dict[str, ItemType] = {}

NONE, ALL = Fraction(0), Fraction(1)

WORDS = {
    "na": "na",
    "不适用": "na",
    "n/a": "na",
    "unseen": "unseen",
    "未见": "unseen",
    "△": "unseen",
}
"""Answers that every answerable type takes, and other spellings of them (DOMAIN §2.15)."""

STATE_WORDS = {
    "pass": N_("√ 合格"),
    "fail": N_("× 不合格"),
    "na": N_("／ 不适用"),
    "unseen": N_("△ 未见"),
}
"""Marks and words as in the legend of the paper form (DOMAIN §3.3)."""


class Unreadable(ValueError):
    """A kept value that this type would never have written: it counts as no answer."""


class Context(NamedTuple):
    """How and when an answer is given: the inspection's mode and its day."""

    mode: str
    day: date


class Verdict(NamedTuple):
    """What an answer comes to.

    ``state`` is ``pass``, ``fail``, ``na``, ``unseen`` or ``noted`` (kept, neither good nor
    bad); ``share`` of 0..1 is the part of the weight that is earned; ``why`` says in words what
    is short of the target, empty where nothing is.
    """

    state: str
    share: Fraction
    why: str = ""


class Param(NamedTuple):
    """A parameter of a type: whether it must be given, and between which whole numbers."""

    required: bool = False
    least: int | None = None
    most: int | None = None


class ItemType:
    """Base of all types; a subclass with a ``name`` registers itself.

    ``editor`` names the TUI's way of answering (``verdict``, ``line``, ``choice``, ``choices``,
    ``external``, ``none``), ``hint`` is what to type, ``scored`` whether weight means anything,
    ``partial`` how points follow from the share unless a list says otherwise.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    editor: ClassVar[str] = "line"
    hint: ClassVar[str] = ""
    scored: ClassVar[bool] = True
    answerable: ClassVar[bool] = True
    partial: ClassVar[str] = "threshold"
    params: ClassVar[Mapping[str, Param]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.name:
            REGISTRY[cls.name] = cls()

    def read(self, typed: str, item: Item, context: Context) -> str:
        """The one spelling that is kept of what was typed.

        Full-width digits and signs, and the Chinese words for the marks, are understood.
        Raises Problem ``bad-value`` (or a code of the type) with the mend for anything else.
        """
        word = WORDS.get(folded(typed).lower())
        if word == "na":
            self._may_be_na(item)
        elif word == "unseen":
            self._may_be_unseen(item, context)
        else:
            return self._read(typed, item, context)
        return word

    def judge(self, value: str, item: Item, context: Context) -> Verdict:
        """What a kept value comes to; `Unreadable` for one that `read` would never give."""
        if value == "na":
            if not item.flag("na", True):
                raise Unreadable(value)
            return Verdict("na", NONE)
        if value == "unseen":
            return Verdict("unseen", NONE)
        try:
            return self._judge(value, item, context)
        except Unreadable:
            raise
        except ValueError as fault:
            raise Unreadable(value) from fault

    def say(self, value: str, item: Item) -> str:
        """A kept value in words; a value that cannot be read is said as it stands."""
        if value in ("na", "unseen"):
            return _(STATE_WORDS[value])
        try:
            return self._say(value, item)
        except ValueError:
            return value

    def worth(self, value: str, item: Item) -> Single:
        """What a kept value is in expressions; ``na`` and ``unseen`` are those words."""
        if value in ("na", "unseen"):
            return value
        try:
            return self._worth(value, item)
        except ValueError:
            return ""

    def measured(self, value: str, item: Item) -> str:
        """The measured value in words; empty where the mark alone says everything."""
        return "" if value in ("na", "unseen") else self.say(value, item)

    def _read(self, typed: str, item: Item, context: Context) -> str:
        raise NotImplementedError

    def _judge(self, value: str, item: Item, context: Context) -> Verdict:
        raise NotImplementedError

    def _say(self, value: str, item: Item) -> str:
        return value

    def _worth(self, value: str, item: Item) -> Single:
        return value

    def _may_be_na(self, item: Item) -> None:
        if not item.flag("na", True):
            raise Problem(
                "na-not-allowed",
                _("{item} 必须有结论，不能填“不适用”").format(item=item.id),
                mend=_("还没有结论时先留空，拿到后再填。"),
            )

    def _may_be_unseen(self, item: Item, context: Context) -> None:
        if context.mode != "covert":
            raise Problem(
                "unseen-not-covert",
                _("{item} 不能填“未见”：只有暗访可以").format(item=item.id),
                mend=_("看清后再填；确实不涉及的填 na（不适用）。"),
            )

    def _nonsense(self, typed: str, item: Item) -> Problem:
        from fieldkit.text.plain import shown

        return Problem(
            "bad-value",
            _("{item} 看不懂“{typed}”").format(item=item.id, typed=shown(typed)[:40]),
            mend=_("应写成：{hint}。").format(hint=_(self.hint)),
        )


def unit(item: Item) -> str:
    """The unit of measure in the words of the list, empty where it names none."""
    return item.words("unit")
