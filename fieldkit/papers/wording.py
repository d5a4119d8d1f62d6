"""Figures and phrases that the makers of documents share (DOMAIN §3.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from fieldkit.domain import values
from fieldkit.domain.records import Finding
from fieldkit.domain.sheet import Sheet
from fieldkit.domain.standing.words import decimal, signed
from fieldkit.report import labels
from fieldkit.report.paper import Column, Figure, Paper, Para, Recipe, Section, Source, Text
from fieldkit.report.phrases import EMPTY, day_words, one_decimal
from fieldkit.text.i18n import _
from fieldkit.work.workspace import Workspace

Sources = Callable[[], Iterable[Source]]
_NUMERALS = "〇一二三四五六七八九"


def _none() -> Iterable[Source]:
    return ()


def count(key: str, number: int, label: str, sources: Sources = _none) -> Figure:
    """A whole number."""
    return Figure(key, number, str(number), label, sources)


def change(key: str, number: int, label: str, sources: Sources = _none) -> Figure:
    """A difference with its sign."""
    return Figure(key, number, signed(number), label, sources)


def rate(key: str, part: int, of: int, label: str, sources: Sources = _none) -> Figure:
    """A share of a whole, cut off: it never reaches 100% before all is done; — over nothing."""
    if not of:
        return Figure(key, None, EMPTY, label, sources)
    return Figure(key, Fraction(part, of), values.percent(Fraction(part, of)), label, sources)


def score(key: str, number: Fraction | None, label: str, sources: Sources = _none) -> Figure:
    """A score of a hundred, one decimal; — where nothing was scored."""
    said = EMPTY if number is None else one_decimal(number)
    return Figure(key, number, said, label, sources)


def points_apart(number: Fraction) -> str:
    """The difference of two rates, as it is said: 提高2.5个百分点."""
    text = decimal(abs(number) * 100, 1)
    if not number:
        return _("持平")
    words = _("提高{n}个百分点") if number > 0 else _("下降{n}个百分点")
    return words.format(n=text)


def fact(sheet: Sheet, finding: Finding, *, public: bool) -> str:
    """What was found: the item, what was measured, what was remarked; outside only the item."""
    item = sheet.by_id.get(finding.item)
    if public:
        return item.text if item is not None else finding.item
    answer = sheet.answers.get(finding.item)
    if item is None or answer is None:
        return finding.text
    measured = labels.measured(item, answer.value)
    said = finding.text + (f"（{measured}）" if measured != EMPTY else "")
    return f"{said}：{answer.note}" if answer.note else said


def signed_percent(apart: Fraction) -> str:
    """A change as a table has it, rounded half up: +50.0, -25.0, 0.0 (同比（%）)."""
    said = decimal(abs(apart) * 100, 1)
    return said if not apart else f"{'+' if apart > 0 else '-'}{said}"


def names(of: Sequence[str]) -> str:
    """All of them, never “等单位”."""
    return "、".join(of)


def days(first: date, last: date) -> str:
    """2026年10月26日至11月25日: what both days share is said once."""
    if first == last:
        return day_words(first)
    if first.year != last.year:
        return f"{day_words(first)}{_('至')}{day_words(last)}"
    if first.month != last.month:
        end = _("{month}月{day}日").format(month=last.month, day=last.day)
    else:
        end = _("{day}日").format(day=last.day)
    return f"{day_words(first)}{_('至')}{end}"


def numeral(n: int) -> str:
    """A number from 1 to 99 in characters, as headings have it: 一, 十, 二十三."""
    tens, ones = divmod(n, 10)
    if not 1 <= n <= 99:
        return str(n)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones else "")


def head(n: int, text: str) -> Para:
    """一、…"""
    return Para(f"{numeral(n)}、{text}", "h1", keep=True)


def second(n: int, text: Text) -> Para:
    """（一）…"""
    parts = text if isinstance(text, tuple) else (text,)
    return Para((f"（{numeral(n)}）", *parts), "h2", keep=True)


def month_title(month: str) -> str:
    """2026年11月."""
    year, number = month.split("-")
    return _("{year}年{month}月").format(year=int(year), month=int(number))


def number_line(year: int) -> Para:
    """The document number, left for the office to fill in: it is never made up."""
    return Para(_("　　　　〔{year}〕　　号").format(year=year), "subtitle")


def signed_by(issuer: str, day: date) -> list[Para]:
    """The end of a paper: who, when."""
    return [Para(issuer, "sign", keep=True), Para(day_words(day), "sign")]


def issuer(ws: Workspace) -> str:
    """Whose paper it is: the office, or a blank for its name."""
    from fieldkit.work import offices

    return offices.public(ws).name if offices.is_office(ws) else "　　　　　　"


def filed(
    ws: Workspace,
    recipe: Recipe,
    title: str,
    sections: Sequence[Section],
    *,
    mark: str = "",
    facts: Mapping[str, Text] | None = None,
    dated: date | None = None,
) -> Paper:
    """A paper of this home as it is now; without a mark it is a draft, without a day today's."""
    return Paper(
        recipe,
        title,
        sections,
        ws.now(),
        ws.store.state_digest(),
        issuer=issuer(ws),
        dated=dated or ws.today(),
        public=bool(recipe.options.get("public")),
        mark=mark or _("草稿"),
        demo=ws.is_demo,
        facts=facts or {},
    )


NUMBER = Column("n", "序号", width=4, kind="count")
"""The first column of every table."""
