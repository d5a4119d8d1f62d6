"""Ranks, scores and the last places of one month, in whole numbers and fractions only.

With floats 94.6 and 94.60000000000001 would be two totals, and a tie a card (DOMAIN §0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from fieldkit.text.i18n import _

from . import words
from .basis import Basis, Indicator
from .figures import Decisions, Doubt, Figures, check

Value = Fraction | None
"""What is ranked; None where it cannot be compared (a rate over nothing) and comes last."""


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """One unit's row: by indicator its value, rank (1 is best) and score; total and place.

    ``in_bottom``: among the last ``bottom``. ``is_sure`` is false while the office has to decide
    whether that counts.
    """

    figures: Figures
    values: Mapping[str, Value]
    ranks: Mapping[str, int]
    scores: Mapping[str, Fraction]
    total: Fraction
    place: int
    in_bottom: bool = False
    is_sure: bool = True

    @property
    def unit(self) -> str:
        """The unit's id."""
        return self.figures.unit

    @property
    def name(self) -> str:
        """The unit's name."""
        return self.figures.name


@dataclass(frozen=True, slots=True)
class Ranking:
    """A month ranked: rows by place, then as they were entered; none where a doubt blocks it.

    ``basis`` is the reading that was applied, with this month's decisions in place of ``ask``.
    """

    basis: Basis
    rows: tuple[UnitStanding, ...]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]

    @property
    def bottom(self) -> tuple[str, ...]:
        """The units in the last places."""
        return tuple(row.unit for row in self.rows if row.in_bottom)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to mend or to decide."""
        return not self.doubts


def rank(basis: Basis, figures: Sequence[Figures], decided: Decisions | None = None) -> Ranking:
    """Rank the figures of one month."""
    decided = decided or Decisions()
    used, doubts = _decided(basis, figures, decided)
    blocking = [*check(basis, figures), *doubts]
    if any(doubt.blocks for doubt in blocking):
        return Ranking(used, (), tuple(blocking), ())
    used, notes = _switched(used, figures)
    rows = _rows(used, figures)
    rows, more, said = _bottom(used, rows, decided)
    return Ranking(used, rows, (*blocking, *more), (*notes, *said))


def _decided(
    basis: Basis, figures: Sequence[Figures], decided: Decisions
) -> tuple[Basis, list[Doubt]]:
    """The readings with this month's decisions; a doubt where one is needed and missing."""
    used = basis
    if basis.yoy == "rate" and basis.zero_base == "ask":
        over_nothing = [it for it in figures if _is_over_nothing(it)]
        if decided.zero_base:
            used = replace(used, zero_base=decided.zero_base)
        elif over_nothing:
            names = "、".join(it.name for it in over_nothing)
            text = _("{names}上年同期为零，同比率不可比，请办公室决定怎么排。").format(names=names)
            units = tuple(it.unit for it in over_nothing)
            return used, [Doubt("zero-base", text, units, True, ("worst", "as_one", "switch_diff"))]
    if basis.boundary == "ask" and decided.boundary:
        used = replace(used, boundary=decided.boundary)
    return used, []


def _is_over_nothing(figures: Figures) -> bool:
    return figures.cases_last_year == 0 and bool(figures.cases)


def _switched(basis: Basis, figures: Sequence[Figures]) -> tuple[Basis, list[str]]:
    """Differences instead of rates where the reading says so; and what is to be said of zeros."""
    over_nothing = [it for it in figures if _is_over_nothing(it)]
    if basis.yoy == "rate" and basis.zero_base == "switch_diff" and over_nothing:
        basis = replace(basis, yoy="diff")
    if not any(it.measure == "yoy" for it in basis.indicators):
        return basis, []
    way = {
        "worst": _("排末位"), "as_one": _("上年同期按1起计算"),
    }.get(basis.zero_base, _("按差额排名"))  # fmt: skip
    if basis.yoy == "diff":
        way = _("按差额排名")
    text = _("{name}上年同期为零，同比率不可比（增加{n}起）。当前口径：{way}。")
    return basis, [text.format(name=it.name, n=it.cases, way=way) for it in over_nothing]


def _value(basis: Basis, indicator: Indicator, figures: Figures) -> Value:
    cases, before = figures.cases or 0, figures.cases_last_year or 0
    if indicator.measure == "column":
        return Fraction(figures.more[indicator.column])
    if indicator.measure == "count":
        return Fraction(cases)
    if indicator.measure == "per10k":
        return Fraction(cases * 10000, figures.population or 1)
    if basis.yoy == "diff":
        return Fraction(cases - before)
    if before:
        return Fraction(cases - before, before)
    if not cases:
        # Nothing then and nothing now: no change, by convention.
        return Fraction(0)
    return Fraction(cases - 1) if basis.zero_base == "as_one" else None


def _ranks(values: Mapping[str, Value], better: str, ties: str) -> dict[str, int]:
    """By unit; smaller is better unless said otherwise, what cannot be compared shares the end."""
    sign = 1 if better == "low" else -1
    keys = {
        unit: (1, Fraction(0)) if value is None else (0, sign * value)
        for unit, value in values.items()
    }
    field = set(keys.values()) if ties == "dense" else list(keys.values())
    return {unit: 1 + sum(other < key for other in field) for unit, key in keys.items()}


def _rows(basis: Basis, figures: Sequence[Figures]) -> tuple[UnitStanding, ...]:
    values: dict[str, dict[str, Value]] = {}
    ranks: dict[str, dict[str, int]] = {}
    for it in basis.indicators:
        values[it.id] = {one.unit: _value(basis, it, one) for one in figures}
        ranks[it.id] = _ranks(values[it.id], it.better, basis.ties)
    rows = []
    for one in figures:
        scores = {
            it.id: Fraction((101 - ranks[it.id][one.unit]) * it.weight, 100)
            for it in basis.indicators
        }
        rows.append(
            UnitStanding(
                one,
                {it.id: values[it.id][one.unit] for it in basis.indicators},
                {it.id: ranks[it.id][one.unit] for it in basis.indicators},
                scores,
                sum(scores.values(), Fraction(0)),
                0,
            )
        )
    totals: dict[str, Value] = {row.unit: row.total for row in rows}
    places = _ranks(totals, "high", "competition")
    rows = [replace(row, place=places[row.unit]) for row in rows]
    return tuple(sorted(rows, key=lambda row: row.place))


def _bottom(
    basis: Basis, rows: tuple[UnitStanding, ...], decided: Decisions
) -> tuple[tuple[UnitStanding, ...], list[Doubt], list[str]]:
    """Who is among the last: fewer than ``bottom`` units come after."""
    totals = [row.total for row in rows]
    if len(set(totals)) == 1:
        return rows, [], [_("各单位总分相同，本期不亮牌。")]
    after = {row.unit: sum(total < row.total for total in totals) for row in rows}
    last = [row for row in rows if after[row.unit] < basis.bottom]
    edge = max(last, key=lambda row: row.total).total
    tied = [row for row in last if row.total == edge]
    doubts, notes = [], []
    if len(last) > basis.bottom:
        kept = last
        if basis.boundary == "per10k":
            kept = _by_people(basis, last, tied)
        notes.append(_tie_words(basis, tied, kept))
        if basis.boundary == "ask":
            units = tuple(row.unit for row in tied)
            doubts.append(Doubt("boundary", notes[-1], units, False, ("include", "per10k")))
        last = kept
    if len(last) * 2 > len(rows) and not decided.wide:
        text = _("后列单位有{n}个，超过一半，请办公室确认。").format(n=len(last))
        doubts.append(Doubt("wide", text, tuple(row.unit for row in last), False, ("yes",)))
    return _marked(basis, rows, last, decided, doubts), doubts, notes


def _by_people(
    basis: Basis, last: Sequence[UnitStanding], tied: Sequence[UnitStanding]
) -> list[UnitStanding]:
    """Of those that tie across the line, the ones with more cases per person."""
    below = [row for row in last if row not in tied]
    room = basis.bottom - len(below)
    per = {row.unit: Fraction(row.figures.cases or 0, row.figures.population or 1) for row in tied}
    chosen = [row for row in tied if sum(other > per[row.unit] for other in per.values()) < room]
    return [*chosen, *below]


def _tie_words(basis: Basis, tied: Sequence[UnitStanding], kept: Sequence[UnitStanding]) -> str:
    rule = {"include": _("并列同受"), "per10k": _("先比万人均")}.get(basis.boundary, _("并列同受"))
    text = _("第{place}名并列：{names}（均{total}分）。按“{rule}”，本期后{n}名共{kept}个单位。")
    return text.format(
        place=tied[0].place,
        names="、".join(row.name for row in tied),
        total=words.score(tied[0].total),
        rule=rule,
        n=words.count(basis.bottom),
        kept=len(kept),
    )


def _marked(
    basis: Basis,
    rows: tuple[UnitStanding, ...],
    last: Sequence[UnitStanding],
    decided: Decisions,
    doubts: list[Doubt],
) -> tuple[UnitStanding, ...]:
    """The rows with those in the last places marked; a unit without a case only when confirmed."""
    units = {row.unit for row in last}
    asks = basis.zero_cases == "confirm"
    open_ = [
        row
        for row in last
        if asks and not row.figures.cases and row.unit not in decided.confirmed | decided.spared
    ]
    if open_:
        names = "、".join(row.name for row in open_)
        text = _("{names}本期零发案而列后{n}名，是否亮牌请办公室确认。")
        sentence = text.format(names=names, n=words.count(basis.bottom))
        ids = tuple(row.unit for row in open_)
        doubts.append(Doubt("zero-cases", sentence, ids, False, ("confirm", "spare")))
    unsure = {row.unit for row in open_}
    spared = {row.unit for row in last if asks and not row.figures.cases} & decided.spared
    return tuple(
        replace(row, in_bottom=row.unit in units - spared, is_sure=row.unit not in unsure)
        for row in rows
    )
