"""ODK's XPath as a tree: words, pieces, precedence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldkit.text.i18n import _

MAX_LENGTH = 8_000
MAX_DEPTH = 60


class Untranslatable(ValueError):
    """An expression without a counterpart; the message is one sentence for the report."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a text in its quotes, as written."""

    text: str
    number: bool


@dataclass(frozen=True, slots=True)
class Ref:
    """``${question}``."""

    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a name, ``.`` or ``..``, and what stood in its square brackets."""

    name: str
    tests: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A path from the root (``/``), from a call such as ``current()``, or from here."""

    absolute: bool
    base: Piece | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    name: str
    args: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and what joins them."""

    op: str
    left: Piece
    right: Piece


@dataclass(frozen=True, slots=True)
class Wrapped:
    """Something in parentheses, or with a minus before it."""

    sign: str
    inner: Piece


Piece = Literal | Ref | Path | Call | Binary | Wrapped

_NAME = r"[^\W\d][\w.\-\u00b7]*"
_WORD = re.compile(
    rf"""(?P<space>\s+)
    |(?P<ref>\$\{{[^}}]*\}})
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<name>{_NAME}(?::(?!:){_NAME})?)
    |(?P<op>//|\.\.|::|<=|>=|!=|[=<>+\-*|(),.\[\]/@])""",
    re.VERBOSE,
)
_SMART = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
_LEVELS = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}  # fmt: skip

Word = tuple[str, str]


def straight(text: str) -> str:
    """An expression with straight quotes where a word processor curled them."""
    return text.translate(_SMART).strip()


def words(text: str) -> list[Word]:
    """The words of an expression. Raises Untranslatable."""
    if len(text) > MAX_LENGTH:
        raise Untranslatable(_("表达式太长"))
    found: list[Word] = []
    at = 0
    while at < len(text):
        match = _WORD.match(text, at)
        if match is None:
            raise Untranslatable(_("表达式里的“{char}”看不懂").format(char=text[at]))
        if match.lastgroup != "space":
            found.append((match.lastgroup or "", match.group()))
        at = match.end()
    return found


def parse(text: str) -> Piece:
    """The tree of an expression. Raises Untranslatable."""
    parser = _Parser(words(text))
    tree = parser.expression(1, 0)
    if parser.kind:
        raise parser.unexpected()
    return tree


class _Parser:
    def __init__(self, found: list[Word]) -> None:
        self.words = [*found, ("", "")]
        self.at = 0

    @property
    def kind(self) -> str:
        return self.words[self.at][0]

    @property
    def text(self) -> str:
        return self.words[self.at][1]

    def next(self) -> str:
        text = self.text
        self.at += self.kind != ""
        return text

    def take(self, text: str) -> bool:
        if self.kind == "op" and self.text == text:
            self.at += 1
            return True
        return False

    def want(self, text: str) -> None:
        if not self.take(text):
            raise self.unexpected()

    def unexpected(self) -> Untranslatable:
        if not self.kind:
            return Untranslatable(_("表达式没有写完"))
        return Untranslatable(_("表达式里不该有“{word}”").format(word=self.text))

    def expression(self, least: int, depth: int) -> Piece:
        if depth > MAX_DEPTH:
            raise Untranslatable(_("括号套得太深"))
        left = self.unary(depth)
        while True:
            word = self.text
            level = _LEVELS.get(word, 0) if self.kind in ("op", "name") else 0
            if not level or level < least:
                if self.kind == "op" and word == "|":
                    raise Untranslatable(_("不支持合并节点的“|”"))
                return left
            self.next()
            left = Binary(word, left, self.expression(level + 1, depth + 1))

    def unary(self, depth: int) -> Piece:
        signs = 0
        while self.take("-"):
            signs += 1
        inner = self.path(depth)
        return Wrapped("-", inner) if signs % 2 else inner

    def path(self, depth: int) -> Piece:
        if self.kind == "op" and self.text in ("/", "//"):
            if self.next() == "//":
                raise Untranslatable(_("不支持“//”路径"))
            return Path(True, None, self.steps(depth))
        if self.kind == "op" and self.text in (".", "..", "@", "*"):
            return Path(False, None, self.steps(depth))
        if self.kind == "name" and self.words[self.at + 1] != ("op", "("):
            return Path(False, None, self.steps(depth))
        base = self.primary(depth)
        tests = self.tests(depth)
        if tests or (self.kind == "op" and self.text == "/"):
            steps: tuple[Step, ...] = (Step(".", tests),) if tests else ()
            if self.take("/"):
                steps += self.steps(depth)
            return Path(False, base, steps)
        return base

    def steps(self, depth: int) -> tuple[Step, ...]:
        found = [self.step(depth)]
        while self.kind == "op" and self.text in ("/", "//"):
            if self.next() == "//":
                raise Untranslatable(_("不支持“//”路径"))
            found.append(self.step(depth))
        return tuple(found)

    def step(self, depth: int) -> Step:
        if self.kind == "op" and self.text in (".", ".."):
            return Step(self.next(), self.tests(depth))
        if self.kind == "name":
            name = self.next()
            if self.kind == "op" and self.text == "::":
                raise Untranslatable(_("不支持路径里的“{word}::”").format(word=name))
            return Step(name, self.tests(depth))
        if self.kind == "op" and self.text in ("@", "*"):
            raise Untranslatable(_("不支持路径里的“{word}”").format(word=self.text))
        raise self.unexpected()

    def tests(self, depth: int) -> tuple[Piece, ...]:
        found = []
        while self.take("["):
            found.append(self.expression(1, depth + 1))
            self.want("]")
        return tuple(found)

    def primary(self, depth: int) -> Piece:
        kind = self.kind
        if kind == "number":
            return Literal(self.next(), True)
        if kind == "text":
            return Literal(self.next(), False)
        if kind == "ref":
            return Ref(self.next()[2:-1].strip())
        if self.take("("):
            inner = self.expression(1, depth + 1)
            self.want(")")
            return Wrapped("(", inner)
        if kind == "name":
            name = self.next()
            self.want("(")
            args: list[Piece] = []
            while not self.take(")"):
                if args:
                    self.want(",")
                args.append(self.expression(1, depth + 1))
            return Call(name, tuple(args))
        raise self.unexpected()
