"""The circular on the monthly standing (红黄牌通报, 000三(一)3; DOMAIN §3.5)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from fieldkit.domain.standing import words
from fieldkit.domain.standing.basis import BadBasis, Basis, from_doc
from fieldkit.domain.standing.window import month_of
from fieldkit.errors import Problem
from fieldkit.report.paper import (
    Block,
    Chart,
    Column,
    Figure,
    Paper,
    Para,
    Row,
    Section,
    Series,
    Source,
    Table,
)
from fieldkit.report.phrases import EMPTY
from fieldkit.text.i18n import _
from fieldkit.work import standing_month, standing_months
from fieldkit.work.standing_view import Line, MonthView
from fieldkit.work.workspace import Workspace

from . import wording
from .catalogue import Options

_CARDS = ("yellow", "red", "listed")


def build(ws: Workspace, options: Options) -> Paper:
    """The circular of a month: as it was published, else a preview that says so.

    Raises Problem for a month without figures, figures that cannot be ranked, and readings that
    are none.
    """
    reading = _reading(ws, options)
    month = options.month or _newest(ws)
    view = standing_month.month(ws, month, reading)
    made = _Maker(ws, view, reading)
    settled = "" if reading is None else json.dumps(reading.to_doc(), ensure_ascii=False)
    return wording.filed(
        ws,
        options.recipe("standing", month=view.month, basis="", readings=settled),
        made.title,
        made.sections(),
        mark=_("草稿") if view.frozen else _("预览　不得通报"),
        facts=made.facts,
    )


def _reading(ws: Workspace, options: Options) -> Basis | None:
    if options.readings:
        try:
            return from_doc(json.loads(options.readings))
        except (ValueError, BadBasis, TypeError) as error:
            raise Problem(
                "bad-readings", _("口径读不出来"), mend=_("请重新出这份文件。")
            ) from error
    return standing_month.basis_for(ws, Path(options.basis)) if options.basis else None


def _newest(ws: Workspace) -> str:
    known = [row.month for row in standing_months.months(ws) if row.state != "missing"]
    return max(known) if known else f"{ws.today():%Y-%m}"


class _Maker:
    """Says one month in prose and in tables."""

    def __init__(self, ws: Workspace, view: MonthView, reading: Basis | None) -> None:
        self._ws, self._view, self._reading = ws, view, reading
        self._month = month_of(view.month)
        self._cases = sum(line.cases for line in view.lines)
        self._before = sum(line.cases_last_year for line in view.lines)
        self._people = sum(line.population for line in view.lines)
        self.facts: dict[str, Figure | str] = {
            "发案": self._figure("cases", self._cases, _("全镇发案"))
        }

    @property
    def title(self) -> str:
        """关于2026年11月村（社区）电信网络诈骗发案排名情况的通报."""
        return _("关于{month}村（社区）{label}排名情况的通报").format(
            month=wording.month_title(self._view.month),
            label=self._view.reading.case_label.removesuffix("刑事发案") + _("发案"),
        )

    def sections(self) -> list[Section]:
        """The letter, the ranking across the page, six months of cards, the chart."""
        return [
            Section(list(self._letter())),
            Section([Para(_("附件1"), "annex"), self._table()], wide=True),
            Section([Para(_("附件2"), "annex"), self._history(), *self._charts()]),
        ]

    def _letter(self) -> Iterable[Block]:
        view = self._view
        yield wording.number_line(self._month.year)
        yield Para(self.title, "title")
        yield Para(_("各村（社区）："), "to")
        for note in view.notes[:1]:
            yield Para(note)
        rate = Fraction(self._cases * 10000, self._people) if self._people else None
        yield Para(
            (
                _("全镇共发案"),
                self.facts["发案"],
                _("起，"),
                Figure("standing/total/said", self._cases - self._before,
                       words.rate_words(self._cases, self._before), _("全镇同比")),
                _("，万人均"),
                Figure("standing/total/per10k", rate, words.decimal(rate, 2) if rate is not None
                       else EMPTY, _("全镇万人均")),
                _("起。"),
            )
        )  # fmt: skip
        yield wording.head(1, _("排名情况"))
        first = [line for line in view.lines if line.place == 1]
        yield Para(
            _("总分第一名：{names}。各单位名次、得分见附件1。").format(
                names=wording.names([line.name for line in first])
            )
        )
        yield wording.head(2, _("亮牌情况"))
        yield from self._carded()
        yield wording.head(3, _("工作要求"))
        for todo in view.todos:
            yield Para(todo)
        yield Para(_("列后的村（社区）要分析发案原因，有针对性地开展宣传和整改。"))
        yield wording.head(4, _("口径说明"))
        for line in view.basis:
            yield Para(line)
        for note in view.notes[1:]:
            yield Para(note)
        for doubt in view.doubts:
            yield Para(doubt.sentence)
        yield Para(_("附件：1.排名表"))
        yield Para(_("　　　2.近6期牌别一览"))
        yield from wording.signed_by(wording.issuer(self._ws), self._ws.today())

    def _carded(self) -> Iterable[Block]:
        some = False
        for card in _CARDS:
            lines = [line for line in self._view.lines if line.card == card]
            if not lines:
                continue
            some = True
            parts: list[str | Figure] = [f"{words.card(card)}："]
            for n, line in enumerate(lines):
                parts.append("、" if n else "")
                parts.append(line.name)
                if line.streak > 1:
                    parts += [_("（连续"), self._of(line, "streak", line.streak, _("连续月数")),
                              _("个月）")]  # fmt: skip
            parts.append("。")
            yield Para(tuple(parts))
        if not some:
            yield Para(_("本期没有亮牌的单位。"))
        for word in self._view.delisted:
            yield Para(
                _("摘牌：{name}（{document}）。").format(name=word.name, document=word.number)
            )

    def _table(self) -> Table:
        indicators = self._view.reading.indicators
        columns = [
            Column("place", _("名次"), width=5, kind="count"),
            Column("name", _("村（社区）"), width=12),
            Column("people", _("人口（人）"), width=8, kind="count", total="sum"),
            Column("cases", _("本期发案（起）"), width=6, kind="count", total="sum"),
            Column("before", _("上年同期（起）"), width=6, kind="count", total="sum"),
            Column("more", _("增减（起）"), width=6, kind="signed", total="sum"),
            Column("rate", _("同比（%）"), width=7),
            Column("per10k", _("万人均"), width=7, kind="decimal"),
        ]
        for n, it in enumerate(indicators):
            mark = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"[n]
            columns.append(Column(f"r_{it.id}", _("名次"), f"{mark}{_(it.title)}", "count", 5))
            columns.append(Column(f"s_{it.id}", _("得分"), f"{mark}{_(it.title)}", "score", 6))
        columns += [
            Column("total", _("总分"), width=6, kind="score"),
            Column("card", _("牌别"), width=7),
            Column("streak", _("连续月数"), width=5, kind="count"),
            Column("note", _("备注"), width=11),
        ]
        rows = [self._line(line) for line in self._view.lines]
        rows.append(self._sum(len(columns)))
        return Table(_("排名表"), _("村（社区）发案排名表"), columns, rows, self._view.basis)

    def _line(self, line: Line) -> Row:
        cells: list[str | Figure | None] = [
            self._of(line, "place", line.place, _("名次")),
            line.name,
            self._of(line, "people", line.population, _("人口")),
            self._of(line, "cases", line.cases, _("本期发案")),
            self._of(line, "before", line.cases_last_year, _("上年同期")),
            wording.change(self._key(line, "more"), line.cases - line.cases_last_year,
                           f"{line.name}　{_('增减')}"),
            Figure(self._key(line, "rate"), line.cases - line.cases_last_year,
                   words.rate_cell(line.cases, line.cases_last_year), f"{line.name}　{_('同比')}"),
            Figure(self._key(line, "per10k"), Fraction(line.cases * 10000, line.population or 1),
                   line.per10k, f"{line.name}　{_('万人均')}"),
        ]  # fmt: skip
        for it in self._view.reading.indicators:
            rank = line.ranks.get(it.id)
            score = line.scores.get(it.id)
            label = f"{line.name}　{_(it.title)}"
            cells.append(
                None if rank is None
                else wording.count(self._key(line, f"rank/{it.id}"), rank, label + _("名次"))
            )  # fmt: skip
            cells.append(
                None if score is None
                else Figure(self._key(line, f"score/{it.id}"), score, words.score(score),
                            label + _("得分"))
            )  # fmt: skip
        total = Figure(self._key(line, "total"), line.total, words.score(line.total),
                       f"{line.name}　{_('总分')}", self._sources(line))  # fmt: skip
        card = Figure(self._key(line, "card"), line.card, words.card(line.card) or EMPTY,
                      f"{line.name}　{_('牌别')}", self._sources(line))  # fmt: skip
        cells += [
            total,
            card,
            self._of(line, "streak", line.streak, _("连续月数")),
            line.note or None,
        ]
        return Row(cells)

    def _sum(self, width: int) -> Row:
        rate = Fraction(self._cases * 10000, self._people) if self._people else None
        cells: list[str | Figure | None] = [
            _("合计"), None,
            self._figure("people", self._people, _("全镇人口")),
            self.facts["发案"],
            self._figure("before", self._before, _("全镇上年同期")),
            wording.change("standing/total/more", self._cases - self._before, _("全镇增减")),
            words.rate_cell(self._cases, self._before),
            Figure("standing/total/per10k", rate,
                   words.decimal(rate, 2) if rate is not None else EMPTY, _("全镇万人均")),
        ]  # fmt: skip
        return Row([*cells, *[None] * (width - len(cells))], "total")

    def _history(self) -> Table:
        rows = standing_months.history(self._ws, 6, self._view.month, self._reading)
        months = sorted({month for row in rows for month in row.months})
        columns = [
            wording.NUMBER,
            Column("name", _("村（社区）"), width=16),
            *(Column(f"m{month}", month, width=9) for month in months),
        ]
        lines = []
        for n, row in enumerate(rows, 1):
            cells: list[str | None] = [str(n), row.name]
            for month in months:
                state = row.months.get(month)
                cells.append(words.card(state.card) or None if state is not None else None)
            lines.append(Row(cells))
        return Table(_("近6期牌别"), _("近6期牌别一览"), columns, lines)

    def _charts(self) -> Iterable[Block]:
        before = self._places_before()
        names = [line.name for line in self._view.lines]
        now: Sequence[int] = [line.place for line in self._view.lines]
        yield Chart(
            "ranks",
            _("名次与上月比较"),
            names,
            [Series(_("上月名次"), [before.get(name) for name in names]),
             Series(_("本月名次"), now)],
        )  # fmt: skip

    def _places_before(self) -> dict[str, int]:
        try:
            last = standing_month.month(self._ws, str(self._month.plus(-1)), self._reading)
        except Problem:
            return {}
        return {line.name: line.place for line in last.lines}

    def _figure(self, name: str, number: int, label: str) -> Figure:
        return wording.count(f"standing/total/{name}", number, label)

    def _of(self, line: Line, name: str, number: int, label: str) -> Figure:
        key = self._key(line, name)
        return wording.count(key, number, f"{line.name}　{label}", self._sources(line))

    def _key(self, line: Line, name: str) -> str:
        return f"standing/{line.unit}/{name}"

    def _sources(self, line: Line) -> wording.Sources:
        month = self._view.month
        return lambda: [
            Source(
                "standing",
                month,
                _("{name}：本期{cases}起，上年同期{before}起，人口{people}人").format(
                    name=line.name, cases=line.cases, before=line.cases_last_year,
                    people=line.population,
                ),
            )
        ]  # fmt: skip
