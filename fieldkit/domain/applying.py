"""What a state asks: instances, conditions, choices and words applied to a list that has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .checklist import Item, Option
from .expressions import MISSING, parse, text, true
from .form import Here, Key, Node, State, worth
from .presenting import Presented

_REF = re.compile(r"\$\{\s*([^\W][\w.-]{0,63})\s*\}")


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
    changes: dict[str, Any] = {}
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
    return item._replace(**changes) if changes else item


def _rows(state: State, node: Node, key: Key, item: Item) -> Iterator[Option]:
    """The rows of the list that the filter lets through; one chosen before is open again."""
    filtered = parse(item.words("filter"), columns=True)
    here = Here(state, node, key[1])
    for row in item.listed or ():
        here.row = {**row.columns, "id": row.id, "name": row.id, "title": row.title}
        if true(filtered.run(here)):
            yield row
