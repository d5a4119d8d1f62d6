"""The edit that goes with each mechanical fault: which characters of a line become which."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from fieldkit.text.plain import folded

from . import folders, schema, slips
from .positions import Map, Node, Scalar, Seq, Slip

WIDE_QUOTES = {
    "“": "”",
    "‘": "’",
    "＂": "＂",
    "「": "」",
    "『": "』",
    "＇": "＇",
    "”": "”",
    "’": "’",
}
BRACKETS = {"［": ("］", "[", "]"), "【": ("】", "[", "]"), "｛": ("｝", "{", "}"),
            "〔": ("〕", "[", "]"), "（": ("）", "[", "]")}  # fmt: skip
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_WORDS = {"yes": "true", "no": "false", "on": "true", "off": "false", "是": "true", "否": "false"}


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters ``start`` to ``end`` (from 0) of a line (from 1) become ``new``."""

    line: int
    start: int
    end: int
    new: str
    slip: Slip


Mend = Callable[[list[str], Slip, dict[tuple[int, int], tuple[Scalar, str]]], Iterator[Edit]]


def proposed(lines: list[str], found: Iterable[Slip], root: Node | None) -> Iterator[Edit]:
    """The edits for the faults that have one; for some there are several to try."""
    places: dict[tuple[int, int], tuple[Scalar, str]] = {}
    if root is not None:
        _index(root, "", places)
    for slip in found:
        mend = MENDS.get(slip.code)
        if mend is not None and 1 <= slip.line <= len(lines):
            yield from mend(lines, slip, places)


def apart(edits: Iterable[Edit]) -> list[Edit]:
    """The first edit for each fault, without those that would touch one another."""
    kept: dict[Slip, Edit] = {}
    taken: list[Edit] = []
    for edit in edits:
        if edit.slip in kept:
            continue
        clash = any(
            it.line == edit.line and it.start <= edit.end and edit.start <= it.end for it in taken
        )
        if not clash:
            kept[edit.slip] = edit
            taken.append(edit)
    return taken


def applied(lines: list[str], edits: Iterable[Edit]) -> str:
    """The text with edits that do not touch one another."""
    made = list(lines)
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.start), reverse=True):
        row = made[edit.line - 1]
        made[edit.line - 1] = row[: edit.start] + edit.new + row[edit.end :]
    return "\n".join(made)


def _index(node: Node, name: str, places: dict[tuple[int, int], tuple[Scalar, str]]) -> None:
    """Every value by its place, with the key that it stands under."""
    if isinstance(node, Scalar):
        places[node.line, node.column] = (node, name)
    elif isinstance(node, Seq):
        for item in node.items:
            _index(item, name, places)
    elif isinstance(node, Map):
        for key, value in node.entries:
            _index(value, key.text, places)


def _colon(lines: list[str], slip: Slip, _places: Any) -> Iterator[Edit]:
    row, at = lines[slip.line - 1], slip.column - 1
    if row[at : at + 1] == "：":
        gap = "" if row[at + 1 : at + 2] in (" ", "") else " "
        yield Edit(slip.line, at, at + 1, ":" + gap, slip)


def _space(lines: list[str], slip: Slip, _places: Any) -> Iterator[Edit]:
    row, at = lines[slip.line - 1], slip.column - 1
    if row[at : at + 1] in (":", "-"):
        yield Edit(slip.line, at + 1, at + 1, " ", slip)


def _indent(lines: list[str], slip: Slip, _places: Any) -> Iterator[Edit]:
    """The blanks that reading went on with."""
    draft = slips.Draft(list(lines), _owners())
    slips.blank_indents(draft)
    slips.mend_lines(draft)
    row, meant = lines[slip.line - 1], draft.lines[slip.line - 1]
    own = len(row) - len(row.lstrip(" \t\u3000\u00a0"))
    yield Edit(slip.line, 0, own, " " * (len(meant) - len(meant.lstrip(" "))), slip)


@cache
def _owners() -> dict[str, frozenset[int]]:
    return schema.key_owners(folders.schema())


def _hidden(lines: list[str], slip: Slip, _places: Any) -> Iterator[Edit]:
    at = slip.column - 1
    if lines[slip.line - 1][at : at + 1] in tuple(ZERO_WIDTH):
        yield Edit(slip.line, at, at + 1, "", slip)


def _value(
    lines: list[str], slip: Slip, places: dict[tuple[int, int], tuple[Scalar, str]]
) -> Iterator[Edit]:
    """A value that stands there in the wrong kind of signs."""
    held = places.get((slip.line, slip.column))
    span = _span(lines, held[0]) if held is not None else None
    if held is None or span is None:
        return
    node, name = held
    for new in dict.fromkeys(_meant(node, name)):
        if new != lines[slip.line - 1][span[0] : span[1]]:
            yield Edit(slip.line, *span, new, slip)


def _span(lines: list[str], node: Scalar) -> tuple[int, int] | None:
    """Where a value of one line begins and ends, its quotes among it."""
    row, at = lines[node.line - 1], node.column - 1
    if node.plain:
        return (at, at + len(node.text)) if row[at : at + len(node.text)] == node.text else None
    found = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""").match(row, at)
    return (at, found.end()) if found is not None else None


def _meant(node: Scalar, name: str) -> Iterator[str]:
    """What a value was meant to be, the likeliest first."""
    text = node.text
    bare = folded(_unquoted(text))
    types = _types().get(name, frozenset(("string",)))
    if "integer" in types and re.fullmatch(r"[-+]?[0-9]{1,9}", bare):
        yield bare.removeprefix("+")
    if "boolean" in types:
        word = bare.lower()
        if word in ("true", "false"):
            yield word
        if word in _WORDS:
            yield _WORDS[word]
    if node.plain and not isinstance(node.value, str) and node.value is not None:
        if "string" in types:
            yield f'"{text}"'
        return
    if types & {"array", "object"} or name == "":
        yield from _bracketed(text)
    if not node.plain:
        return
    if "string" in types:
        yield from _spelt(text, bare, name)


def _spelt(text: str, bare: str, name: str) -> Iterator[str]:
    """A short word with wide signs in it."""
    if name == "version":
        digits = bare.replace("．", ".").replace("。", ".").replace("-", ".").replace("/", ".")
        if re.fullmatch(r"[0-9.]+", digits):
            yield f'"{digits}"'
    elif name == "source":
        yield re.sub(r"\s*[，、；;]\s*", ", ", re.sub(r"[\u3000\u00a0]+", " ", text))
    elif re.fullmatch(r"[A-Za-z][\w.-]*", bare):
        yield bare
    elif re.fullmatch(r"[\w.-]+", bare):
        yield f'"{bare}"'


def _unquoted(text: str) -> str:
    """The text without a pair of wide quotes around it."""
    inner = text.strip()
    if len(inner) > 1 and (
        WIDE_QUOTES.get(inner[0]) == inner[-1] or inner[0] + inner[-1] in ('""', "''")
    ):
        return inner[1:-1].strip()
    return inner


def _bracketed(text: str) -> Iterator[str]:
    """A list or mapping in wide brackets; wide colons and commas in it are meant as such."""
    inner = text.strip()
    found = BRACKETS.get(inner[:1])
    if found is None or inner[-1:] not in (found[0], found[2]):
        return
    body = inner[1:-1]
    if found[1] == "{":
        body = re.sub(r"\s*，\s*", ", ", re.sub(r"：\s*", ": ", body))
    else:
        body = re.sub(r"\s*，\s*", ", ", body.replace("\u3000", " "))
    yield f"{found[1]}{body}{found[2]}"


@cache
def _types() -> dict[str, frozenset[str]]:
    """By key of the format the types that it may have anywhere."""
    described = folders.schema()
    found: dict[str, set[str]] = {}
    pending: list[Any] = [described]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            for name, rule in (part.get("properties") or {}).items():
                found.setdefault(name, set()).update(_named(rule, described))
            pending += part.values()
        elif isinstance(part, list):
            pending += part
    return {name: frozenset(types) for name, types in found.items()}


def _named(rule: Any, described: Any) -> set[str]:
    while isinstance(rule, dict) and "$ref" in rule:
        target = described
        for step in rule["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        rule = target
    if not isinstance(rule, dict):
        return set()
    said = rule.get("type", "string")
    types = {said} if isinstance(said, str) else set(said)
    return types | (_named(rule["items"], described) & {"string"} if "items" in rule else set())


MENDS: dict[str, Mend] = {
    "fullwidth-colon": _colon,
    "missing-space": _space,
    "missing-dash-space": _space,
    "bad-indent-char": _indent,
    "hidden-character": _hidden,
    "wrong-type": _value,
    "bad-pattern": _value,
    "not-a-choice": _value,
}
