"""A checklist in use: which items are asked, what follows from the answers, what re-evaluates when.

A `Form` is a list compiled once for one kind of visit; a `State` is one visit's answers in it. A
changed answer re-evaluates only what is made from it, in an order fixed beforehand. Items in a
repeat exist once per instance; their answers are addressed ``rooms[2].area``.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .checklist import CONTAINERS, Checklist, Item, bad
from .expressions import MISSING, Expression, Value, text, true
from .expressions.values import Single, number, single
from .items import of
from .items.repeat import MOST
from .logic import Entry, errors, order, sketch

Index = tuple[int, ...]
"""The instance numbers of the repeats around an item, the outermost first, from 1."""
Key = tuple[int, Index]
"""A node and its instance."""

_STEP = re.compile(r"[^\[\]]+\[([0-9]{1,5})\]\.")
_LEAVES = 100_000
"""So many instances of items may there be in all: repeats in repeats multiply."""
_COUNTED = frozenset(("count", "number"))
"""Types whose answers are numbers."""


@dataclass(eq=False)
class Node:
    """An item, or a section with a condition (``item`` is None then), and what depends on it."""

    number: int
    item: Item | None
    parent: int | None
    repeats: tuple[int, ...] = ()
    relevant: Expression | None = None
    calculate: Expression | None = None
    count: Expression | None = None
    rank: int = 0
    feeds: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)

    @property
    def computed(self) -> Expression | None:
        """What its value comes from, where nobody types it."""
        return self.calculate or self.count


class Form:
    """A list compiled for one kind of visit; Problem ``bad-checklist`` where it has a circle."""

    def __init__(self, checklist: Checklist, mode: str) -> None:
        self.checklist = checklist
        entries = sketch(checklist)
        # Parses. A list with errors never gets here; one with a circle would never come to rest.
        for fault in list(errors(entries)):
            if fault.code == "cycle":
                raise bad(f"{fault.item}.{fault.field}")
        ranks = {id(entry): rank for rank, entry in enumerate(order(entries))}
        shown = {item.id for item in checklist.for_mode(mode)}
        numbers = {id(entry): number for number, entry in enumerate(entries)}
        items = {item.id: item for item in checklist.items}
        self.nodes = [
            _node(entry, numbers, items if entry.id in shown or not entry.id else {})
            for entry in entries
        ]
        self.by_id = {node.item.id: node for node in self.nodes if node.item is not None}
        for node, entry in zip(self.nodes, entries, strict=True):
            node.rank = ranks[id(entry)]
            if node.parent is not None:
                above = self.nodes[node.parent]
                above.children.append(node.number)
                inside = above.item is not None and above.item.type == "repeat"
                node.repeats = (*above.repeats, above.number) if inside else above.repeats
        for node in self.nodes:
            read = [it.names for it in (node.relevant, node.calculate, node.count) if it]
            for ref in dict.fromkeys(name for names in read for name in names):
                if ref in self.by_id:
                    self.by_id[ref].feeds.append(node.number)
        repeated = sum(bool(node.repeats) for node in self.nodes)
        self.most = max(1, _LEAVES // max(1, repeated))
        """How many instances of one item there may be in all."""
        self.inner: dict[int, list[int]] = {}
        """By repeat the repeats that stand in it, however deep."""
        for node in self.nodes:
            for outer in node.repeats if node.item and node.item.type == "repeat" else ():
                self.inner.setdefault(outer, []).append(node.number)

    def path(self, key: Key) -> str:
        """How an instance of an item is addressed."""
        node = self.nodes[key[0]]
        steps = ""
        for repeat, place in zip(node.repeats, key[1], strict=True):
            above = self.nodes[repeat].item
            assert above is not None
            steps += f"{above.id}[{place}]."
        assert node.item is not None
        return steps + node.item.id

    def key(self, path: str) -> Key | None:
        """The node and instance that a path means, None where there is none such."""
        index: list[int] = []
        at = 0
        while found := _STEP.match(path, at):
            index.append(int(found.group(1)))
            at = found.end()
        node = self.by_id.get(path[at:])
        if node is None or len(index) != len(node.repeats) or 0 in index:
            return None
        key = (node.number, tuple(index))
        return key if self.path(key) == path else None


def _node(entry: Entry, numbers: Mapping[int, int], items: Mapping[str, Item]) -> Node:
    node = Node(numbers[id(entry)], items.get(entry.id) if entry.id else None,
                None if entry.parent is None else numbers[id(entry.parent)])  # fmt: skip
    if entry.id and node.item is None:
        # An item of another kind of visit is never asked and needs no condition.
        return node
    node.relevant = entry.expressions.get("relevant")
    node.calculate = entry.expressions.get("calculate")
    if node.item is not None and node.item.read_only and node.calculate is None:
        node.calculate = entry.expressions.get("default")
    node.count = entry.expressions.get("count")
    return node


def form_of(checklist: Checklist, mode: str) -> Form:
    """The form of a list, compiled once for each list at hand."""
    forms: dict[str, Form] = vars(checklist).setdefault("_forms", {})
    if mode not in forms:
        forms[mode] = Form(checklist, mode)
    return forms[mode]


class State:
    """One visit's answers in a form, and what they come to; ``day`` is the visit's, an ISO day."""

    def __init__(self, form: Form, day: str, answers: Mapping[str, str]) -> None:
        self.form = form
        self.day = day
        self.answers = dict(answers)
        self.live: set[Key] = set()
        self.made: dict[Key, str] = {}
        self.counts: dict[Key, int] = {}
        self._worth: dict[Key, Single] = {}
        self.evaluated = 0
        """How many conditions and values have been evaluated so far."""
        self._settle([(node.number, ()) for node in form.nodes if node.parent is None])

    def change(self, answers: Mapping[str, str]) -> None:
        """Go over to these answers; only what differs and what is made from it is evaluated."""
        differing = [
            path
            for path in answers.keys() | self.answers.keys()
            if answers.get(path) != self.answers.get(path)
        ]
        self.answers = dict(answers)
        keys = [key for key in map(self.form.key, differing) if key is not None]
        self._settle(keys)

    def set(self, path: str, value: str | None) -> None:
        """Give one answer, or take it back with None; costs what is made from it, no more."""
        if self.answers.get(path) == value:
            return
        if value is None:
            del self.answers[path]
        else:
            self.answers[path] = value
        key = self.form.key(path)
        if key is not None:
            self._settle([key])

    def value(self, key: Key) -> Single:
        """What an instance is worth in expressions: nothing while it is not asked."""
        node = self.form.nodes[key[0]]
        if key not in self.live or node.item is None:
            return MISSING
        if node.item.type == "repeat":
            return self.counts.get(key, 0)
        if node.computed is not None:
            return self._worth.get(key, MISSING)
        kept = self.answers.get(self.form.path(key))
        return MISSING if kept is None else worth(kept, node.item)

    def instances(self, node: Node, within: Index) -> Iterator[Key]:
        """The instances of an item whose first numbers are these."""
        depth = len(within)
        if depth >= len(node.repeats):
            yield node.number, within[: len(node.repeats)]
            return
        for place in range(1, self.counts.get((node.repeats[depth], within), 0) + 1):
            yield from self.instances(node, (*within, place))

    def asked(self) -> Iterator[Key]:
        """The items that are there now, in the order of the list, repeats instance by instance."""
        for node in self.form.nodes:
            if node.parent is None:
                yield from self._asked(node, ())

    def _asked(self, node: Node, index: Index) -> Iterator[Key]:
        key = (node.number, index)
        if key not in self.live:
            return
        if node.item is not None:
            yield key
        inner = [index]
        if node.item is not None and node.item.type == "repeat":
            inner = [(*index, place) for place in range(1, self.counts.get(key, 0) + 1)]
        for place in inner:
            for child in node.children:
                yield from self._asked(self.form.nodes[child], place)

    def _settle(self, keys: list[Key]) -> None:
        """Evaluate these and, where something changed, what is made from them."""
        nodes = self.form.nodes
        pending = [(nodes[number].rank, (number, index)) for number, index in keys]
        heapq.heapify(pending)
        queued = {key for _rank, key in pending}
        fresh = set(queued)

        def push(key: Key) -> None:
            if key not in queued:
                queued.add(key)
                heapq.heappush(pending, (nodes[key[0]].rank, key))

        while pending:
            _rank, key = heapq.heappop(pending)
            queued.discard(key)
            node = nodes[key[0]]
            before = (key in self.live, self.counts.get(key, 0))
            value = self._known(key)
            self._evaluate(node, key)
            after = (key in self.live, self.counts.get(key, 0))
            if before == after and value == self._known(key) and key not in fresh:
                continue
            for fed in node.feeds:
                other = nodes[fed]
                for one in self.instances(other, self._shared(node, other, key[1])):
                    push(one)
            if before != after:
                # Where only the number changed, the instances on both sides of it stay.
                first = min(before[1], after[1]) if before[0] == after[0] else 0
                for one in self._below(node, key[1], first, max(before[1], after[1])):
                    push(one)
                for one in self._deeper(node, key[1]):
                    push(one)

    def _known(self, key: Key) -> tuple[type, Single] | None:
        """The value that was made, and of which kind: True is not 1 here."""
        made = self._worth.get(key)
        return None if made is None else (type(made), made)

    def _below(self, node: Node, index: Index, first: int, last: int) -> Iterator[Key]:
        """What stands directly in a group, or in some instances of a repeat."""
        repeat = node.item is not None and node.item.type == "repeat"
        places = [(*index, n) for n in range(first + 1, last + 1)] if repeat else [index]
        return ((child, place) for place in places for child in node.children)

    def _deeper(self, node: Node, index: Index) -> Iterator[Key]:
        """The repeats in a repeat: how many instances they may have hangs on how many it has."""
        for inner in self.form.inner.get(node.number, ()):
            yield from self.instances(self.form.nodes[inner], index)

    def _shared(self, one: Node, two: Node, index: Index) -> Index:
        """The instance numbers of the repeats that two items stand in together."""
        count = 0
        for a, b in zip(one.repeats, two.repeats, strict=False):
            if a != b:
                break
            count += 1
        return index[:count]

    def _evaluate(self, node: Node, key: Key) -> None:
        scope = Here(self, node, key[1])
        live = self._is_there(node, key)
        if live and node.relevant is not None:
            self.evaluated += 1
            live = true(node.relevant.run(scope))
        # An item of another kind of visit is never asked, and neither is what stands in it.
        live = live and (node.item is not None or node.relevant is not None)
        if not live:
            self.live.discard(key)
            for held in (self.counts, self.made, self._worth):
                held.pop(key, None)
            return
        self.live.add(key)
        if node.item is not None and node.item.type == "repeat":
            self.counts[key] = self._count(node, key, scope)
        elif node.calculate is not None:
            self.evaluated += 1
            self._worth[key] = single(node.calculate.run(scope))
            self.made[key] = text(self._worth[key])

    def _is_there(self, node: Node, key: Key) -> bool:
        if node.parent is None:
            return True
        above = self.form.nodes[node.parent]
        index = key[1][: len(above.repeats)]
        if (above.number, index) not in self.live:
            return False
        inside = above.item is not None and above.item.type == "repeat"
        return not inside or key[1][-1] <= self.counts.get((above.number, index), 0)

    def _count(self, node: Node, key: Key, scope: Here) -> int:
        item = node.item
        assert item is not None
        if node.count is not None:
            self.evaluated += 1
            found = number(node.count.run(scope))
        else:
            kept = self.answers.get(self.form.path(key), "")
            found = number(kept) if kept else None
        most = min(item.number("most", MOST), MOST, self._room(node, key[1]))
        least = max(0, item.number("least", 0))
        return max(0, min(most, max(least, int(found or 0))))

    def _room(self, node: Node, index: Index) -> int:
        """How many instances of a repeat there may be, each of those around it counted."""
        around = 1
        for depth, outer in enumerate(node.repeats):
            around *= max(1, self.counts.get((outer, index[:depth]), 0))
        return max(1, self.form.most // around)


class Here:
    """An expression's view from one instance of an item; a row of a choice list may be given."""

    def __init__(
        self,
        state: State,
        node: Node,
        index: Index,
        row: Mapping[str, str] | None = None,
        own: Single | None = None,
    ) -> None:
        self._state = state
        self._node = node
        self._index = index
        self.row = row or {}
        self._own = own

    def answer(self, name: str) -> Value:
        """An item's value: one where it is the same instance, else that of all instances."""
        state = self._state
        target = state.form.by_id.get(name)
        if target is None:
            return MISSING
        shared = state._shared(self._node, target, self._index)
        # A repeat that the expression stands in is itself seen from outside.
        if len(shared) == len(target.repeats):
            return self.own() if target is self._node else state.value((target.number, shared))
        # One that is not asked is no instance: no empty place in a row of names.
        found = state.instances(target, shared)
        return tuple(state.value(key) for key in found if key in state.live)

    def own(self) -> Value:
        """The item's own value, or the one that is tried."""
        if self._own is not None:
            return self._own
        return self._state.value((self._node.number, self._index))

    def column(self, name: str) -> str:
        """A column of the row that is filtered."""
        return self.row.get(name, "")

    def label(self, name: str) -> str:
        """An answer in words."""
        state = self._state
        target = state.form.by_id.get(name) if name else self._node
        if target is None or target.item is None:
            return ""
        key = (target.number, state._shared(self._node, target, self._index))
        if len(key[1]) != len(target.repeats) or key not in state.live:
            return ""
        if target.computed is not None or target.item.type in CONTAINERS:
            return text(state.value(key))
        kept = state.answers.get(state.form.path(key))
        return of(target.item.type).say(kept, target.item) if kept is not None else ""

    def position(self) -> int:
        """The number of the instance of the nearest repeat."""
        return self._index[-1] if self._index else 1

    def today(self) -> str:
        """The visit's day."""
        return self._state.day


def worth(kept: str, item: Item) -> Single:
    """What a kept answer is in expressions; 0 is a number there, and so not true."""
    found = of(item.type).worth(kept, item)
    counted = number(found) if item.type in _COUNTED else None
    return found if counted is None else counted
