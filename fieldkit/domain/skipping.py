"""Why an item is not asked: the condition that does not hold, and the answers it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .checklist import Checklist, Item
from .form import Form, Node, State, form_of
from .presenting import is_plain


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that is not asked now; ``because`` are the items whose answers decide that."""

    item: Item
    condition: str
    because: tuple[str, ...]


def skipped(
    checklist: Checklist, mode: str, day: str, answers: Mapping[str, str]
) -> tuple[Skipped, ...]:
    """The items of this kind of visit that the answers so far leave out, in the list's order.

    Of a repeat without instances only the repeat's own items are told, once.
    """
    if is_plain(checklist):
        return ()
    form = form_of(checklist, mode)
    state = State(form, day, answers)
    found = []
    for node in form.nodes:
        if node.item is None or _somewhere(state, node):
            continue
        cause = _cause(form, state, node)
        if cause is not None:
            condition, names = cause
            found.append(Skipped(node.item, condition, names))
    return tuple(found)


def _somewhere(state: State, node: Node) -> bool:
    """Whether an item is asked in any instance."""
    return any(key in state.live for key in state.instances(node, ()))


def _cause(form: Form, state: State, node: Node) -> tuple[str, tuple[str, ...]] | None:
    """The outermost condition that does not hold, on the way from the list down to the item."""
    way = [node]
    while way[-1].parent is not None:
        way.append(form.nodes[way[-1].parent])
    for step in reversed(way):
        if not _somewhere(state, step):
            if step.relevant is not None:
                return step.relevant.source, step.relevant.names
        elif _is_repeat(step) and step is not node and not _instances(state, step):
            # How many there are is either worked out, or asked of the inspector.
            assert step.item is not None
            return (step.count.source, step.count.names) if step.count else ("", (step.item.id,))
    return None


def _is_repeat(node: Node) -> bool:
    return node.item is not None and node.item.type == "repeat"


def _instances(state: State, repeat: Node) -> bool:
    return any(state.counts.get(key, 0) for key in state.instances(repeat, ()))
