"""How long what is kept (DOMAIN §5.3), as data; which cases are over, and since when.

A case is an inspection with everything that hangs on it: those that follow it, their findings and
slips. It goes as a whole or stays as a whole, since one part means nothing without the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from fieldkit.text.i18n import N_

from .rectification import OVER


class Rule(NamedTuple):
    """What goes, the least months that it stays, and the words of the table."""

    id: str
    months: int
    title: str
    basis: str


VISITS = Rule("visits", 6, N_("入户户级明细"), N_("满6个月，只留楼栋汇总"))
PHOTOS = Rule("photos", 0, N_("照片和附件"), N_("结案后"))
COVERT = Rule("covert", 12, N_("暗访照片和附件"), N_("销号满1年，留结论"))
RECORDS = Rule("records", 36, N_("检查记录、问题、整改"), N_("结案满3年，只留汇总"))
RULES = (VISITS, PHOTOS, COVERT, RECORDS)
UNUSED = 12
"""Months that a file stays which no record uses."""


class Inspection(NamedTuple):
    """One inspection; ``finished`` is the day or empty."""

    id: str
    site: str
    checklist: str
    day: str
    mode: str
    finished: str
    grade: str
    prior: str


class Finding(NamedTuple):
    """One finding: its state, its last day, and the inspections that looked at it again."""

    id: str
    inspection: str
    state: str
    day: str
    looked: tuple[str, ...] = ()


class Referral(NamedTuple):
    """One slip; ``answered`` is the day or empty."""

    id: str
    inspection: str
    day: str
    answered: str


class Case(NamedTuple):
    """What hangs together: its parts, its last day, and what in it is not over."""

    inspections: tuple[Inspection, ...]
    findings: tuple[Finding, ...]
    referrals: tuple[Referral, ...]
    last: str
    open: tuple[tuple[str, str], ...]
    """Kind (inspection, finding, referral) and id of each part that is not over."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all parts."""
        return (
            *(one.id for one in self.inspections),
            *(one.id for one in self.findings),
            *(one.id for one in self.referrals),
        )

    @property
    def covert(self) -> bool:
        """Whether any of it was seen unannounced."""
        return any(one.mode == "covert" for one in self.inspections)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the month's last day where it has no such day."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def cut(rule: Rule, before: date, today: date) -> str:
    """What lies before this day goes by the rule: earlier than asked for, and its term is over."""
    return min(before, months_before(today, rule.months)).isoformat()


def cases(
    inspections: Sequence[Inspection], findings: Sequence[Finding], referrals: Sequence[Referral]
) -> list[Case]:
    """Everything sorted into cases."""
    above: dict[str, str] = {}

    def top(one: str) -> str:
        while above.setdefault(one, one) != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    def join(one: str, two: str) -> None:
        if two:
            above[top(one)] = top(two)

    for inspection in inspections:
        join(inspection.id, inspection.prior or inspection.id)
    for finding in findings:
        for other in (finding.inspection, *finding.looked):
            join(finding.id, other)
    for referral in referrals:
        join(referral.id, referral.inspection or referral.id)
    ids = [one.id for one in inspections] + [one.id for one in findings]
    tops = sorted({top(one) for one in (*ids, *(slip.id for slip in referrals))})
    parts: dict[str, tuple[list[Inspection], list[Finding], list[Referral]]]
    parts = {one: ([], [], []) for one in tops}
    for inspection in inspections:
        parts[top(inspection.id)][0].append(inspection)
    for finding in findings:
        parts[top(finding.id)][1].append(finding)
    for referral in referrals:
        parts[top(referral.id)][2].append(referral)
    return [_case(*parts[one]) for one in tops]


def _case(
    inspections: list[Inspection], findings: list[Finding], referrals: list[Referral]
) -> Case:
    days = [max(one.day, one.finished) for one in inspections]
    days += [one.day for one in findings]
    days += [max(one.day, one.answered) for one in referrals]
    still = [("inspection", one.id) for one in inspections if not one.finished]
    still += [("finding", one.id) for one in findings if one.state not in OVER]
    still += [("referral", one.id) for one in referrals if not one.answered]
    return Case(tuple(inspections), tuple(findings), tuple(referrals), max(days), tuple(still))
