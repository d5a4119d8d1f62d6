"""The annexes of a circular: scores, problems, the ledger of rectification, charts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from fieldkit.domain import rectification
from fieldkit.domain.modes import MODES
from fieldkit.report.paper import Block, Chart, Column, Figure, Row, Series, Table
from fieldkit.text.i18n import _
from fieldkit.work import bulletins, sites
from fieldkit.work.bulletins import Looked

from . import wording
from .bulletin_counts import Counts, has_item, mean_of, rows_of

MOST_BARS = 40


def scores(c: Counts) -> Table:
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
    rows = [_score_row(c, n, one) for n, one in enumerate(c.looked, 1)]
    passed = [one for one in c.looked if one.is_pass]
    rows.append(
        Row(
            (
                _("合计"),
                (c.count("inspections", len(c.looked), _("检查次数"), c.every),
                 _("次")),
                None, None, None,
                c.mean("mean", c.looked, _("平均分")),
                (_("达标"), c.count("passed", len(passed), _("达标次数"),
                                      c.some(passed)), _("次")),
                None,
                c.facts["问题数"],
                None,
                (_("达标率"), wording.rate("bulletin/pass-rate", len(passed),
                                        len(c.looked), _("达标率"), c.some(passed))),
            ),
            "total",
        )
    )  # fmt: skip
    return Table(_("得分汇总"), _("得分汇总表"), columns, rows, (), _("单位：分、个"))


def _score_row(c: Counts, n: int, one: Looked) -> Row:
    inspection, score = one.sheet.inspection, one.sheet.score
    kind = one.sheet.site.kind
    return Row(
        (
            str(n),
            c.name(one),
            _(sites.KINDS[kind]) if kind in sites.KINDS else None,
            _(MODES[inspection.mode]),
            inspection.day,
            c.own(one),
            score.grade_title or None,
            "、".join(score.veto) or None,
            c.count(
                f"{one.id}/findings", len(one.findings), c.label(one, _("问题数")),
                rows_of(one.findings),
            ),
            wording.score(
                f"bulletin/{one.id}/previous", one.previous, c.label(one, _("上次得分"))
            ),
            None,
        )
    )  # fmt: skip


def problems(c: Counts) -> Table:
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
    for n, (one, row) in enumerate(c.problems(), 1):
        item = (
            one.sheet.checklist.item(row.finding.item) if has_item(one, row.finding.item) else None
        )
        rows.append(
            Row(
                (
                    str(n),
                    bulletins.number_of(row.finding),
                    c.name(one),
                    row.finding.item,
                    c.fact(one, row),
                    "、".join(item.source) if item and item.source else None,
                    _("否决") if row.finding.severity == "critical" else _("一般"),
                    row.finding.due or None,
                    c.name(one),
                    None,
                )
            )
        )
    rows.append(_sum_row(c, 10))
    return Table(_("问题清单"), _("问题清单"), columns, rows)


def ledger(c: Counts) -> Table:
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
    for n, (one, row) in enumerate(c.problems(), 1):
        key = f"bulletin/finding/{row.finding.id}/state"
        sources = rows_of([row])
        label = _("问题{id}的状态").format(id=bulletins.number_of(row.finding))
        title = rectification.title(row.finding.state)
        rows.append(
            Row(
                (
                    str(n),
                    bulletins.number_of(row.finding),
                    c.name(one),
                    c.fact(one, row),
                    row.finding.due or None,
                    Figure(key, title, title, label, sources),
                    str(row.case.rounds),
                    (row.case.number or None) if not c.public else None,
                    _("逾期") if row.overdue else _("否"),
                )
            )
        )
    rows.append(_sum_row(c, 9))
    return Table(_("整改台账"), _("整改台账"), columns, rows)


def _sum_row(c: Counts, width: int) -> Row:
    blanks = (None,) * (width - 2)
    return Row((_("合计"), (c.facts["问题数"], _("个")), *blanks), "total")


def charts(c: Counts) -> Iterable[Block]:
    by_village: dict[str, list[Looked]] = defaultdict(list)
    for one in c.looked:
        village = one.village
        by_village[village.name if village else _("其他")].append(one)
    names = sorted(by_village)[:MOST_BARS]
    means = [mean_of(by_village[name]) for name in names]
    yield Chart("bars", _("各村（社区）平均分"), names, [Series(_("平均分"), means)])
    months = sorted({one.sheet.inspection.day[:7] for one in (*c.before.looked, *c.looked)})
    if len(months) > 1:
        every = (*c.before.looked, *c.looked)
        line = [
            mean_of([it for it in every if it.sheet.inspection.day[:7] == month])
            for month in months
        ]
        yield Chart("lines", _("各月平均分"), months, [Series(_("平均分"), line)])
