"""Trees to closures: an expression is compiled once and run as often as an answer changes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from . import values
from .functions import FUNCTIONS, Scope
from .nodes import Binary, Call, Column, Negative, Node, Number, Own, Ref, Text
from .values import MISSING, Value, bounded, number, true

Run = Callable[[Scope], Value]
Operation = Callable[[int | Fraction, int | Fraction], int | Fraction]
Step = Callable[[Value, Scope], Value]
"""What is done with all that stands to the left."""


def compiled(node: Node) -> Run:
    """What a tree comes to in a scope; running it never fails and takes bounded time."""
    if isinstance(node, Number | Text):
        value: Value = node.value
        return lambda _scope: value
    if isinstance(node, Ref):
        name = node.name
        return lambda scope: scope.answer(name)
    if isinstance(node, Own):
        return lambda scope: scope.own()
    if isinstance(node, Column):
        column = node.name
        return lambda scope: scope.column(column)
    if isinstance(node, Negative):
        return _negative(compiled(node.inner))
    if isinstance(node, Binary):
        return _chain(node)
    return _call(node)


def _call(node: Call) -> Run:
    if node.name == "label":
        wanted = node.args[0].name if isinstance(node.args[0], Ref) else ""
        return lambda scope: scope.label(wanted)
    args = [compiled(arg) for arg in node.args]
    if node.name == "if":
        condition, then, otherwise = args
        return lambda scope: then(scope) if true(condition(scope)) else otherwise(scope)
    apply = FUNCTIONS[node.name].apply
    return lambda scope: apply(scope, [arg(scope) for arg in args])


def _negative(inner: Run) -> Run:
    def run(scope: Scope) -> Value:
        found = number(inner(scope))
        return MISSING if found is None else bounded(-found)

    return run


def _chain(node: Node) -> Run:
    """Operands in a row, one step after the other: 1000 of them nest 1000 deep in the tree."""
    steps: list[Step] = []
    while isinstance(node, Binary):
        steps.append(_step(node.op, compiled(node.right)))
        node = node.left
    first, rest = compiled(node), tuple(reversed(steps))
    if len(rest) == 1:
        only = rest[0]
        return lambda scope: only(first(scope), scope)

    def run(scope: Scope) -> Value:
        value = first(scope)
        for step in rest:
            value = step(value, scope)
        return value

    return run


def _step(op: str, right: Run) -> Step:
    if op == "and":
        return lambda left, scope: true(left) and true(right(scope))
    if op == "or":
        return lambda left, scope: true(left) or true(right(scope))
    if op == "=":
        return lambda left, scope: values.equal(left, right(scope))
    if op == "!=":
        return lambda left, scope: values.unequal(left, right(scope))
    if op == "<":
        return lambda left, scope: values.less(left, right(scope))
    if op == "<=":
        return lambda left, scope: values.less(left, right(scope), or_equal=True)
    if op == ">":
        return lambda left, scope: values.less(right(scope), left)
    if op == ">=":
        return lambda left, scope: values.less(right(scope), left, or_equal=True)
    if op in ("+", "-"):
        return _adding(right, 1 if op == "+" else -1)
    return _reckoning(right, _OPERATIONS[op])


def _adding(right: Run, sign: int) -> Step:
    """Plus and minus, which also reckon with days."""

    def step(one: Value, scope: Scope) -> Value:
        two = right(scope)
        a, b = number(one), number(two)
        if a is None or b is None:
            return MISSING
        days = (values.as_day(one) is not None, values.as_day(two) is not None)
        if days == (True, False) or (days == (False, True) and sign > 0):
            return values.day_of(a + sign * b)
        return bounded(a + sign * b)

    return step


def _reckoning(right: Run, operation: Operation) -> Step:
    def step(left: Value, scope: Scope) -> Value:
        a, b = number(left), number(right(scope))
        if a is None or b is None:
            return MISSING
        try:
            return bounded(operation(a, b))
        except ZeroDivisionError:
            return MISSING

    return step


def _modulo(a: int | Fraction, b: int | Fraction) -> int | Fraction:
    """The rest with the sign of what is divided, as XPath has it."""
    rest = abs(Fraction(a)) % abs(Fraction(b))
    return -rest if a < 0 else rest


_OPERATIONS: dict[str, Operation] = {
    "*": lambda a, b: a * b,
    "div": lambda a, b: Fraction(a) / Fraction(b),
    "mod": _modulo,
}
