"""YAML as a tree in which everything knows its place.

Only what a checklist needs is let through: the core types of YAML 1.2 (``NO`` is a word,
``2026-11-22`` is a text, ``017`` is seventeen), no anchors, aliases, tags or merge keys, no key
twice, one document, bounded depth. Everything else is reported, all of it at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from fieldkit.text.i18n import N_, _

MAX_DEPTH = 24

_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|nan)")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

MESSAGES = {
    "duplicate-key": N_("键“{key}”重复，第 {line} 行已经写过；请删去一个。"),
    "missing-dash": N_(
        "从“{key}”起一连 {n} 个键都和上面重复，像是漏了新一项开头的“- ”；请在这一行补上。"
    ),
    "anchor": N_("不能用锚点“&{name}”；请把内容直接写全。"),
    "alias": N_("不能用引用“*{name}”；请把内容直接写全。"),
    "tag": N_("不能用类型标记“{name}”；请删去它。"),
    "merge-key": N_("不能用合并键“<<”；请把内容直接写全。"),
    "complex-key": N_("键必须是一个词；请改成“词: 值”的写法。"),
    "too-deep": N_("层次超过 {n} 层；请减少嵌套。"),
    "second-document": N_("一个文件只能有一张检查表；请把“---”以后的内容另存一个文件。"),
    "empty-file": N_("文件里没有内容；请写入检查表或删去文件。"),
}


@dataclass(slots=True)
class Node:
    """A piece of the file; ``line`` and ``column`` count from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Scalar(Node):
    """A single value; ``plain`` when it stands without quotes. ``broken`` values are faults
    already and must not cause more."""

    value: str | int | float | bool | None
    text: str
    plain: bool = True
    broken: bool = False


@dataclass(slots=True)
class Seq(Node):
    """A list."""

    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Map(Node):
    """A mapping in the order of the file."""

    entries: list[tuple[Scalar, Node]] = field(default_factory=list)

    def get(self, name: str) -> Node | None:
        """The value under a key, None where there is none."""
        return next((value for key, value in self.entries if key.text == name), None)

    def key(self, name: str) -> Scalar | None:
        """The key itself, for its place."""
        return next((key for key, _value in self.entries if key.text == name), None)


@dataclass(frozen=True, slots=True)
class Slip:
    """A fault before its file and its true column are known."""

    line: int
    column: int
    code: str
    message: str


def compose(text: str) -> tuple[Node | None, list[Slip]]:
    """The tree of a text and its structural faults.

    Raises yaml.YAMLError where the text is no YAML at all; its marks are those of the pure
    Python parser, whatever parser is installed.
    """
    builder = _Builder(iter(_events(text)))
    return builder.document(), builder.slips


def _events(text: str) -> list[yaml.Event]:
    fast = getattr(yaml, "CSafeLoader", None)
    if fast is not None:
        try:
            return list(yaml.parse(text, Loader=fast))
        except yaml.YAMLError:
            pass
    return list(yaml.parse(text, Loader=yaml.SafeLoader))


class _Builder:
    """Events to nodes; every oddity becomes a slip and the walk goes on."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.slips: list[Slip] = []

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._slip(event, "second-document")
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event, 1)
                root = node if documents == 1 else root
        if root is None or (isinstance(root, Scalar) and root.text == "" and not root.broken):
            self.slips.append(Slip(1, 1, "empty-file", _(MESSAGES["empty-file"])))
            return None
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line, column = _place(event)
        if isinstance(event, yaml.AliasEvent):
            self._slip(event, "alias", name=event.anchor)
            return Scalar(line, column, None, "", broken=True)
        broken = self._decorations(event)
        if isinstance(event, yaml.ScalarEvent):
            plain = not event.style
            value = _resolved(event.value) if plain else event.value
            return Scalar(line, column, value, event.value, plain, broken)
        if depth > MAX_DEPTH:
            if depth == MAX_DEPTH + 1:
                self._slip(event, "too-deep", n=MAX_DEPTH)
            self._skip()
            return Scalar(line, column, None, "", broken=True)
        if isinstance(event, yaml.SequenceStartEvent):
            seq = Seq(line, column)
            for inner in self.events:
                if isinstance(inner, yaml.SequenceEndEvent):
                    break
                seq.items.append(self._node(inner, depth + 1))
            return seq
        return self._map(Map(line, column), depth)

    def _map(self, found: Map, depth: int) -> Map:
        seen: dict[str, int] = {}
        twice: list[Scalar] = []
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if not isinstance(key, Scalar):
                self._slip_at(key, "complex-key")
            elif key.broken:
                continue
            elif key.text == "<<" and key.plain:
                self._slip_at(key, "merge-key")
            elif key.text in seen:
                twice.append(key)
            else:
                seen[key.text] = key.line
                found.entries.append((key, value))
        self._repeated(twice, seen)
        return found

    def _repeated(self, twice: list[Scalar], seen: dict[str, int]) -> None:
        """Keys given twice; many at once are one lost dash."""
        if len(twice) > 2:
            self._slip_at(twice[0], "missing-dash", key=twice[0].text, n=len(twice))
            return
        for key in twice:
            self._slip_at(key, "duplicate-key", key=key.text, line=seen[key.text])

    def _decorations(self, event: yaml.Event) -> bool:
        """Report an anchor or a tag; a tagged value is not judged any further."""
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self._slip(event, "anchor", name=anchor)
        if tag:
            self._slip(event, "tag", name=tag.replace("tag:yaml.org,2002:", "!!"))
        return bool(tag)

    def _skip(self) -> None:
        depth = 1
        for event in self.events:
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                if depth == 0:
                    return

    def _slip(self, event: yaml.Event, code: str, **words: object) -> None:
        self._slip_at(Node(*_place(event)), code, **words)

    def _slip_at(self, node: Node, code: str, **words: object) -> None:
        message = _(MESSAGES[code]).format(**words)
        self.slips.append(Slip(node.line, node.column, code, message))


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _resolved(text: str) -> str | int | float | bool | None:
    """A plain scalar by the core schema of YAML 1.2, without its octal and hexadecimal forms."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        # Only that it is no whole number matters: a checklist holds none.
        return 0.5
    return text


def plain(node: Node) -> object:
    """The tree as plain data."""
    if isinstance(node, Map):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Seq):
        return [plain(item) for item in node.items]
    return node.value if isinstance(node, Scalar) else None
