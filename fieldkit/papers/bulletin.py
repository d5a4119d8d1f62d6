"""The circular on inspections of a window (通报, 000四(四), 003四(四), 004七(四); DOMAIN §3.1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from fieldkit.domain import masking, rectification
from fieldkit.domain.modes import MODES
from fieldkit.errors import Refused
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
from fieldkit.report.phrases import EMPTY, day_words
from fieldkit.text.i18n import N_, _
from fieldkit.work import bulletins, sites
from fieldkit.work.bulletins import Looked, Window
from fieldkit.work.findings import FindingRow
from fieldkit.work.workspace import Workspace

from . import wording
from .catalogue import Options

MOST_BARS = 40
_LEFT_OUT = {
    "hidden": N_("{n}次背靠背检查尚未全部办结，未计入"),
    "unfinished": N_("{n}次检查尚未办结，未计入"),
    "self": N_("{n}次自查未计入"),
    "reinspection": N_("{n}次复查未计入"),
    "no-checklist": N_("{n}次检查的检查表版本不在本机，未计入"),
}


def build(ws: Workspace, options: Options) -> Paper:
    """The circular. Raises Refused ``nothing-inspected``, Problem for options that are none."""
    first, last = _days(ws, options)
    found = bulletins.window(ws, first, last, options.within, options.checklist)
    if not found.looked:
        raise Refused(
            "nothing-inspected",
            _("{days}没有办结的检查").format(days=wording.days(first, last)),
            mend=_("请换一个月份，或先合并各设备的数据包。"),
        )
    span = last - first + timedelta(days=1)
    before = bulletins.window(ws, first - span, first - timedelta(days=1), options.within,
                              options.checklist)  # fmt: skip
    made = _Maker(ws, found, before, public=bool(options.public))
    return Paper(
        options.recipe("bulletin", first=first.isoformat(), last=last.isoformat(), month=""),
        made.title,
        made.sections(),
        ws.now(),
        ws.store.state_digest(),
        issuer=wording.issuer(ws),
        dated=ws.today(),
        public=bool(options.public),
        mark=_("草稿") if last < ws.today() else _("预览"),
        demo=ws.is_demo,
        facts=made.facts,
    )


def _days(ws: Workspace, options: Options) -> tuple[date, date]:
    if options.first or options.last:
        last = bulletins.day(options.last) if options.last else ws.today()
        first = bulletins.day(options.first) if options.first else last.replace(day=1)
        return min(first, last), last
    return bulletins.month_days(options.month or f"{ws.today():%Y-%m}")


class _Maker:
    """Counts once, says it in prose and in tables."""

    def __init__(self, ws: Workspace, found: Window, before: Window, *, public: bool) -> None:
        self._ws, self._found, self._before, self._public = ws, found, before, public
        self._looked = found.looked
        self.facts: dict[str, Figure | str] = {
            "检查次数": self._count("inspections", len(self._looked), _("检查次数"), self._all),
            "问题数": self._count("findings", len(self._problems()), _("问题数"), self._found_all),
        }

    @property
    def title(self) -> str:
        """关于2026年11月“无诈”创建明察暗访情况的通报."""
        first, last = self._found.first, self._found.last
        whole = (first.day, (last + timedelta(days=1)).day) == (1, 1)
        if whole and (first.year, first.month) == (last.year, last.month):
            when = wording.month_title(f"{first:%Y-%m}")
        else:
            when = wording.days(first, last)
        return _("关于{when}“无诈”创建明察暗访情况的通报").format(when=when)

    def sections(self) -> list[Section]:
        """The letter, then the annexes across the page."""
        return [
            Section(list(self._letter())),
            Section([Para(_("附件1"), "annex"), self._scores()], wide=True),
            Section([Para(_("附件2"), "annex"), self._problem_table()], wide=True),
            Section([Para(_("附件3"), "annex"), self._ledger()], wide=True),
            Section(list(self._charts())),
        ]

    def _letter(self) -> Iterable[Block]:
        yield wording.number_line(self._found.last.year)
        yield Para(self.title, "title")
        yield Para(_("各村（社区）、各成员单位："), "to")
        yield self._intro()
        yield wording.head(1, _("基本情况"))
        yield from self._overall()
        yield wording.head(2, _("主要成效"))
        yield from self._good()
        yield wording.head(3, _("存在问题"))
        yield from self._bad()
        yield wording.head(4, _("下一步工作要求"))
        yield from self._asked()
        yield Para(_("附件：1.得分汇总表"), "body")
        yield Para(_("　　　2.问题清单"), "body")
        yield Para(_("　　　3.整改台账"), "body")
        yield from wording.signed_by(wording.issuer(self._ws), self._ws.today())
        for note in self._notes():
            yield Para(note, "note")

    def _intro(self) -> Para:
        kinds = Counter(one.chain[0].kind if one.chain else "" for one in self._looked)
        parts: list[str | Figure] = [
            _("{days}，{who}采取明察暗访方式，对").format(
                days=wording.days(self._found.first, self._found.last),
                who=wording.issuer(self._ws),
            )
        ]
        for place, (kind, _number) in enumerate(sorted(kinds.items())):
            units = {one.sheet.site.id for one in self._looked if one.sheet.site.kind == kind}
            title = _(sites.KINDS[kind]) if kind in sites.KINDS else _("对象")
            parts += [
                "、" if place else "",
                self._count(f"units/{kind}", len(units), title, self._all),
                _("个{kind}").format(kind=title),
            ]
        parts.append(_("进行检查，现将有关情况通报如下："))
        return Para(tuple(parts))

    def _overall(self) -> Iterable[Block]:
        modes = Counter(one.sheet.inspection.mode for one in self._looked)
        passed = [one for one in self._looked if one.is_pass]
        yield Para(
            (
                _("共检查"),
                self.facts["检查次数"],
                _("次，其中明察"),
                self._count("open", modes["open"], _("明察次数"), self._of_mode("open")),
                _("次，暗访"),
                self._count("covert", modes["covert"], _("暗访次数"), self._of_mode("covert")),
                _("次；平均"),
                self._mean("mean", self._looked, _("平均分")),
                _("分，达标"),
                self._count("passed", len(passed), _("达标次数"), self._some(passed)),
                _("次，达标率"),
                wording.rate(
                    "bulletin/pass-rate", len(passed), len(self._looked), _("达标率"),
                    self._some(passed),
                ),
                _("；发现问题"),
                self.facts["问题数"],
                _("个。"),
            )
        )  # fmt: skip
        yield Para(self._compared())

    def _compared(self) -> tuple[str | Figure, ...]:
        """Against the window of the same length before."""
        before, now = _mean(self._before.looked), _mean(self._looked)
        if before is None or now is None:
            return (_("上一期没有可比的检查。"),)
        old = [one for one in self._before.looked if one.is_pass]
        rates = (
            Fraction(len([one for one in self._looked if one.is_pass]), len(self._looked)),
            Fraction(len(old), len(self._before.looked)),
        )
        more = now - before
        way = _("提高") if more > 0 else _("下降") if more < 0 else _("持平，相差")
        return (
            _("与上一期相比，平均分由"),
            wording.score("bulletin/mean-before", before, _("上期平均分")),
            _("分{way}").format(way=way),
            wording.score("bulletin/mean-change", abs(more), _("平均分变化")),
            _("分，达标率"),
            Figure(
                "bulletin/pass-change",
                rates[0] - rates[1],
                wording.points_apart(rates[0] - rates[1]),
                _("达标率变化"),
            ),
            "。",
        )

    def _good(self) -> Iterable[Block]:
        clean = [one for one in self._looked if not one.findings and one.score == 100]
        if clean:
            yield Para(_("检查未发现问题的单位：{names}。").format(names=_names_of(self, clean)))
        better = [
            one
            for one in self._looked
            if one.previous is not None and one.score is not None and one.score > one.previous
        ]
        for one in sorted(better, key=lambda it: it.previous - it.score if it.score else 0)[:5]:  # type: ignore[operator]
            yield Para(
                (
                    _("{name}由上次的").format(name=self._name(one)),
                    wording.score(f"bulletin/{one.id}/previous", one.previous, _("上次得分")),
                    _("分提高到"),
                    self._own(one),
                    _("分。"),
                )
            )
        if not clean and not better:
            yield Para(_("本期没有满分和得分提高的单位。"))

    def _bad(self) -> Iterable[Block]:
        by_item: dict[tuple[str, str], list[tuple[Looked, FindingRow]]] = defaultdict(list)
        for one, row in self._problems():
            by_item[one.sheet.checklist.id, row.finding.item].append((one, row))
        if not by_item:
            yield Para(_("本期检查未发现问题。"))
        order = sorted(by_item, key=lambda key: (-len(by_item[key]), key))
        for n, key in enumerate(order, 1):
            rows = by_item[key]
            one = rows[0][0]
            item = one.sheet.checklist.item(key[1]) if _has(one, key[1]) else None
            text = item.text if item else rows[0][1].finding.text
            label = _("{item}的问题数").format(item=key[1])
            count = self._count(
                f"item/{key[0]}/{key[1]}", len(rows), label, _rows_of([row for _o, row in rows])
            )
            yield wording.second(n, (f"{text}（", count, _("处）")))
            clause = "、".join(item.source) if item else ""
            behind = (
                _("{item}，依据{clause}").format(item=key[1], clause=clause) if clause else key[1]
            )
            plain = [where for where, row in rows if self._public or row.finding.text == text]
            if plain:
                said = wording.names(sorted({self._name(where) for where in plain}))
                yield Para(_("{names}（{behind}）。").format(names=said, behind=behind))
            for where, row in rows:
                if where not in plain:
                    said = _("{name}：{fact}（{behind}）。")
                    fact = row.finding.text
                    yield Para(said.format(name=self._name(where), fact=fact, behind=behind))

    def _asked(self) -> Iterable[Block]:
        dues = [row.finding.due for _one, row in self._problems() if row.finding.due]
        until = day_words(date.fromisoformat(max(dues))) if dues else ""
        yield Para(_("请存在问题的单位对照附件2逐条整改，按期书面报送整改情况；联席办将组织复查。"))
        if until:
            yield Para(_("最迟的整改期限为{day}，各问题的期限见附件3。").format(day=until))
        yield Para(_("暗访发现的情况作线索和内部评分，由主管部门依法核实。"))

    def _notes(self) -> Iterable[str]:
        for why, n in sorted(self._found.left_out.items()):
            yield _("注：") + _(_LEFT_OUT[why]).format(n=n) + "。"

    def _scores(self) -> Table:
        columns = (
            wording.NUMBER,
            Column("name", _("被查单位"), width=18),
            Column("kind", _("类别"), width=8),
            Column("mode", _("检查方式"), width=7),
            Column("day", _("检查日期"), width=9, kind="day"),
            Column("score", _("得分"), width=6, kind="score"),
            Column("grade", _("等次"), width=8),
            Column("veto", _("否决项"), width=9),
            Column("found", _("问题数"), width=6, kind="count", total="sum"),
            Column("before", _("上次得分"), width=7, kind="score"),
            Column("note", _("备注"), width=8),
        )
        rows = [self._score_row(n, one) for n, one in enumerate(self._looked, 1)]
        passed = [one for one in self._looked if one.is_pass]
        rows.append(
            Row(
                (
                    _("合计"),
                    (self._count("inspections", len(self._looked), _("检查次数"), self._all),
                     _("次")),
                    None, None, None,
                    self._mean("mean", self._looked, _("平均分")),
                    (_("达标"), self._count("passed", len(passed), _("达标次数"),
                                          self._some(passed)), _("次")),
                    None,
                    self.facts["问题数"],
                    None,
                    (_("达标率"), wording.rate("bulletin/pass-rate", len(passed),
                                            len(self._looked), _("达标率"), self._some(passed))),
                ),
                "total",
            )
        )  # fmt: skip
        return Table(_("得分汇总"), _("得分汇总表"), columns, rows, (), _("单位：分、个"))

    def _score_row(self, n: int, one: Looked) -> Row:
        inspection, score = one.sheet.inspection, one.sheet.score
        kind = one.sheet.site.kind
        return Row(
            (
                str(n),
                self._name(one),
                _(sites.KINDS[kind]) if kind in sites.KINDS else None,
                _(MODES[inspection.mode]),
                inspection.day,
                self._own(one),
                score.grade_title or None,
                "、".join(score.veto) or None,
                self._count(
                    f"{one.id}/findings", len(one.findings), self._label(one, _("问题数")),
                    _rows_of(one.findings),
                ),
                wording.score(
                    f"bulletin/{one.id}/previous", one.previous, self._label(one, _("上次得分"))
                ),
                None,
            )
        )  # fmt: skip

    def _problem_table(self) -> Table:
        columns = (
            wording.NUMBER,
            Column("id", _("问题编号"), width=8),
            Column("name", _("单位"), width=16),
            Column("item", _("检查项编号"), width=7),
            Column("text", _("问题描述"), width=26),
            Column("clause", _("依据"), width=14),
            Column("severity", _("严重程度"), width=7),
            Column("due", _("整改期限"), width=9, kind="day"),
            Column("unit", _("责任单位"), width=12),
            Column("note", _("备注"), width=7),
        )
        rows = []
        for n, (one, row) in enumerate(self._problems(), 1):
            item = (
                one.sheet.checklist.item(row.finding.item) if _has(one, row.finding.item) else None
            )
            rows.append(
                Row(
                    (
                        str(n),
                        bulletins.number_of(row.finding),
                        self._name(one),
                        row.finding.item,
                        item.text if self._public and item else row.finding.text,
                        "、".join(item.source) if item and item.source else None,
                        _("否决") if row.finding.severity == "critical" else _("一般"),
                        row.finding.due or None,
                        self._name(one),
                        None,
                    )
                )
            )
        rows.append(self._sum_row(10))
        return Table(_("问题清单"), _("问题清单"), columns, rows)

    def _ledger(self) -> Table:
        columns = (
            wording.NUMBER,
            Column("id", _("问题编号"), width=8),
            Column("name", _("责任单位"), width=18),
            Column("text", _("问题"), width=28),
            Column("due", _("整改期限"), width=9, kind="day"),
            Column("state", _("状态"), width=9),
            Column("rounds", _("整改轮次"), width=7, kind="count"),
            Column("number", _("通知书编号"), width=12),
            Column("late", _("是否逾期"), width=7),
        )
        rows = []
        for n, (one, row) in enumerate(self._problems(), 1):
            key = f"bulletin/finding/{row.finding.id}/state"
            sources = _rows_of([row])
            label = _("问题{id}的状态").format(id=bulletins.number_of(row.finding))
            title = rectification.title(row.finding.state)
            rows.append(
                Row(
                    (
                        str(n),
                        bulletins.number_of(row.finding),
                        self._name(one),
                        row.finding.text if not self._public else row.finding.item,
                        row.finding.due or None,
                        Figure(key, title, title, label, sources),
                        str(row.case.rounds),
                        (row.case.number or None) if not self._public else None,
                        _("逾期") if row.overdue else _("否"),
                    )
                )
            )
        rows.append(self._sum_row(9))
        return Table(_("整改台账"), _("整改台账"), columns, rows)

    def _sum_row(self, width: int) -> Row:
        blanks = (None,) * (width - 2)
        return Row((_("合计"), (self.facts["问题数"], _("个")), *blanks), "total")

    def _charts(self) -> Iterable[Block]:
        by_village: dict[str, list[Looked]] = defaultdict(list)
        for one in self._looked:
            village = one.village
            by_village[village.name if village else _("其他")].append(one)
        names = sorted(by_village)[:MOST_BARS]
        means = [_mean(by_village[name]) for name in names]
        yield Chart("bars", _("各村（社区）平均分"), names, [Series(_("平均分"), means)])
        months = sorted(
            {one.sheet.inspection.day[:7] for one in (*self._before.looked, *self._looked)}
        )
        if len(months) > 1:
            every = (*self._before.looked, *self._looked)
            line = [
                _mean([it for it in every if it.sheet.inspection.day[:7] == month])
                for month in months
            ]
            yield Chart("lines", _("各月平均分"), months, [Series(_("平均分"), line)])

    def _problems(self) -> list[tuple[Looked, FindingRow]]:
        return [(one, row) for one in self._looked for row in one.findings]

    def _name(self, one: Looked) -> str:
        if not self._public:
            return one.name
        place = masking.public_place(one.chain)
        return place or EMPTY

    def _label(self, one: Looked, what: str) -> str:
        return f"{one.name}　{what}"

    def _own(self, one: Looked) -> Figure:
        key = f"bulletin/{one.id}/score"
        return wording.score(key, one.score, self._label(one, _("得分")), _answers(one))

    def _mean(self, name: str, looked: Sequence[Looked], label: str) -> Figure:
        return wording.score(f"bulletin/{name}", _mean(looked), label, self._some(looked))

    def _count(
        self, name: str, number: int, label: str, sources: Callable[[], Iterable[Source]]
    ) -> Figure:
        return wording.count(f"bulletin/{name}", number, label, sources)

    def _all(self) -> Iterable[Source]:
        return self._some(self._looked)()

    def _of_mode(self, mode: str) -> Callable[[], Iterable[Source]]:
        return self._some([one for one in self._looked if one.sheet.inspection.mode == mode])

    def _found_all(self) -> Iterable[Source]:
        return _rows_of([row for _one, row in self._problems()])()

    def _some(self, looked: Sequence[Looked]) -> Callable[[], Iterable[Source]]:
        return lambda: [
            Source("inspection", one.id, f"{one.sheet.inspection.day}　{one.name}")
            for one in looked
        ]


def _names_of(maker: _Maker, looked: Sequence[Looked]) -> str:
    return wording.names(sorted({maker._name(one) for one in looked}))


def _mean(looked: Sequence[Looked]) -> Fraction | None:
    scores = [one.score for one in looked if one.score is not None]
    return sum(scores, Fraction(0)) / len(scores) if scores else None


def _has(one: Looked, item: str) -> bool:
    return any(it.id == item for it in one.sheet.checklist.items)


def _rows_of(rows: Sequence[FindingRow]) -> Callable[[], Iterable[Source]]:
    return lambda: [
        Source("finding", row.finding.id, f"{row.finding.item}　{row.finding.text}") for row in rows
    ]


def _answers(one: Looked) -> Callable[[], Iterable[Source]]:
    """The answers that a score came from, with what each earned."""
    return lambda: [
        Source("answer", f"{one.id} {line.item}", f"{line.value}　{line.points}/{line.weight}")
        for line in one.sheet.score.lines
        if line.weight
    ]
