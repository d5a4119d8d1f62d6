"""How far two inspectors who did not see each other's record agree: Cohen's kappa, exactly.

J. Cohen, A coefficient of agreement for nominal scales, 1960: observed agreement, less what two
would agree on by chance who use the same words as often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .items import of
from .sheet import Sheet

OPEN = "open"
"""The category of an item that one of the two left without an answer."""

_JUDGED = ("pass", "fail", "na", "unseen")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two agree. ``agreement`` is None over nothing.

    ``kappa`` is None where it is undefined: over nothing, or where both put everything into one
    and the same category, so that nothing but chance can be told.
    """

    items: int
    agreed: int
    agreement: Fraction | None
    kappa: Fraction | None
    differences: tuple[tuple[str, str, str], ...]
    """Item, and the category that each gave it."""


def agreement(one: Mapping[str, str], two: Mapping[str, str]) -> Agreement:
    """Compare two records, each from item to category; an item in only one of them is a difference.

    The items stand in the order of the first record, then of the second.
    """
    items = list(dict.fromkeys((*one, *two)))
    pairs = [(item, one.get(item, OPEN), two.get(item, OPEN)) for item in items]
    pairs = [pair for pair in pairs if pair[1:] != (OPEN, OPEN)]
    different = tuple(pair for pair in pairs if pair[1] != pair[2])
    n, agreed = len(pairs), len(pairs) - len(different)
    if not n:
        return Agreement(0, 0, None, None, ())
    ours, theirs = Counter(a for _i, a, _b in pairs), Counter(b for _i, _a, b in pairs)
    observed = Fraction(agreed, n)
    chance = Fraction(sum(count * theirs[word] for word, count in ours.items()), n * n)
    kappa = None if chance == 1 else (observed - chance) / (1 - chance)
    return Agreement(n, agreed, observed, kappa, different)


def categories(whole: Sheet) -> dict[str, str]:
    """The category of each item that is asked: the verdict, or the value where there is none."""
    return {
        item.id: _category(whole, item.id)
        for item in whole.items
        if of(item.type).answerable and not item.read_only
    }


def _category(whole: Sheet, item: str) -> str:
    line = whole.line(item)
    if line is not None and line.state in _JUDGED:
        return line.state
    value = whole.value(item)
    return OPEN if value is None else f"={value}"
