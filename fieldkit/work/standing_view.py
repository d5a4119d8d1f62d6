"""One month of the standing as it is shown, whether it is only entered or was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from fieldkit.domain.standing.basis import Basis
from fieldkit.domain.standing.figures import Doubt
from fieldkit.store.standing import Issue, Word
from fieldkit.text.i18n import N_

STATES = {
    "missing": N_("缺数"),
    "entered": N_("已录入"),
    "late": N_("补录待更正"),
    "published": N_("已通报"),
    "corrected": N_("已更正"),
}
"""States of a month; ``late`` was entered after a later month had been published."""


@dataclass(frozen=True, slots=True)
class Line:
    """One unit in one month.

    ``ranks`` and ``scores`` are by indicator; ``yoy`` is what the table says of the change in
    cases (a difference or a rate, as the reading has it) and ``said`` the same in words;
    ``listing`` is the month that opened a listing which is still open; ``note`` sentences on the
    streak, without the name.
    """

    unit: str
    name: str
    cases: int
    cases_last_year: int
    population: int
    yoy: str
    said: str
    per10k: str
    ranks: Mapping[str, int]
    scores: Mapping[str, Fraction]
    total: Fraction
    place: int
    bottom: bool
    card: str
    streak: int
    listing: str
    note: str


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month with everything that is said of it; the lines in the order of their places."""

    month: str
    first: str
    last: str
    days: int
    ended: bool
    state: str
    lines: tuple[Line, ...]
    reading: Basis
    basis: tuple[str, ...]
    """The reading that was used, line by line."""
    notes: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    """What is to be mended or decided before the month can be published."""
    todos: tuple[str, ...]
    contested: bool
    issue: Issue | None
    """The month as it was published or last corrected."""
    delisted: tuple[Word, ...] = ()
    """Documents of this window that took a unit off the list."""

    @property
    def frozen(self) -> bool:
        """Whether it was published: then nothing changes it but a correction."""
        return self.issue is not None

    @property
    def digest(self) -> str:
        """The digest of the published month, or nothing."""
        return self.issue.digest if self.issue else ""
