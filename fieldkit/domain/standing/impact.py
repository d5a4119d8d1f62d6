"""What a correction or a month entered late changes in the months that follow (影响清单)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldkit.text.i18n import _

from . import words
from .streaks import History, UnitMonth
from .window import Month


@dataclass(frozen=True, slots=True)
class Change:
    """One unit in one month whose card, streak or listing is not what it was."""

    month: Month
    unit: str
    before: UnitMonth | None
    after: UnitMonth | None

    def sentence(self, names: Mapping[str, str], *, year: bool = False) -> str:
        """``8月：檀渡村 黄牌→挂牌整治``."""
        when = _("{n}月").format(n=self.month.number)
        if year:
            when = _("{year}年{n}月").format(year=self.month.year, n=self.month.number)
        name = names.get(self.unit, self.unit)
        was, now = _said(self.before), _said(self.after)
        if was == now:
            was, now = _streak(self.before), _streak(self.after)
        return f"{when}：{name} {was}→{now}"


def changes(before: History, after: History) -> tuple[Change, ...]:
    """Every difference, in the order of months, then of units."""
    found = []
    for month in sorted({*before, *after}):
        old, new = before.get(month, {}), after.get(month, {})
        for unit in sorted({*old, *new}):
            was, now = old.get(unit), new.get(unit)
            if _key(was) != _key(now):
                found.append(Change(month, unit, was, now))
    return tuple(found)


def _key(state: UnitMonth | None) -> tuple[str, int, bool]:
    """A unit nobody has heard of is one without a card."""
    if state is None:
        return ("none", 0, False)
    return (state.card, state.streak, state.listed_since is not None)


def _said(state: UnitMonth | None) -> str:
    card, _months, listed = _key(state)
    return words.card(card) or (_("整治中") if listed else _("无牌"))


def _streak(state: UnitMonth | None) -> str:
    return _("连续{n}个月").format(n=_key(state)[1])
