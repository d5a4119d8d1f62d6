"""The readings of the rule: every choice that its text leaves open, as data (DOMAIN §0, D1-D9).

The same figures give two or three cards depending on these, so each paper prints them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fieldkit.text.i18n import N_, _
from fieldkit_sync.canon import encode

MEASURES = ("yoy", "per10k", "count", "column")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "yoy": ("diff", "rate"),
    "zero_base": ("ask", "worst", "as_one", "switch_diff"),
    "ties": ("competition", "dense"),
    "boundary": ("include", "per10k", "ask"),
    "missed": ("break", "skip"),
    "delisting": ("manual", "auto"),
    "zero_cases": ("confirm", "automatic"),
    "population": ("resident", "registered", "actual"),
}
"""What each reading may be; the first is the one that fieldkit takes."""
POPULATIONS: Mapping[str, str] = {
    "resident": N_("常住人口"),
    "registered": N_("户籍人口"),
    "actual": N_("实有人口"),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of the numbers that are ranked.

    ``measure`` is ``yoy`` (against last year), ``per10k``, ``count``, or ``column``: another figure
    of the month under ``column``. ``weight`` is its share of 100. ``better`` says which end is
    rank 1. ``decimals`` are printed.
    """

    id: str
    title: str
    measure: str
    weight: int
    column: str = ""
    better: str = "low"
    decimals: int = 0


USUAL = (
    Indicator("yoy", N_("刑事发案同比数"), "yoy", 40),
    Indicator("per10k", N_("万人均刑事发案数"), "per10k", 30, decimals=2),
    Indicator("count", N_("刑事发案数"), "count", 30),
)


@dataclass(frozen=True, slots=True)
class Basis:
    """All readings of one month; the defaults are fieldkit's (DOMAIN §0)."""

    yoy: str = "diff"
    zero_base: str = "ask"
    ties: str = "competition"
    boundary: str = "include"
    missed: str = "break"
    delisting: str = "manual"
    clean_months: int = 3
    zero_cases: str = "confirm"
    population: str = "resident"
    population_as_of: str = ""
    case_label: str = "电信网络诈骗刑事发案"
    indicators: tuple[Indicator, ...] = USUAL
    bottom: int = 2
    red_after: int = 2
    listed_after: int = 3
    window_last_day: int = 25
    explain_workdays: int = 10

    def lines(self) -> tuple[str, ...]:
        """The sentences that every paper prints under 口径."""
        population = _(POPULATIONS[self.population])
        said = [
            _("发案：{label}。").format(label=self.case_label),
            _yoy(self),
            _("名次：由低到高，{ties}。").format(
                ties=_("并列占位（1,2,2,4）")
                if self.ties == "competition"
                else _("并列不占位（1,2,2,3）")
            ),
            _("得分：第一名100分，每递减一名减1分；权重{weights}。").format(
                weights="、".join(f"{_(it.title)}{it.weight}%" for it in self.indicators)
            ),
            _("万人均：用{as_of}{population}。").format(
                as_of=self.population_as_of, population=population
            ),
            _("后{n}名并列：{rule}。").format(
                n=_number(self.bottom), rule=_(_BOUNDARY[self.boundary])
            ),
            _("未通报的月份：{rule}。").format(
                rule=_("连续计算中断") if self.missed == "break" else _("不计入，也不中断连续")
            ),
            _("摘牌：凭文件摘牌。")
            if self.delisting == "manual"
            else _("摘牌：连续{n}个月不在后列自动摘牌。").format(n=self.clean_months),
            _("零发案单位列后：须确认才亮牌。")
            if self.zero_cases == "confirm"
            else _("零发案单位列后：照常亮牌。"),
            _("总分保留1位小数，名次按未取舍的值比较。"),
        ]
        return tuple(said)

    def to_doc(self) -> dict[str, Any]:
        """As it is frozen into a published month: text and whole numbers only."""
        doc: dict[str, Any] = {name: getattr(self, name) for name in Basis.__slots__}
        doc["indicators"] = [
            {name: getattr(it, name) for name in Indicator.__slots__} for it in self.indicators
        ]
        return doc

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form, 64 hex."""
        return sha256(encode(self.to_doc())).hexdigest()


class BadBasis(ValueError):
    """A reading that is none: which field, and why in a word."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(f"{field}: {why}")


def from_doc(doc: Mapping[str, Any]) -> Basis:
    """The readings in a document, what it leaves out as usual. Raises BadBasis."""
    known = set(Basis.__slots__)
    for name in doc:
        if name not in known:
            raise BadBasis(str(name), "unknown")
    values = dict(doc)
    if "indicators" in values:
        values["indicators"] = _indicators(values["indicators"])
    found = Basis(**values)
    for name, allowed in CHOICES.items():
        if getattr(found, name) not in allowed:
            raise BadBasis(name, "choice")
    for name, least, most in _NUMBERS:
        value = getattr(found, name)
        if type(value) is not int or not least <= value <= most:
            raise BadBasis(name, "number")
    for name in ("population_as_of", "case_label"):
        if not isinstance(getattr(found, name), str) or len(getattr(found, name)) > 60:
            raise BadBasis(name, "text")
    if found.listed_after <= found.red_after:
        raise BadBasis("listed_after", "order")
    return found


_NUMBERS = (
    ("clean_months", 1, 24), ("bottom", 1, 20), ("red_after", 2, 12), ("listed_after", 3, 24),
    ("window_last_day", 1, 31), ("explain_workdays", 1, 90),
)  # fmt: skip


def _indicators(rows: object) -> tuple[Indicator, ...]:
    if not isinstance(rows, list | tuple) or not 1 <= len(rows) <= 12:
        raise BadBasis("indicators", "list")
    found = []
    for row in rows:
        if not isinstance(row, Mapping) or not set(row) <= set(Indicator.__slots__):
            raise BadBasis("indicators", "unknown")
        if not {"id", "title", "measure", "weight"} <= set(row):
            raise BadBasis("indicators", "missing")
        found.append(Indicator(**row))
    for it in found:
        texts = all(
            isinstance(text, str) and len(text) <= 40 for text in (it.id, it.title, it.column)
        )
        numbers = all(type(n) is int for n in (it.weight, it.decimals))
        if not (texts and numbers and it.id and 0 < it.weight <= 100 and 0 <= it.decimals <= 4):
            raise BadBasis("indicators", "value")
        if it.measure not in MEASURES or it.better not in ("low", "high"):
            raise BadBasis("indicators", "choice")
        if (it.measure == "column") != bool(it.column):
            raise BadBasis("indicators", "column")
    if sum(it.weight for it in found) != 100:
        raise BadBasis("indicators", "weights")
    if len({it.id for it in found}) != len(found):
        raise BadBasis("indicators", "twice")
    return tuple(found)


_BOUNDARY = {
    "include": N_("并列同受"),
    "per10k": N_("先比万人均，高的列后"),
    "ask": N_("由办公室逐次决定"),
}
_ZERO = {
    "ask": N_("上年同期为零时由办公室决定"),
    "worst": N_("上年同期为零而本期有发案的排末位"),
    "as_one": N_("上年同期为零的按1起计算"),
    "switch_diff": N_("有单位上年同期为零时，全表改用差额"),
}


def _yoy(basis: Basis) -> str:
    if basis.yoy == "diff":
        return _("同比：按差额（起），即本期减上年同期。")
    return _("同比：按增减幅（%），{zero}。").format(zero=_(_ZERO[basis.zero_base]))


def _number(n: int) -> str:
    return "两" if n == 2 else str(n)
