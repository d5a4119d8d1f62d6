"""The table of door-to-door publicity (户100%, 000四(一), 003三(一)1; DOMAIN §3.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction

from fieldkit.domain.outcomes import OUTCOMES
from fieldkit.errors import Refused
from fieldkit.report.paper import (
    Cell,
    Chart,
    Column,
    Paper,
    Para,
    Row,
    Section,
    Series,
    Source,
    Table,
)
from fieldkit.report.phrases import day_words
from fieldkit.text.i18n import N_, _
from fieldkit.work import bulletins, campaigns, dashboard, publicity, sites
from fieldkit.work.coverage import Window, total
from fieldkit.work.publicity import Publicity
from fieldkit.work.workspace import Workspace

from . import wording
from .catalogue import Options

_SHOWN = ("met", "handed", "line", "exhausted", "absent", "refused", "vacant")
"""Outcomes with a column of their own; the rest are 其他, what nobody visited 未走访."""
_LABELS = {
    "met": N_("面宣"), "handed": N_("代收"), "line": N_("留置"), "exhausted": N_("三访未遇"),
    "absent": N_("无人待访"), "refused": N_("拒绝"), "vacant": N_("空置"),
}  # fmt: skip
_AREAS = (
    ("village", N_("村（社区）")),
    ("grid", N_("网格")),
    ("building", N_("楼栋")),
)
_MOST_HEAT = 30


def build(ws: Workspace, options: Options) -> Paper:
    """The table by village, then by grid and by building; counts of doors, never doors.

    Raises Refused ``no-doors``, Problem for an unknown place, campaign or day.
    """
    last = bulletins.day(options.last) if options.last else ws.today()
    days, about = _days(ws, options, last)
    tables = []
    for by, title in _AREAS:
        rows = publicity.publicity(ws, by, options.within, days)
        if by == "building":
            rows = [_whole_name(ws, it) for it in rows]
        if rows:
            tables.append((by, _(title), rows))
    if not tables:
        raise Refused(
            "no-doors",
            _("底册里还没有户，出不了覆盖情况表"),
            mend=_("请先导入底册：fieldkit site import 文件。"),
        )
    title = _("{year}年第{quarter}季度反诈入户宣传覆盖情况统计表").format(
        year=last.year, quarter=wording.numeral((last.month - 1) // 3 + 1)
    )
    villages = tables[0][2]
    sections = [Section(list(_first(ws, title, last, about, tables[0], bool(days))), wide=True)]
    for n, (by, name, rows) in enumerate(tables[1:], 1):
        head = Para(_("附件{n}").format(n=n), "annex")
        sections.append(Section([head, _table(by, name, rows, last)], wide=True))
    sections.append(Section(list(_charts(ws, villages, options.within))))
    whole = total([it.row for it in villages])
    return wording.filed(
        ws,
        options.recipe("coverage", last=last.isoformat()),
        title,
        sections,
        dated=last,
        facts={
            "发放率": wording.rate(
                "coverage/village/total/delivery", whole.delivered, whole.registered,
                _("合计　发放率"),
            ),
            "面宣率": wording.rate(
                "coverage/village/total/met-rate", whole.met, whole.doors - whole.removed,
                _("合计　面宣率"),
            ),
        },
    )  # fmt: skip


def _whole_name(ws: Workspace, it: Publicity) -> Publicity:
    """A building by its estate's name and its own: there are many 1栋."""
    if not it.row.code:
        return it
    name = sites.full_name(ws, sites.find(ws, it.row.code))
    return it._replace(row=it.row._replace(name=name))


def _days(ws: Workspace, options: Options, last: date) -> tuple[Window | None, str]:
    """The days that count; None where everything up to today does, which is a tenth of the work."""
    if options.campaign:
        campaign = campaigns.find(ws, options.campaign).campaign
        until = min(campaign.last, last.isoformat()) if campaign.last else last.isoformat()
        return Window(campaign.first, until), campaign.name
    if last >= ws.today():
        return None, ""
    return Window("", last.isoformat()), ""


def _first(
    ws: Workspace, title: str, last: date, about: str, first: tuple[str, str, Sequence[Publicity]],
    past: bool,
) -> Iterable[Para | Table]:  # fmt: skip
    yield Para(title, "title")
    said = _("填报单位：{issuer}　　统计截止：{day}").format(
        issuer=wording.issuer(ws), day=day_words(last)
    )
    yield Para(said + (_("　　活动：{name}").format(name=about) if about else ""), "line")
    by, name, rows = first
    yield _table(by, name, rows, last)
    if past:
        yield Para(_("注：截止日在今天之前，资料份数不按过去的日子统计。"), "note")


def _columns(name: str) -> list[Column]:
    registered, actual = _("户籍户口径"), _("实有户口径")
    spread = _("结果分布")
    return [
        wording.NUMBER,
        Column("name", name, width=13),
        Column("grids", _("网格数"), width=5, kind="count"),
        Column("due", _("应发放户"), registered, "count", 6, "sum"),
        Column("given", _("已发放户"), registered, "count", 6, "sum"),
        Column("given_rate", _("发放率"), registered, "percent", 7, ("given", "due")),
        Column("doors", _("实有户"), actual, "count", 6, "sum"),
        Column("removed", _("核减户"), actual, "count", 6, "sum"),
        Column("met", _("已面宣户"), actual, "count", 6, "sum"),
        Column("met_rate", _("面宣率"), actual, "percent", 7),
        *(Column(f"o_{code}", _(_LABELS[code]), spread, "count", 5, "sum") for code in _SHOWN),
        Column("o_other", _("其他"), spread, "count", 5, "sum"),
        Column("o_none", _("未走访"), spread, "count", 5, "sum"),
        Column("pieces", _("资料份数"), width=6, kind="count", total="sum"),
        Column("again", _("再访待办"), width=6, kind="count", total="sum"),
        Column("note", _("备注"), width=5),
    ]


def _table(by: str, name: str, rows: Sequence[Publicity], last: date) -> Table:
    lines = [_line(by, n, it, last) for n, it in enumerate(rows, 1)]
    lines.append(_total(by, rows))
    notes = (
        _(
            "发放率＝已发放户÷应发放户（本地户籍户）；面宣率＝已面宣户÷（实有户－核减户）；百分率截尾。"
        ),
        _("空置、外出、拒绝不核减；一户多次走访按最优结果计一次。"),
    )
    titles = {"village": _("按村（社区）"), "grid": _("按网格"), "building": _("按楼栋")}
    return Table(titles[by], titles[by], _columns(name), lines, notes, _("单位：户、份、%"))


def _line(by: str, n: int, it: Publicity, last: date) -> Row:
    row = it.row
    return Row([str(n), row.name or row.code or _("（未写明）"), *_cells(by, row.code or "-",
               row.name or row.code, it, last)])  # fmt: skip


def _total(by: str, rows: Sequence[Publicity]) -> Row:
    whole = total([it.row for it in rows])
    outcomes: dict[str, int] = {}
    for it in rows:
        for code, count in it.outcomes.items():
            outcomes[code] = outcomes.get(code, 0) + count
    pieces = [it.materials for it in rows]
    summed = None if None in pieces else sum(piece or 0 for piece in pieces)
    every = Publicity(whole, sum(it.grids for it in rows), outcomes, summed)
    return Row([_("合计"), None, *_cells(by, "total", _("合计"), every, None)], "total")


def _cells(by: str, code: str, name: str, it: Publicity, last: date | None) -> list[Cell]:
    row = it.row
    key = f"coverage/{by}/{code}"
    sources = _sources(by, code, row.name)

    def count(what: str, number: int, label: str) -> Cell:
        return wording.count(f"{key}/{what}", number, f"{name}　{label}", sources)

    others = sum(
        number for outcome, number in it.outcomes.items() if outcome not in (*_SHOWN, "none")
    )
    return [
        count("grids", it.grids, _("网格数")),
        count("due", row.registered, _("应发放户")),
        count("given", row.delivered, _("已发放户")),
        wording.rate(f"{key}/delivery", row.delivered, row.registered, f"{name}　{_('发放率')}",
                     sources),
        count("doors", row.doors, _("实有户")),
        count("removed", row.removed, _("核减户")),
        count("met", row.met, _("已面宣户")),
        wording.rate(f"{key}/met-rate", row.met, row.doors - row.removed, f"{name}　{_('面宣率')}",
                     sources),
        *(
            count(f"best/{outcome}", it.outcomes.get(outcome, 0), _(_LABELS[outcome]))
            for outcome in _SHOWN
        ),
        count("best/other", others, _("其他")),
        count("best/none", it.outcomes.get("none", 0), _("未走访")),
        None if it.materials is None else count("pieces", it.materials, _("资料份数")),
        count("again", row.revisit, _("再访待办")),
        None,
    ]  # fmt: skip


def _sources(by: str, code: str, name: str) -> Callable[[], Iterable[Source]]:
    if code in ("total", "-"):
        return lambda: ()
    return lambda: [Source("site" if by != "grid" else "grid", code, name)]


def _charts(ws: Workspace, villages: Sequence[Publicity], within: str) -> Iterable[Chart]:
    shown = villages[:_MOST_HEAT]
    labels = [
        _(it.label) for it in OUTCOMES if it.code in ("met", "handed", "line", "absent", "none")
    ]
    codes = [it.code for it in OUTCOMES if it.code in ("met", "handed", "line", "absent", "none")]
    heat = []
    for it in shown:
        doors = it.row.doors - it.row.removed
        shares = [Fraction(it.outcomes.get(code, 0), doors) if doors else None for code in codes]
        heat.append(Series(it.row.name or it.row.code, shares))
    yield Chart("heat", _("各村（社区）入户结果"), labels, heat, percent=True)
    names = [it.row.name or it.row.code for it in shown]
    rates = Series(_("发放率"), [it.row.delivery_rate for it in shown])
    yield Chart("bars", _("各村（社区）发放率"), names, [rates], percent=True)
    weeks = dashboard.read(ws, within or None).weeks[-12:]
    if len(weeks) > 1:
        yield Chart(
            "lines",
            _("近{n}周发放率和面宣率").format(n=len(weeks)),
            [week.monday[5:] for week in weeks],
            [
                Series(_("发放率"), [week.delivery_rate for week in weeks]),
                Series(_("面宣率"), [week.face_to_face_rate for week in weeks]),
            ],
            percent=True,
        )
