"""The loop that a finding goes through until it is put right (DOMAIN §4.6), as data and rules.

Each step leads to one state, wherever it is taken; what differs by state is only whether it may
be taken. The due day is always that of the next thing to happen: of the unit's work before it has
reported, of the office's own look afterwards.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date, timedelta
from typing import NamedTuple

from fieldkit.text.i18n import N_, _

STATES = {
    "found": N_("待交办"),
    "notified": N_("已交办"),
    "rectifying": N_("整改中"),
    "reported": N_("已报整改"),
    "recheck": N_("复查中"),
    "passed": N_("复查合格"),
    "again": N_("再整改"),
    "escalated": N_("已提级"),
    "referred": N_("已移交"),
    "answered": N_("已反馈"),
    "closed": N_("已销号"),
    "withdrawn": N_("已撤销"),
}
"""Where a finding can stand, in the order of the loop."""

STEPS = {
    "notify": "notified",
    "progress": "rectifying",
    "rectify": "reported",
    "reinspect": "recheck",
    "pass": "passed",
    "fail": "again",
    "escalate": "escalated",
    "refer": "referred",
    "feedback": "answered",
    "close": "closed",
    "withdraw": "withdrawn",
    "relapse": "again",
    "restore": "found",
}
"""What can happen to a finding, and the state that it then has."""

TITLES = {
    "notify": N_("交办"),
    "progress": N_("报告进展"),
    "rectify": N_("报整改"),
    "reinspect": N_("复查"),
    "pass": N_("复查合格"),
    "fail": N_("复查不合格"),
    "escalate": N_("提级"),
    "refer": N_("移交主管"),
    "feedback": N_("收到反馈"),
    "close": N_("销号"),
    "withdraw": N_("撤销"),
    "relapse": N_("反弹重开"),
    "restore": N_("恢复"),
}
"""What people call the steps."""

_WORKING = frozenset(("notified", "rectifying", "again", "escalated"))
_UNDER_WAY = _WORKING | {"found", "reported", "recheck", "passed"}
_FROM: dict[str, frozenset[str]] = {
    "notify": frozenset(("found", "again", "escalated")),
    "progress": _WORKING,
    "rectify": _WORKING | {"found", "recheck"},
    "reinspect": _WORKING | {"reported", "recheck"},
    "pass": _WORKING | {"reported", "recheck"},
    "fail": _WORKING | {"reported", "recheck", "passed"},
    "escalate": frozenset(("found", "notified", "rectifying", "again", "referred")),
    "refer": _WORKING | {"found"},
    "feedback": frozenset(("referred",)),
    "close": frozenset(("reported", "passed", "answered")),
    "withdraw": _UNDER_WAY | {"referred", "answered"},
    "relapse": frozenset(("closed",)),
    "restore": frozenset(("withdrawn",)),
}
"""In which states each step may be taken."""

OVER = frozenset(("closed", "withdrawn"))
"""States in which nothing more is expected."""
SETTLED = OVER | {"passed", "answered"}
"""States in which no due day runs: the unit has done its part, the office need only close."""
LOOKED_AT = frozenset(("reported", "recheck"))
"""States in which the day is that of the second look."""
ROUND = frozenset(("fail", "relapse"))
"""Steps that begin another round of putting right."""
NOTED = frozenset(
    ("progress", "rectify", "escalate", "refer", "feedback", "withdraw", "relapse", "restore")
)
"""Steps that say nothing without a note."""
BY_HAND = tuple(step for step in STEPS if step not in ("pass", "fail"))
"""Steps that a person takes; the others follow from what a re-inspection found."""

TERM_DAYS = {"general": 7, "critical": 3}
"""Days until a finding is due, by severity."""
TERMS = {"now": 0, "critical": 3, "general": 7, "serious": 15, "coordinated": 30}
"""Days by the kind of work: on the spot, veto items, usual, serious, needing money or others."""
LOOK_DAYS, FEEDBACK_DAYS, ESCALATED_DAYS = 7, 30, 3
"""Days for the office's look after a report, for a referral's feedback, after an escalation."""
_MOST_MOVED = 366


class Move(NamedTuple):
    """One step of a finding as it was written down."""

    event: str
    step: str
    state: str
    due: str
    note: str
    number: str
    evidence: tuple[str, ...]
    inspection: str
    day: str
    hlc: str
    device: str


class Case(NamedTuple):
    """What all steps of a finding come to beside its state: rounds, notice, the last step."""

    rounds: int = 1
    number: str = ""
    step: str = ""
    day: str = ""
    inspection: str = ""
    device: str = ""


def title(state: str) -> str:
    """A state in words."""
    return _(STATES.get(state, state))


def refusal(step: str, state: str, severity: str = "general") -> str:
    """Why a step may not be taken, in one sentence; empty when it may."""
    if step not in _FROM:
        return _("没有“{step}”这一步").format(step=step)
    if state not in _FROM[step]:
        return _("这个问题{state}，不能{step}").format(state=title(state), step=_(TITLES[step]))
    if step == "close" and state == "reported" and severity == "critical":
        return _("否决项必须复查合格才能销号")
    return ""


def mend(state: str, severity: str = "general") -> str:
    """What can be done instead, in one sentence."""
    words = [_(TITLES[step]) for step in allowed(state, severity)]
    return _("现在可以：{steps}。").format(steps="、".join(words))


def allowed(state: str, severity: str = "general") -> tuple[str, ...]:
    """The steps that a person may take now, the usual next one first."""
    found = [step for step in BY_HAND if not refusal(step, state, severity)]
    return tuple(sorted(found, key=lambda step: step != _NEXT.get(state)))


_NEXT = {
    "found": "notify",
    "notified": "rectify",
    "rectifying": "rectify",
    "reported": "reinspect",
    "recheck": "reinspect",
    "again": "rectify",
    "escalated": "rectify",
    "passed": "close",
    "answered": "close",
}


def after(state: str, step: str, severity: str = "general") -> str:
    """The state after a step; ValueError where it may not be taken."""
    reason = refusal(step, state, severity)
    if reason:
        raise ValueError(reason)
    return STEPS[step]


def rounds(steps: list[str]) -> int:
    """In which round a finding is after these steps; the first is 1."""
    return 1 + sum(step in ROUND for step in steps)


def due_after(day: date, days: int, holidays: Set[date] = frozenset()) -> date:
    """So many natural days later; from a holiday it moves on to the first day that is none.

    Weekends count like other days. Raises OverflowError past the calendar.
    """
    due = day + timedelta(days=days)
    for _again in range(_MOST_MOVED):
        if due not in holidays:
            break
        due += timedelta(days=1)
    return due


def due_of(
    step: str, day: date, severity: str, before: str, holidays: Set[date] = frozenset()
) -> str:
    """The due day that a step usually sets; where it sets none the one before stays."""
    days = {
        "notify": TERM_DAYS[severity],
        "rectify": LOOK_DAYS,
        "fail": TERM_DAYS[severity],
        "escalate": ESCALATED_DAYS,
        "refer": FEEDBACK_DAYS,
        "relapse": TERM_DAYS[severity],
    }.get(step)
    return before if days is None else due_after(day, days, holidays).isoformat()


def is_overdue(state: str, due: str, today: date) -> bool:
    """Whether something is still expected and its day has passed; the day itself is in time."""
    return state not in SETTLED and today.isoformat() > due


def due_in_words(state: str, due: str, today: date) -> str:
    """How long there still is, as people say it; empty where no day runs.

    After a report it is the office's own look that is waited for, and the words say so.
    """
    if state in SETTLED:
        return ""
    days = (date.fromisoformat(due) - today).days
    if state in LOOKED_AT:
        if days == 0:
            return _("今天该复查")
        if days > 0:
            return _("{n} 天内复查").format(n=days)
        return _("复查逾期 {n} 天").format(n=-days)
    if days == 0:
        return _("今天到期")
    if days > 0:
        return _("还有 {n} 天").format(n=days)
    return _("逾期 {n} 天").format(n=-days)
