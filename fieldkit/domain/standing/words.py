"""Numbers of the standing as papers and screens write them (DOMAIN §1.3, §3.0)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from fieldkit.text.i18n import N_, _

MINUS = "\u2212"
CARDS = {
    "none": "",
    "yellow": N_("黄牌"),
    "red": N_("红牌"),
    "listed": N_("挂牌整治"),
}


def decimal(number: Fraction, places: int) -> str:
    """Rounded half up to so many decimals, the sign a minus."""
    scale = 10**places
    units = (abs(number) * scale * 2 + 1) // 2
    whole, rest = divmod(int(units), scale)
    sign = MINUS if number < 0 and units else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def score(number: Fraction) -> str:
    """One decimal; two where one would not be exact (weights that are no tens)."""
    return decimal(number, 1 if (number * 10).denominator == 1 else 2)


def signed(number: int) -> str:
    """A difference with its sign; 0 has none."""
    return f"+{number}" if number > 0 else f"{MINUS}{-number}" if number else "0"


def count(n: int) -> str:
    """How many, as it is said: 两 for 2."""
    return _("两") if n == 2 else str(n)


def per10k(numbers: Iterable[Fraction]) -> list[str]:
    """Per ten thousand with two decimals; more where two different values would print the same."""
    values = list(numbers)
    for places in range(2, 7):
        said = [decimal(value, places) for value in values]
        if len(set(said)) == len(set(values)):
            return said
    return [decimal(value, 6) for value in values]


def rate_cell(now: int, before: int) -> str:
    """同比（%） in a table: −25.0, +50.0, 0.0; — where it cannot be compared."""
    if not before:
        return "—" if now else decimal(Fraction(0), 1)
    change = Fraction((now - before) * 100, before)
    return f"+{decimal(change, 1)}" if change > 0 else decimal(change, 1)


def rate_words(now: int, before: int) -> str:
    """同比 in a sentence, with the difference beside it; never a rate over nothing."""
    more = now - before
    if not before and not now:
        return _("本期与上年同期均为零发案，同比持平")
    if not before:
        return _("上年同期为零，同比不可比（增加{n}起）").format(n=more)
    if not more:
        return _("同比持平")
    rate = decimal(Fraction(abs(more) * 100, before), 1)
    if more > 0:
        return _("同比上升{rate}%（增加{n}起）").format(rate=rate, n=more)
    return _("同比下降{rate}%（减少{n}起）").format(rate=rate, n=-more)


def card(name: str) -> str:
    """A card in words; nothing for none."""
    said = CARDS[name]
    return _(said) if said else ""
