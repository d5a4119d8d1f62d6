"""Which clause of a plan is verified by what: from the plan down to the items, and back.

A checklist's item cites its clauses as ``S003 三(一)“进门入户”``: the code of the plan, the clause
and, in quotes or full-width brackets, the words it has in mind. A clause is numbered 三, 三(一),
三(一)1; what cites 三(一)1 is therefore listed under 三(一) and 三 as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .checklist import Checklist

KINDS = ("duty", "target", "cadence", "background")
FUNCTIONS = ("coverage", "standing", "rectification", "obligations", "report")
"""What of the program may verify a clause without an item (``by``)."""

_NUMERAL = "[一二三四五六七八九十百]+"
_STEP = re.compile(rf"{_NUMERAL}|\({_NUMERAL}\)|[0-9]+|\([0-9]+\)")
_WORDS = re.compile("[“（《].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Clause:
    """One demand of a plan; ``by`` names the function that verifies it, empty for none."""

    id: str
    text: str
    kind: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan clause by clause, in its own order."""

    code: str
    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """An item of a checklist that cites a clause."""

    checklist: str
    item: str
    clause: str


@dataclass(frozen=True, slots=True)
class Row:
    """A clause with the items that cite it or a clause below it.

    ``verified`` is None for background, which nobody need verify. Otherwise it is whether the
    clause has a function, an item that cites the clause itself, or clauses below it that are
    all verified: one item under a broad clause does not make up for its other parts.
    """

    clause: Clause
    uses: tuple[Use, ...]
    verified: bool | None


@dataclass(frozen=True, slots=True)
class PlanCoverage:
    """A plan's rows, and the citations of clauses that the plan does not have (faults)."""

    plan: Plan
    rows: tuple[Row, ...]
    unknown: tuple[Use, ...]

    @property
    def verified(self) -> int:
        """How many clauses are verified."""
        return sum(row.verified is True for row in self.rows)

    @property
    def unverified(self) -> int:
        """How many clauses nothing verifies."""
        return sum(row.verified is False for row in self.rows)


def steps(clause: str) -> tuple[str, ...]:
    """The numbers of a clause from the outside in; empty where it is no clause's number."""
    found = tuple(_STEP.findall(clause))
    return found if found and "".join(found) == clause else ()


def ancestors(clause: str) -> tuple[str, ...]:
    """The clauses above a clause, the nearest first."""
    path = steps(clause)
    return tuple("".join(path[:n]) for n in range(len(path) - 1, 0, -1))


def cited(source: str) -> tuple[str, str]:
    """The code and the clause of an item's source, without the words quoted from it."""
    code, _blank, rest = source.partition(" ")
    return code, _WORDS.sub("", rest).strip()


def coverage(plan: Plan, checklists: Iterable[Checklist]) -> PlanCoverage:
    """What of the checklists verifies which clause; a source without a clause says nothing."""
    known = {clause.id for clause in plan.clauses}
    uses: dict[str, set[Use]] = {name: set() for name in known}
    direct: set[str] = set()
    unknown: set[Use] = set()
    for use in _uses(plan.code, checklists):
        if use.clause not in known:
            unknown.add(use)
            continue
        direct.add(use.clause)
        for name in (use.clause, *ancestors(use.clause)):
            uses.get(name, set()).add(use)
    states = _states(plan, direct)
    rows = tuple(Row(c, tuple(sorted(uses[c.id])), states[c.id]) for c in plan.clauses)
    return PlanCoverage(plan, rows, tuple(sorted(unknown)))


def _uses(code: str, checklists: Iterable[Checklist]) -> Iterable[Use]:
    for checklist in checklists:
        for item in checklist.items:
            for source in item.source:
                plan, clause = cited(source)
                if plan == code and clause:
                    yield Use(checklist.id, item.id, clause)


def _states(plan: Plan, direct: set[str]) -> Mapping[str, bool | None]:
    """Whether each clause is verified, those inside decided before those around them."""
    below: dict[str, list[str]] = {}
    states: dict[str, bool | None] = {}
    for clause in sorted(plan.clauses, key=lambda c: -len(steps(c.id))):
        parts = [states[name] for name in below.get(clause.id, ()) if states[name] is not None]
        if clause.kind == "background":
            states[clause.id] = None
        else:
            whole = bool(parts) and all(parts)
            states[clause.id] = bool(clause.by) or clause.id in direct or whole
        for name in ancestors(clause.id)[:1]:
            below.setdefault(name, []).append(clause.id)
    return states
