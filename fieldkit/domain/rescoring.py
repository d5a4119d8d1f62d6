"""A whole campaign under other weights, veto items or grade lines: what changes, and who moves.

Nothing here is kept. A change set makes another list out of a list; scores of the same answers by
both are put in order, and the orders are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from .checklist import Checklist, Item
from .scoring import Score

_NONE: Mapping[str, int] = MappingProxyType({})
_VETOED = ("ineligible", "fail_target")


class ChangeSet(NamedTuple):
    """What is to be otherwise in the list ``checklist``: weights by item, veto items, grade lines.

    ``effect`` is what a failed veto item does from now on; empty leaves it as it is.
    """

    checklist: str
    weights: Mapping[str, int] = _NONE
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    effect: str = ""
    grades: Mapping[str, int] = _NONE


class Standing(NamedTuple):
    """What one inspection comes to by one list."""

    points: Fraction
    max_points: Fraction
    ratio: Fraction | None
    grade: str
    grade_title: str
    veto: tuple[str, ...]


class Moved(NamedTuple):
    """One site's standing and rank before and after; ``up`` is how many places it rose."""

    site: str
    old: Standing
    new: Standing
    old_rank: int
    new_rank: int

    @property
    def up(self) -> int:
        """Places gained; negative where it fell."""
        return self.old_rank - self.new_rank

    @property
    def difference(self) -> Fraction | None:
        """New rate less the old one (of 1); None where either has none."""
        if self.old.ratio is None or self.new.ratio is None:
            return None
        return self.new.ratio - self.old.ratio

    @property
    def veto_new(self) -> tuple[str, ...]:
        """Veto items that fail by the changed list alone."""
        return tuple(item for item in self.new.veto if item not in self.old.veto)

    @property
    def veto_gone(self) -> tuple[str, ...]:
        """Veto items that fail no longer."""
        return tuple(item for item in self.old.veto if item not in self.new.veto)


def changed(checklist: Checklist, change: ChangeSet) -> Checklist:
    """The list with these changes.

    Items and grades that it does not have are passed over: an older version may lack them. Its
    version stays, since nobody has published it.
    """

    def one(item: Item) -> Item:
        critical = (item.critical or item.id in change.add) and item.id not in change.drop
        effect = item.effect if critical else ""
        weight = change.weights.get(item.id, item.weight)
        return item._replace(weight=weight, critical=critical, effect=effect)

    sections = tuple(
        section._replace(items=tuple(map(one, section.items))) for section in checklist.sections
    )
    grades = tuple(
        grade._replace(at_least=change.grades.get(grade.id, grade.at_least))
        for grade in checklist.grades
    )
    effect = change.effect or checklist.critical_effect
    return checklist._replace(sections=sections, grades=grades, critical_effect=effect)


def standing(score: Score) -> Standing:
    """What of a score counts here."""
    return Standing(
        score.points, score.max_points, score.ratio, score.grade, score.grade_title, score.veto
    )


def ranks(standings: Sequence[Standing]) -> list[int]:
    """The rank of each, from 1; equals share the smaller rank and the next one is left out.

    First those with a grade, the higher rate first; then those that a veto keeps from one, in the
    same way; last those of which nothing counts. Rates are compared exactly, never as shown.
    """
    keys = [_key(one) for one in standings]
    place: dict[tuple[int, Fraction], int] = {}
    for number, key in enumerate(sorted(keys), 1):
        place.setdefault(key, number)
    return [place[key] for key in keys]


def _key(one: Standing) -> tuple[int, Fraction]:
    if one.ratio is None:
        return 2, Fraction(0)
    return int(one.grade in _VETOED), -one.ratio


def compare(sites: Sequence[str], old: Sequence[Standing], new: Sequence[Standing]) -> list[Moved]:
    """Every site with both standings and ranks, in order of the new rank, then as they came."""
    rows = map(Moved, sites, old, new, ranks(old), ranks(new))
    return sorted(rows, key=lambda row: row.new_rank)


def grade_moves(rows: Iterable[Moved]) -> dict[tuple[str, str], int]:
    """How many sites went from which grade to which, those that stayed left out."""
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.old.grade != row.new.grade:
            pair = (row.old.grade_title, row.new.grade_title)
            found[pair] = found.get(pair, 0) + 1
    return found
