"""How far a condition is from holding: 0 where it holds, below 1 where it nearly does.

A search for answers goes downhill on it, one answer at a time.
"""

from __future__ import annotations

from fractions import Fraction

from .expressions import Scope, Value, true
from .expressions.compiling import Run, compiled
from .expressions.nodes import Binary, Call, Node
from .expressions.values import number

_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_DEEP = 200


class Distances:
    """Measures conditions; pieces of them are compiled once each."""

    def __init__(self) -> None:
        self._runs: dict[int, tuple[Node, Run]] = {}

    def holds(self, node: Node, scope: Scope) -> bool:
        """Whether a piece of an expression comes out as true."""
        return true(self._value(node, scope))

    def of(self, node: Node, scope: Scope, wanted: bool = True, depth: int = 0) -> Fraction:
        """How far an expression is from coming out as ``wanted``."""
        if depth < _DEEP and isinstance(node, Binary):
            if node.op in ("and", "or"):
                sides = [self.of(it, scope, wanted, depth + 1) for it in (node.left, node.right)]
                return sum(sides, Fraction(0)) if (node.op == "and") == wanted else min(sides)
            if node.op in _COMPARISONS:
                return self._compared(node, scope, wanted)
        if isinstance(node, Call) and node.name in ("not", "boolean") and depth < _DEEP:
            return self.of(node.args[0], scope, wanted != (node.name == "not"), depth + 1)
        return Fraction(0 if self.holds(node, scope) == wanted else 1)

    def _compared(self, node: Binary, scope: Scope, wanted: bool) -> Fraction:
        if self.holds(node, scope) == wanted:
            return Fraction(0)
        a, b = number(self._value(node.left, scope)), number(self._value(node.right, scope))
        if a is None or b is None:
            # Nothing to reckon with is further away than any number.
            return Fraction(2)
        gap = abs(Fraction(a) - Fraction(b))
        return (gap + 1) / (gap + 2)

    def _value(self, node: Node, scope: Scope) -> Value:
        # By identity: the hash of a row of a thousand operands nests a thousand deep.
        held = self._runs.get(id(node))
        if held is None:
            held = self._runs[id(node)] = (node, compiled(node))
        return held[1](scope)
