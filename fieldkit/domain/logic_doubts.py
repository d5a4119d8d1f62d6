"""Conditions that can never hold, as far as that is certain from the list alone.

A condition is taken apart into ways in which it could hold; where each of them asks one answer to
be two things at once, the item is never asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from fieldkit.text.i18n import N_, _

from .expressions import Binary, Call, Expression, Ref, Text, true, walk
from .expressions import Node as Tree
from .expressions.compiling import compiled
from .expressions.nodes import Column, Negative, Number, Own
from .expressions.values import number
from .logic import Entry, Fault, repeats

MESSAGES = {
    "never-asked": N_("条件“{condition}”永远不成立，这里永远不会问到；请改正条件。"),
    "never-asked-within": N_("条件“{condition}”和外层的条件合起来永远不成立；请改正条件。"),
}
_WAYS = 64
"""A condition that could hold in more ways than this is not judged."""
_ONE = frozenset(("choice", "check", "redline", "external", "text"))
"""Types whose answer is one word, compared as a text."""
_COUNTED = frozenset(("count", "number"))
_VARYING = frozenset(("today", "position", "label"))
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}

Way = tuple[Tree, ...]
"""Pieces that all hold together."""


def unreachable(entries: list[Entry]) -> Iterator[Fault]:
    """Items and sections that are never asked; within one of them nothing more is told."""
    known = {entry.id: entry for entry in entries if entry.own}
    dead: set[int] = set()
    for entry in entries:
        if entry.parent is not None and id(entry.parent) in dead:
            dead.add(id(entry))
            continue
        own = entry.expressions.get("relevant")
        if own is None:
            continue
        code = _dead(entry, own, known)
        if code:
            dead.add(id(entry))
            message = _(MESSAGES[code]).format(condition=own.source[:80])
            yield Fault(entry, "relevant", 1, "never-asked", message)


def _dead(entry: Entry, own: Expression, known: dict[str, Entry]) -> str:
    alone = _ways(own.tree)
    if alone is None:
        return ""
    if not any(_possible(way, entry, known) for way in alone):
        return "never-asked"
    around = entry.parent
    ways = alone
    while around is not None:
        above = around.expressions.get("relevant")
        more = _ways(above.tree) if above is not None else [()]
        if more is None or len(more) * len(ways) > _WAYS:
            return ""
        ways = [(*one, *two) for one in ways for two in more]
        around = around.parent
    return "" if any(_possible(way, entry, known) for way in ways) else "never-asked-within"


def _ways(tree: Tree) -> list[Way] | None:
    """The ways in which a condition could hold, None where there are too many."""
    if isinstance(tree, Binary) and tree.op in ("and", "or"):
        left, right = _ways(tree.left), _ways(tree.right)
        if left is None or right is None:
            return None
        if tree.op == "or":
            ways = [*left, *right]
        elif len(left) * len(right) > _WAYS:
            return None
        else:
            ways = [(*one, *two) for one in left for two in right]
        return ways if len(ways) <= _WAYS else None
    return [(tree,)]


@dataclass
class _Answer:
    """What one way asks of one answer."""

    words: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    least: Fraction | None = None
    above: bool = False
    most: Fraction | None = None
    below: bool = False

    def possible(self) -> bool:
        """Whether any answer is like that."""
        if len(self.words) > 1 or self.words & self.denied:
            return False
        if self.least is None or self.most is None:
            return True
        return self.least < self.most or (
            self.least == self.most and not (self.above or self.below)
        )


def _possible(way: Way, entry: Entry, known: dict[str, Entry]) -> bool:
    asked: dict[str, _Answer] = {}
    for piece in way:
        if _constant(piece):
            if not true(compiled(piece)(_Nothing())):
                return False
        elif isinstance(piece, Binary) and piece.op in _MIRRORED:
            _note(piece, entry, known, asked)
    return all(answer.possible() for answer in asked.values())


def _constant(tree: Tree) -> bool:
    """Whether an expression is the same whatever is answered, and whenever."""
    return not any(
        isinstance(node, Ref | Own | Column) or (isinstance(node, Call) and node.name in _VARYING)
        for node in walk(tree)
    )


def _note(piece: Binary, entry: Entry, known: dict[str, Entry], asked: dict[str, _Answer]) -> None:
    left, right, op = piece.left, piece.right, piece.op
    if not isinstance(left, Ref):
        left, right, op = right, left, _MIRRORED[op]
    meant = known.get(left.name) if isinstance(left, Ref) else None
    # Of several instances one may be this and another that.
    if meant is None or not isinstance(left, Ref) or repeats(meant):
        return
    answer = asked.setdefault(left.name, _Answer())
    if isinstance(right, Text) and meant.type in _ONE and op in ("=", "!="):
        (answer.words if op == "=" else answer.denied).add(right.value)
        return
    value = _literal(right)
    if value is None or meant.type not in _COUNTED:
        return
    if op in (">", ">=", "=") and (answer.least is None or value >= answer.least):
        answer.above = op == ">" or (answer.above and value == answer.least)
        answer.least = value
    if op in ("<", "<=", "=") and (answer.most is None or value <= answer.most):
        answer.below = op == "<" or (answer.below and value == answer.most)
        answer.most = value


def _literal(tree: Tree) -> Fraction | None:
    if isinstance(tree, Negative):
        inner = _literal(tree.inner)
        return None if inner is None else -inner
    found = number(tree.value) if isinstance(tree, Number) else None
    return None if found is None else Fraction(found)


class _Nothing:
    """A view from which there is nothing to see."""

    def answer(self, name: str) -> str:
        return ""

    def own(self) -> str:
        return ""

    def column(self, name: str) -> str:
        return ""

    def label(self, name: str) -> str:
        return ""

    def position(self) -> int:
        return 1

    def today(self) -> str:
        return ""
