"""What is due next with a finding, in words, and how many working days there still are."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, timedelta

from fieldkit.text.i18n import N_, _

from .rectification import LOOKED_AT, SETTLED, is_overdue

_NEXT = {
    "found": N_("交办：下达整改通知书"),
    "notified": N_("催责任单位报整改"),
    "rectifying": N_("催责任单位报整改"),
    "reported": N_("安排复查，换人复查"),
    "recheck": N_("办结复查"),
    "passed": N_("销号"),
    "again": N_("重新交办，再整改"),
    "escalated": N_("督办整改"),
    "referred": N_("催主管部门反馈"),
    "answered": N_("核对反馈后销号"),
}
_LETTER = N_("交办：发问题提示函或转主管部门")
_FIRMS = frozenset(("company", "courier", "telecom", "bank", "venue"))
"""Whom the office has no authority over: they get a letter, not a notice (DOMAIN §3.2)."""


def working_days(day: date, due: date, holidays: Set[date] = frozenset()) -> int:
    """Working days from a day until a due day: that one counts, the day itself does not.

    Below zero it is how many have passed since. Saturdays, Sundays and holidays are none.
    """
    first, last = min(day, due), max(day, due)
    # Whole weeks by counting, so that a day far away costs no more than one close by.
    weeks, rest = divmod((last - first).days, 7)
    days = weeks * 5
    tail = (first + timedelta(weeks * 7 + n) for n in range(1, rest + 1))
    days += sum(it.weekday() < 5 for it in tail)
    days -= sum(first < it <= last and it.weekday() < 5 for it in holidays)
    return days if due >= day else -days


def left_in_words(state: str, due: str, today: date, holidays: Set[date] = frozenset()) -> str:
    """How many working days there still are, or have passed; empty where no day runs."""
    if state in SETTLED:
        return ""
    last = date.fromisoformat(due)
    if last == today:
        return _("今天到期")
    days = working_days(today, last, holidays)
    if days == 0:
        return _("还有不到 1 个工作日") if last > today else _("逾期不到 1 个工作日")
    if last > today:
        return _("还有 {n} 个工作日").format(n=days)
    return _("逾期 {n} 个工作日").format(n=-days)


def next_in_words(state: str, kind: str = "") -> str:
    """The next step of a finding about a place of this kind; empty where it is over."""
    if state == "found" and kind in _FIRMS:
        return _(_LETTER)
    return _(_NEXT[state]) if state in _NEXT else ""


def hint(state: str, due: str, today: date) -> str:
    """What may follow from a day that has passed; people decide on it. Empty where none has."""
    if not is_overdue(state, due, today):
        return ""
    if state in LOOKED_AT:
        return _("复查逾期，请尽快安排")
    if state == "found":
        return _("还没有交办，请先交办")
    if state == "referred":
        return _("反馈逾期，可发函催办或提级，由人决定")
    if state == "escalated":
        return _("提级后仍逾期，是否再通报或约谈由人决定")
    return _("可提级：通报或约谈，由人决定")
