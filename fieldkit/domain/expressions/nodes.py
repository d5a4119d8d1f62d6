"""What an expression consists of, each piece with its column (from 1) in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    column: int
    value: int | Fraction


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    column: int
    value: str


@dataclass(frozen=True, slots=True)
class Ref:
    """``${item}``: what another item was answered."""

    column: int
    name: str


@dataclass(frozen=True, slots=True)
class Own:
    """``.``: the item's own answer."""

    column: int


@dataclass(frozen=True, slots=True)
class Column:
    """A bare word: a column of the choice list's row, in filters alone."""

    column: int
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    column: int
    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and what joins them."""

    column: int
    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with the other sign."""

    column: int
    inner: Node


Node = Number | Text | Ref | Own | Column | Call | Binary | Negative


def walk(node: Node) -> Iterator[Node]:
    """A piece and everything in it."""
    pending = [node]
    while pending:
        one = pending.pop()
        yield one
        if isinstance(one, Call):
            pending += reversed(one.args)
        elif isinstance(one, Binary):
            pending += (one.right, one.left)
        elif isinstance(one, Negative):
            pending.append(one.inner)
