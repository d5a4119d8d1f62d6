"""What a checklist's trial has to reach: every question, answer, condition, verdict and grade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fieldkit.text.i18n import N_, _

from .checklist import CONTAINERS, Checklist, Item
from .expressions import Binary, Call, parse
from .expressions import Node as Tree
from .expressions.nodes import Negative
from .filling_values import bounds, instances, mentions
from .form import Form, Node
from .items import of

WORDS = {
    "asked": N_("永远不会问到"),
    "skipped": N_("条件总是成立，从不跳过"),
    "answer": N_("不能答“{value}”"),
    "option": N_("选项“{value}”永远选不上"),
    "tried": N_("填不了 {value}"),
    "verdict": N_("永远不会判 {value}"),
    "holds": N_("没有答案符合 constraint"),
    "broken": N_("constraint 不起作用：没有答案不符合"),
    "required": N_("永远不是必答"),
    "optional": N_("总是必答，required 的条件不起作用"),
    "instances": N_("不能有 {value} 个"),
    "branch": N_("{value} 这一支永远走不到"),
    "veto": N_("永远不会否决"),
    "grade": N_("等次“{value}”永远评不到"),
}
OPTIONS = 100
"""So many options of one item are tried; a list of all the towns of a country is not."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing to reach; ``item`` is empty for what concerns the whole list."""

    item: str
    code: str
    value: str = ""

    @property
    def what(self) -> str:
        """The same for machines."""
        return f"{self.code} {self.value}".strip()

    @property
    def said(self) -> str:
        """What it means that it was not reached, in words."""
        return _(WORDS[self.code]).format(value=self.value)


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal that hangs on conditions: each with how it has to come out, for one node."""

    goal: Goal
    node: int
    wanted: tuple[tuple[int, Tree, bool], ...]
    """The node whose view is taken, the condition, and whether it has to hold."""
    condition: str = ""


def section_of(form: Form) -> dict[int, str]:
    """The section that a node stands for, where it stands for one."""
    named = [section.id for section in form.checklist.sections if section.relevant]
    gates = [n.number for n in form.nodes if n.parent is None and n.item is None and n.relevant]
    return dict(zip(gates, named, strict=True))


def aims(form: Form) -> Iterator[Aim]:
    """Every condition of a form, to come out one way and the other."""
    sections = section_of(form)
    for node in form.nodes:
        name = node.item.id if node.item is not None else sections.get(node.number)
        if name is None:
            continue
        above = _above(form, node)
        own: tuple[tuple[int, Tree, bool], ...] = ()
        if node.relevant is not None:
            tree, source = node.relevant.tree, node.relevant.source
            own = ((node.number, tree, True),)
            if mentions(tree):
                away = (*above, (node.number, tree, False))
                yield Aim(Goal(name, "skipped"), node.number, away, source)
        there = (*above, *own)
        yield Aim(Goal(name, "asked"), node.number, there, _sources(form, node))
        if node.item is not None:
            yield from _of_item(node.item, node, there)


def _of_item(item: Item, node: Node, there: tuple[tuple[int, Tree, bool], ...]) -> Iterator[Aim]:
    if item.required_if and not item.read_only and of(item.type).answerable:
        tree = parse(item.required_if).tree
        for code, wanted in (("required", True), ("optional", False)):
            if mentions(tree):
                rest = (*there, (node.number, tree, wanted))
                yield Aim(Goal(item.id, code), node.number, rest, item.required_if)
    if item.constraint and node.computed is None and of(item.type).answerable:
        tree = parse(item.constraint).tree
        for code, wanted in (("holds", True), ("broken", False)):
            rest = (*there, (node.number, tree, wanted))
            yield Aim(Goal(item.id, code), node.number, rest, item.constraint)
    for field in ("calculate", "count", "default", "required_if"):
        source: str = getattr(item, field)
        if not source:
            continue
        for number, path in enumerate(_arms(parse(source).tree, ()), 1):
            rest = (*there, *((node.number, tree, wanted) for tree, wanted in path))
            key = "required" if field == "required_if" else field
            goal = Goal(item.id, "branch", f"{key} {(number + 1) // 2}{'+-'[1 - number % 2]}")
            yield Aim(goal, node.number, rest, source)


def _arms(
    tree: Tree, path: tuple[tuple[Tree, bool], ...]
) -> Iterator[tuple[tuple[Tree, bool], ...]]:
    """For each ``if`` both ways, with those around it going the way that leads there."""
    if isinstance(tree, Call) and tree.name == "if" and len(path) < 12:
        condition, then, otherwise = tree.args
        if mentions(condition):
            yield (*path, (condition, True))
            yield (*path, (condition, False))
        yield from _arms(then, (*path, (condition, True)))
        yield from _arms(otherwise, (*path, (condition, False)))
    elif isinstance(tree, Call):
        for one in tree.args:
            yield from _arms(one, path)
    elif isinstance(tree, Negative):
        yield from _arms(tree.inner, path)
    else:
        while isinstance(tree, Binary):
            yield from _arms(tree.right, path)
            tree = tree.left
            if not isinstance(tree, Binary):
                yield from _arms(tree, path)


def _above(form: Form, node: Node) -> tuple[tuple[int, Tree, bool], ...]:
    """The conditions of everything around a node, the outermost first."""
    found: list[tuple[int, Tree, bool]] = []
    at = node.parent
    while at is not None:
        above = form.nodes[at]
        found += [(at, it.tree, True) for it in (above.count, above.relevant) if it is not None]
        at = above.parent
    return tuple(reversed(found))


def _sources(form: Form, node: Node) -> str:
    found = []
    at: int | None = node.number
    while at is not None:
        if (it := form.nodes[at].relevant) is not None:
            found.append(it.source)
        at = form.nodes[at].parent
    return " | ".join(reversed(found))


def answers(item: Item, mode: str) -> Iterator[Goal]:
    """What an item's answers have to reach, whatever the conditions."""
    kind = of(item.type)
    if not kind.answerable and item.type != "calculated":
        return
    if item.read_only or item.type in CONTAINERS:
        if item.type == "repeat" and not item.count:
            yield from (Goal(item.id, "instances", n) for n in instances(item))
        return
    if item.type in ("check", "redline"):
        yield from (Goal(item.id, "answer", word) for word in ("pass", "fail"))
        if item.flag("na", True):
            yield Goal(item.id, "answer", "na")
        if mode == "covert":
            yield Goal(item.id, "answer", "unseen")
    elif item.type in ("choice", "choices"):
        yield from (Goal(item.id, "option", it.id) for it in item.options[:OPTIONS])
    elif item.type != "calculated":
        yield from (Goal(item.id, "tried", number) for number in bounds(item))
    if item.weight and kind.scored:
        yield from (Goal(item.id, "verdict", state) for state in ("pass", "fail"))
    if item.critical:
        yield Goal(item.id, "veto")


def whole(checklist: Checklist) -> Iterator[Goal]:
    """What the list as a whole has to reach."""
    if checklist.kind == "inspection" and any(item.weight for item in checklist.items):
        yield from (Goal("", "grade", grade.id) for grade in checklist.grades)
