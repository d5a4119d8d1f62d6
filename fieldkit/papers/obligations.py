"""What has to be done in a period and what of it is done (应办事项清单, DOMAIN §3.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

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
from fieldkit.report.phrases import day_words
from fieldkit.text.i18n import _
from fieldkit.work import bulletins, obligations
from fieldkit.work.obligations import STATES, Obligation
from fieldkit.work.workspace import Workspace

from . import wording
from .catalogue import Options

_ORDER = {"overdue": 0, "due": 1, "done": 2}


def build(ws: Workspace, options: Options) -> Paper:
    """The list as of a day, what is late first.

    Raises Refused ``nothing-owed``, Problem for an unknown place or day.
    """
    last = bulletins.day(options.last) if options.last else ws.today()
    rows = obligations.listing(ws, last.isoformat(), options.within or None)
    if not rows:
        raise Refused(
            "nothing-owed",
            _("到{day}没有应办的检查").format(day=day_words(last)),
            mend=_("先导入底册，或安排活动：fieldkit campaign put。"),
        )
    title = _("{when}应办事项清单").format(when=wording.month_title(f"{last:%Y-%m}"))
    made = _tables(rows)
    blocks: list[Block] = [
        Para(title, "title"),
        Para(
            _("填报单位：{issuer}　　统计截止：{day}").format(
                issuer=wording.issuer(ws), day=day_words(last)
            ),
            "line",
        ),
        made[0],
    ]
    return wording.filed(
        ws,
        options.recipe("obligations", last=last.isoformat()),
        title,
        [
            Section(blocks, wide=True),
            Section([Para(_("附件"), "annex"), made[1]], wide=True),
            Section([_chart(rows)]),
        ],
        dated=last,
        facts={_(label): _total(code, rows) for code, label in STATES.items()},
    )


def _tables(rows: Sequence[Obligation]) -> tuple[Table, Table]:
    columns = (
        wording.NUMBER,
        Column("title", _("事项（检查表）"), width=24),
        Column("all", _("应办"), width=8, kind="count", total="sum"),
        *(Column(code, _(label), width=8, kind="count", total="sum")
          for code, label in STATES.items()),
        Column("rate", _("完成率"), width=9, kind="percent", total=("done", "all")),
    )  # fmt: skip
    lists = sorted({(row.checklist, row.of.title) for row in rows})
    lines = [
        _counted(str(n), title, id, [row for row in rows if row.checklist == id])
        for n, (id, title) in enumerate(lists, 1)
    ]
    lines.append(_counted(_("合计"), None, "total", rows))
    summary = Table(_("应办汇总"), _("应办汇总表"), columns, lines, (), _("单位：次、%"))
    return summary, _every(rows)


def _counted(n: str, title: str | None, id: str, rows: Sequence[Obligation]) -> Row:
    counted = Counter(row.state for row in rows)
    key, said = f"obligations/{id}", title or _("合计")
    numbers = [wording.count(f"{key}/all", len(rows), f"{said}　{_('应办')}", _sources(rows))]
    for code, label in STATES.items():
        some = [row for row in rows if row.state == code]
        numbers.append(
            wording.count(f"{key}/{code}", counted[code], f"{said}　{_(label)}", _sources(some))
        )
    rate = wording.rate(f"{key}/rate", counted["done"], len(rows), f"{said}　{_('完成率')}")
    return Row((n, title, *numbers, rate), "total" if title is None else "")


def _every(rows: Sequence[Obligation]) -> Table:
    columns = (
        wording.NUMBER,
        Column("name", _("单位"), width=20),
        Column("title", _("事项（检查表）"), width=16),
        Column("period", _("期间"), width=12),
        Column("due", _("应办日"), width=10, kind="day"),
        Column("done", _("办结日"), width=10, kind="day"),
        Column("state", _("状态"), width=7),
        Column("note", _("备注"), width=18),
    )
    order = sorted(rows, key=lambda row: (_ORDER[row.state], row.due, row.name, row.checklist))
    lines = []
    for n, row in enumerate(order, 1):
        said = _(STATES[row.state])
        key = f"obligations/{row.site.id}/{row.checklist}/{row.period}"
        state = Figure(key, f"{row.state}:{row.done}", said, f"{row.name}　{row.of.title}")
        lines.append(
            Row(
                (
                    str(n), row.name, row.of.title, row.period, row.due, row.done or None, state,
                    obligations.hint_words(row) or None,
                )
            )
        )  # fmt: skip
    return Table(_("应办清单"), _("应办清单"), columns, lines)


def _total(code: str, rows: Sequence[Obligation]) -> Figure:
    some = [row for row in rows if row.state == code]
    label = f"{_('合计')}　{_(STATES[code])}"
    return wording.count(f"obligations/total/{code}", len(some), label, _sources(some))


def _sources(rows: Sequence[Obligation]) -> wording.Sources:
    return lambda: [
        Source("site", row.site.code, f"{row.name}　{row.of.title}　{row.period}") for row in rows
    ]


def _chart(rows: Sequence[Obligation]) -> Chart:
    lists = sorted({(row.checklist, row.of.title) for row in rows})
    series = [
        Series(
            _(label),
            [sum(1 for row in rows if row.checklist == id and row.state == code)
             for id, _title in lists],
        )
        for code, label in STATES.items()
    ]  # fmt: skip
    return Chart("bars", _("各表应办和已办"), [title for _id, title in lists], series)
