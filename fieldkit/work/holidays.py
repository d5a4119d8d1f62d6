"""The office's list of holidays: a day that falls on one is put off to the next that is none."""

from __future__ import annotations

from datetime import date

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from .workspace import Workspace

NAME = "holidays.txt"
"""One day a line as ``2027-01-01``; what follows a ``#`` is a remark."""


def known(ws: Workspace) -> frozenset[date]:
    """The holidays listed in the home; none without a list. Raises Problem ``bad-holidays``."""
    try:
        text = (ws.home / NAME).read_text("utf-8-sig")
    except FileNotFoundError:
        return frozenset()
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(NAME, _("读不出来")) from error
    days = set()
    for number, line in enumerate(text.splitlines(), 1):
        told = folded(line.partition("#")[0])
        try:
            days |= {date.fromisoformat(told)} if told else set()
        except ValueError as error:
            where = f"{NAME}:{number}"
            raise _bad(where, _("“{text}”不是日期").format(text=shown(told)[:20])) from error
    return frozenset(days)


def _bad(where: str, what: str) -> Problem:
    return Problem("bad-holidays", what, where=where, mend=_("一行写一天，如 2027-01-01。"))
