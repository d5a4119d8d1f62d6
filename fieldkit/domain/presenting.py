"""The items of one visit as they are asked now: instances, conditions, choices and words applied.

What comes out are plain items whose ids are the addresses of their answers, so that answering,
scoring, screens and papers need to know nothing of groups, repeats and expressions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from .checklist import CONTAINERS, Checklist, Item, Option
from .expressions import MISSING, parse, text, true
from .form import Here, Key, Node, State, form_of, worth

_REF = re.compile(r"\$\{\s*([^\W][\w.-]{0,63})\s*\}")


@dataclass(frozen=True)
class Presented:
    """What is asked now; ``calculated`` are values by address that nobody types.

    ``violated`` are the addresses of answers that break their own constraint, with its message.
    """

    items: tuple[Item, ...]
    calculated: Mapping[str, str]
    violated: Mapping[str, str]
    proposed: Mapping[str, str]


def is_plain(checklist: Checklist) -> bool:
    """Whether a list uses none of what changes with the answers; found out once for each list."""
    found = vars(checklist).get("_plain")
    if found is None:
        found = vars(checklist)["_plain"] = _is_plain(checklist)
    return bool(found)


def _is_plain(checklist: Checklist) -> bool:
    dynamic = ("relevant", "required_if", "constraint", "calculate", "count", "default", "parent")
    return not any(
        any(getattr(item, name) for name in dynamic)
        or item.listed is not None
        or item.type in (*CONTAINERS, "calculated")
        or "${" in item.text + item.criterion
        for item in checklist.items
    ) and not any(section.relevant for section in checklist.sections)


def present(checklist: Checklist, mode: str, day: str, answers: Mapping[str, str]) -> Presented:
    """What is asked with these answers."""
    if is_plain(checklist):
        return Presented(checklist.for_mode(mode), {}, {}, {})
    return presented(State(form_of(checklist, mode), day, answers))


def presented(state: State) -> Presented:
    """What is asked in a state."""
    items: list[Item] = []
    calculated: dict[str, str] = {}
    violated: dict[str, str] = {}
    proposed: dict[str, str] = {}
    for key in state.asked():
        node = state.form.nodes[key[0]]
        item = _item(state, node, key)
        items.append(item)
        here = Here(state, node, key[1])
        if node.calculate is not None:
            calculated[item.id] = state.made.get(key, MISSING)
        elif node.count is not None:
            calculated[item.id] = str(state.counts.get(key, 0))
        elif item.id in state.answers:
            if item.constraint and not _holds(state, key, item, state.answers[item.id]):
                violated[item.id] = item.message
        elif item.default and (value := text(parse(item.default).run(here))):
            proposed[item.id] = value
    return Presented(tuple(items), calculated, violated, proposed)


def narrowed(found: Presented, asks: Collection[str], own: Collection[str]) -> Presented:
    """Only these addresses of what is asked; of conditions, those of answers of this visit."""
    return Presented(
        tuple(item for item in found.items if item.id in asks),
        {path: value for path, value in found.calculated.items() if path in asks},
        {path: why for path, why in found.violated.items() if path in asks and path in own},
        {path: value for path, value in found.proposed.items() if path in asks},
    )


def allowed(state: State, path: str, value: str) -> str | None:
    """The message of the constraint that a new answer would break, None where it may stand."""
    key = state.form.key(path)
    node = state.form.nodes[key[0]] if key is not None else None
    if key is None or node is None or node.item is None or not node.item.constraint:
        return None
    item = _item(state, node, key)
    return None if _holds(state, key, item, value) else item.message


def _holds(state: State, key: Key, item: Item, value: str) -> bool:
    if value in ("na", "unseen"):
        return True
    here = Here(state, state.form.nodes[key[0]], key[1], own=worth(value, item))
    return true(parse(item.constraint).run(here))


def _item(state: State, node: Node, key: Key) -> Item:
    """The item with everything applied that depends on where and when it is asked."""
    item = node.item
    assert item is not None
    here = Here(state, node, key[1])
    changes: dict[str, object] = {}
    if key[1]:
        changes["id"] = state.form.path(key)
    if item.required_if:
        changes["required"] = true(parse(item.required_if).run(here))
    for name in ("text", "criterion", "message"):
        words: str = getattr(item, name)
        if "${" in words:
            changes[name] = _REF.sub(lambda found: here.label(found.group(1)), words)
    if item.listed is not None and item.words("filter"):
        changes["listed"] = tuple(_rows(state, node, key, item))
    return replace(item, **changes) if changes else item  # type: ignore[arg-type]


def _rows(state: State, node: Node, key: Key, item: Item) -> Iterator[Option]:
    """The rows of the list that the filter lets through; one chosen before is open again."""
    filtered = parse(item.words("filter"), columns=True)
    here = Here(state, node, key[1])
    for row in item.listed or ():
        here.row = {**row.columns, "id": row.id, "name": row.id, "title": row.title}
        if true(filtered.run(here)):
            yield row
