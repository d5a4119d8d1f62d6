"""The survey sheet as a tree of questions and groups, and the id of each."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from fieldkit.domain.checklist import LIMITS, valid_id
from fieldkit.text.i18n import _

from .choices import ChoiceList, Lists
from .columns import Cells, Table, cells
from .nodes import Node
from .notes import Notes, clipped
from .types import Type, parsed

_YES = frozenset(("yes", "true", "true()", "1"))
_UNFIT = re.compile(r"[^A-Za-z0-9_.\-\u3400-\u4dbf\u4e00-\u9fff]+")
MAX_NESTING = LIMITS["depth"]
MOST_CLONES = 5_000


def tree(table: Table, notes: Notes, settings: dict[str, str]) -> Node:
    """Everything the sheet asks, in its order; rows that make no sense are noted.

    A title or an id that stands among the questions goes into ``settings``.
    """
    root = Node(Cells(table.sheet.header_row), Type("form"), "")
    open_: list[Node] = [root]
    for line in table.sheet.rows:
        row = cells(line, table)
        type_ = _type(row, table, notes)
        if type_ is None:
            continue
        if type_.kind in ("title", "id"):
            settings.setdefault(type_.kind, row.get("name") or _first(row.words.get("label")))
            continue
        if type_.end:
            _close(open_, type_, row, table, notes)
            continue
        node = Node(row, type_, _name(row, type_, table, notes))
        open_[-1].add(node)
        if node.container:
            open_.append(node)
        if type_.other:
            other = Node(Cells(row.number), Type("text"), f"{node.name}_other", made="other")
            open_[-1].add(other)
    for node in open_[1:]:
        what = _("“{name}”没有结尾（end {kind}），当作到表尾为止。").format(
            name=clipped(node.name), kind=node.kind
        )
        notes.add(table.title, node.cells.number, node.cells.headers.get("type", ""), what)
    return root


def _type(row: Cells, table: Table, notes: Notes) -> Type | None:
    """The type of a row, None where the row asks nothing."""
    if row.get("disabled").casefold() in _YES:
        header = row.headers["disabled"]
        notes.add(table.title, row.number, header, _("这一行标了停用，没有导入。"))
        return None
    written = row.get("type")
    if written:
        return parsed(written)
    if not (row.texts or row.words or row.others):
        return None
    if row.get("name") or row.words.get("label"):
        what = _("这一行没有题型，没有导入。")
    else:
        what = _("这一行没有题型、名称和题目，当作说明，没有导入。")
    notes.add(table.title, row.number, "type", what)
    return None


def _close(open_: list[Node], type_: Type, row: Cells, table: Table, notes: Notes) -> None:
    """End the innermost container of this kind, and with it those that were left open inside."""
    header = row.headers.get("type", "")
    at = next((i for i in range(len(open_) - 1, 0, -1) if open_[i].kind == type_.kind), None)
    if at is None:
        what = _("这个结尾没有对应的开头，没有理会。")
        notes.add(table.title, row.number, header, what)
        return
    if at != len(open_) - 1:
        what = _("里面的“{name}”还没有结尾，一并结束。").format(name=clipped(open_[-1].name))
        notes.add(table.title, row.number, header, what)
    del open_[at:]


def _name(row: Cells, type_: Type, table: Table, notes: Notes) -> str:
    name = row.get("name")
    if name:
        return name
    made = f"{'note' if type_.kind == 'note' else 'row'}_{row.number}"
    if type_.kind not in ("note", "meta"):
        what = _("没有名称，取名 {name}。").format(name=made)
        notes.add(table.title, row.number, "name", what)
    return made


def _first(words: dict[str, str] | None) -> str:
    return next(iter((words or {}).values()), "")


def expand_loops(root: Node, lists: Lists, sheet: str, notes: Notes) -> None:
    """Put a group for every option of its list in the place of a loop's questions."""
    made = 0
    for loop in [node for node in root.below() if node.kind == "loop"]:
        known = lists.found.get(loop.type.list)
        loop.type = Type("group")
        header = loop.cells.headers.get("type", "")
        if known is None:
            what = _("没有选项表“{name}”，循环当作一组题。").format(name=clipped(loop.type.list))
            notes.add(sheet, loop.cells.number, header, what)
            continue
        made += len(known.rows) * sum(1 for _node in loop.below())
        if made > MOST_CLONES:
            what = _("循环展开后超过 {n} 道题，当作一组题。").format(n=MOST_CLONES)
            notes.add(sheet, loop.cells.number, header, what)
            continue
        children, loop.children = loop.children, []
        for name, new in known.ids.items():
            row = next(r for r in known.rows if r["id"] == new)
            group = Node(Cells(loop.cells.number), Type("group"), name, made="loop")
            group.cells.words["label"] = _labels(row, lists)
            group.cells.headers["label"] = header
            for child in children:
                group.add(_clone(child, name, row, lists))
            loop.add(group)


def _labels(row: dict[str, Any], lists: Lists) -> dict[str, str]:
    labels = {lists.tongues.default: str(row["title"])}
    for language, code in lists.tongues.codes.items():
        said = row.get("translations", {}).get(code)
        if said:
            labels[language] = said["title"]
    return labels


def _clone(node: Node, name: str, row: dict[str, Any], lists: Lists) -> Node:
    labels = _labels(row, lists)
    old = node.cells

    def put(text: str, language: str = "") -> str:
        label = labels.get(language) or labels[lists.tongues.default]
        return text.replace("%(name)s", name).replace("%(label)s", label)

    new = replace(
        old,
        texts={key: put(text) for key, text in old.texts.items()},
        words={
            key: {language: put(text, language) for language, text in said.items()}
            for key, said in old.words.items()
        },
    )
    copy = Node(new, node.type, put(node.name), made=node.made)
    for child in node.children:
        copy.add(_clone(child, name, row, lists))
    return copy


def flatten(root: Node, sheet: str, notes: Notes) -> None:
    """Take apart the groups that are nested deeper than a checklist goes."""

    def level(node: Node, depth: int) -> None:
        kept: list[Node] = []
        for child in node.children:
            if not child.container:
                kept.append(child)
                continue
            level(child, min(depth + 1, MAX_NESTING))
            if depth < MAX_NESTING:
                kept.append(child)
                continue
            what = _("题组最多 {n} 层，“{name}”并入上一层，它的条件没有导入。")
            what = what.format(n=MAX_NESTING, name=clipped(child.name))
            notes.add(sheet, child.cells.number, child.cells.headers.get("type", ""), what)
            child.kept = False
            for lifted in child.children:
                lifted.parent = node
                kept.append(lifted)
        node.children = kept

    deepest = max((sum(1 for _above in node.above()) for node in root.below()), default=0)
    if deepest > 900:
        _pull_up(root)
    level(root, 0)


def _pull_up(root: Node) -> None:
    """Bound a nesting so deep that no function could follow it."""
    for node in list(root.below()):
        path = list(node.above())
        if len(path) > 100 and node.parent is not None:
            top = path[-100]
            node.parent.children.remove(node)
            top.add(node)


def name_all(root: Node, sheet: str, notes: Notes) -> None:
    """Give every question and group an id of its own; changed names are noted."""
    wanted = {n.name.casefold() for n in root.below() if valid_id(n.name)}
    taken: set[str] = set()
    for node in root.below():
        stem = node.name if valid_id(node.name) else _fitted(node.name)
        id_, n = stem, 1
        fits = stem == node.name
        while id_.casefold() in taken or (not fits and id_.casefold() in wanted):
            n += 1
            id_ = f"{stem[:58]}_{n}"
            fits = False
        taken.add(id_.casefold())
        node.id = id_
        if id_ == node.name or node.made == "loop":
            continue
        header = node.cells.headers.get("name", "name")
        if stem == node.name:
            what = _("名称“{old}”用过了，这里改为 {new}。")
        else:
            what = _("名称“{old}”改为 {new}。")
        notes.add(
            sheet, node.cells.number, header, what.format(old=clipped(node.name, 70), new=id_)
        )


def _fitted(name: str) -> str:
    stem = _UNFIT.sub("_", name)[:60].lstrip(".-").rstrip("_.-")
    return stem or "q"


def list_of(node: Node, lists: Lists) -> ChoiceList | None:
    """The list that a question takes its options from."""
    if node.type.source == "external":
        return lists.external.get(node.type.list)
    if node.kind == "acknowledge":
        return lists.acknowledgement()
    return lists.found.get(node.type.list)
