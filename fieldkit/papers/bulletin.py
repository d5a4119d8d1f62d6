"""The circular on inspections of a window (通报, 000四(四), 003四(四), 004七(四); DOMAIN §3.1)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from fieldkit.errors import Refused
from fieldkit.report.paper import (
    Block,
    Figure,
    Paper,
    Para,
    Section,
)
from fieldkit.report.phrases import day_words
from fieldkit.text.i18n import N_, _
from fieldkit.work import bulletins, sites
from fieldkit.work.bulletins import Looked
from fieldkit.work.findings import FindingRow
from fieldkit.work.workspace import Workspace

from . import bulletin_tables, wording
from .bulletin_counts import Counts, has_item, mean_of, rows_of
from .catalogue import Options

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
    counts = Counts(found, before, public=bool(options.public))
    made = _Letter(ws, counts)
    return wording.filed(
        ws,
        options.recipe("bulletin", first=first.isoformat(), last=last.isoformat(), month=""),
        made.title,
        made.sections(),
        mark=_("草稿") if last < ws.today() else _("预览"),
        facts=counts.facts,
    )


def _days(ws: Workspace, options: Options) -> tuple[date, date]:
    if options.first or options.last:
        last = bulletins.day(options.last) if options.last else ws.today()
        first = bulletins.day(options.first) if options.first else last.replace(day=1)
        return min(first, last), last
    return bulletins.month_days(options.month or f"{ws.today():%Y-%m}")


class _Letter:
    """Counts once, says it in prose and in tables."""

    def __init__(self, ws: Workspace, counts: Counts) -> None:
        self._ws, self._c = ws, counts

    @property
    def title(self) -> str:
        """关于2026年11月“无诈”创建明察暗访情况的通报."""
        first, last = self._c.found.first, self._c.found.last
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
            Section([Para(_("附件1"), "annex"), bulletin_tables.scores(self._c)], wide=True),
            Section([Para(_("附件2"), "annex"), bulletin_tables.problems(self._c)], wide=True),
            Section([Para(_("附件3"), "annex"), bulletin_tables.ledger(self._c)], wide=True),
            Section(list(bulletin_tables.charts(self._c))),
        ]

    def _letter(self) -> Iterable[Block]:
        yield wording.number_line(self._c.found.last.year)
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
        kinds = Counter(one.chain[0].kind if one.chain else "" for one in self._c.looked)
        parts: list[str | Figure] = [
            _("{days}，{who}采取明察暗访方式，对").format(
                days=wording.days(self._c.found.first, self._c.found.last),
                who=wording.issuer(self._ws),
            )
        ]
        for place, (kind, _number) in enumerate(sorted(kinds.items())):
            units = {one.sheet.site.id for one in self._c.looked if one.sheet.site.kind == kind}
            title = _(sites.KINDS[kind]) if kind in sites.KINDS else _("对象")
            parts += [
                "、" if place else "",
                self._c.count(f"units/{kind}", len(units), title, self._c.every),
                _("个{kind}").format(kind=title),
            ]
        parts.append(_("进行检查，现将有关情况通报如下："))
        return Para(tuple(parts))

    def _overall(self) -> Iterable[Block]:
        modes = Counter(one.sheet.inspection.mode for one in self._c.looked)
        passed = [one for one in self._c.looked if one.is_pass]
        yield Para(
            (
                _("共检查"),
                self._c.facts["检查次数"],
                _("次，其中明察"),
                self._c.count("open", modes["open"], _("明察次数"), self._c.of_mode("open")),
                _("次，暗访"),
                self._c.count("covert", modes["covert"], _("暗访次数"), self._c.of_mode("covert")),
                _("次；平均"),
                self._c.mean("mean", self._c.looked, _("平均分")),
                _("分，达标"),
                self._c.count("passed", len(passed), _("达标次数"), self._c.some(passed)),
                _("次，达标率"),
                wording.rate(
                    "bulletin/pass-rate", len(passed), len(self._c.looked), _("达标率"),
                    self._c.some(passed),
                ),
                _("；发现问题"),
                self._c.facts["问题数"],
                _("个。"),
            )
        )  # fmt: skip
        yield Para(self._compared())

    def _compared(self) -> tuple[str | Figure, ...]:
        """Against the window of the same length before."""
        before, now = mean_of(self._c.before.looked), mean_of(self._c.looked)
        if before is None or now is None:
            return (_("上一期没有可比的检查。"),)
        old = [one for one in self._c.before.looked if one.is_pass]
        rates = (
            Fraction(len([one for one in self._c.looked if one.is_pass]), len(self._c.looked)),
            Fraction(len(old), len(self._c.before.looked)),
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
        clean = [one for one in self._c.looked if not one.findings and one.score == 100]
        if clean:
            yield Para(_("检查未发现问题的单位：{names}。").format(names=_names_of(self._c, clean)))
        better = [
            one
            for one in self._c.looked
            if one.previous is not None and one.score is not None and one.score > one.previous
        ]
        for one in sorted(better, key=lambda it: it.previous - it.score if it.score else 0)[:5]:  # type: ignore[operator]
            yield Para(
                (
                    _("{name}由上次的").format(name=self._c.name(one)),
                    wording.score(f"bulletin/{one.id}/previous", one.previous, _("上次得分")),
                    _("分提高到"),
                    self._c.own(one),
                    _("分。"),
                )
            )
        if not clean and not better:
            yield Para(_("本期没有满分和得分提高的单位。"))

    def _bad(self) -> Iterable[Block]:
        by_item: dict[tuple[str, str], list[tuple[Looked, FindingRow]]] = defaultdict(list)
        for one, row in self._c.problems():
            by_item[one.sheet.checklist.id, row.finding.item].append((one, row))
        if not by_item:
            yield Para(_("本期检查未发现问题。"))
        order = sorted(by_item, key=lambda key: (-len(by_item[key]), key))
        for n, key in enumerate(order, 1):
            rows = by_item[key]
            one = rows[0][0]
            item = one.sheet.checklist.item(key[1]) if has_item(one, key[1]) else None
            text = item.text if item else rows[0][1].finding.text
            label = _("{item}的问题数").format(item=key[1])
            count = self._c.count(
                f"item/{key[0]}/{key[1]}", len(rows), label, rows_of([row for _o, row in rows])
            )
            yield wording.second(n, (f"{text}（", count, _("处）")))
            clause = "、".join(item.source) if item else ""
            behind = (
                _("{item}，依据{clause}").format(item=key[1], clause=clause) if clause else key[1]
            )
            plain = [where for where, row in rows if self._c.fact(where, row) == text]
            if plain:
                said = wording.names(sorted({self._c.name(where) for where in plain}))
                yield Para(_("{names}（{behind}）。").format(names=said, behind=behind))
            for where, row in rows:
                if where not in plain:
                    said = _("{name}：{fact}（{behind}）。")
                    fact = self._c.fact(where, row).removeprefix(text).removeprefix("：")
                    yield Para(said.format(name=self._c.name(where), fact=fact, behind=behind))

    def _asked(self) -> Iterable[Block]:
        dues = [row.finding.due for _one, row in self._c.problems() if row.finding.due]
        until = day_words(date.fromisoformat(max(dues))) if dues else ""
        yield Para(_("请存在问题的单位对照附件2逐条整改，按期书面报送整改情况；联席办将组织复查。"))
        if until:
            yield Para(_("最迟的整改期限为{day}，各问题的期限见附件3。").format(day=until))
        yield Para(_("暗访发现的情况作线索和内部评分，由主管部门依法核实。"))

    def _notes(self) -> Iterable[str]:
        for why, n in sorted(self._c.found.left_out.items()):
            yield _("注：") + _(_LEFT_OUT[why]).format(n=n) + "。"


def _names_of(counts: Counts, looked: Sequence[Looked]) -> str:
    return wording.names(sorted({counts.name(one) for one in looked}))
