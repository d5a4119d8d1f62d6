"""What an expression consists of, each piece with its column (from 1) in the text.

Pieces are told apart by their class; two of them are never compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple


class Number(NamedTuple):
    """A number as written."""

    column: int
    value: int | Fraction


class Text(NamedTuple):
    """A text in quotes."""

    column: int
    value: str


class Ref(NamedTuple):
    """``${item}``: what another item was answered."""

    column: int
    name: str


class Own(NamedTuple):
    """``.``: the item's own answer."""

    column: int


class Column(NamedTuple):
    """A bare word: a column of the choice list's row, in filters alone."""

    column: int
    name: str


class Call(NamedTuple):
    """A function and its arguments."""

    column: int
    name: str
    args: tuple[Node, ...]


class Binary(NamedTuple):
    """Two operands and what joins them."""

    column: int
    op: str
    left: Node
    right: Node


class Negative(NamedTuple):
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
