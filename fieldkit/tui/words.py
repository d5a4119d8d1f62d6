"""How values are said on the screen: marks, percentages, points, times."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from fieldkit.domain import values
from fieldkit.domain.outcomes import BY_CODE, OUTCOMES
from fieldkit.text.i18n import N_, _, language
from fieldkit.text.terminal import ascii_only

STATE_MARKS = {
    "pass": N_("合"),
    "fail": N_("否"),
    "na": N_("免"),
    "unseen": N_("未"),
    "noted": N_("记"),
    "open": N_("待"),
}
STATE_TONES = {
    "pass": "pass",
    "fail": "fail",
    "na": "skip",
    "unseen": "skip",
    "noted": "skip",
    "open": "todo",
}
STATE_TITLES = {
    "pass": N_("合格"),
    "fail": N_("不合格"),
    "na": N_("不适用"),
    "unseen": N_("未见"),
    "noted": N_("只记录"),
    "open": N_("未答"),
}

_ASCII_STATES = {
    "pass": "+ ",
    "fail": "x ",
    "na": "- ",
    "unseen": "? ",
    "noted": "= ",
    "open": ". ",
}
_ENGLISH_OUTCOMES = {"absent": "NH"}
"""Where the Chinese mark is a word that the catalogue needs for something longer."""


def mark(state: str) -> str:
    """The mark of an item's state: two cells, a word where the terminal can write it."""
    return _ASCII_STATES[state] if ascii_only() else _(STATE_MARKS[state])


def outcome_mark(code: str) -> str:
    """The mark of a visit's outcome: two cells; without Chinese the key that records it."""
    outcome = BY_CODE[code]
    if ascii_only():
        return f"{outcome.key or '.'} "
    if language() == "en" and code in _ENGLISH_OUTCOMES:
        return _ENGLISH_OUTCOMES[code]
    return _(outcome.mark)


def legend() -> list[tuple[str, str]]:
    """Every mark of a state with its meaning, in the order of the answers' keys."""
    return [(mark(state), _(title)) for state, title in STATE_TITLES.items()]


def outcome_legend() -> list[tuple[str, str]]:
    """Every mark of a visit's outcome with its meaning."""
    return [(outcome_mark(outcome.code), _(outcome.label)) for outcome in OUTCOMES]


def percent(rate: Fraction | None) -> str:
    """A rate with one decimal, truncated so that 99.96 % never reads as all of it (DOMAIN §1.4)."""
    return "—" if rate is None else values.percent(rate)


def clock(moment: datetime) -> str:
    """The time of day of a saved mark."""
    return moment.strftime("%H:%M:%S")


def saved(moment: datetime) -> str:
    """The saved mark."""
    return _("已存 {time}").format(time=clock(moment))
