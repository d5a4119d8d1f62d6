"""Values to cells and back: what `encode` gives, `decode` reads as the same value again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import first_control

from .layout import NO, VOCABULARY, YES, Column, even, meant, word

Cell = str | int | bool
"""What a cell is written with."""
Typed = str | int | float | bool
"""What a cell may hold when it is read."""

MAX_CELL = 32_767
"""Characters that one cell holds, in every spreadsheet program."""
MAX_DEPTH = 30
"""How deep what is kept aside may be nested."""
_ESCAPED = re.compile(r"x(?=[0-9A-Fa-f]{4}_)")
"""What workbooks write instead of a character; programs disagree on how to write it as text."""
_CONTROL = re.compile(r"_x00[01][0-9A-Fa-f]_")
_TRUE = frozenset(("是", "√", "✓", "✔", "☑", "对", "true", "yes", "y", "t", "1"))
_FALSE = frozenset(("否", "×", "✗", "✘", "x", "错", "false", "no", "n", "f", "0"))

MESSAGES = {
    "formula": N_("单元格是公式；请复制后“选择性粘贴”为数值。"),
    "error": N_("单元格是错误值；请重新填写。"),
    "date": N_("单元格被表格软件变成了日期；请先把单元格格式设为“文本”，再重新填写。"),
    "control": N_("有看不见的字符 U+{code}；请删去后重新填写。"),
    "whole": N_("“{title}”要填整数，写的是“{text}”；请改正。"),
    "bool": N_("“{title}”要填“是”或“否”，写的是“{text}”；请改正。"),
    "word": N_("“{title}”不能填“{text}”；可用：{choices}。"),
    "json": N_("“{title}”这一列由程序填写，内容已损坏；请从原文件复制回来，或清空这一格。"),
}


class Unreadable(ValueError):
    """A cell that says nothing usable; the message is for its author and names the mend."""

    def __init__(self, code: str, /, **words: object) -> None:
        super().__init__(_(MESSAGES[code]).format(**words))


def encode(value: object, column: Column) -> Cell | None:
    """The cell of a value, None for a value that this column cannot bring back.

    Blanks around a text are not kept: no checklist gives them a meaning.
    """
    cell = _encoded(value, column)
    if cell is None or (isinstance(cell, str) and not _writable(cell)):
        return None
    trimmed = isinstance(value, str) and column.form in ("text", "expr", "flag")
    wanted = str(value).strip() if trimmed else value
    try:
        back = decode(cell, column)
    except Unreadable:
        return None
    return cell if type(back) is type(wanted) and back == wanted else None


def _encoded(value: Any, column: Column) -> Cell | None:
    form = column.form
    if isinstance(value, bool):
        return (YES if value else NO) if form in ("bool", "flag") else None
    if isinstance(value, int):
        return value if form in ("int", "expr") and abs(value) < 10**15 else None
    if isinstance(value, str):
        if form == "word":
            return word(value, column.words) if meant(value, column.words) == value else None
        return value.strip() if form in ("text", "id", "version", "expr", "flag") else None
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        if form == "words" and all(meant(part, column.words) == part for part in value):
            return "\n".join(word(part, column.words) for part in value)
        return "\n".join(value) if form in ("lines", "clauses") else None
    return None


def _writable(text: str) -> bool:
    """Whether a text comes out of a spreadsheet program as it went in."""
    return (
        bool(text)
        and len(text) <= MAX_CELL
        and _ESCAPED.search(text) is None
        and first_control(text, allow="\n") is None
    )


def dump_other(rest: dict[str, Any]) -> str:
    """What has no column, as JSON that any XML file may hold."""
    text = json.dumps(rest, ensure_ascii=False)
    text = "".join(
        c if first_control(c) is None else json.dumps(c)[1:-1] for c in text.replace("\n", " ")
    )
    return _ESCAPED.sub(r"\\u0078", text)


def typed(cell: Any) -> Typed | None:
    """What an openpyxl cell holds, None for nothing; line breaks of every kind become ``\\n``.

    A percentage comes out as the text that people see. Raises `Unreadable`.
    """
    value = cell.value
    if value is None:
        return None
    kind = getattr(cell, "data_type", "")
    if kind == "f":
        raise Unreadable("formula")
    if kind == "e":
        raise Unreadable("error")
    if isinstance(value, (date, datetime, time, timedelta)):
        raise Unreadable("date")
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return _number(value, str(getattr(cell, "number_format", "") or ""))
    text = _CONTROL.sub(lambda found: chr(int(found[0][2:6], 16)), str(value))
    text = text.replace("_x005F_", "_").replace("\r\n", "\n").replace("\r", "\n").strip()
    bad = first_control(text, allow="\n\t")
    if bad is not None:
        raise Unreadable("control", code=f"{ord(text[bad]):04X}")
    return text or None


def _number(value: int | float, shape: str) -> Typed:
    if shape.endswith("%"):
        return f"{digits(Decimal(repr(value)) * 100)}%"
    if re.fullmatch("0{2,}", shape) and float(value).is_integer() and value >= 0:
        return str(int(value)).zfill(len(shape))
    return value


def digits(value: int | float | Decimal) -> str:
    """A number as people write it: no exponent, no ``.0``."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return str(value)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def decode(value: Typed, column: Column) -> Any:
    """The value that a cell means in its column. Raises `Unreadable`."""
    return _DECODERS[column.form](value, column)


def text_of(value: Typed) -> str:
    """A cell as text, whatever was typed into it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value.strip() if isinstance(value, str) else digits(value)


def _text(value: Typed, column: Column) -> str:
    return text_of(value)


def _id(value: Typed, column: Column) -> str:
    """Full-width digits, letters and signs become their ASCII twins."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text_of(value))


def _version(value: Typed, column: Column) -> str:
    # A version typed as a number has lost the zero of its tenth month: 2026.1 was 2026.10.
    return f"{value:.2f}" if isinstance(value, float) else _id(value, column)


def _whole(value: Typed, column: Column) -> int:
    text = even(text_of(value)).removesuffix("%").strip()
    if isinstance(value, bool) or re.fullmatch(r"[-+]?[0-9]{1,15}(?:\.0*)?", text) is None:
        raise Unreadable("whole", title=column.title, text=_short(text_of(value)))
    return int(text.partition(".")[0])


def _truth(value: Typed) -> bool | None:
    text = even(text_of(value)).casefold()
    return text in _TRUE if text in _TRUE or text in _FALSE else None


def _bool(value: Typed, column: Column) -> bool:
    truth = _truth(value)
    if truth is None:
        raise Unreadable("bool", title=column.title, text=_short(text_of(value)))
    return truth


def _expr(value: Typed, column: Column) -> str | int | bool:
    if isinstance(value, float):
        return int(value) if value.is_integer() else digits(value)
    return value


def _flag(value: Typed, column: Column) -> str | bool:
    truth = _truth(value)
    return text_of(value) if truth is None else truth


def _word(value: Typed, column: Column) -> str:
    return _one(text_of(value), column)


def _one(text: str, column: Column) -> str:
    found = meant(text, column.words)
    if found is None:
        choices = "、".join(VOCABULARY[column.words].values())
        raise Unreadable("word", title=column.title, text=_short(text), choices=choices)
    return found


def _words(value: Typed, column: Column) -> list[str]:
    parts = re.split(r"[\n、,，;；]", text_of(value))
    return [_one(part, column) for part in parts if part.strip()]


def _lines(value: Typed, column: Column) -> list[str]:
    return [part.strip() for part in text_of(value).split("\n") if part.strip()]


def _clauses(value: Typed, column: Column) -> list[str]:
    # No clause holds one of these signs, and clerks write several clauses in one line.
    parts = re.split(r"[\n,，;；]", text_of(value))
    return [part.strip() for part in parts if part.strip()]


def _json(value: Typed, column: Column) -> dict[str, Any]:
    try:
        found = json.loads(text_of(value))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not _is_shallow(found):
        raise Unreadable("json", title=column.title)
    return found


def _is_shallow(value: Any) -> bool:
    layer, depth = [value], 0
    while layer and depth <= MAX_DEPTH:
        inner = [part for part in layer if isinstance(part, dict | list)]
        layer = [v for part in inner for v in (part.values() if isinstance(part, dict) else part)]
        depth += 1
    return not layer


_DECODERS: dict[str, Callable[[Typed, Column], Any]] = {
    "text": _text,
    "id": _id,
    "version": _version,
    "int": _whole,
    "bool": _bool,
    "expr": _expr,
    "flag": _flag,
    "word": _word,
    "words": _words,
    "lines": _lines,
    "clauses": _clauses,
    "json": _json,
}


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"
