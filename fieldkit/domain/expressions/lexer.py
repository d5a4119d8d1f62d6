"""An expression's words, each with its column; what is not a word is said with the mend."""

from __future__ import annotations

import re
from typing import NamedTuple

from fieldkit.text.i18n import N_, _

MAX_LENGTH = 4000
"""Longer expressions than anybody can read are refused before they are looked at."""


class ExpressionError(ValueError):
    """What is wrong with an expression: ``column`` from 1, a stable ``code``, a sentence."""

    def __init__(self, column: int, code: str, message: str) -> None:
        self.column = column
        self.code = code
        self.message = message
        super().__init__(message)


MESSAGES = {
    "expr-too-long": N_("表达式有 {n} 个字，最多 {limit} 个；请拆成几个计算项。"),
    "expr-quote": N_("引号没有配对；请补上另一半 {quote}。"),
    "expr-ref": N_("“${{”后面要写检查项编号再加“}}”，如 ${{XQ01}}；请改正。"),
    "expr-width": N_("“{char}”是全角符号；请改成半角的 {meant}。"),
    "expr-char": N_("表达式里不能有“{char}”；请删去或放进引号里。"),
    "expr-operator": N_("表达式里不用“{char}”；请改成 {meant}。"),
}


class Token(NamedTuple):
    """A word: its kind (``number text ref name op end``), its text, its column from 1."""

    kind: str
    text: str
    column: int


_REF = r"\$\{\s*(?P<item>[^\W][\w.-]{0,63})\s*\}"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<ref>{_REF})
    |(?P<name>[^\W\d](?:[\w:-]*\w)?)
    |(?P<op><=|>=|!=|[=<>+\-*(),.])""",
    re.VERBOSE,
)
_WIDE = {
    "＝": "=", "＜": "<", "＞": ">", "≤": "<=", "≥": ">=", "≠": "!=", "（": "(", "）": ")",
    "，": ",", "“": "'", "”": "'", "‘": "'", "’": "'", "＋": "+", "－": "-", "—": "-", "–": "-",
    "×": "*", "＊": "*", "÷": "div", "／": "div", "＄": "$", "｛": "{", "｝": "}", "。": ".",
}  # fmt: skip


_FOREIGN = {"&&": "and", "||": "or", "!": "not(…)", "/": "div", "%": "mod"}


def tokens(text: str) -> list[Token]:
    """The words of an expression, an ``end`` last. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise error(1, "expr-too-long", n=len(text), limit=MAX_LENGTH)
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        kind = match.lastgroup or ""
        if match.group("ref"):
            found.append(Token("ref", str(match.group("item")), at + 1))
        elif kind != "space":
            found.append(Token(kind, match.group(), at + 1))
        at = match.end()
    return [*found, Token("end", "", len(text) + 1)]


def error(column: int, code: str, /, **words: object) -> ExpressionError:
    """The error of this module's catalogue."""
    return ExpressionError(column, code, _(MESSAGES[code]).format(**words))


def _unreadable(text: str, at: int) -> ExpressionError:
    char = text[at]
    if char in "'\"":
        return error(at + 1, "expr-quote", quote=char)
    if char == "$":
        return error(at + 1, "expr-ref")
    if char in _WIDE:
        return error(at + 1, "expr-width", char=char, meant=_WIDE[char])
    for written, meant in _FOREIGN.items():
        if text.startswith(written, at):
            return error(at + 1, "expr-operator", char=written, meant=meant)
    return error(at + 1, "expr-char", char=char)
