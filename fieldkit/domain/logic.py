"""What can be known of a checklist's expressions before anybody answers anything.

Works on a sketch of the list, so that a file with faults elsewhere is judged as well: all at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fieldkit.text.i18n import N_, _

from .checklist import Checklist
from .expressions import (
    Binary,
    Call,
    Column,
    Expression,
    ExpressionError,
    Node,
    Ref,
    Text,
    parse,
    walk,
)
from .expressions.nodes import Own

FIELDS = ("relevant", "required_if", "constraint", "calculate", "count", "default", "filter")
"""Every field of an item that holds an expression."""
FEEDING = ("relevant", "calculate", "count", "default")
"""Those whose outcome other expressions can see, so that they must not go round in circles."""

MESSAGES = {
    "unknown-ref": N_("没有编号为“{name}”的检查项{guess}；请改正。"),
    "empty-ref": N_("“{name}”没有答案可引用；请改成它里面的检查项。"),
    "unknown-column": N_("选项表没有“{name}”这一列{guess}；检查项要写成 ${{{name}}}。"),
    "cycle": N_("计算成了一个圈：{path}；请断开其中一处。"),
    "calculate-missing": N_("计算题要写 calculate；请补上。"),
    "calculate-only": N_("只有计算题能写 calculate；请改题型或删去。"),
    "count-only": N_("只有重复组能写 count；请删去。"),
    "weight-in-repeat": N_("重复组里的检查项不能计分；请把 weight 改成 0，用计算题汇总。"),
    "message-alone": N_("写了 message 却没有 constraint；请补上或删去。"),
    "no-such-choice": N_("“{name}”没有选项“{value}”{guess}，这个条件永远不成立；请改正。"),
    "no-such-verdict": N_("“{name}”只会是 pass、fail、na 或 unseen，不会是“{value}”；请改正。"),
    "own-in-relevant": N_("“{name}”的条件用到了它自己；请改成别的检查项。"),
}
_VERDICTS = frozenset(("pass", "fail", "na", "unseen", ""))
_MARKED = frozenset(("check", "redline"))


class Entry:
    """What matters of one item, or of a section (whose id is empty).

    ``options`` are the ids that a choice can take; None where it is no choice or they are not
    known.
    """

    __slots__ = ("columns", "expressions", "fields", "id", "options", "parent", "type", "weight")

    def __init__(
        self,
        id: str,
        type: str,
        fields: Mapping[str, str],
        parent: Entry | None = None,
        options: frozenset[str] | None = None,
        columns: frozenset[str] = frozenset(),
        weight: int = 0,
    ) -> None:
        self.id = id
        self.type = type
        self.fields = fields
        self.parent = parent
        self.options = options
        self.columns = columns
        self.weight = weight
        self.expressions: dict[str, Expression] = {}

    @property
    def own(self) -> bool:
        return bool(self.id)


class Fault(NamedTuple):
    """Something wrong with one field of an entry; ``column`` counts within the expression."""

    entry: Entry
    field: str
    column: int
    code: str
    message: str

    @property
    def item(self) -> str:
        """The item's id."""
        return self.entry.id


def sketch(checklist: Checklist) -> list[Entry]:
    """The entries of a list, sections with a condition among them."""
    found: list[Entry] = []
    for section in checklist.sections:
        gate = Entry("", "section", {"relevant": section.relevant}) if section.relevant else None
        if gate is not None:
            found.append(gate)
        by_id: dict[str, Entry] = {}
        for item in section.items:
            fields = {name: getattr(item, name) for name in FIELDS if name != "filter"}
            fields |= {"filter": item.words("filter"), "message": item.message}
            options = item.options if item.type in ("choice", "choices") else None
            entry = Entry(
                item.id,
                item.type,
                {name: text for name, text in fields.items() if text},
                by_id.get(item.parent, gate),
                None if options is None else frozenset(option.id for option in options),
                frozenset(name for option in options or () for name in option.columns),
                item.weight,
            )
            by_id[item.id] = entry
            found.append(entry)
    return found


def faults(checklist: Checklist) -> Iterator[Fault]:
    """What keeps a list from being used."""
    return errors(sketch(checklist))


def errors(entries: list[Entry]) -> Iterator[Fault]:
    """Every expression that cannot be used, every name that means nothing, every circle."""
    known = {entry.id: entry for entry in entries if entry.own}
    for entry in entries:
        yield from _shape(entry)
        for name in FIELDS:
            source = entry.fields.get(name)
            if not source:
                continue
            try:
                parsed = parse(source, columns=name == "filter", own=entry.own)
            except ExpressionError as wrong:
                yield Fault(entry, name, wrong.column, wrong.code, wrong.message)
                continue
            entry.expressions[name] = parsed
            yield from _names(entry, name, parsed, known)
    yield from _circles(entries, known)


def _shape(entry: Entry) -> Iterator[Fault]:
    """Fields that do not belong to the type, or are missing from it."""
    calculated = entry.type == "calculated"
    if calculated and not entry.fields.get("calculate"):
        yield _fault(entry, "type", 1, "calculate-missing")
    if not calculated and entry.fields.get("calculate"):
        yield _fault(entry, "calculate", 1, "calculate-only")
    if entry.type != "repeat" and entry.fields.get("count"):
        yield _fault(entry, "count", 1, "count-only")
    if entry.fields.get("message") and not entry.fields.get("constraint"):
        yield _fault(entry, "message", 1, "message-alone")
    if entry.weight and repeats(entry):
        yield _fault(entry, "weight", 1, "weight-in-repeat")


def repeats(entry: Entry) -> tuple[str, ...]:
    """The ids of the repeats around an entry, the outermost first."""
    found: list[str] = []
    above = entry.parent
    while above is not None:
        if above.type == "repeat":
            found.append(above.id)
        above = above.parent
    return tuple(reversed(found))


def _names(
    entry: Entry, name: str, parsed: Expression, known: Mapping[str, Entry]
) -> Iterator[Fault]:
    for node in walk(parsed.tree):
        if isinstance(node, Ref):
            meant = known.get(node.name)
            if meant is None:
                guess = _guess(node.name, known)
                yield _fault(entry, name, node.column, "unknown-ref", name=node.name, guess=guess)
            elif meant.type in ("group", "info"):
                yield _fault(entry, name, node.column, "empty-ref", name=node.name)
        elif isinstance(node, Column) and entry.columns and node.name not in entry.columns:
            if node.name not in ("id", "name", "title"):
                guess = _guess(node.name, entry.columns)
                yield _fault(
                    entry, name, node.column, "unknown-column", name=node.name, guess=guess
                )
        elif isinstance(node, Own) and name in ("relevant", "default"):
            yield _fault(entry, name, node.column, "own-in-relevant", name=entry.id)
        elif isinstance(node, Own) and name in ("calculate", "count"):
            yield _fault(entry, name, node.column, "cycle", path=f"{entry.id} → {entry.id}")


def _circles(entries: list[Entry], known: Mapping[str, Entry]) -> Iterator[Fault]:
    """Every circle once, told in full where it was entered."""
    state: dict[int, int] = {}
    for start in entries:
        if id(start) in state:
            continue
        path: list[Entry] = []
        pending: list[tuple[Entry, Iterator[Entry]]] = [(start, _feeds(start, known))]
        state[id(start)] = 1
        path.append(start)
        while pending:
            entry, rest = pending[-1]
            fed = next(rest, None)
            if fed is None:
                state[id(entry)] = 2
                pending.pop()
                path.pop()
            elif state.get(id(fed), 0) == 0:
                state[id(fed)] = 1
                path.append(fed)
                pending.append((fed, _feeds(fed, known)))
            elif state[id(fed)] == 1:
                circle = [*path[path.index(fed) :], fed]
                yield _circle(circle)


def _circle(circle: list[Entry]) -> Fault:
    entry = next(it for it in circle if any(name in it.expressions for name in FEEDING))
    name = next(name for name in FEEDING if name in entry.expressions)
    told = " → ".join(it.id or _("（节）") for it in circle)
    return _fault(entry, name, 1, "cycle", path=told)


def _feeds(entry: Entry, known: Mapping[str, Entry]) -> Iterator[Entry]:
    """What an entry's condition and value are made from."""
    if entry.parent is not None:
        yield entry.parent
    for name in FEEDING:
        parsed = entry.expressions.get(name)
        for ref in parsed.names if parsed is not None else ():
            if ref in known:
                yield known[ref]


def doubts(entries: list[Entry]) -> Iterator[Fault]:
    """Comparisons that can never hold: a choice held against something that is none of its own."""
    known = {entry.id: entry for entry in entries if entry.own}
    for entry in entries:
        for name, parsed in entry.expressions.items():
            for node in walk(parsed.tree):
                for ref, value in _compared(node):
                    meant = entry if ref is None else known.get(ref)
                    if meant is not None:
                        yield from _possible(entry, name, meant, value)


def _compared(node: Node) -> Iterator[tuple[str | None, Text]]:
    """Items (None for the own one) and the texts that they are held against."""
    pair: tuple[Node, Node] | None = None
    if isinstance(node, Binary) and node.op in ("=", "!="):
        pair = (node.left, node.right)
    elif isinstance(node, Call) and node.name == "selected":
        pair = (node.args[0], node.args[1])
    if pair is None:
        return
    for one, two in (pair, pair[::-1]):
        if isinstance(one, Ref) and isinstance(two, Text):
            yield one.name, two
        elif isinstance(one, Own) and isinstance(two, Text):
            yield None, two


def _possible(entry: Entry, name: str, meant: Entry, value: Text) -> Iterator[Fault]:
    said = value.value
    if meant.type in _MARKED and said not in _VERDICTS:
        yield _fault(entry, name, value.column, "no-such-verdict", name=meant.id, value=said)
    elif meant.options is not None and said not in meant.options | {"", "na", "unseen", "none"}:
        guess = _guess(said, meant.options)
        yield _fault(
            entry, name, value.column, "no-such-choice", name=meant.id, value=said, guess=guess
        )


def _guess(name: str, known: Mapping[str, object] | frozenset[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1, 0.6)
    return _("（是不是“{word}”？）").format(word=near[0]) if near else ""


def _fault(entry: Entry, name: str, column: int, code: str, /, **words: object) -> Fault:
    return Fault(entry, name, column, code, _(MESSAGES[code]).format(**words))


def order(entries: list[Entry]) -> list[Entry]:
    """The entries so that each comes after all that it is made from; a circle is broken up."""
    known = {entry.id: entry for entry in entries if entry.own}
    met: set[int] = set()
    done: list[Entry] = []
    for start in entries:
        if id(start) in met:
            continue
        met.add(id(start))
        pending = [(start, _feeds(start, known))]
        while pending:
            entry, rest = pending[-1]
            fed = next((it for it in rest if id(it) not in met), None)
            if fed is not None:
                met.add(id(fed))
                pending.append((fed, _feeds(fed, known)))
                continue
            done.append(entry)
            pending.pop()
    return done
