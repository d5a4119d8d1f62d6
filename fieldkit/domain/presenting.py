"""The items of one visit as they are asked now: instances, conditions, choices and words applied.

What comes out are plain items whose ids are the addresses of their answers, so that answering,
scoring, screens and papers need to know nothing of groups, repeats and expressions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from .checklist import CONTAINERS, Checklist, Item


class Presented(NamedTuple):
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
    # Most lists never change with their answers, and then none of this is loaded.
    from .applying import presented
    from .form import State, form_of

    return presented(State(form_of(checklist, mode), day, answers))


def narrowed(found: Presented, asks: Collection[str], own: Collection[str]) -> Presented:
    """Only these addresses of what is asked; of conditions, those of answers of this visit."""
    return Presented(
        tuple(item for item in found.items if item.id in asks),
        {path: value for path, value in found.calculated.items() if path in asks},
        {path: why for path, why in found.violated.items() if path in asks and path in own},
        {path: value for path, value in found.proposed.items() if path in asks},
    )
