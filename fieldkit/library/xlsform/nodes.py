"""A form's questions and groups as a tree, with the names by which others mean them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field

from fieldkit.text.i18n import _

from .columns import Cells
from .types import CONTAINERS, Type
from .xpath_tree import Untranslatable


@dataclass(slots=True, eq=False)
class Node:
    """A question, a group or a repeat: its row, its type, its name as written and its id."""

    cells: Cells
    type: Type
    name: str
    parent: Node | None = None
    id: str = ""
    children: list[Node] = field(default_factory=list)
    kept: bool = True
    """False where nothing of it is in the checklist, so that nothing may refer to it."""
    made: str = ""
    """Why it is there though no row says so: ``other`` asks what the other choice is."""

    @property
    def kind(self) -> str:
        """The kind of its type."""
        return self.type.kind

    @property
    def container(self) -> bool:
        """Whether it holds others."""
        return self.kind in CONTAINERS or self.kind == "form"

    def add(self, child: Node) -> None:
        """Put a child last."""
        child.parent = self
        self.children.append(child)

    def below(self) -> Iterator[Node]:
        """Everything in it, in the order of the sheet."""
        pending = list(reversed(self.children))
        while pending:
            node = pending.pop()
            yield node
            pending += reversed(node.children)

    def above(self) -> Iterator[Node]:
        """The containers that it is in, the nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


class Names:
    """Finds what a name or a path means, as seen from a question."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.by_name: dict[str, list[Node]] = {}
        for node in root.below():
            self.by_name.setdefault(node.name, []).append(node)
        self._guesses = 0

    def find(self, name: str, seen_from: Node) -> Node:
        """The question of a name: the only one, else the only one nearby. Raises Untranslatable."""
        found = self.by_name.get(name, [])
        if len(found) > 1:
            found = self._nearby(found, seen_from)
        if not found:
            raise Untranslatable(
                _("没有叫“{name}”的题{guess}").format(name=name, guess=self._guess(name))
            )
        if len(found) > 1:
            raise Untranslatable(_("叫“{name}”的题不止一道，分不清是哪一道").format(name=name))
        return found[0]

    def _nearby(self, found: list[Node], seen_from: Node) -> list[Node]:
        scopes = [seen_from, *seen_from.above()] if seen_from.container else seen_from.above()
        for scope in scopes:
            beside = [node for node in found if node.parent is scope]
            inside = beside or [node for node in found if scope in node.above()]
            if inside:
                asked = [node for node in inside if not node.container]
                return asked if len(inside) > 1 and len(asked) == 1 else inside
        return found

    def _guess(self, name: str) -> str:
        self._guesses += 1
        if self._guesses > 100:
            return ""
        folded = name.casefold()
        near = [known for known in self.by_name if known.casefold() == folded]
        near = near or difflib.get_close_matches(name, list(self.by_name), 1, 0.6)
        return _("（是不是“{word}”？）").format(word=near[0]) if near else ""

    def absolute(self, steps: list[str]) -> Node:
        """The question at a path from the root, whose own name does not matter."""
        return self._down(self.root, steps[1:], "/" + "/".join(steps))

    def relative(self, steps: list[str], seen_from: Node) -> Node:
        """The question at a path from another one. Raises Untranslatable."""
        node: Node | None = seen_from
        rest = list(steps)
        while rest and rest[0] in (".", "..") and node is not None:
            if rest.pop(0) == "..":
                node = node.parent
        written = "/".join(steps)
        if node is None:
            raise Untranslatable(_("路径“{path}”走到表外去了").format(path=written))
        return self._down(node, rest, written)

    def _down(self, node: Node, steps: list[str], written: str) -> Node:
        for step in steps:
            if step == ".":
                continue
            if step == "..":
                if node.parent is None:
                    raise Untranslatable(_("路径“{path}”走到表外去了").format(path=written))
                node = node.parent
                continue
            inside = [child for child in node.children if child.name == step]
            if len(inside) != 1:
                raise Untranslatable(_("路径“{path}”没有指到一道题").format(path=written))
            node = inside[0]
        return node
