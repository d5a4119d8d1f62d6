"""Campaigns with their phases (002三, 003二), and assignments of single inspections."""

from __future__ import annotations

from typing import NamedTuple

from fieldkit.text.i18n import N_


class Phase(NamedTuple):
    """A part of a campaign."""

    name: str
    first: str
    last: str


class Campaign(NamedTuple):
    """A drive from a day to a day; each place that a list is for owes it once in these days."""

    id: str
    name: str
    first: str
    last: str
    phases: tuple[Phase, ...]
    lists: tuple[str, ...]
    """Ids of checklists."""

    def phase(self, day: str) -> str:
        """The name of the phase that a day lies in, empty where there is none."""
        return next((one.name for one in self.phases if one.first <= day <= one.last), "")


STATES = {
    "open": N_("待办"),
    "overdue": N_("逾期"),
    "done": N_("已办"),
    "withdrawn": N_("已撤回"),
}
"""States of an assignment."""


class Assignment(NamedTuple):
    """One inspection that somebody is to do."""

    id: str
    site: str
    checklist: str
    """The id of a checklist; whichever version is in force when it is done."""
    inspector: str
    """A device's id, a post in a few words, or empty for whoever comes by."""
    day: str
    """The day on which it was assigned; what was inspected before does not do it."""
    due: str
    campaign: str
    withdrawn: bool
    done: str
    """The day of the inspection that did it."""

    def state(self, at: str) -> str:
        """One of `STATES` on a day."""
        if self.withdrawn:
            return "withdrawn"
        if self.done:
            return "done"
        return "overdue" if self.due and at > self.due else "open"
