"""Expressions: what they come to, how mistakes are told, and that nothing makes them fail."""

from __future__ import annotations

import time
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.expressions import FUNCTIONS, ExpressionError, Value, parse
from fieldkit.domain.expressions.parser import MAX_DEPTH
from fieldkit.domain.expressions.values import LARGEST, LONGEST, equal, less, unequal

HALF = Fraction(1, 2)
ANSWERS: dict[str, Value] = {
    "n": 7, "zero": 0, "half": HALF, "minus": -3, "t": "字和字", "day": "2026-11-22",
    "born": "1960-02-29", "one": "a", "some": "a,c", "none": "none", "mark": "pass", "na": "na",
    "empty": "", "areas": (10, 20, 30), "names": ("甲", "乙", ""), "nobody": (), "yes": True,
    "digits": "12.50", "long": "字" * 500,
}  # fmt: skip


class Place:
    """A place with fixed answers."""

    def __init__(self, answers: Mapping[str, Value] = ANSWERS) -> None:
        self.answers = answers

    def answer(self, name: str) -> Value:
        """The fixed answer."""
        return self.answers.get(name, "")

    def own(self) -> Value:
        """The own answer is 5."""
        return 5

    def column(self, name: str) -> str:
        """Two columns."""
        return {"county": "c1", "size": "12"}.get(name, "")

    def label(self, name: str) -> str:
        """The title in words."""
        return f"<{name or '.'}>"

    def position(self) -> int:
        """The second instance."""
        return 2

    def today(self) -> str:
        """A fixed day."""
        return "2026-11-22"


VALUES: list[tuple[str, Value]] = [
    # Numbers.
    ("1", 1), ("1.5", Fraction(3, 2)), (".5", HALF), ("1.50", Fraction(3, 2)), ("-1", -1),
    ("--1", 1), ("1 + 2", 3), ("1 - 2", -1), ("2 * 3.5", 7), ("7 div 2", Fraction(7, 2)),
    ("6 div 3", 2), ("1 div 3 * 3", 1), ("1 div 0", ""), ("0 div 5", 0), ("1 mod 0", ""),
    ("7 mod 3", 1), ("-7 mod 3", -1), ("7 mod -3", 1), ("-7 mod -3", -1),
    ("5.5 mod 2", Fraction(3, 2)),
    ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("2 * 3 mod 4", 2),
    ("-2 + 5", 3), ("-${n}", -7), ("3 - -2", 5), ("0.1 + 0.2 = 0.3", True), ("-(1 + 1)", -2),
    ("${n} + 1", 8), ("${digits} + 0.5", 13), ("${half} * 2", 1), ("${empty} + 1", ""),
    ("1 - ${empty}", ""), ("-${empty}", ""), ("${empty} * 0", ""), ("${t} + 1", ""),
    ("${mark} + 1", ""), ("true() + 1", 2), ("999999999999 * 999999999999", ""),
    ("1000000000000000000", 10**18), ("1000000000000000000 + 1", ""),
    # Comparing.
    ("1 = 1", True), ("1 = 2", False), ("1 != 2", True), ("1 != 1", False), ("1 < 2", True),
    ("2 < 2", False), ("2 <= 2", True), ("3 > 2", True), ("2 >= 3", False), ("'a' = 'a'", True),
    ("'a' = 'A'", False), ("'1' = 1", True), ("'1.0' = 1", True), ("'1.0' = '1'", False),
    ("'a' = 1", False), ("'a' != 1", True), ("${empty} = ''", True), ("${empty} != ''", False),
    ("${nowhere} = ''", True), ("${empty} = 0", False), ("${empty} < 1", False),
    ("${empty} >= 0", False), ("'10' > '9'", True), ("'b' > 'a'", False), ("'a' < 'b'", False),
    ("true() = 'x'", True), ("true() = 1", True), ("false() = ''", True), ("false() = 0", True),
    ("${day} > '2026-11-21'", True), ("${day} < '2026-11-21'", False),
    ("${day} = today()", True), ("${born} < ${day}", True), ("1 < 2 = true()", True),
    # Several instances: true where any pair is.
    ("${areas} = 20", True), ("${areas} != 20", True), ("${areas} = 25", False),
    ("not(${areas} = 25)", True), ("${areas} > 29", True), ("${areas} < 10", False),
    ("30 <= ${areas}", True), ("${nobody} = ''", False), ("${nobody} != ''", False),
    ("${nobody} = ${nobody}", False), ("${areas} = ${areas}", True), ("${areas} != ${areas}", True),
    ("${names} = '乙'", True), ("${areas} < ${areas}", True), ("${areas} = '20'", True),
    ("${areas} + 1", 11), ("${nobody} + 1", ""),
    # Truth.
    ("true()", True), ("false()", False), ("1 and 0", False), ("1 and 2", True),
    ("0 or 'x'", True), ("0 or ''", False), ("1 or 0 and 0", True), ("(1 or 0) and 0", False),
    ("not(0)", True), ("not('')", True), ("not('0')", False), ("not('false')", True),
    ("boolean(${n})", True), ("boolean(${zero})", False), ("boolean(${half})", True),
    ("${yes} and ${n} > 6", True), ("if(${n} > 5, 'big', 'small')", "big"),
    ("if('', 1, 2)", 2), ("if(true(), '', 1)", ""), ("if(0, 1, if(0, 2, 3))", 3),
    ("coalesce(${empty}, ${n})", 7), ("coalesce('', '')", ""), ("coalesce(0, 1)", 0),
    ("coalesce(${nobody}, 1)", 1), ("once(3)", 3), ("is-empty(${empty})", True),
    ("is-empty(${n})", False), ("is-empty(${nobody})", True), ("is-empty(0)", False),
    # Choices.
    ("selected(${some}, 'a')", True), ("selected(${some}, 'b')", False),
    ("selected(${one}, 'a')", True), ("selected(${none}, 'none')", False),
    ("selected(${empty}, 'a')", False), ("selected(${some}, '')", False),
    ("selected('a b', 'b')", True), ("selected('ab', 'a')", False),
    ("count-selected(${some})", 2), ("count-selected(${none})", 0), ("count-selected('')", 0),
    ("selected-at(${some}, 1)", "c"), ("selected-at(${some}, 2)", ""),
    ("selected-at(${some}, -1)", ""), ("selected-at(${some}, '')", ""), ("${mark} = 'pass'", True),
    ("${na} != 'pass'", True), ("label(${one})", "<one>"), ("label(.)", "<.>"),
    # Own value, place.
    (".", 5), (". > 4 and . < 6", True), (".+1", 6), ("position()", 2), ("position()-1", 1),
    ("today()", "2026-11-22"),
    # Numbers by functions.
    ("number('12')", 12), ("number('x')", ""), ("number(' 3 ')", 3), ("number('-0.5')", -HALF),
    ("number(true())", 1), ("int(2.9)", 2), ("int(-2.9)", -2), ("int('')", ""),
    ("round(2.5)", 3), ("round(2.4999)", 2), ("round(-2.5)", -3),
    ("round(2.345, 2)", Fraction(47, 20)),
    ("round(1 div 3, 2)", Fraction(33, 100)), ("round(1234, -2)", 1200), ("round(1250, -2)", 1300),
    ("round('x')", ""), ("round(1, 99)", ""), ("round(100000000000000000, 2)", 10**17),
    ("abs(-3)", 3), ("abs('')", ""), ("pow(2, 10)", 1024), ("pow(2, -1)", HALF), ("pow(0, -1)", ""),
    ("pow(2, 0.5)", ""), ("pow(0, 0)", 1), ("pow(10, 64)", ""), ("pow(2, 65)", ""),
    ("min(3, 1, 2)", 1), ("max(3, ${areas}, 2)", 30), ("min(${areas})", 10), ("min('')", ""),
    ("max(${nobody})", ""), ("min('', 2)", 2), ("sum(${areas})", 60), ("sum(${areas}, 1)", 61),
    ("sum(${nobody})", 0), ("sum(${names})", 0), ("count(${areas})", 3), ("count(${names})", 2),
    ("count(${nobody})", 0), ("count-non-empty(${names}, 1)", 3),
    ("sum(${areas}) div count(${areas})", 20), ("pow(-2, 3)", -8),
    # Texts.
    ("'a\"b'", 'a"b'), ('"a\'b"', "a'b"), ("concat('a', 1, true())", "a1true"),
    ("concat(${names})", "甲乙"), ("concat('', '')", ""), ("join(', ', ${names})", "甲, 乙, "),
    ("join('-', 1, 2)", "1-2"), ("join('、', ${nobody})", ""), ("string(1.50)", "1.5"),
    ("string(1 div 3)", "0.333333"), ("string(-0.0000001)", "0"), ("string(-0.25)", "-0.25"),
    ("string(false())", "false"), ("string(${areas})", "10"), ("string-length(${t})", 3),
    ("string-length('')", 0), ("contains(${t}, '和')", True), ("contains('', '')", True),
    ("contains('abc', 'd')", False), ("starts-with('abc', 'ab')", True),
    ("ends-with('abc', 'bc')", True), ("ends-with('abc', 'ab')", False),
    ("substr('hello', 1, 3)", "el"), ("substr('hello', 2)", "llo"), ("substr('hello', -2)", "lo"),
    ("substr('abc', 9)", ""), ("substr('abc', '')", ""), ("substring('12345', 2, 3)", "234"),
    ("substring('12345', 2)", "2345"), ("substring('12345', 1.5, 2.6)", "234"),
    ("substring('12345', 0, 3)", "12"), ("substring('12345', -1)", "12345"),
    ("substring('12345', 9)", ""), ("substring-before('2026-11', '-')", "2026"),
    ("substring-after('2026-11', '-')", "11"), ("substring-before('abc', 'x')", ""),
    ("substring-after('abc', 'x')", ""), ("substring-before('abc', '')", ""),
    ("substring-after('abc', '')", "abc"), ("normalize-space('  a  b ')", "a b"),
    ("translate('bar', 'abc', 'AB')", "BAr"), ("translate('aaa', 'a', '')", ""),
    ("translate('ab', 'aa', 'xy')", "xb"), ("lower-case('ÄB')", "äb"), ("upper-case('äb')", "ÄB"),
    # Patterns.
    ("regex('abc', 'b')", True), ("regex('abc', '^b')", False),
    ("regex('13800138000', '^1\\d{10}$')", True),
    ("regex('', '^$')", True), ("regex(${t}, '^字.字$')", True), ("regex(${n}, '^[0-9]$')", True),
    ("regex('a\nb', '^b')", False), ("regex('A', '(?i)a')", True),
    # Days.
    ("${day} + 1", "2026-11-23"), ("${day} - 22", "2026-10-31"), ("1 + ${day}", "2026-11-23"),
    ("${day} - ${born}", 24373), ("date('2024-02-28') + 1", "2024-02-29"),
    ("'2023-02-28' + 1", "2023-03-01"), ("date('2023-02-29')", ""), ("date(0)", "1970-01-01"),
    ("date(-1)", "1969-12-31"), ("date('2026-11-22T10:00:00')", "2026-11-22"), ("date('x')", ""),
    ("date('')", ""), ("date(999999999)", ""), ("'9999-12-31' + 1", ""), ("${day} + 0.9",
    "2026-11-22"),
    ("date-diff(${day}, '2026-11-20')", 2), ("date-diff('2026-11-20', ${day})", -2),
    ("date-diff(${day}, '')", ""), ("decimal-date-time('1970-01-02')", 1), ("${day} + ''", ""),
    ("int((today() - ${born}) div 365.25)", 66), ("format-date(${day}, '%Y/%m/%d')", "2026/11/22"),
    ("format-date('2026-01-02', '%n月%e日')", "1月2日"), ("format-date(${day}, '%y%%')", "26"),
    ("format-date('', '%Y')", ""), ("format-date(${day}, '年')", "年"),
    ("number('1970-01-11')", 10),
    # Counting what holds.
    ("checklist(1, 2, 1, 0, 1)", True), ("checklist(3, -1, 1, 0, 1)", False),
    ("checklist(0, 1, 1, 1)", False), ("checklist(2, 3, ${areas})", True),
    ("weighted-checklist(3, 5, 1, 2, 1, 2)", True), ("weighted-checklist(5, 9, 1, 2, 0, 9)", False),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), VALUES)
def test_expressions_value(source: str, value: Value) -> None:
    """Each comes to the value beside it, and True is not 1 here."""
    got = parse(source).run(Place())
    assert got == value
    assert isinstance(got, bool) == isinstance(value, bool)
    assert isinstance(got, str) == isinstance(value, str)


def test_expressions_columns() -> None:
    """A bare word is a column where rows are filtered, also one with a function's name."""
    filtered = parse("county = 'c1' and size > ${n} and count = ''", columns=True)
    assert filtered.run(Place()) is True
    assert filtered.names == ("n",)
    assert filtered.columns == ("county", "size", "count")
    assert parse("${b} + ${a} + ${b}").names == ("b", "a")


MISTAKES: list[tuple[str, int, str]] = [
    ("", 1, "expr-empty"), ("   ", 1, "expr-empty"), ("1 +", 4, "expr-end"), ("1 + + 2", 5,
    "expr-unexpected"),
    ("(1", 3, "expr-parenthesis"), ("1)", 2, "expr-unexpected"), ("()", 2, "expr-unexpected"),
    ("1 2", 3, "expr-unexpected"), ("${a} ${b}", 6, "expr-unexpected"), ("1 == 1", 4, "expr-twice"),
    ("'abc", 1, "expr-quote"), ("1 = \"x", 5, "expr-quote"), ("$a", 1, "expr-ref"), ("${", 1,
    "expr-ref"),
    ("${}", 1, "expr-ref"), ("${a b}", 1, "expr-ref"), ("1 + ${-a}", 5, "expr-ref"),
    ("${a}＝1", 5, "expr-width"), ("（1）", 1, "expr-width"), ("1 ≤ 2", 3, "expr-width"),
    ("if(1，2，3)", 5, "expr-width"), ("${a} = “x”", 8, "expr-width"), ("2 × 3", 3, "expr-width"),
    ("1 && 2", 3, "expr-operator"), ("1 || 2", 3, "expr-operator"), ("!x", 1, "expr-operator"),
    ("6 / 2", 3, "expr-operator"), ("6 % 2", 3, "expr-operator"), ("a;b", 2, "expr-char"),
    ("1 # 2", 3, "expr-char"), ("[1]", 1, "expr-char"), ("1 + 甲", 5, "expr-bare"),
    ("pass", 1, "expr-bare"), ("1 < > 2", 5, "expr-unexpected"), ("nothere(1)", 1, "expr-function"),
    ("  slected(${a}, 'x')", 3, "expr-function"), ("random()", 1, "expr-function"),
    ("now()", 1, "expr-function"), ("if(1, 2)", 1, "expr-few"), ("not()", 1, "expr-few"),
    ("true(1)", 1, "expr-many"), ("1 + not(1, 2)", 5, "expr-many"), ("substr('a')", 1, "expr-few"),
    ("regex(${a}, ${b})", 13, "expr-literal"), ("format-date(${a}, concat('%Y'))", 19,
    "expr-literal"),
    ("label('x')", 7, "expr-ref-argument"), ("regex(1, '(')", 10, "expr-pattern"),
    ("regex(1, '(?=a)')", 10, "expr-pattern"), ("regex(1, '(a)\\1')", 10, "expr-pattern"),
    ("1 and", 6, "expr-end"), ("and 1", 1, "expr-unexpected"), ("not(1 2)", 7, "expr-unexpected"),
    ("max(1,)", 7, "expr-unexpected"), ("max(,1)", 5, "expr-unexpected"), ("max(1", 6,
    "expr-parenthesis"),
    ("1.5.5", 4, "expr-unexpected"), ("1.", 2, "expr-unexpected"), ("0" * 4001, 1, "expr-too-long"),
    ("1 + " + "9" * 19, 5, "expr-number"), ("0." + "1" * 19, 1, "expr-number"),
    ("(" * 70 + "1", MAX_DEPTH + 1, "expr-deep"), ("div", 1, "expr-unexpected"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "column", "code"), MISTAKES)
def test_expressions_mistake(source: str, column: int, code: str) -> None:
    """Each is told with its column, a stable code and one sentence."""
    with pytest.raises(ExpressionError) as caught:
        parse(source)
    assert (caught.value.column, caught.value.code) == (column, code)
    assert caught.value.message
    assert "{" not in caught.value.message.replace("${", "")


def test_expressions_no_own() -> None:
    """A section has no answer of its own."""
    with pytest.raises(ExpressionError) as caught:
        parse("1 + .", own=False)
    assert (caught.value.column, caught.value.code) == (5, "expr-own")


def test_expressions_guess() -> None:
    """A misspelt function is guessed."""
    with pytest.raises(ExpressionError, match="selected"):
        parse("slected(${a}, 'x')")


WORDS = st.sampled_from(
    ["1", "2.5", "'a'", '"', "'", "${a}", "${", ".", "(", ")", ",", "+", "-", "*", "div", "mod",
     "and", "or", "=", "!=", "<", "<=", "not(", "if(", "regex(", "sum(", "x", "＝", " ", "\n",
     "\ud800"]
)  # fmt: skip


@given(st.text() | st.lists(WORDS, max_size=30).map(" ".join) | st.lists(WORDS).map("".join))
def test_expressions_random_text(source: str) -> None:
    """Whatever the text, it is an expression or an ExpressionError within the text."""
    for columns in (False, True):
        try:
            parse(source, columns=columns).run(Place())
        except ExpressionError as wrong:
            assert 1 <= wrong.column <= len(source) + 1  # noqa: PT017


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A call of any function with as many arguments as it takes."""
    made = []
    for name, known in FUNCTIONS.items():
        most = known.least + 3 if known.most is None else known.most
        first = st.just("${one}") if known.reference else inner
        rest = {1: st.sampled_from(["'%Y-%m'", "'^(a|b)*$'"])} if known.literal else {}
        for count in range(known.least, most + 1):
            args = [rest.get(place, inner if place else first) for place in range(count)]
            made.append(st.tuples(*args).map(lambda args, name=name: f"{name}({', '.join(args)})"))  # type: ignore[misc]
    return st.one_of(made)


ATOMS = st.sampled_from(
    ["0", "1", "-2.5", "'a'", "''", "'2026-11-22'", ".", "999999999999999999", "0.000000001"]
) | st.sampled_from([f"${{{name}}}" for name in ANSWERS])
OPERATORS = st.sampled_from(["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", "and", "or"])
TREES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, OPERATORS, inner).map(lambda it: f"({it[0]} {it[1]} {it[2]})"),
        inner.map("-({})".format),
        calls(inner),
    ),
    max_leaves=12,
)
SINGLES = st.one_of(
    st.text(max_size=8), st.integers(-(10**18), 10**18), st.booleans(), st.just("2026-02-28"),
    st.fractions(max_denominator=10**9, min_value=-(10**9), max_value=10**9),
)  # fmt: skip
SOME = st.lists(SINGLES, max_size=5).map(tuple)


@settings(max_examples=400, deadline=None)
@given(TREES, st.fixed_dictionaries({}, optional=dict.fromkeys(ANSWERS, SINGLES | SOME)))
def test_expressions_total(source: str, answers: dict[str, Value]) -> None:
    """What is well formed comes to one bounded value, the same each time."""
    try:
        tree = parse(source)
    except ExpressionError as wrong:
        assert wrong.code in ("expr-deep", "expr-too-long")  # noqa: PT017
        return
    place = Place(ANSWERS | answers)
    got = tree.run(place)
    assert got == tree.run(place)
    for one in got if isinstance(got, tuple) else (got,):
        if isinstance(one, str):
            assert len(one) <= LONGEST
        else:
            assert abs(one) <= LARGEST  # type: ignore[operator]
            assert Fraction(one).denominator <= LARGEST


@given(SINGLES | SOME, SINGLES | SOME)
def test_expressions_any_pair(left: Value, right: Value) -> None:
    """Comparing lists is comparing each with each, done faster."""
    ours = left if isinstance(left, tuple) else (left,)
    theirs = right if isinstance(right, tuple) else (right,)
    pairs = [(a, b) for a in ours for b in theirs]
    assert equal(left, right) == any(equal(a, b) for a, b in pairs)
    assert unequal(left, right) == any(unequal(a, b) for a, b in pairs)
    assert less(left, right) == any(less(a, b) for a, b in pairs)
    assert less(left, right, or_equal=True) == any(less(a, b, or_equal=True) for a, b in pairs)


def test_expressions_mean_of_odd_shares() -> None:
    """A mean of shares with many denominators is a number, not missing."""
    shares = tuple(Fraction(k, k + 1) for k in range(2, 200))
    mean = parse("sum(${s}) div count(${s})").run(Place({"s": shares}))
    assert isinstance(mean, Fraction)
    assert abs(mean - sum(shares) / len(shares)) < Fraction(1, 10**9)  # type: ignore[operator]


MANY = tuple(f"{'名' * 400}{n}" for n in range(2000))
ODD = tuple(Fraction(1, 10**9 - 2 * n - 1) for n in range(2000))
WORST = {
    "a long sum": "+".join(["1"] * 999),
    "a long and": " and ".join(["1"] * 660),
    "nested brackets": "(" * 60 + "1" + ")" * 60,
    "nested nots": "not(" * 60 + "1" + ")" * 60,
    "minus signs": "-" * 60 + "1",
    "powers": "+".join(["pow(999999999,64)"] * 200),
    "powers of powers": "pow(pow(pow(9.999999999,63),63),63)",
    "large products": "*".join(["999999999"] * 390),
    "thirds": "+".join(f"1 div {n}" for n in range(101, 480)),
    "many texts": f"concat({','.join(['${many}'] * 400)})",
    "joined": f"join(join(',',{','.join(['${many}'] * 400)}),${{many}},${{many}})",
    "lists against lists": " or ".join(["${many}=${other}"] * 20),
    "lists all the same": " or ".join(["${same}!=${same}"] * 60),
    "odd shares": "sum(${odd},${odd})",
    "translations": "translate(" * 20 + "${text}" + ",${text},${text})" * 20,
    "a pattern with stars": f"regex(${{text}},'{'(x+x+)+' * 12}y')",
    "a pattern with counts": "regex(${text},'^(字{1,50}){1,10}(字?){50}z')",
    "a pattern of any": f"regex(${{text}},'{'.*' * 60}z')",
    "a huge pattern": f"regex(${{text}},'{'(.{1,3})' * 380}z')",
}


@pytest.mark.parametrize("name", WORST)
def test_expressions_worst(name: str) -> None:
    """The longest texts, lists and numbers take no time to speak of."""
    answers: dict[str, Value] = {
        "many": MANY,
        "other": MANY[::-1][1:],
        "same": ("x",) * 2000,
        "odd": ODD,
    }
    started = time.perf_counter()
    try:
        parse(WORST[name]).run(Place(answers | {"text": "字" * LONGEST}))
    except ExpressionError as wrong:
        assert name.startswith("a ")
        assert wrong.code == "expr-pattern"  # noqa: PT017
    assert time.perf_counter() - started < 2
