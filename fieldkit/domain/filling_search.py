"""The search behind trial fills: answering at random, downhill to a condition, down to a grade."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fieldkit.errors import Problem

from .applying import allowed, presented
from .checklist import Checklist, Item
from .distance import Distances
from .expressions import parse
from .filling_cone import cone
from .filling_goals import Aim, Goal, aims, answers
from .filling_values import Literals, candidates, literals, references
from .form import Here, Key, Node, State, form_of
from .items import Context, Unreadable, of
from .scoring import Score, score

IDLE = 12
"""So many random fills in a row that reach nothing new are enough."""
FILLS = 120
WORK = 20_000
"""Answers given in random fills; bounds the time that a form of thousands of items takes."""
STEPS = 3_000
"""Answers tried on the way downhill to one condition."""
CLIMBS = 150_000
"""The same for all conditions together."""
STARTS, BASES = 4, 24


@dataclass(frozen=True, slots=True)
class Kept:
    """A fill that reached something new."""

    answers: Mapping[str, str]
    grade: str
    ratio: int | None


class Search:
    """The trial of one list for one kind of visit; what is reached goes to ``reached``."""

    def __init__(
        self, checklist: Checklist, mode: str, day: date, draw: random.Random, reached: set[Goal]
    ) -> None:
        self.checklist, self.mode, self.day, self.draw = checklist, mode, day, draw
        self.reached = reached
        self.form = form_of(checklist, mode)
        self.aims = list(aims(self.form))
        self.kept: list[Kept] = []
        self._states: list[State] = []
        self._used: dict[tuple[str, str], int] = {}
        self._context = Context(mode, day)
        self._distances = Distances()
        self._typed: dict[str, list[str]] = {}
        self._goals: dict[tuple[str, str], frozenset[Goal]] = {}
        self._spent = 0
        self._climbed = 0
        sources = [
            (node.item.id, parse(text))
            for node in self.form.nodes
            if node.item is not None
            for text in references(node.item).values()
        ]
        sources += [("", n.relevant) for n in self.form.nodes if n.item is None and n.relevant]
        self._literals = literals(sources)
        self._own = {item.id: frozenset(answers(item, mode)) for item in checklist.for_mode(mode)}

    def run(self, wanted: Mapping[Goal, None]) -> None:
        """Fill until nothing new is reached, then go for what is left one by one."""
        idle = 0
        for number in range(FILLS):
            idle = 0 if self._random(number) else idle + 1
            if idle >= IDLE or self._spent > WORK or self.reached.issuperset(wanted):
                break
        for _round in range(2):
            before = len(self.reached)
            for aim in self.aims:
                if aim.goal not in self.reached:
                    self._aim(aim)
            if len(self.reached) == before:
                break
        self._grades()

    def _random(self, number: int) -> bool:
        """One fill from nothing; whether it reached anything new."""
        state = self._fresh({})
        # The first goes by the book, the others leave out what may be left out now and then.
        self._complete(state, gaps=number % 3 == 2)
        return self._observe(state)

    def _fresh(self, given: Mapping[str, str]) -> State:
        return State(self.form, self.day.isoformat(), given)

    def _complete(self, state: State, *, gaps: bool = False, fixed: str = "") -> None:
        """Answer whatever is asked, until nothing more comes up; take back what is not asked."""
        done: set[str] = set()
        for _pass in range(12):
            fresh = False
            for key in list(state.asked()):
                if key not in state.live:
                    continue
                path = self._path(key)
                if path is None or path in done:
                    continue
                done.add(path)
                fresh = True
                if not (
                    path in state.answers and (path == fixed or self._stands(state, key, path))
                ):
                    self._choose(state, key, path, gaps)
            if not fresh:
                break
        live = {self.form.path(key) for key in state.live if self.form.nodes[key[0]].item}
        for path in [path for path in state.answers if path not in live]:
            state.set(path, None)

    def _path(self, key: Key) -> str | None:
        """The address of an item that somebody answers."""
        node = self.form.nodes[key[0]]
        item = node.item
        if item is None or node.computed is not None or not of(item.type).answerable:
            return None
        return self.form.path(key)

    def _stands(self, state: State, key: Key, path: str) -> bool:
        value = state.answers[path]
        return self._fits(state, key, value) and allowed(state, path, value) is None

    def _choose(self, state: State, key: Key, path: str, gaps: bool) -> None:
        """An answer that reaches something new where there is one, else any."""
        item = self.form.nodes[key[0]].item
        assert item is not None
        self._spent += 1
        if gaps and not item.required and self.draw.random() < 0.5:
            state.set(path, None)
            return
        values = self._values(item)[:]
        self.draw.shuffle(values)
        used = self._used
        values.sort(
            key=lambda value: (
                -len(self._meant(item, value) - self.reached),
                used.get((item.id, value), 0),
            )
        )
        for value in values:
            if not self._fits(state, key, value):
                continue
            if allowed(state, path, value) is None:
                state.set(path, value)
                used[item.id, value] = used.get((item.id, value), 0) + 1
                return
            self.reached |= {Goal(item.id, "broken"), *self._tried(item, value)}
        state.set(path, None)

    def _values(self, item: Item) -> list[str]:
        """What the item's type makes of the answers worth trying."""
        if item.id not in self._typed:
            known = self._literals.get(item.id, Literals())
            read: dict[str, None] = {}
            for typed in candidates(item, known, self.day, self.mode):
                try:
                    read.setdefault(of(item.type).read(typed, item, self._context))
                except Problem:
                    continue
            self._typed[item.id] = list(read)
        return self._typed[item.id]

    def _fits(self, state: State, key: Key, value: str) -> bool:
        """Whether a filter lets the chosen options through."""
        node = self.form.nodes[key[0]]
        assert node.item is not None
        filtered = node.item.words("filter") if node.item.listed is not None else ""
        if not filtered or value in ("na", "unseen", "none"):
            return True
        holds = parse(filtered, columns=True)
        chosen = set(value.split(","))
        for row in node.item.options:
            if row.id in chosen:
                columns = {**row.columns, "id": row.id, "name": row.id, "title": row.title}
                if not self._distances.holds(holds.tree, Here(state, node, key[1], columns)):
                    return False
        return True

    def _meant(self, item: Item, value: str) -> frozenset[Goal]:
        """The goals of an item that an answer reaches."""
        found = self._goals.get((item.id, value))
        if found is None:
            parts = value.split(",") if item.type == "choices" else [value]
            codes = {("option", part) for part in parts}
            codes |= {("answer", value), ("tried", value), ("instances", value)}
            codes.add(("verdict", self._verdict(item, value)))
            codes |= {("veto", "")} if ("verdict", "fail") in codes else set()
            own = self._own.get(item.id, frozenset())
            found = frozenset(goal for goal in own if (goal.code, goal.value) in codes)
            self._goals[item.id, value] = found
        return found

    def _tried(self, item: Item, value: str) -> Iterator[Goal]:
        return (goal for goal in self._meant(item, value) if goal.code == "tried")

    def _verdict(self, item: Item, value: str) -> str:
        try:
            return of(item.type).judge(value, item, self._context).state
        except Unreadable:
            return ""

    def _observe(self, state: State) -> bool:
        """Note what a fill reaches, and keep it where that is anything new."""
        found = {
            aim.goal
            for aim in self.aims
            if aim.goal not in self.reached
            and any(self._gap(aim, state, key) == 0 for key in self._keys(state, aim.node))
        }
        for key in state.live:
            node = self.form.nodes[key[0]]
            path = self._path(key)
            if path is not None and path in state.answers:
                assert node.item is not None
                found |= self._meant(node.item, state.answers[path])
        result = self._score(state)
        found |= {Goal("", "grade", result.grade)}
        found |= {Goal(name, "veto") for name in result.veto}
        found |= {Goal(line.item, "verdict", line.state) for line in result.lines}
        found -= self.reached
        if not found:
            return False
        self.reached |= found
        ratio = None if result.ratio is None else int(result.ratio * 1000)
        self.kept.append(Kept(dict(state.answers), result.grade, ratio))
        self._states = [*self._states[1 - BASES :], self._fresh(state.answers)]
        return True

    def _score(self, state: State) -> Score:
        return score(self.checklist, self.mode, self.day, state.answers, presented(state))

    def _keys(self, state: State, number: int) -> list[Key]:
        """The instances of a node, the first three of each; one that might be where none is."""
        node = self.form.nodes[number]
        found = [key for key in state.instances(node, ()) if all(n <= 3 for n in key[1])]
        return found or [(number, (1,) * len(node.repeats))]

    def _gap(self, aim: Aim, state: State, key: Key) -> Fraction:
        """How far an aim is from being reached in one instance."""
        total = Fraction(0)
        if aim.goal.code != "skipped" and key not in state.live:
            total += 1
        if aim.goal.code in ("holds", "broken"):
            value = state.answers.get(self.form.path(key))
            total += value is None or value in ("na", "unseen")
        for number, tree, wanted in aim.wanted:
            view = self.form.nodes[number]
            here = Here(state, view, key[1][: len(view.repeats)])
            total += self._distances.of(tree, here, wanted)
        if total == 0 and aim.goal.code == "skipped" and not self._around(state, key):
            return Fraction(1)
        return total

    def _around(self, state: State, key: Key) -> bool:
        """Whether what an item stands in is asked."""
        node = self.form.nodes[key[0]]
        if node.parent is None:
            return True
        above = self.form.nodes[node.parent]
        return (above.number, key[1][: len(above.repeats)]) in state.live

    def _aim(self, aim: Aim) -> None:
        """Go for one condition from the best of the fills so far."""
        leaves, feeding = cone(self.form, aim)
        starts = []
        for order, state in enumerate(self._states):
            key = min(self._keys(state, aim.node), key=lambda k: self._gap(aim, state, k))
            hidden = self._hidden(state, feeding)
            starts.append((hidden, self._gap(aim, state, key), order, key))
        for _hidden, _gap, order, key in sorted(starts)[:STARTS]:
            self._climbed += 2 * len(self.form.nodes)
            if self._climbed > CLIMBS:
                return
            state = self._fresh(self._states[order].answers)
            if self._descend(aim, state, key, (leaves, feeding)):
                path = self._path(key)
                if aim.goal.code == "broken":
                    self.reached.add(aim.goal)
                    return
                # While somebody is still answering counts as well.
                self._observe(state)
                self._complete(state, fixed=path or "")
                self._observe(state)
                if aim.goal in self.reached:
                    return

    def _hidden(self, state: State, feeding: list[Node]) -> int:
        """How many of the items that a condition hangs on are not asked now."""
        return sum(
            not any(key in state.live for key in state.instances(node, ())) for node in feeding
        )

    def _cost(self, aim: Aim, state: State, key: Key, feeding: list[Node]) -> Fraction:
        """How far an aim is; an item that comes up on the way is a step nearer."""
        gap = self._gap(aim, state, key)
        return gap and gap + Fraction(self._hidden(state, feeding), 100)

    def _descend(
        self, aim: Aim, state: State, key: Key, around: tuple[list[Node], list[Node]]
    ) -> bool:
        """Change one answer after the other as long as that leads nearer."""
        leaves, feeding = around
        best = self._cost(aim, state, key, feeding)
        spent = 0
        for _round in range(6):
            if best == 0:
                return True
            start = best
            for node in self.draw.sample(leaves, len(leaves)):
                for one in self._keys(state, node.number):
                    path = self.form.path(one)
                    assert node.item is not None
                    for value in (*self._values(node.item), None):
                        before = state.answers.get(path)
                        if value == before:
                            continue
                        spent += 1
                        self._climbed += 1
                        state.set(path, value)
                        cost = self._cost(aim, state, key, feeding)
                        if cost < best:
                            best = cost
                        else:
                            state.set(path, before)
                        if best == 0:
                            return True
                        if spent > STEPS:
                            return False
            if best == start:
                return False
        return best == 0

    def _grades(self) -> None:
        """For each grade not reached yet: from the best answers downwards, item by item."""
        floors = {grade.id: Fraction(grade.at_least, 100) for grade in self.checklist.grades}
        for name, floor in sorted(floors.items(), key=lambda row: row[1]):
            for _attempt in range(40 if self.kept else 0):
                if Goal("", "grade", name) in self.reached or not any(
                    item.weight for item in self.checklist.for_mode(self.mode)
                ):
                    break
                self._lower(floor)

    def _lower(self, floor: Fraction) -> None:
        """The best answers, then one item after the other worse as long as the grade is kept."""
        kept = self.draw.choice(self.kept)
        state = self._fresh(kept.answers)
        self._complete(state)
        scored = [key for key in state.asked() if self._path(key) and self._weighed(key)]
        for key in scored:
            self._worse(state, key, Fraction(1))
        if not self._observe(state) and len(scored) > 1:
            for key in self.draw.sample(scored, len(scored)):
                path = self.form.path(key)
                before = state.answers.get(path)
                self._worse(state, key, Fraction(self.draw.choice((0, 0, 1, 2)), 3))
                ratio = self._score(state).ratio
                if ratio is None or ratio < floor:
                    state.set(path, before)
                self._observe(state)

    def _weighed(self, key: Key) -> bool:
        item = self.form.nodes[key[0]].item
        return item is not None and (item.weight > 0 or item.critical)

    def _worse(self, state: State, key: Key, share: Fraction) -> None:
        """The answer whose verdict is nearest to a share; a critical item is left as it is."""
        item = self.form.nodes[key[0]].item
        path = self.form.path(key)
        assert item is not None
        if item.critical and share < 1:
            return
        rated: list[tuple[Fraction, int, str]] = []
        for value in self._values(item):
            verdict = of(item.type).judge(value, item, self._context)
            if verdict.state in ("pass", "fail") and self._fits(state, key, value):
                if item.critical and verdict.state == "fail":
                    continue
                if allowed(state, path, value) is None:
                    rated.append((abs(verdict.share - share), len(rated), value))
        if rated:
            state.set(path, min(rated)[2])
