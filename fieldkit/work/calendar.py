"""How often this office wants each list done, where it differs from the usual: a file of its home.

``cadences.txt`` has one line for each: a checklist's id and a cadence (``month``,
``statistical-month``, ``quarter``, ``school-term``, ``half-year``, ``year``, ``campaign``) or
``none``; and ``term 02-15 09-01`` for the first days of the two school terms. What follows a ``#``
is a remark.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from fieldkit.domain.cadence import CADENCES, OF_LIST, TERMS, USUAL, Terms
from fieldkit.domain.checklist import Checklist
from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from .workspace import Workspace

NAME = "cadences.txt"
NEVER = "none"


class Rules(NamedTuple):
    """What the office's file says; ``lists`` by the id of a checklist."""

    lists: dict[str, str]
    terms: Terms

    def cadence(self, checklist: Checklist) -> str:
        """The cadence of a list: the office's word, the list's own, the usual one; else empty."""
        told = self.lists.get(checklist.id)
        if told is not None:
            return "" if told == NEVER else told
        return OF_LIST.get(checklist.cadence) or USUAL.get(checklist.id, "")


def known(ws: Workspace) -> Rules:
    """The office's rules; without a file the usual ones. Raises Problem ``bad-cadences``."""
    try:
        text = (ws.home / NAME).read_text("utf-8-sig")
    except FileNotFoundError:
        return Rules({}, TERMS)
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(NAME, _("读不出来")) from error
    lists: dict[str, str] = {}
    terms = TERMS
    for number, line in enumerate(text.splitlines(), 1):
        words = folded(line.partition("#")[0]).split()
        if not words:
            continue
        where = f"{NAME}:{number}"
        if words[0] == "term":
            terms = _terms(words[1:], where)
            continue
        told = OF_LIST.get(words[-1], words[-1])
        if len(words) != 2 or told not in (*CADENCES, NEVER):
            raise _bad(where, _("“{text}”不是周期").format(text=shown(words[-1])[:20]))
        lists[words[0]] = told
    return Rules(lists, terms)


def _terms(words: list[str], where: str) -> Terms:
    try:
        spring, autumn = (date.fromisoformat(f"2027-{word}") for word in words)
    except ValueError as error:
        raise _bad(where, _("学期起始日写法不对")) from error
    # Each term needs a day, and the first half-year has the second term (DOMAIN §1.1).
    if spring >= autumn:
        raise _bad(where, _("春季学期要在秋季学期之前"))
    return Terms((spring.month, spring.day), (autumn.month, autumn.day))


def _bad(where: str, what: str) -> Problem:
    words = " ".join((*CADENCES, NEVER))
    return Problem(
        "bad-cadences",
        what,
        where=where,
        mend=_(
            "一行写一张表，如 courier-100 quarter；可用 {words}；学期写 term 02-15 09-01。"
        ).format(words=words),
    )
