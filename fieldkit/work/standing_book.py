"""All months of one office's standing: what was entered, what was issued, how streaks run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from fieldkit.domain.kinds_standing import month_id
from fieldkit.domain.standing import basis as readings
from fieldkit.domain.standing import streaks
from fieldkit.domain.standing.basis import BadBasis, Basis
from fieldkit.domain.standing.figures import Decisions, Figures
from fieldkit.domain.standing.ranking import Ranking, rank
from fieldkit.domain.standing.streaks import Carried, Delisting, UnitMonth
from fieldkit.domain.standing.window import Month, month_of
from fieldkit.store import standing as store
from fieldkit.store.standing import Given, Issue, Word

from . import standing_words
from .workspace import Workspace

History = dict[Month, dict[str, UnitMonth]]


class Entry(NamedTuple):
    """One month that is known of: its figures as entered, and as issued, if they were."""

    month: Month
    given: Given | None
    issue: Issue | None
    contested: bool


@dataclass
class Book:
    """Every month of an office, and what is said of single units."""

    scopes: Sequence[str]
    entries: Mapping[Month, Entry]
    delisted: Sequence[Word]
    carrying: Sequence[Word]
    _ranked: dict[tuple[Month, Basis], dict[str, bool]] = field(default_factory=dict)

    def scope_of(self, month: Month) -> str:
        """Under whose name a month is written: as it was before, else this office's."""
        entry = self.entries.get(month)
        if entry is None:
            return self.scopes[0]
        told = entry.issue or entry.given
        return told.scope if told else self.scopes[0]

    def entity(self, month: Month) -> str:
        """The id of a month."""
        return month_id(self.scope_of(month), str(month))

    @cached_property
    def last_issued(self) -> Month | None:
        """The latest month that was published."""
        return max((it.month for it in self.entries.values() if it.issue), default=None)

    def state(self, month: Month) -> str:
        """One of `standing_view.STATES`."""
        entry = self.entries.get(month)
        if entry is None:
            return "missing"
        if entry.issue is not None:
            return entry.issue.step
        return "late" if self.last_issued and month < self.last_issued else "entered"

    def figures(self, month: Month) -> tuple[Figures, ...]:
        """The figures of a month, as they were issued or else entered; perhaps none."""
        entry = self.entries.get(month)
        if entry is None:
            return ()
        if entry.issue is not None:
            return figures_of(entry.issue.doc["rows"])
        return figures_of(entry.given.rows) if entry.given else ()

    def roster(self, month: Month) -> list[str]:
        """The units of a month."""
        return [it.unit for it in self.figures(month)]

    @cached_property
    def names(self) -> dict[str, str]:
        """Every unit in the order of the latest roster, with the name it had last."""
        found: dict[str, str] = {}
        for month in sorted(self.entries, reverse=True):
            for one in self.figures(month):
                found.setdefault(one.unit, one.name)
        return found

    def frozen_at(self, month: Month) -> Basis | None:
        """The reading that an issued month is frozen with; None also for one of a later program."""
        entry = self.entries.get(month)
        if entry is None or entry.issue is None:
            return None
        with suppress(BadBasis):
            return readings.from_doc(entry.issue.doc["basis"])
        return None

    @cached_property
    def frozen(self) -> dict[Month, Basis]:
        """The readings of all issued months."""
        found = {month: self.frozen_at(month) for month in self.entries}
        return {month: basis for month, basis in found.items() if basis is not None}

    @cached_property
    def readings(self) -> dict[Month, Basis]:
        """The same, and for each month that was missed before one: that one's, which judged it."""
        found = dict(self.frozen)
        for before, after in pairwise(sorted(self.frozen)):
            at = before.next
            while at < after:
                found[at] = self.frozen[after]
                at = at.next
        return found

    def outcomes(self, basis: Basis, until: Month) -> dict[Month, dict[str, bool]]:
        """Who was among the last, of every month that counts: the issued, and entered after those.

        An entered month that cannot be ranked as it stands counts as one without a ranking.
        """
        counted = [it for it in self.entries if it <= until and self.state(it) != "late"]
        found = {month: self._outcome(month, basis) for month in counted}
        return {month: outcome for month, outcome in found.items() if outcome}

    def _outcome(self, month: Month, basis: Basis) -> dict[str, bool]:
        issue = self.entries[month].issue
        if issue is not None:
            return bottom_of(issue.doc)
        # One view asks several times; each time every month before it is ranked.
        if (month, basis) not in self._ranked:
            self._ranked[month, basis] = outcome_of(rank(basis, self.figures(month)))
        return self._ranked[month, basis]

    def run(
        self, basis: Basis, until: Month, changed: Mapping[Month, Mapping[str, bool]] | None = None
    ) -> History:
        """Every unit after every month up to one; ``changed`` stands in place of what is known."""
        outcomes = self.outcomes(basis, until) | dict(changed or {})
        return streaks.run(
            basis,
            outcomes,
            until=until,
            delistings=self.documents(),
            carried=self.carried(),
            readings=self.readings,
        )

    def documents(self) -> list[Delisting]:
        """The delistings that are in force."""
        return [
            Delisting(it.unit, date.fromisoformat(it.day), it.number, it.reason)
            for it in self.delisted
            if it.state == "given"
        ]

    def carried(self) -> list[Carried]:
        """Which units go on for which others."""
        return [Carried(it.unit, month_of(it.day), it.sources) for it in self.carrying]


def load(ws: Workspace) -> Book:
    """What this home knows. Of two offices' words on a month its own counts."""
    of = standing_words.scopes(ws)
    db = ws.store.db
    rank_of = {scope: place for place, scope in enumerate(of)}
    contested = store.contested(db)
    broken = contested["standing"] | contested["standing_issue"]
    entries: dict[Month, Entry] = {}
    said: list[Given | Issue] = [*store.given(db, of), *store.issues(db, of)]
    # The most own word last, so that it is the one that stays; an issue beside its own figures.
    for told in sorted(said, key=lambda it: -rank_of[it.scope]):
        month = month_of(told.month)
        before = entries.get(month)
        hurt = month_id(told.scope, told.month) in broken
        if before is None or (before.given or before.issue or told).scope != told.scope:
            before = Entry(month, None, None, hurt)
        if isinstance(told, Given):
            entries[month] = before._replace(given=told)
        else:
            entries[month] = before._replace(issue=told)
    return Book(
        of,
        dict(sorted(entries.items())),
        store.words(db, "delisted", of),
        store.words(db, "carried", of),
    )


def figures_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Figures, ...]:
    """Figures as they lie in the journal."""
    names = ("unit", "name", "cases", "cases_last_year", "population", "more")
    return tuple(Figures(*(row[name] for name in names)) for row in rows)


def rows_of(figures: Sequence[Figures]) -> list[dict[str, Any]]:
    """The same the other way."""
    return [
        {
            "unit": it.unit,
            "name": it.name,
            "cases": it.cases,
            "cases_last_year": it.cases_last_year,
            "population": it.population,
            "more": dict(it.more),
        }
        for it in figures
    ]


def outcome_of(ranking: Ranking) -> dict[str, bool]:
    """Who is among the last of a ranking."""
    return {row.unit: row.in_bottom for row in ranking.rows}


def bottom_of(doc: Mapping[str, Any]) -> dict[str, bool]:
    """Who was among the last of an issued month."""
    return {row["unit"]: row["bottom"] for row in doc["rows"]}


def decided_doc(decided: Decisions) -> dict[str, Any]:
    """What the office decided, as it is frozen."""
    return {
        "zero_base": decided.zero_base,
        "boundary": decided.boundary,
        "confirmed": sorted(decided.confirmed),
        "spared": sorted(decided.spared),
        "wide": decided.wide,
    }


def decided_in(doc: Mapping[str, Any]) -> Decisions:
    """The decisions that an issued month is frozen with; what is not there was not decided."""
    told = doc.get("decisions", {})
    return Decisions(
        str(told.get("zero_base", "")),
        str(told.get("boundary", "")),
        frozenset(map(str, told.get("confirmed", ()))),
        frozenset(map(str, told.get("spared", ()))),
        told.get("wide") is True,
    )
