"""The monthly standing (000三(一)3, DOMAIN §1.3), as commands, screens and papers use it."""

from fieldkit.domain.standing.figures import Decisions, Doubt, Figures

from .standing_correct import Impact, correct, impact, versions
from .standing_month import basis_for, check, enter, figures_in, month
from .standing_months import HistoryRow, MonthRow, history, months
from .standing_publish import decisions, publish
from .standing_view import STATES, Line, MonthView
from .standing_words import carried, carry, delist, delistings

__all__ = [
    "STATES",
    "Decisions",
    "Doubt",
    "Figures",
    "HistoryRow",
    "Impact",
    "Line",
    "MonthRow",
    "MonthView",
    "basis_for",
    "carried",
    "carry",
    "check",
    "correct",
    "decisions",
    "delist",
    "delistings",
    "enter",
    "figures_in",
    "history",
    "impact",
    "month",
    "months",
    "publish",
    "versions",
]
