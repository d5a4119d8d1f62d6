"""Consecutive months: yellow, red, listed, and how a listing ends (000三(一)3; DOMAIN §1.3).

A month outside the last places resets a streak; a listing stays until a document, or k clean months
where the office chose so, ends it. No streak ends with a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fieldkit.text.i18n import _

from . import words
from .basis import Basis
from .window import Month, window

Outcomes = Mapping[Month, Mapping[str, bool]]
"""For each month that has a ranking: whether each of its units was among the last."""


@dataclass(frozen=True, slots=True)
class Delisting:
    """A document that ends a unit's listing (摘牌), or a correction of one opened in error."""

    unit: str
    day: date
    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Carried:
    """From this month on a unit goes on with what others had: they merged, or it is split off."""

    unit: str
    month: Month
    olds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """One unit after one month. ``in_bottom`` is None where nothing was published of it.

    ``listed_since`` is the month that opened the listing in force; None where there is none.
    ``notes`` are sentences without the unit's name.
    """

    unit: str
    month: Month
    in_bottom: bool | None
    streak: int
    card: str
    listed_since: Month | None
    notes: tuple[str, ...] = ()

    @property
    def owes_words(self) -> bool:
        """A red card: the secretary explains the reasons and reports on mending them (R06)."""
        return self.card == "red"


@dataclass(frozen=True, slots=True)
class _State:
    streak: int = 0
    listed_since: Month | None = None
    clean: int = 0


History = Mapping[Month, Mapping[str, UnitMonth]]


def run(
    basis: Basis,
    outcomes: Outcomes,
    *,
    until: Month | None = None,
    delistings: Sequence[Delisting] = (),
    carried: Sequence[Carried] = (),
    readings: Mapping[Month, Basis] | None = None,
) -> dict[Month, dict[str, UnitMonth]]:
    """Every unit after every month from the first that is known to ``until`` (the last known).

    Months between that have no ranking are missed. ``readings`` are those frozen into single
    months; others follow ``basis``.
    """
    if not outcomes:
        return {}
    last = max(outcomes) if until is None else until
    units = sorted({unit for month in outcomes.values() for unit in month})
    states = dict.fromkeys(units, _State())
    found: dict[Month, dict[str, UnitMonth]] = {}
    month = min(outcomes)
    while month <= last:
        rule = (readings or {}).get(month, basis)
        for one in carried:
            if one.month == month and one.unit in states:
                states[one.unit] = _inherited(states, one)
        found[month] = {}
        for unit in units:
            ended = [it for it in delistings if it.unit == unit and _falls_in(rule, it.day, month)]
            in_bottom = outcomes.get(month, {}).get(unit)
            states[unit], found[month][unit] = _step(
                rule, states[unit], unit, month, in_bottom, ended
            )
        month = month.next
    return found


def _inherited(states: Mapping[str, _State], one: Carried) -> _State:
    """The heaviest of what the old units had."""
    olds = [states[unit] for unit in one.olds if unit in states]
    if not olds:
        return states[one.unit]
    listings = [it.listed_since for it in olds if it.listed_since is not None]
    return _State(max(it.streak for it in olds), min(listings) if listings else None)


def _falls_in(basis: Basis, day: date, month: Month) -> bool:
    first, last = window(month, basis.window_last_day)
    return first <= day <= last


def _step(
    basis: Basis,
    state: _State,
    unit: str,
    month: Month,
    in_bottom: bool | None,
    ended: Sequence[Delisting],
) -> tuple[_State, UnitMonth]:
    notes: list[str] = []
    streak, since, clean = state.streak, state.listed_since, state.clean
    for it in ended:
        if since is not None:
            notes.append(_("{document}摘牌").format(document=it.document))
            since = None
    card = "none"
    if in_bottom:
        streak, clean = streak + 1, 0
        card = _card(basis, streak)
        if card == "listed":
            notes.append(_listed_words(basis, streak, since))
            since = since or month
    elif in_bottom is False:
        streak, clean = 0, clean + 1
        if since is not None and basis.delisting == "auto" and clean >= basis.clean_months:
            notes.append(_("连续{n}个月不在后列，自动摘牌").format(n=clean))
            since = None
    elif basis.missed == "break":
        if streak:
            notes.append(_("本月未通报，连续计算中断"))
        streak = clean = 0
    elif streak:
        notes.append(_("本月未通报，连续月数保持{n}").format(n=streak))
    if since is not None and card != "listed":
        notes.append(_("挂牌整治中"))
    after = _State(streak, since, clean)
    return after, UnitMonth(unit, month, in_bottom, streak, card, since, tuple(notes))


def _card(basis: Basis, streak: int) -> str:
    if streak >= basis.listed_after:
        return "listed"
    return "red" if streak >= basis.red_after else "yellow"


def _listed_words(basis: Basis, streak: int, since: Month | None) -> str:
    if since is None:
        return _("连续{n}个月列后{bottom}名，挂牌整治").format(
            n=streak, bottom=words.count(basis.bottom)
        )
    return _("连续{n}个月，继续挂牌").format(n=streak)
