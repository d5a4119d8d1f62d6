"""The expression language of checklists: cannot run code, has bounded cost, tells what it needs.

``${item}`` is an answer, ``.`` the item's own, a bare word a column of a choice list's row. What an
expression depends on is known before it runs, so a change re-evaluates only what depends on it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from .compiling import Run, compiled
from .functions import FUNCTIONS, Scope
from .lexer import MAX_LENGTH, ExpressionError
from .nodes import Binary, Call, Column, Node, Ref, Text, walk
from .parser import parse_tree
from .values import MISSING, Value, text, true

__all__ = [
    "FUNCTIONS",
    "MAX_LENGTH",
    "MISSING",
    "Binary",
    "Call",
    "Column",
    "Expression",
    "ExpressionError",
    "Node",
    "Ref",
    "Scope",
    "Text",
    "Value",
    "parse",
    "text",
    "true",
    "walk",
]


class Expression(NamedTuple):
    """A parsed expression; ``names`` are the items it reads, in the order of the text."""

    source: str
    tree: Node
    run: Run
    names: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def parse(source: str, *, columns: bool = False, own: bool = True) -> Expression:
    """The expression of a text; with ``columns`` bare words are columns of a list's row.

    Raises ExpressionError with the column, a code and one sentence with the mend.
    """
    tree = parse_tree(source, columns=columns, own=own)
    pieces = list(walk(tree))
    return Expression(
        source,
        tree,
        compiled(tree),
        tuple(dict.fromkeys(it.name for it in pieces if isinstance(it, Ref))),
        tuple(dict.fromkeys(it.name for it in pieces if isinstance(it, Column))),
    )
