"""What is entered for a month, and what is wrong or doubtful about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from fieldkit.text.i18n import _

from .basis import Basis

MOST = 2**31


@dataclass(frozen=True, slots=True)
class Figures:
    """One unit's numbers of one month; None where nothing was entered.

    ``unit`` is an opaque id that stays when a name changes. ``more`` are the figures of indicators
    with a column of their own.
    """

    unit: str
    name: str
    cases: int | None
    cases_last_year: int | None
    population: int | None
    more: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that must be mended or decided. ``blocks``: no ranking before; else no publishing.

    ``choices`` are the decisions that may be taken under ``code``; none where only other figures
    help.
    """

    code: str
    sentence: str
    units: tuple[str, ...] = ()
    blocks: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the office decided for one month.

    ``zero_base`` and ``boundary`` are readings for this month in place of ``ask``; ``confirmed``
    are units without a case that shall get their card; ``spared`` those that shall not;
    ``wide`` accepts a bottom group of more than half.
    """

    zero_base: str = ""
    boundary: str = ""
    confirmed: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()
    wide: bool = False


def check(basis: Basis, figures: Sequence[Figures]) -> tuple[Doubt, ...]:
    """What keeps these figures from being ranked, each kind in one sentence."""
    found = [
        *_twice(figures),
        *_blank(basis, figures),
        *_wrong(figures),
    ]
    if figures and basis.bottom * 2 > len(figures):
        text = _("只有{n}个单位，后{bottom}名超过一半，不能排名。")
        found.append(Doubt("few", text.format(n=len(figures), bottom=basis.bottom)))
    if not figures:
        found.append(Doubt("none", _("这个月还没有数。")))
    return tuple(found)


def _twice(figures: Sequence[Figures]) -> list[Doubt]:
    seen: set[str] = set()
    twice = []
    for one in figures:
        if one.unit in seen:
            twice.append(one)
        seen.add(one.unit)
    if not twice:
        return []
    return [Doubt("twice", _("有单位出现两次：{names}。").format(names=_names(twice)), _ids(twice))]


def _blank(basis: Basis, figures: Sequence[Figures]) -> list[Doubt]:
    measures = {it.measure for it in basis.indicators}
    found = []
    for code, wanted, sentence in (
        ("cases", True, _("缺少{n}个单位的本期数：{names}。补齐后才能排名。")),
        ("last-year", "yoy" in measures, _("缺少{n}个单位的上年同期数：{names}。补齐后才能排名。")),
        ("population", "per10k" in measures, _("缺少{n}个单位的人口数：{names}。补齐后才能排名。")),
    ):
        blank = [it for it in figures if wanted and _field(it, code) is None]
        if blank:
            text = sentence.format(n=len(blank), names=_names(blank))
            found.append(Doubt(f"blank-{code}", text, _ids(blank)))
    for indicator in basis.indicators:
        if indicator.measure == "column":
            blank = [it for it in figures if indicator.column not in it.more]
            if blank:
                text = _("缺少{n}个单位的{title}：{names}。补齐后才能排名。")
                text = text.format(n=len(blank), title=_(indicator.title), names=_names(blank))
                found.append(Doubt(f"blank-{indicator.column}", text, _ids(blank)))
    return found


def _wrong(figures: Sequence[Figures]) -> list[Doubt]:
    counts = [
        it
        for it in figures
        if any(
            value is not None and not _is_count(value)
            for value in (it.cases, it.cases_last_year, *it.more.values())
        )
    ]
    people = [
        it for it in figures if it.population is not None and not _is_count(it.population, least=1)
    ]
    found = []
    if counts:
        text = _("发案数不是零或正整数：{names}。").format(names=_names(counts))
        found.append(Doubt("bad-count", text, _ids(counts)))
    if people:
        text = _("人口数不是正整数：{names}。").format(names=_names(people))
        found.append(Doubt("bad-population", text, _ids(people)))
    return found


def _is_count(value: object, least: int = 0) -> bool:
    return type(value) is int and least <= value < MOST


def _field(figures: Figures, code: str) -> int | None:
    if code == "cases":
        return figures.cases
    return figures.cases_last_year if code == "last-year" else figures.population


def _names(figures: Sequence[Figures]) -> str:
    return "、".join(it.name for it in figures)


def _ids(figures: Sequence[Figures]) -> tuple[str, ...]:
    return tuple(it.unit for it in figures)
