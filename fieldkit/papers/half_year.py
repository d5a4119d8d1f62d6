"""The half-year report, with the list of who has not reported (半年报告和催报表, DOMAIN §3.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fieldkit.domain import rectification
from fieldkit.report.paper import (
    Block,
    Cell,
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
from fieldkit.text.i18n import N_, _
from fieldkit.work import bulletins, coverage, ledgers, referring
from fieldkit.work.coverage import Window
from fieldkit.work.ledgers import Ledger
from fieldkit.work.rounds import Round, around, span_of
from fieldkit.work.workspace import Workspace

from . import wording
from .catalogue import Options

_LIMIT = 5000
"""Characters that a report should not exceed (减负规定, W16)."""
_OWN = (
    ("inspections", N_("检查次数"), N_("次")),
    ("findings", N_("检查发现问题"), N_("个")),
    ("settled", N_("其中已整改"), N_("个")),
    ("visited", N_("入户走访"), N_("户")),
    ("delivered", N_("资料发放到户"), N_("户")),
    ("met", N_("面对面宣传"), N_("户")),
    ("referrals", N_("移交事项"), N_("件")),
)
_UNITS = {
    "BS11": N_("场"), "BS12": N_("人次"), "BS13": N_("份"), "BS14": N_("人次"), "BS15": N_("次"),
    "BS16": N_("块"), "BS17": N_("条"), "BS18": N_("个"), "BS19": N_("个"),
}  # fmt: skip
"""What the numbers are counted in that units report by the list ``half-year``."""
_COLLECTED = "BS03"
"""How often a report was sent back: for the reminder list alone."""


@dataclass(frozen=True, slots=True)
class _Half:
    """What one half year came to: own counts by name, reported sums by item."""

    span: Round
    own: dict[str, int]
    sources: dict[str, wording.Sources]
    ledger: Ledger

    def reported(self, item: str) -> int:
        for (id, _title), total in zip(self.ledger.columns, self.ledger.totals, strict=True):
            if id == item and total.isdecimal():
                return int(total)
        return 0


def build(ws: Workspace, options: Options) -> Paper:
    """The report of a half year, the one in which today is unless another is asked for.

    Raises Problem for an unknown half year or place.
    """
    span = span_of(options.half) if options.half else around(ws.today(), "half")
    now = _half(ws, span, options.within)
    made = _Maker(ws, now, _half(ws, _year_before(span), options.within), options)
    return wording.filed(
        ws,
        options.recipe("half-year", half=span.name),
        made.title,
        made.sections(),
        facts={_("检查次数"): made.own("inspections"), _("问题数"): made.own("findings")},
    )


def _year_before(span: Round) -> Round:
    year, half = span.name.split("-")
    return span_of(f"{int(year) - 1}-{half}")


def _first_half(span: Round) -> Round | None:
    year, half = span.name.split("-")
    return span_of(f"{year}-H1") if half == "H2" else None


def _half(ws: Workspace, span: Round, within: str) -> _Half:
    first, last = date.fromisoformat(span.first), date.fromisoformat(span.last)
    looked = bulletins.window(ws, first, last, within).looked
    rows = [row for one in looked for row in one.findings]
    settled = [row for row in rows if row.finding.state in rectification.SETTLED]
    doors = coverage.total(
        coverage.coverage(ws, "village", within or None, Window(span.first, span.last))
    )
    slips = [
        row
        for row in referring.listing(ws, within or None)
        if span.first <= row.referral.day <= span.last
    ]
    own = {
        "inspections": len(looked),
        "findings": len(rows),
        "settled": len(settled),
        "visited": doors.visited,
        "delivered": doors.delivered,
        "met": doors.met,
        "referrals": len(slips),
    }
    sources: dict[str, wording.Sources] = {
        "inspections": lambda: [
            Source("inspection", it.id, f"{it.sheet.inspection.day}　{it.name}") for it in looked
        ],
        "findings": lambda: [Source("finding", it.finding.id, it.finding.text) for it in rows],
        "settled": lambda: [Source("finding", it.finding.id, it.finding.text) for it in settled],
        "referrals": lambda: [Source("referral", it.referral.id, it.referral.day) for it in slips],
    }
    return _Half(
        span, own, sources, ledgers.ledger(ws, "submissions", span.name, "", within or None)
    )


class _Maker:
    """Says a half year in prose and in tables."""

    def __init__(self, ws: Workspace, now: _Half, before: _Half, options: Options) -> None:
        self._ws, self._now, self._before = ws, now, before
        earlier = _first_half(now.span)
        self._earlier = _half(ws, earlier, options.within) if earlier else None

    @property
    def title(self) -> str:
        """2026年下半年全域反诈工作情况报告."""
        return _("{half}全域反诈工作情况报告").format(half=self._words)

    @property
    def _words(self) -> str:
        year, half = self._now.span.name.split("-")
        words = _("{year}年上半年") if half == "H1" else _("{year}年下半年")
        return words.format(year=year)

    def own(self, name: str) -> Figure:
        """A count of this home's own records."""
        title = next(title for id, title, _unit in _OWN if id == name)
        sources = self._now.sources.get(name)
        key = f"half/{self._now.span.name}/{name}"
        number = self._now.own[name]
        if sources is None:
            return wording.count(key, number, _(title))
        return wording.count(key, number, _(title), sources)

    def sections(self) -> list[Section]:
        """The report, the numbers, the reminder list."""
        return [
            Section([*self._letter()]),
            Section([Para(_("附件1"), "annex"), self._numbers()], wide=True),
            Section([Para(_("附件2"), "annex"), self._reminders()], wide=True),
            Section([self._chart()]),
        ]

    def _letter(self) -> Iterable[Block]:
        late = [row for row in self._now.ledger.rows if row.late]
        yield wording.number_line(int(self._now.span.name[:4]))
        yield Para(self.title, "title")
        yield Para(_("　　　　　　　　："), "to")
        yield Para(
            _("现将{half}（{days}）工作情况报告如下：").format(
                half=self._words,
                days=wording.days(date.fromisoformat(self._now.span.first),
                                  date.fromisoformat(self._now.span.last)),
            )
        )  # fmt: skip
        yield wording.head(1, _("组织领导"))
        yield Para(_("（会议、分工、经费情况，请补充。）"))
        yield wording.head(2, _("宣传发动"))
        yield Para((_("入户走访"), self.own("visited"), _("户，资料发放到"), self.own("delivered"),
                    _("户，面对面宣传"), self.own("met"), _("户。")))  # fmt: skip
        yield Para(self._reported())
        yield wording.head(3, _("检查整改和行业治理"))
        yield Para((_("办结检查"), self.own("inspections"), _("次，发现问题"),
                    self.own("findings"), _("个，已整改"), self.own("settled"),
                    _("个；向主管单位移交事项"), self.own("referrals"), _("件。")))  # fmt: skip
        yield wording.head(4, _("案件情况"))
        yield Para(_("（以公安机关反馈的汇总数为准，请补充；不写个案。）"))
        yield wording.head(5, _("存在问题"))
        yield Para(
            (_("到期未报或逾期报送工作情况的单位"), self._late(late), _("个，名单见附件2。"))
        )
        yield wording.head(6, _("下步打算"))
        yield Para(_("（请补充。）"))
        yield Para(_("附件：1.数据表"), "body")
        yield Para(_("　　　2.催报表"), "body")
        yield from wording.signed_by(wording.issuer(self._ws), self._ws.today())
        yield Para(_("提示：报告一般不超过{n}字。").format(n=_LIMIT), "note")

    def _late(self, late: Sequence[ledgers.Line]) -> Figure:
        return wording.count(
            f"half/{self._now.span.name}/late", len(late), _("逾期单位数"),
            lambda: [Source("site", it.site.code, it.name) for it in late if it.site is not None],
        )  # fmt: skip

    def _reported(self) -> tuple[str | Figure, ...]:
        sent = [row for row in self._now.ledger.rows if not row.missing]
        parts: list[str | Figure] = [
            _("已报送的"),
            wording.count(f"half/{self._now.span.name}/sent", len(sent), _("已报送单位数")),
            _("个单位共开展宣传"),
            self._sum("BS11", _("宣传场次")),
            _("场，覆盖"),
            self._sum("BS12", _("覆盖人次")),
            _("人次，培训"),
            self._sum("BS14", _("培训人次")),
            _("人次。"),
        ]
        return tuple(parts)

    def _sum(self, item: str, title: str) -> Figure:
        number = self._now.reported(item)

        def sources() -> list[Source]:
            return [
                Source("inspection", row.inspection, row.name)
                for row in self._now.ledger.rows
                if row.inspection
            ]

        return wording.count(f"half/{self._now.span.name}/{item}", number, title, sources)

    def _numbers(self) -> Table:
        columns = (
            wording.NUMBER,
            Column("what", _("指标"), width=22),
            Column("unit", _("计量单位"), width=9),
            Column("now", _("本期"), width=10, kind="count"),
            Column("before", _("上年同期"), width=10, kind="count"),
            Column("change", _("同比（%）"), width=10),
            Column("whole", _("全年累计"), width=10, kind="count"),
            Column("note", _("备注"), width=16),
        )
        rows: list[Row] = []
        for name, title, unit in _OWN:
            earlier = self._earlier.own[name] if self._earlier else 0
            rows.append(
                self._line(len(rows) + 1, name, _(title), _(unit), self.own(name),
                           self._before.own[name], earlier, None)
            )  # fmt: skip
        for id, title in self._now.ledger.columns:
            if id not in _UNITS:
                continue
            earlier = self._earlier.reported(id) if self._earlier else 0
            rows.append(
                self._line(len(rows) + 1, id, title, _(_UNITS[id]), self._sum(id, title),
                           self._before.reported(id), earlier, _("各单位报送"))
            )  # fmt: skip
        note = _("走访、发放、面宣按户计，全年累计是两个半年之和，一户可能两期都计。")
        return Table(_("数据表"), _("工作情况数据表"), columns, rows, (note,))

    def _line(
        self, n: int, name: str, title: str, unit: str, now: Figure, before: int, earlier: int,
        note: str | None,
    ) -> Row:  # fmt: skip
        value = now.value
        assert isinstance(value, int)
        key = f"half/{self._now.span.name}/{name}"
        change: Cell = None
        if before:
            apart = Fraction(value - before, before)
            said = wording.signed_percent(apart)
            change = Figure(f"{key}/change", apart, said, f"{title}　{_('同比')}")
        return Row(
            (
                str(n),
                title,
                unit,
                now,
                wording.count(f"{key}/before", before, f"{title}　{_('上年同期')}"),
                change,
                wording.count(f"{key}/whole", value + earlier, f"{title}　{_('全年累计')}"),
                note,
            )
        )

    def _reminders(self) -> Table:
        ledger = self._now.ledger
        columns = (
            wording.NUMBER,
            Column("name", _("单位"), width=26),
            Column("due", _("应报日"), width=11, kind="day"),
            Column("day", _("实报日"), width=11, kind="day"),
            Column("late", _("是否逾期"), width=8),
            Column("days", _("逾期天数"), width=9, kind="count"),
            Column("back", _("退回次数"), width=9, kind="count"),
        )
        places = [id for id, _title in ledger.columns]
        rows = [self._reminder(n, row, places) for n, row in enumerate(ledger.rows, 1)]
        title = _("{half}工作情况催报表").format(half=self._words)
        return Table(_("催报表"), title, columns, rows)

    def _reminder(self, n: int, row: ledgers.Line, places: Sequence[str]) -> Row:
        due = self._now.ledger.due
        sent = row.cells[places.index("BS02")] if "BS02" in places else row.day
        until = sent or self._ws.today().isoformat()
        days = max((date.fromisoformat(until) - date.fromisoformat(due)).days, 0) if due else 0
        back = row.cells[places.index(_COLLECTED)] if _COLLECTED in places else ""
        site = row.site.id if row.site is not None else row.name
        label = f"{row.name}　{_('逾期天数')}"
        said: Cell = None
        if days:
            said = wording.count(f"half/{self._now.span.name}/late/{site}", days, label)
        word = _("逾期") if days else (_("否") if sent else _("未到期"))
        return Row((str(n), row.name, due or None, sent or None, word, said, back or None))

    def _chart(self) -> Chart:
        names = [_(title) for _id, title, _unit in _OWN]
        return Chart(
            "bars",
            _("本期与上年同期"),
            names,
            [
                Series(_("本期"), [self._now.own[id] for id, _title, _unit in _OWN]),
                Series(_("上年同期"), [self._before.own[id] for id, _title, _unit in _OWN]),
            ],
        )
