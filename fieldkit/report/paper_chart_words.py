"""Numbers of charts in words, the same for every kind of file: what is drawn is also written."""

from __future__ import annotations

from fractions import Fraction

from fieldkit.domain import values
from fieldkit.report.paper import Chart, Number
from fieldkit.report.phrases import EMPTY, one_decimal
from fieldkit.text.i18n import _


def said(chart: Chart, value: Number | None) -> str:
    """One value as it stands beside the drawing; rates are cut off, never rounded up to 100%."""
    if value is None:
        return EMPTY
    if chart.kind == "heat" or chart.percent:
        return values.percent(Fraction(value))
    return str(value) if Fraction(value).denominator == 1 else one_decimal(Fraction(value))


def moved(before: Number | None, now: Number | None) -> str:
    """How a place changed from last month's to this one's; 1 is best."""
    if before is None or now is None:
        return _("新") if now is not None else EMPTY
    if before == now:
        return _("平")
    words = _("升{n}") if now < before else _("降{n}")
    return words.format(n=abs(before - now))
