"""Answers worth trying for each item: around its bounds, and around what conditions speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from .checklist import Item
from .expressions import Call, Expression, Node, Ref, Text, walk
from .expressions import values as reckoned
from .expressions.nodes import Number, Own
from .items.repeat import MOST as MOST_INSTANCES
from .matching import sample

MOST = 80
"""So many answers are tried for one item; options are not cut off."""
INSTANCES = (0, 1, 3)
_WORDS = ("测试", "测", "测试文字" * 10)


@dataclass
class Literals:
    """What the conditions that look at an item hold it against."""

    numbers: set[int | Fraction] = field(default_factory=set)
    texts: dict[str, None] = field(default_factory=dict)
    patterns: dict[str, None] = field(default_factory=dict)

    def add(self, pieces: Iterable[Node]) -> None:
        """Every literal of an expression."""
        for node in pieces:
            if isinstance(node, Number):
                self.numbers.add(node.value)
            elif isinstance(node, Text):
                self.texts.setdefault(node.value)
            elif isinstance(node, Call) and node.name == "regex":
                pattern = node.args[1]
                if isinstance(pattern, Text):
                    self.patterns.setdefault(pattern.value)


def literals(expressions: Iterable[tuple[str, Expression]]) -> dict[str, Literals]:
    """By item the literals of every expression that looks at it, directly or by a calculation.

    ``expressions`` come with the id of the item that they belong to, empty for a section.
    """
    found: dict[str, Literals] = {}
    passed: dict[str, set[str]] = {}
    rows = [(owner, it, list(walk(it.tree))) for owner, it in expressions]
    for owner, expression, pieces in rows:
        own = any(isinstance(node, Own) for node in pieces)
        for name in {*expression.names, *([owner] if own else [])}:
            found.setdefault(name, Literals()).add(pieces)
            if owner:
                passed.setdefault(owner, set()).add(name)
    # What is held against a calculation is held against what it is made from; two steps do.
    for _step in range(2):
        for owner, names in passed.items():
            for name in names if owner in found and len(names) <= 40 else ():
                found[name].numbers |= found[owner].numbers
    return found


def candidates(item: Item, known: Literals, day: date, mode: str) -> list[str]:
    """Answers to type, the plain ones first; the item's type may refuse some of them."""
    made = dict.fromkeys(_plain(item, known, day))
    if len(item.options) <= MOST:
        made = dict.fromkeys(list(made)[: MOST + len(item.options)])
    if item.type != "repeat":
        if item.flag("na", True):
            made.setdefault("na")
        if mode == "covert":
            made.setdefault("unseen")
    return list(made)


def bounds(item: Item) -> tuple[str, ...]:
    """The numbers on both sides of a number's bounds."""
    if item.type not in ("count", "number"):
        return ()
    around = [
        number
        for name, step in (("at_least", -1), ("at_most", 1))
        if name in item.params
        for number in (item.number(name, 0), item.number(name, 0) + step)
    ]
    return tuple(str(n) for n in dict.fromkeys(around) if n >= 0 or item.type == "number")


def instances(item: Item) -> tuple[str, ...]:
    """How many instances of a repeat are to be seen."""
    least = max(0, item.number("least", 0))
    most = min(item.number("most", MOST_INSTANCES), MOST_INSTANCES)
    wanted = [n for n in INSTANCES if least <= n <= most]
    return tuple(str(n) for n in wanted or [least])


def _plain(item: Item, known: Literals, day: date) -> Iterator[str]:
    if item.type in ("check", "redline"):
        yield from ("pass", "fail")
    elif item.type == "choice":
        yield from (option.id for option in item.options)
    elif item.type == "choices":
        yield from _several(item)
    elif item.type in ("count", "number"):
        yield from _numbers(item, known)
    elif item.type == "repeat":
        yield from instances(item)
        yield from sorted(str(int(n)) for n in known.numbers if 0 <= n <= 20)
    elif item.type in ("ratio", "sample"):
        yield from _shares(item, known)
    elif item.type in ("date", "recency"):
        yield from _days(item, known, day)
    elif item.type == "external":
        yield from (f"{word}:无文号:{day.isoformat()}" for word in ("met", "unmet"))
    elif item.type == "text":
        yield from _texts(known)


def _several(item: Item) -> Iterator[str]:
    ids = [option.id for option in item.options]
    need = item.number("at_least", len(ids))
    yield from ids
    yield "none"
    for many in {len(ids), need, need - 1, 2, 3}:
        if 1 < many <= len(ids):
            yield ",".join(ids[:many])
            yield ",".join(ids[-many:])


def _numbers(item: Item, known: Literals) -> Iterator[str]:
    yield from bounds(item)
    yield from ("1", "0", "2", "3")
    for value in sorted(known.numbers, key=lambda n: (abs(n), n)):
        for near in (value, value - 1, value + 1):
            yield reckoned.text(near)
    yield from known.texts
    yield from ("10", "100", "1000")
    if item.type == "number":
        yield from ("-1", "0.5", "1.5", "-100")


def _shares(item: Item, known: Literals) -> Iterator[str]:
    whole = max(item.number("draw", 10), 10)
    target = item.number("at_least", 100)
    part = -(-whole * target // 100)
    yield f"{whole}/{whole}"
    yield f"0/{whole}"
    yield f"{part}/{whole}"
    if part:
        yield f"{part - 1}/{whole}"
    yield from (f"{whole * step // 4}/{whole}" for step in (1, 2, 3))
    for value in sorted(known.numbers):
        share = Fraction(value)
        if 0 <= share <= 1:
            wide = max(whole, share.denominator)
            at = int(share * wide)
            yield from (f"{n}/{wide}" for n in (at, at - 1, at + 1) if 0 <= n <= wide)


def _days(item: Item, known: Literals, day: date) -> Iterator[str]:
    most = item.number("max_days", 30)
    steps = [0, -most, -most - 1, -1, 1, 7, 30, -30, -365, 365]
    steps += [int(sign * n) + near for n in sorted(known.numbers) if abs(Fraction(n)) < 36500
              for sign in (-1, 1) for near in (0, -1, 1)]  # fmt: skip
    days = [day, *(found for text in known.texts if (found := reckoned.as_day(text)))]
    for start in days:
        for step in dict.fromkeys(steps):
            # Years that no item takes are not made.
            if 1900 < start.year + step // 365 < 2099:
                yield (start + timedelta(days=step)).isoformat()


def _texts(known: Literals) -> Iterator[str]:
    yield _WORDS[0]
    for pattern in known.patterns:
        yield from (sample(pattern, spare) for spare in (0, 1, 2))
    for text in known.texts:
        yield from (text, f"测{text}测", f"{text}测", f"测{text}")
    for value in sorted(known.numbers):
        yield reckoned.text(value)
        for near in (value - 1, value, value + 1):
            if 0 < near <= 500:
                yield "测" * int(near)
    yield from _WORDS[1:]


def references(item: Item) -> Mapping[str, str]:
    """The fields of an item that hold expressions and are not empty."""
    fields = ("relevant", "required_if", "constraint", "calculate", "count", "default")
    return {name: text for name in fields if (text := getattr(item, name))}


def mentions(tree: Node) -> bool:
    """Whether an expression looks at any answer: without, it is what it is."""
    return any(isinstance(node, Ref | Own) for node in walk(tree))
