"""What a condition hangs on: the answers that can change how it comes out."""

from __future__ import annotations

from .checklist import CONTAINERS
from .expressions import Node as Tree
from .expressions import Ref, walk
from .expressions.nodes import Own
from .filling_goals import Aim
from .form import Form, Node
from .items import of

LEAVES = 40
"""So many answers are tried for one condition."""


def cone(form: Form, aim: Aim) -> tuple[list[Node], list[Node]]:
    """The items whose answers an aim hangs on, and all nodes on the way to them."""
    pending: list[Tree] = [tree for _number, tree, _wanted in aim.wanted]
    met: dict[int, Node] = {}
    views = [form.nodes[number] for number, _tree, _wanted in aim.wanted]
    nodes = [form.nodes[aim.node], *views]
    while pending or nodes:
        while nodes:
            node: Node | None = nodes.pop()
            while node is not None and node.number not in met:
                met[node.number] = node
                pending += [it.tree for it in (node.relevant, node.computed) if it]
                node = None if node.parent is None else form.nodes[node.parent]
        for tree in pending:
            for piece in walk(tree):
                if isinstance(piece, Ref) and piece.name in form.by_id:
                    nodes.append(form.by_id[piece.name])
        pending = []
    own = any(isinstance(p, Own) for _n, tree, _w in aim.wanted for p in walk(tree))
    leaves = [
        node
        for node in met.values()
        if node.item is not None
        and node.computed is None
        and of(node.item.type).answerable
        and (node.number != aim.node or own or node.item.type in CONTAINERS)
    ]
    return leaves[:LEAVES], list(met.values())[:LEAVES]
