"""Plain data as YAML that reads well and means the same to every reader.

Only words that can be nothing else stand without quotes; the rest is quoted as JSON is, which
YAML reads alike. Chinese stays readable.
"""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(
    r"[^\W\d](?:[\w.\-/()，。、；：？！（）“”《》…\u00b7 ]*[\w.)，。、；？！（）”》…])?"
)
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"))
_FLOWING = frozenset(("params", "translations"))


def document(data: dict[str, Any], comment: str) -> str:
    """A whole document with a comment above it."""
    lines = [f"# {comment}"]
    for key, value in data.items():
        if key in ("lists", "sections"):
            lines.append("")
        _put(lines, key, value, 0)
    return "\n".join(lines) + "\n"


def scalar(value: object) -> str:
    """One value, in quotes unless it is plainly a word."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if len(text) < 200 and text.casefold() not in _WORDS and _PLAIN.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    return scalar(value)


def _put(lines: list[str], key: str, value: Any, indent: int) -> None:
    pad = " " * indent
    name = scalar(key)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        lines.append(f"{pad}{name}:")
        for part in value:
            _entry(lines, part, indent + 2)
    elif isinstance(value, dict) and key not in _FLOWING:
        lines.append(f"{pad}{name}:")
        for inner, part in value.items():
            _put(lines, inner, part, indent + 2)
    else:
        lines.append(f"{pad}{name}: {flow(value)}")


def _entry(lines: list[str], part: dict[str, Any], indent: int) -> None:
    pad = " " * indent
    if "items" not in part and "type" not in part:
        lines.append(f"{pad}- {flow(part)}")
        return
    first = len(lines)
    for key, value in part.items():
        _put(lines, key, value, indent + 2)
    lines[first] = f"{pad}- {lines[first][indent + 2 :]}"
