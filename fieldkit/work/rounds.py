"""Spans of the calendar that ledgers are kept for: months, quarters, half-years, years."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_ROUND = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?", re.ASCII)


class Round(NamedTuple):
    """A span: its name as typed, its first and its last day."""

    name: str
    first: str
    last: str


def round_of(typed: str) -> Round:
    """``2026-11`` or ``2026-Q4`` as its days. Raises Problem ``bad-round``."""
    found = _ROUND.fullmatch(folded(typed).upper())
    if found is None or not (found.group(2) or found.group(3)) or found.group(1) < "1970":
        raise Problem(
            "bad-round",
            _("“{text}”不是月份或季度").format(text=shown(typed)[:20]),
            mend=_("写成 2026-11 或 2026-Q4。"),
        )
    return _span(found)


def span_of(typed: str) -> Round:
    """Any span: also ``2026-H2`` and ``2026``. Raises Problem ``bad-round``."""
    found = _ROUND.fullmatch(folded(typed).upper())
    if found is None or found.group(1) < "1970":
        raise Problem(
            "bad-round",
            _("“{text}”不是月份、季度、半年或年份").format(text=shown(typed)[:20]),
            mend=_("写成 2026-11、2026-Q4、2026-H2 或 2026。"),
        )
    return _span(found)


def month_of(typed: str) -> Round:
    """A month. Raises Problem ``bad-round``."""
    found = _ROUND.fullmatch(folded(typed).upper())
    if found is None or not found.group(2) or found.group(1) < "1970":
        raise Problem(
            "bad-round",
            _("“{text}”不是月份").format(text=shown(typed)[:20]),
            mend=_("写成 2026-11。"),
        )
    return _span(found)


def around(day: date, every: str) -> Round:
    """The month, quarter, half-year or year that a day is in; ValueError for no such word."""
    months = _MONTHS.get(every)
    if months is None:
        raise ValueError(every)
    part = (day.month - 1) // months + 1
    tail = {"month": f"-{part:02}", "quarter": f"-Q{part}", "half": f"-H{part}", "year": ""}
    return span_of(f"{day.year:04}{tail[every]}")


def _span(found: re.Match[str]) -> Round:
    year, month, quarter, half = found.groups()
    if month:
        start, months = int(month), 1
    elif quarter:
        start, months = int(quarter) * 3 - 2, 3
    elif half:
        start, months = int(half) * 6 - 5, 6
    else:
        start, months = 1, 12
    end = start + months - 1
    last = date(int(year), end, monthrange(int(year), end)[1])
    return Round(found.group(0), date(int(year), start, 1).isoformat(), last.isoformat())


def round_words(span: Round) -> str:
    """A span as papers name it: 2026年11月, 2026年第4季度, 2026年下半年, 2026年."""
    year, _dash, part = span.name.partition("-")
    if not part:
        return _("{year}年").format(year=year)
    if part.startswith("Q"):
        return _("{year}年第{n}季度").format(year=year, n=part[1:])
    if part.startswith("H"):
        return (_("{year}年上半年") if part == "H1" else _("{year}年下半年")).format(year=year)
    return _("{year}年{n}月").format(year=year, n=int(part))
