"""The functions of expressions: pure, of bounded cost, and none that draws or asks the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple, Protocol

from . import values
from .values import MISSING, Single, Value, bounded, number, shortened, single, singles, text, true


class Scope(Protocol):
    """What an expression may ask of the place it stands in."""

    def answer(self, name: str) -> Value:
        """An item's value as seen from here."""

    def own(self) -> Value:
        """The item's own value."""

    def column(self, name: str) -> str:
        """A column of the row that is filtered."""

    def label(self, name: str) -> str:
        """The answer of a choice in words; with the empty name the item's own."""

    def position(self) -> int:
        """The number of the instance of the nearest repeat, from 1; 1 outside of repeats."""

    def today(self) -> str:
        """The inspection's day."""


Apply = Callable[[Scope, list[Value]], Value]


class Function(NamedTuple):
    """A function: how many arguments it takes, and what it does with their values.

    ``literal`` are arguments that must stand as texts in the expression itself; ``reference``
    says that the first one is an item, not its value.
    """

    apply: Apply
    least: int = 1
    most: int | None = 1
    literal: tuple[int, ...] = ()
    reference: bool = False

    @property
    def wanted(self) -> str:
        """How many arguments, as a clerk reads it."""
        if self.most is None:
            return f"≥{self.least}"
        return str(self.least) if self.most == self.least else f"{self.least}–{self.most}"


def _pure(function: Callable[..., Value]) -> Apply:
    return lambda _scope, args: function(*args)


def _numbers(args: list[Value]) -> list[int | Fraction]:
    return [n for n in (number(one) for one in singles(args)) if n is not None]


def _number(value: Value) -> Value:
    found = number(value)
    return MISSING if found is None else bounded(found)


def _int(value: Value) -> Value:
    found = number(value)
    return MISSING if found is None else bounded(int(found))


def _round(value: Value, places: Value = 0) -> Value:
    """Halves go away from zero, as a clerk rounds."""
    found, digits = number(value), number(places)
    if found is None or digits is None or not -9 <= digits <= 9:
        return MISSING
    scale = Fraction(10) ** int(digits)
    steps = _halves_up(abs(Fraction(found)) * scale)
    return bounded((-steps if found < 0 else steps) / scale)


def _halves_up(found: int | Fraction) -> int:
    return int((2 * found + 1) // 2)


def _abs(value: Value) -> Value:
    found = number(value)
    return MISSING if found is None else bounded(abs(Fraction(found)))


def _pow(base: Value, exponent: Value) -> Value:
    one, two = number(base), number(exponent)
    if (
        one is None
        or two is None
        or two != int(two)
        or not -64 <= two <= 64
        or abs(Fraction(one)) > 10**9
    ):
        return MISSING
    if one == 0 and two < 0:
        return MISSING
    return bounded(Fraction(one) ** int(two))


def _total(found: Iterable[int | Fraction]) -> Fraction:
    """The sum; its denominator stays bearable on the way, or many odd shares would take long."""
    total = Fraction(0)
    for one in found:
        total = values.rounded(total + one)
    return total


def _sum(_scope: Scope, args: list[Value]) -> Value:
    return bounded(_total(_numbers(args)))


def _min(_scope: Scope, args: list[Value]) -> Value:
    found = _numbers(args)
    return min(found) if found else MISSING


def _max(_scope: Scope, args: list[Value]) -> Value:
    found = _numbers(args)
    return max(found) if found else MISSING


def _count(_scope: Scope, args: list[Value]) -> Value:
    return sum(1 for one in singles(args) if one != MISSING)


def _words(value: Value) -> list[str]:
    """The ids of a choice or of several."""
    return [] if single(value) in (MISSING, "none") else text(value).replace(",", " ").split()


def _selected(value: Value, wanted: Value) -> Value:
    return text(wanted) in _words(value)


def _selected_at(value: Value, place: Value) -> Value:
    chosen, at = _words(value), number(place)
    return chosen[int(at)] if at is not None and 0 <= at < len(chosen) else MISSING


def _concat(_scope: Scope, args: list[Value]) -> Value:
    return _joined("", args)


def _join(_scope: Scope, args: list[Value]) -> Value:
    return _joined(text(args[0]), args[1:])


def _joined(between: str, args: list[Value]) -> str:
    """The texts in a row; what would be cut off is not even put together."""
    made: list[str] = []
    length = 0
    for one in singles(args):
        if length > values.LONGEST:
            break
        made.append(text(one))
        length += len(made[-1]) + len(between)
    return shortened(between.join(made))


def _substr(value: Value, start: Value, end: Value | None = None) -> Value:
    whole, first = text(value), number(start)
    last = len(whole) if end is None else number(end)
    if first is None or last is None:
        return MISSING
    return whole[int(first) : int(last)]


def _substring(value: Value, start: Value, length: Value | None = None) -> Value:
    whole, first = text(value), number(start)
    begin = None if first is None else _halves_up(first) - 1
    if begin is None:
        return MISSING
    if length is None:
        return whole[max(0, begin) :]
    count = number(length)
    return MISSING if count is None else whole[max(0, begin) : max(0, begin + _halves_up(count))]


def _before(value: Value, sign: Value) -> Value:
    whole, wanted = text(value), text(sign)
    return whole.partition(wanted)[0] if wanted and wanted in whole else MISSING


def _after(value: Value, sign: Value) -> Value:
    whole, wanted = text(value), text(sign)
    # Everything follows on nothing, as XPath has it.
    return whole.partition(wanted)[2] if wanted else whole


def _translate(value: Value, signs: Value, others: Value) -> Value:
    table: dict[int, str | None] = {}
    new = text(others)
    for place, sign in enumerate(text(signs)):
        table.setdefault(ord(sign), new[place] if place < len(new) else None)
    return text(value).translate(table)


def _regex(value: Value, pattern: Value) -> Value:
    from .patterns import matches

    return matches(text(pattern), text(value))


def _date(value: Value) -> Value:
    if values.as_day(value) is not None:
        return single(value)
    found = number(value)
    if found is not None:
        return values.day_of(found)
    # A moment is taken for its day.
    head = text(value)[:10]
    return head if values.as_day(head) is not None else MISSING


def _date_diff(later: Value, earlier: Value) -> Value:
    one, two = values.as_day(_date(later)), values.as_day(_date(earlier))
    return MISSING if one is None or two is None else (one - two).days


_DATE_PARTS: dict[str, Callable[[date], str]] = {
    "Y": lambda day: f"{day.year:04d}",
    "y": lambda day: f"{day.year % 100:02d}",
    "m": lambda day: f"{day.month:02d}",
    "n": lambda day: str(day.month),
    "d": lambda day: f"{day.day:02d}",
    "e": lambda day: str(day.day),
    "%": lambda _day: "%",
}


def _format_date(value: Value, form: Value) -> Value:
    day = values.as_day(_date(value))
    if day is None:
        return MISSING
    head, *rest = text(form).split("%")
    made = head
    for part in rest:
        told = _DATE_PARTS.get(part[:1])
        made += (told(day) if told else "") + part[1:]
    return shortened(made)


def _checklist(_scope: Scope, args: list[Value]) -> Value:
    least, most = number(args[0]), number(args[1])
    held = sum(true(one) for one in singles(args[2:]))
    return (least is None or least <= held) and (most is None or most < 0 or held <= most)


def _weighted(_scope: Scope, args: list[Value]) -> Value:
    least, most = number(args[0]), number(args[1])
    pairs = zip(args[2::2], args[3::2], strict=False)
    held = _total(number(weight) or 0 for one, weight in pairs if true(one))
    return (least is None or least <= held) and (most is None or most < 0 or held <= most)


def _first_told(_scope: Scope, args: list[Value]) -> Value:
    return next((one for one in args if single(one) != MISSING), MISSING)


def _not_applied(_scope: Scope, _args: list[Value]) -> Value:
    raise AssertionError("compiled, never called")


def _text_of(value: Value) -> Single:
    return shortened(text(value))


FUNCTIONS: dict[str, Function] = {
    "true": Function(lambda _s, _a: True, 0, 0),
    "false": Function(lambda _s, _a: False, 0, 0),
    "not": Function(_pure(lambda x: not true(x))),
    "boolean": Function(_pure(true)),
    "if": Function(_not_applied, 3, 3),
    "coalesce": Function(_first_told, 1, None),
    # What is computed is never kept, so what it was before cannot matter.
    "once": Function(_pure(lambda x: x)),
    "selected": Function(_pure(_selected), 2, 2),
    "count-selected": Function(_pure(lambda x: len(_words(x)))),
    "selected-at": Function(_pure(_selected_at), 2, 2),
    "string": Function(_pure(_text_of)),
    "number": Function(_pure(_number)),
    "int": Function(_pure(_int)),
    "round": Function(_pure(_round), 1, 2),
    "abs": Function(_pure(_abs)),
    "pow": Function(_pure(_pow), 2, 2),
    "min": Function(_min, 1, None),
    "max": Function(_max, 1, None),
    "sum": Function(_sum, 1, None),
    "count": Function(_count, 1, None),
    "count-non-empty": Function(_count, 1, None),
    "is-empty": Function(_pure(lambda x: single(x) == MISSING)),
    "concat": Function(_concat, 1, None),
    "join": Function(_join, 2, None),
    "string-length": Function(_pure(lambda x: len(text(x)))),
    "contains": Function(_pure(lambda x, y: text(y) in text(x)), 2, 2),
    "starts-with": Function(_pure(lambda x, y: text(x).startswith(text(y))), 2, 2),
    "ends-with": Function(_pure(lambda x, y: text(x).endswith(text(y))), 2, 2),
    "substr": Function(_pure(_substr), 2, 3),
    "substring": Function(_pure(_substring), 2, 3),
    "substring-before": Function(_pure(_before), 2, 2),
    "substring-after": Function(_pure(_after), 2, 2),
    "normalize-space": Function(_pure(lambda x: " ".join(text(x).split()))),
    "translate": Function(_pure(_translate), 3, 3),
    "lower-case": Function(_pure(lambda x: shortened(text(x).lower()))),
    "upper-case": Function(_pure(lambda x: shortened(text(x).upper()))),
    "regex": Function(_pure(_regex), 2, 2, literal=(1,)),
    "today": Function(lambda scope, _a: scope.today(), 0, 0),
    "date": Function(_pure(_date)),
    "date-diff": Function(_pure(_date_diff), 2, 2),
    "decimal-date-time": Function(_pure(_number)),
    "format-date": Function(_pure(_format_date), 2, 2, literal=(1,)),
    "label": Function(_not_applied, reference=True),
    "position": Function(lambda scope, _a: scope.position(), 0, 0),
    "checklist": Function(_checklist, 3, None),
    "weighted-checklist": Function(_weighted, 4, None),
}
"""Every function by its name."""
