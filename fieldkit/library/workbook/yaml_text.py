"""Checklists as YAML text that people like to read, in the manner of the shipped files.

Every text that YAML 1.1 or 1.2 would take for something else is quoted, so that any reader
sees the same data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from fieldkit.text.plain import is_control
from fieldkit.text.width import cell_width

MODELINE = "# yaml-language-server: $schema=schema/checklist.schema.json"
WIDTH, ROW_WIDTH = 100, 140
"""Cells that a line may take; the rows of a table read better on one line, also a long one."""

_LIST = (
    "id", "version", "kind", "title", "title_en", "translations", "language", "target", "boundary",
    "nature", "cadence", "site_kinds", "critical_effect", "grades", "sources", "lists", "sections",
)  # fmt: skip
_SECTION = ("id", "title", "translations", "relevant", "items")
_ITEM = (
    "id", "text", "translations", "type", "relevant", "criterion", "evidence", "weight",
    "critical", "effect", "mode", "required", "read_only", "default", "constraint", "message",
    "calculate", "count", "params", "partial", "source", "phrases", "items",
)  # fmt: skip
_ROW = ("id", "title", "verdict", "at_least")
_APART = frozenset(("grades", "sources", "lists", "sections"))
_PARAMS = (
    "list", "filter", "draw", "least", "most", "at_least", "at_most", "max_days", "places",
    "max_length", "all_if_fewer", "unit", "future", "na", "options",
)  # fmt: skip

_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "~"))
_NUMBERLIKE = re.compile(r"[-+.]?[0-9][0-9_.,:eExXoOa-fA-FTtZz \t+-]*|[-+]?\.(?:inf|nan)", re.I)
_LEADING = frozenset("-?:,[]{}#&*!|>'\"%@`=<~. ")
_RESOLVER = yaml.SafeLoader("")


def ordered(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with its keys in the order of the format."""
    found: dict[str, Any] = _sorted(data, _LIST)
    sections = found.get("sections")
    if isinstance(sections, list):
        found["sections"] = [_ordered_section(section) for section in sections]
    for name in ("grades", "lists"):
        if name in found:
            found[name] = _ordered_rows(found[name])
    return found


def dump(data: Mapping[str, Any]) -> str:
    """The YAML text of a checklist's plain data, with the line that editors look for."""
    lines = [MODELINE]
    for key, value in ordered(data).items():
        if key in _APART:
            lines.append("")
        if key == "sections" and _is_rows(value):
            lines.append("sections:")
            for number, section in enumerate(value):
                lines += [""] if number else []
                lines += _item_lines(section, 2, always=True)
        else:
            lines += _entry(key, value, 0)
    return "\n".join(lines) + "\n"


def _ordered_section(section: Any) -> Any:
    if not isinstance(section, Mapping):
        return section
    found = _sorted(section, _SECTION)
    return _with_items(found)


def _with_items(found: dict[str, Any]) -> dict[str, Any]:
    items = found.get("items")
    if isinstance(items, list):
        found["items"] = [_ordered_item(item) for item in items]
    return found


def _ordered_item(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    found = _sorted(item, _ITEM)
    if isinstance(found.get("params"), Mapping):
        found["params"] = _sorted(found["params"], _PARAMS)
        if "options" in found["params"]:
            found["params"]["options"] = _ordered_rows(found["params"]["options"])
    return _with_items(found)


def _ordered_rows(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _ordered_rows(rows) for name, rows in value.items()}
    if not isinstance(value, list):
        return value
    return [_sorted(row, _ROW) if isinstance(row, Mapping) else row for row in value]


def _sorted(record: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    """Known keys first, in their order; then the others, translations last."""
    others = [key for key in record if key not in order]
    others.sort(key=lambda key: key == "translations")
    return {key: record[key] for key in (*order, *others) if key in record}


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """A key and its value, on one line where that is short enough to read."""
    head = f"{' ' * indent}{scalar(key, is_key=True)}:"
    if isinstance(value, str) and _is_block(value):
        yield head + (" |" if value.endswith("\n") else " |-")
        yield from (" " * (indent + 2) + line for line in value.removesuffix("\n").split("\n"))
    elif not isinstance(value, Mapping | list):
        yield f"{head} {scalar(value)}"
    elif not value or (key not in _APART and _fits(value, indent + len(head) + 1, key)):
        yield f"{head} {_flow(value)}"
    elif isinstance(value, Mapping):
        yield head
        for name, inner in value.items():
            yield from _entry(str(name), inner, indent + 2)
    else:
        yield head
        for inner in value:
            yield from _item_lines(inner, indent + 2)


def _item_lines(value: Any, indent: int, always: bool = False) -> Iterator[str]:
    """One entry of a list; ``always`` for one that is never written on a single line."""
    dash = " " * indent + "- "
    if isinstance(value, Mapping) and value and (always or not _fits(value, indent + 2, "-")):
        first = True
        for name, inner in value.items():
            for line in _entry(str(name), inner, indent + 2):
                yield dash + line[indent + 2 :] if first else line
                first = False
    elif isinstance(value, Mapping | list):
        yield dash + _flow(value)
    else:
        yield dash + scalar(value)


def _fits(value: Any, used: int, key: str) -> bool:
    """Whether a mapping or list reads well on one line."""
    if key == "items" or (isinstance(value, Mapping) and {"items", "text"} & value.keys()):
        return False
    inner = value.values() if isinstance(value, Mapping) else value
    if key in ("options", "lists") or any(isinstance(v, str) and "\n" in v for v in inner):
        return False
    if isinstance(value, Mapping) and "options" in value:
        return False
    if isinstance(value, list) and any(isinstance(v, Mapping | list) for v in inner):
        return False
    return used + cell_width(_flow(value)) <= (ROW_WIDTH if key == "-" else WIDTH)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{scalar(str(k), flow=True, is_key=True)}: {_flow(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return scalar(value, flow=True)


def scalar(value: Any, *, flow: bool = False, is_key: bool = False) -> str:
    """A single value; texts stand bare only where every reader takes them for that text."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    return value if _is_bare(value, flow, is_key) else _quoted(value)


def _is_bare(text: str, flow: bool, is_key: bool) -> bool:
    if not text or text[0] in _LEADING or text != text.strip() or not _is_plain(text):
        return False
    if text.casefold() in _WORDS or _NUMBERLIKE.fullmatch(text) is not None:
        return False
    if ": " in text or " #" in text or text.endswith(":"):
        return False
    if (flow or is_key) and any(c in ",[]{}:#?" for c in text):
        return False
    resolve: Callable[..., str] = _RESOLVER.resolve
    return resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str"


def _is_plain(text: str) -> bool:
    return not any(c in "\n\t\u3000\u00a0" or is_control(c) for c in text)


def _is_block(text: str) -> bool:
    """Whether a text of several lines may stand as it is, line under line."""
    lines = text.removesuffix("\n").split("\n")
    return (
        len(lines) > 1
        and all(line == line.strip() and _is_plain(line) for line in lines)
        and (bool(lines[0]) and bool(lines[-1]))
    )


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(_escaped(c) if is_control(c) else c for c in quoted)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\U{code:08X}" if code > 0xFFFF else f"\\u{code:04X}"
