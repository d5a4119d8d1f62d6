"""Change files of ``fieldkit office rescore``: read and checked against the list they change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from fieldkit.domain import items as item_types
from fieldkit.domain.checklist import Checklist
from fieldkit.domain.rescoring import ChangeSet, changed
from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _

from . import folders, reading, repair, schema
from .faults import Fault
from .load import load_file
from .positions import Map, Node, Scalar, Seq, Slip, plain

MAX_FAULTS = 500
"""More faults of one file than anybody reads; the rest is left out."""
_SCHEMA = Path("schema") / "rescore.schema.json"
_MESSAGES = {
    "other-checklist": N_("这是《{id}》的改动，要试算的是 {wanted}；请改正编号。"),
    "no-such-item": N_("检查表里没有检查项“{id}”；请用 fieldkit checklist show {list} 核对。"),
    "no-such-grade": N_("检查表里没有等次“{id}”；可用：{choices}。"),
    "item-unscored": N_("“{id}”不计分，写了分值也没有用；请删去。"),
    "critical-never-fails": N_("“{id}”永远不会判不合格，不能当否决项；请删去。"),
    "already-critical": N_("“{id}”本来就是否决项；请删去。"),
    "not-critical": N_("“{id}”本来就不是否决项；请删去。"),
    "critical-both": N_("“{id}”又加又去；请删去一处。"),
    "no-effect": N_(
        "检查表没有写否决后怎样；请加 effect: ineligible（不予评定）、fail_target 或 refer。"
    ),
    "grade-order": N_("等次“{id}”和“{other}”的线都是 {n}；请错开。"),
    "grade-turned": N_("等次“{id}”的线比“{other}”还高，次序反了；请改正。"),
    "no-changes": N_("没有写要改什么；请写 weights、critical 或 grades。"),
}


def load(path: Path, checklist: Checklist) -> ChangeSet | Checklist:
    """What is in a file: changes to this list, or another version of it.

    Raises Problem ``bad-change-file`` or ``bad-checklist-file`` with the place of the first fault,
    ``other-checklist`` for a version of another list.
    """
    root, found = _tree(path)
    if isinstance(root, Map) and root.get("sections") is not None:
        whole = load_file(path)
        if whole.id != checklist.id:
            node = root.get("id")
            words = _(_MESSAGES["other-checklist"]).format(id=whole.id, wanted=checklist.id)
            place = node or root
            raise Problem("other-checklist", words, where=f"{path}:{place.line}:{place.column}")
        return whole
    if not found and isinstance(root, Map):
        found = _faults(path, _rules(root, checklist))
    if found:
        raise _problem(found)
    data: Any = plain(root) if root is not None else {}
    return _change(data)


def faults(path: Path, checklist: Checklist) -> list[Fault]:
    """Every fault of a change file, in order of place."""
    root, found = _tree(path)
    if found or not isinstance(root, Map):
        return found
    return _faults(path, _rules(root, checklist))


@cache
def described() -> dict[str, Any]:
    """The schema of a change file as data."""
    found: dict[str, Any] = json.loads((folders.shipped() / _SCHEMA).read_text("utf-8"))
    return found


def _tree(path: Path) -> tuple[Node | None, list[Fault]]:
    text, slips = reading.read_text(path)
    root: Node | None = None
    if text.strip() or not slips:
        root, more, dropped = repair.read(text, schema.key_owners(described()))
        slips = [*slips, *more]
        version = isinstance(root, Map) and root.get("sections") is not None
        if root is not None and not version:
            slips += schema.check(root, described(), dropped)
    return root, _faults(path, slips)


def _faults(path: Path, slips: Iterator[Slip] | list[Slip]) -> list[Fault]:
    found = {Fault(str(path), s.line, s.column, s.code, s.message) for s in slips}
    return sorted(found)[:MAX_FAULTS]


def _problem(found: list[Fault]) -> Problem:
    first = found[0]
    more = _("（共 {n} 处，这是第一处。）").format(n=len(found))
    return Problem(
        "bad-change-file",
        first.message,
        where=f"{first.file}:{first.line}:{first.column}",
        mend=more if len(found) > 1 else "",
    )


def _change(data: dict[str, Any]) -> ChangeSet:
    critical = data.get("critical", {})
    return ChangeSet(
        checklist=data["checklist"],
        weights=data.get("weights", {}),
        add=tuple(critical.get("add", ())),
        drop=tuple(critical.get("drop", ())),
        effect=critical.get("effect", ""),
        grades=data.get("grades", {}),
    )


def _rules(root: Map, checklist: Checklist) -> Iterator[Slip]:
    """What the schema cannot say: whether the list has these things, and may have them so."""
    named = root.get("checklist")
    if isinstance(named, Scalar) and named.text != checklist.id:
        yield _slip(named, "other-checklist", id=named.text[:64], wanted=checklist.id)
        return
    if not any(root.get(name) for name in ("weights", "critical", "grades")):
        yield _slip(root, "no-changes")
    items = {item.id: item for item in checklist.items}
    for key in _keys(root.get("weights")):
        item = items.get(key.text)
        if item is None:
            yield _slip(key, "no-such-item", id=key.text[:64], list=checklist.id)
        elif not item_types.of(item.type).scored:
            yield _slip(key, "item-unscored", id=key.text)
    critical = root.get("critical")
    if isinstance(critical, Map):
        yield from _critical(critical, checklist)
    yield from _grades(root, checklist)


def _critical(critical: Map, checklist: Checklist) -> Iterator[Slip]:
    items = {item.id: item for item in checklist.items}
    dropped = {node.text for node in _names(critical.get("drop"))}
    bare = False
    for node in _names(critical.get("add")):
        item = items.get(node.text)
        if item is None:
            yield _slip(node, "no-such-item", id=node.text[:64], list=checklist.id)
        elif node.text in dropped:
            yield _slip(node, "critical-both", id=node.text)
        elif item.critical:
            yield _slip(node, "already-critical", id=node.text)
        elif not item_types.of(item.type).scored:
            yield _slip(node, "critical-never-fails", id=node.text)
        else:
            bare = True
    if bare and not checklist.critical_effect and critical.get("effect") is None:
        yield _slip(critical.key("add") or critical, "no-effect")
    for node in _names(critical.get("drop")):
        item = items.get(node.text)
        if item is None:
            yield _slip(node, "no-such-item", id=node.text[:64], list=checklist.id)
        elif not item.critical:
            yield _slip(node, "not-critical", id=node.text)


def _grades(root: Map, checklist: Checklist) -> Iterator[Slip]:
    """The lines must keep their order, and no two may be one."""
    node = root.get("grades")
    known = [grade.id for grade in checklist.grades]
    for key in _keys(node):
        if key.text not in known:
            yield _slip(key, "no-such-grade", id=key.text[:64], choices="、".join(known))
    if not isinstance(node, Map):
        return
    lines = {
        key.text: value.value
        for key, value in node.entries
        if isinstance(value, Scalar) and isinstance(value.value, int)
    }
    change = ChangeSet(checklist.id, grades=lines)
    before = sorted(checklist.grades, key=lambda grade: -grade.at_least)
    after = {grade.id: grade.at_least for grade in changed(checklist, change).grades}
    for upper, lower in pairwise(before):
        place = node.key(upper.id) or node.key(lower.id)
        if place is None:
            continue
        high, low = after[upper.id], after[lower.id]
        if high == low:
            yield _slip(place, "grade-order", id=upper.id, other=lower.id, n=high)
        elif high < low:
            yield _slip(place, "grade-turned", id=lower.id, other=upper.id)


def _keys(node: Node | None) -> list[Scalar]:
    return [key for key, _value in node.entries] if isinstance(node, Map) else []


def _names(node: Node | None) -> list[Scalar]:
    return [it for it in node.items if isinstance(it, Scalar)] if isinstance(node, Seq) else []


def _slip(node: Node, code: str, /, **words: object) -> Slip:
    return Slip(node.line, node.column, code, _(_MESSAGES[code]).format(**words))
