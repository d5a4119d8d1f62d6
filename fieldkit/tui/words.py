"""How values are said on the screen: marks, percentages, points, times."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from fieldkit.domain import values
from fieldkit.text.i18n import N_, _

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


def percent(rate: Fraction | None) -> str:
    """A rate with one decimal, truncated so that 99.96 % never reads as all of it (DOMAIN §1.4)."""
    return "—" if rate is None else values.percent(rate)


def clock(moment: datetime) -> str:
    """The time of day of a saved mark."""
    return moment.strftime("%H:%M:%S")


def saved(moment: datetime) -> str:
    """The saved mark."""
    return _("已存 {time}").format(time=clock(moment))
