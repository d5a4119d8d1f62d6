"""Words to a tree, by precedence; every mistake with its column and the mend."""

from __future__ import annotations

import difflib
from fractions import Fraction

from fieldkit.text.i18n import N_, _

from .functions import FUNCTIONS, Function
from .lexer import ExpressionError, Token, tokens
from .nodes import Binary, Call, Column, Negative, Node, Number, Own, Ref, Text
from .values import LARGEST

MAX_DEPTH = 64
MAX_PIECES = 2000

MESSAGES = {
    "expr-number": N_("这个数太大，或小数位太多；请改正。"),
    "expr-empty": N_("表达式是空的；请填写或删去这一行。"),
    "expr-end": N_("表达式没有写完；请在末尾补上一个值。"),
    "expr-unexpected": N_("这里不该有“{word}”；请检查前后是否漏了 and、or 或逗号。"),
    "expr-twice": N_("比较是否相等只写一个等号；请删去一个。"),
    "expr-parenthesis": N_("括号没有配对；请补上 )。"),
    "expr-deep": N_("括号套得太深；请拆成几个计算项。"),
    "expr-function": N_("没有函数“{name}”{guess}；请改正。"),
    "expr-bare": N_("“{name}”是什么？检查项写成 ${{{name}}}，文字写成 '{name}'。"),
    "expr-few": N_("{name}() 要 {wanted} 个参数，只有 {n} 个；请补上。"),
    "expr-many": N_("{name}() 只要 {wanted} 个参数，写了 {n} 个；请删去多余的。"),
    "expr-literal": N_("{name}() 的第 {n} 个参数要直接写成引号里的文字。"),
    "expr-ref-argument": N_("{name}() 里要写 ${{检查项编号}}。"),
    "expr-pattern": N_("正则式看不懂（{why}）；请改正。"),
    "expr-own": N_("这里没有“本项”，不能用 .；请写成 ${{检查项编号}}。"),
}
_BINDING = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}  # fmt: skip
_WORDS = frozenset(("or", "and", "div", "mod"))


def parse_tree(text: str, *, columns: bool, own: bool) -> Node:
    """The tree of an expression. Raises ExpressionError."""
    words = tokens(text)
    if words[0].kind == "end":
        raise fault(1, "expr-empty")
    parser = _Parser(words, columns=columns, own=own)
    tree = parser.expression(0, 1)
    rest = parser.peek()
    if rest.kind != "end":
        raise parser.unexpected(rest)
    return tree


def fault(column: int, code: str, /, **words: object) -> ExpressionError:
    """The error of this module's catalogue."""
    return ExpressionError(column, code, _(MESSAGES[code]).format(**words))


class _Parser:
    def __init__(self, words: list[Token], *, columns: bool, own: bool) -> None:
        self.words = words
        self.at = 0
        self.columns = columns
        self.own = own
        self.pieces = 0

    def peek(self) -> Token:
        return self.words[self.at]

    def next(self) -> Token:
        word = self.words[self.at]
        self.at += word.kind != "end"
        return word

    def unexpected(self, word: Token) -> ExpressionError:
        if word.kind == "end":
            return fault(word.column, "expr-end")
        before = self.words[self.at - 1] if self.at else None
        if word.text == "=" and before is not None and before.text == "=":
            return fault(word.column, "expr-twice")
        return fault(word.column, "expr-unexpected", word=word.text)

    def expression(self, least: int, depth: int) -> Node:
        """What binds at least so tightly."""
        self.pieces += 1
        if depth > MAX_DEPTH or self.pieces > MAX_PIECES:
            raise fault(self.peek().column, "expr-deep")
        left = self.operand(depth)
        while True:
            word = self.peek()
            binding = _BINDING.get(word.text, 0) if word.kind in ("op", "name") else 0
            if not binding or binding < least:
                return left
            self.next()
            self.pieces += 1
            right = self.expression(binding + 1, depth + 1)
            left = Binary(word.column, word.text, left, right)

    def operand(self, depth: int) -> Node:
        word = self.next()
        if word.kind == "number":
            exact = Fraction(word.text)
            whole = exact.denominator == 1
            if exact > LARGEST or exact.denominator > LARGEST:
                raise fault(word.column, "expr-number")
            return Number(word.column, exact.numerator if whole else exact)
        if word.kind == "text":
            return Text(word.column, word.text[1:-1])
        if word.kind == "ref":
            return Ref(word.column, word.text)
        if word.text == "." and word.kind == "op":
            if not self.own:
                raise fault(word.column, "expr-own")
            return Own(word.column)
        if word.text == "-":
            return Negative(word.column, self.expression(7, depth + 1))
        if word.text == "(":
            inner = self.expression(0, depth + 1)
            self.close()
            return inner
        if word.kind == "name" and word.text not in _WORDS:
            return self.named(word, depth)
        self.at -= word.kind != "end"
        raise self.unexpected(word)

    def close(self) -> None:
        word = self.peek()
        if word.text != ")":
            raise (
                fault(word.column, "expr-parenthesis")
                if word.kind == "end"
                else (self.unexpected(word))
            )
        self.next()

    def named(self, word: Token, depth: int) -> Node:
        if self.peek().text != "(":
            if not self.columns:
                raise fault(word.column, "expr-bare", name=word.text)
            return Column(word.column, word.text)
        known = FUNCTIONS.get(word.text)
        if known is None:
            near = difflib.get_close_matches(word.text, list(FUNCTIONS), 1, 0.6)
            guess = _("（是不是“{word}”？）").format(word=near[0]) if near else ""
            raise fault(word.column, "expr-function", name=word.text, guess=guess)
        self.next()
        args: list[Node] = []
        while self.peek().text != ")":
            if args:
                if self.peek().text != ",":
                    self.close()
                self.next()
            args.append(self.expression(0, depth + 1))
        self.next()
        call = Call(word.column, word.text, tuple(args))
        _fits(call, known)
        return call


def _fits(call: Call, known: Function) -> None:
    """Refuse a call with too few or too many arguments, or with others than it can work with."""
    count = len(call.args)
    wanted = known.wanted
    if count < known.least:
        raise fault(call.column, "expr-few", name=call.name, wanted=wanted, n=count)
    if known.most is not None and count > known.most:
        raise fault(call.column, "expr-many", name=call.name, wanted=wanted, n=count)
    for place in known.literal:
        if place < count and not isinstance(call.args[place], Text):
            raise fault(call.args[place].column, "expr-literal", name=call.name, n=place + 1)
    if known.reference and not isinstance(call.args[0], Ref | Own):
        raise fault(call.args[0].column, "expr-ref-argument", name=call.name)
    if call.name == "regex":
        _pattern(call)


def _pattern(call: Call) -> None:
    from .patterns import BadPattern, compiled

    pattern = call.args[1]
    if isinstance(pattern, Text):
        try:
            compiled(pattern.value)
        except BadPattern as refused:
            raise fault(pattern.column, "expr-pattern", why=str(refused)[:80]) from refused
