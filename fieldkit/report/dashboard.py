"""The dashboard as one web page: nothing fetched, no script; opened by clicking on what is folded.

It is made of the very document that ``--json`` prints. Each number carries the path of its place in
that document (``data-n``), so that a page can be checked against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from fieldkit.domain import rectification, values
from fieldkit.report import charts, web
from fieldkit.report.dashboard_style import STYLE
from fieldkit.report.phrases import time_words
from fieldkit.text.i18n import N_, _

Json = dict[str, Any]

MEASURES = {
    "delivered": (N_("发放率"), "delivery"),
    "met": (N_("面宣率"), "face_to_face"),
    "mean": (N_("检查得分"), "mean"),
    "overdue": (N_("逾期问题"), "overdue"),
    "findings": (N_("未了结问题"), "findings"),
    "referrals": (N_("待反馈移交"), "referrals"),
    "sweeps": (N_("本月扫楼"), "sweeps"),
}
"""What villages are compared by: its title, and where it stands in a village's row."""


def html(told: Json, made: datetime) -> bytes:
    """The page. ``told`` is the document with map and drill-down."""
    title = _("反诈工作看板")
    parts = (
        _head(title, told, made),
        _totals(told),
        _trends(told),
        _worst_first(told),
        _checklists(told),
        _worst(told),
        _villages(told),
    )
    return web.page(title, STYLE, "\n".join(parts))


def _head(title: str, told: Json, made: datetime) -> str:
    words = [
        told["within"] or _("全部"),
        _("截至 {day}").format(day=told["day"]),
        _("生成时间：{time}").format(time=time_words(made)),
        _("内部资料　注意保管"),
    ]
    if told["demo"]:
        words.append(_("演示数据"))
    links = (
        ("trends", _("趋势")), ("compare", _("最差在前")), ("worst", _("最差的对象")),
        ("villages", _("各村与覆盖图")),
    )  # fmt: skip
    nav = "　".join(f'<a href="#{to}">{web.text(word)}</a>' for to, word in links)
    return (
        f"<header><h1>{web.text(title)}</h1><p>{web.text('　'.join(words))}</p>"
        f"<nav>{nav}</nav></header>"
    )


def _count(told: Json, path: str) -> str:
    return f'<b data-n="{path}">{int(_at(told, path))}</b>'


def _at(told: Any, path: str) -> Any:
    """What stands at a path like ``villages.3.doors``."""
    for step in path.split("."):
        told = told[int(step)] if isinstance(told, list) else told[step]
    return told


def _fraction(rate: Json | None) -> Fraction | None:
    return Fraction(rate["part"], rate["of"]) if rate else None


def _rate(told: Json, path: str, *, base: bool = True) -> str:
    """A rate with its numbers beside it; a dash over nothing."""
    rate = _fraction(_at(told, path))
    if rate is None:
        return f'<b data-n="{path}">—</b>'
    shown = f'<b data-n="{path}">{values.percent(rate)}</b>'
    if not base:
        return shown
    part, of = (f'<i data-n="{path}.{name}">{_at(told, path)[name]}</i>' for name in ("part", "of"))
    return f"{shown} <small>{part}/{of}</small>"


def _totals(told: Json) -> str:
    cards = (
        (_("户数"), _count(told, "totals.doors")),
        (_("发放率（户籍户）"), _rate(told, "totals.delivery")),
        (_("面宣率（实有户）"), _rate(told, "totals.face_to_face")),
        (_("还要再访"), _count(told, "totals.revisit")),
        (_("办结检查"), _count(told, "totals.inspections")),
        (_("平均得分"), _rate(told, "totals.mean", base=False)),
        (_("未了结问题"), _count(told, "totals.findings")),
        (_("逾期问题"), _count(told, "totals.overdue")),
        (_("待反馈移交"), _count(told, "totals.referrals")),
        (_("本月扫楼"), _rate(told, "totals.sweeps")),
        (_("本月扫楼办结"), _count(told, "totals.sweeps_done")),
    )
    shown = "".join(f"<div><span>{web.text(word)}</span>{value}</div>" for word, value in cards)
    return f'<section class="cards">{shown}</section>'


def _trends(told: Json) -> str:
    weeks = told["weeks"]
    labels = [week["monday"] for week in weeks]
    rates = [[_fraction(week[key]) for week in weeks] for key in ("delivery", "face_to_face")]
    covered = _("每周末的覆盖率（按现在的底册）：实线发放率，虚线面宣率")
    visits, checked = _("每周走访次数"), _("每周办结的检查")
    rows = "".join(
        f'<tr><td data-n="weeks.{n}.monday">{web.text(week["monday"])}</td>'
        f"<td>{_count(told, f'weeks.{n}.visits')}</td><td>{_rate(told, f'weeks.{n}.delivery')}</td>"
        f"<td>{_rate(told, f'weeks.{n}.face_to_face')}</td>"
        f"<td>{_count(told, f'weeks.{n}.inspections')}</td></tr>"
        for n, week in enumerate(weeks)
    )
    heads = _heads(_("周一"), _("走访"), _("发放率"), _("面宣率"), _("办结检查"))
    table = f"<table>{heads}<tbody>{rows}</tbody></table>"
    drawn = (
        (covered, charts.line(covered, labels, rates)),
        (visits, charts.bars(visits, labels, [week["visits"] for week in weeks])),
        (checked, charts.bars(checked, labels, [week["inspections"] for week in weeks])),
    )
    figures = "".join(
        f"<figure>{svg}<figcaption>{web.text(words)}</figcaption></figure>" for words, svg in drawn
    )
    return (
        f'<section id="trends"><h2>{web.text(_("趋势"))}</h2><div class="figures">{figures}</div>'
        f"{_folded(_('逐周数字'), table)}</section>"
    )


def _heads(*words: str) -> str:
    return f"<thead><tr>{''.join(f'<th>{web.text(word)}</th>' for word in words)}</tr></thead>"


def _folded(title: str, inside: str, *, open_: bool = False) -> str:
    state = " open" if open_ else ""
    return f"<details{state}><summary>{web.text(title)}</summary>{inside}</details>"


def _worst_first(told: Json) -> str:
    place = {row["code"]: n for n, row in enumerate(told["villages"])}
    tables = []
    for measure, (title, key) in MEASURES.items():
        rows = "".join(_compared(told, place[code], key) for code in told["worst_first"][measure])
        heads = _heads(_("村（社区）"), _(title), "")
        table = f"<table>{heads}<tbody>{rows}</tbody></table>"
        tables.append(_folded(_(title), table, open_=measure == "delivered"))
    return f'<section id="compare"><h2>{web.text(_("最差在前"))}</h2>{"".join(tables)}</section>'


def _compared(told: Json, n: int, key: str) -> str:
    row, path = told["villages"][n], f"villages.{n}.{key}"
    name = f'<a href="#v{n}">{web.text(row["name"])}</a>'
    if isinstance(row[key], int):
        return f"<tr><td>{name}</td><td>{_count(told, path)}</td><td></td></tr>"
    bar = charts.bar(_fraction(row[key]))
    shown = _rate(told, path, base=key != "mean")
    return f"<tr><td>{name}</td><td>{shown}</td><td>{bar}</td></tr>"


def _checklists(told: Json) -> str:
    rows = "".join(
        f"<tr><td>{web.text(row['title'])}</td><td>{_count(told, f'checklists.{n}.inspections')}"
        f"</td><td>{_count(told, f'checklists.{n}.scored')}</td>"
        f"<td>{_rate(told, f'checklists.{n}.mean', base=False)}</td></tr>"
        for n, row in enumerate(told["checklists"])
    )
    heads = _heads(_("检查表"), _("办结"), _("计分"), _("平均得分"))
    return (
        f"<section><h2>{web.text(_('各检查表'))}</h2><table>{heads}<tbody>{rows}</tbody></table>"
        "</section>"
    )


def _worst(told: Json) -> str:
    note = _("每个对象最近一次计分检查，否决项不合格的在前，其余得分低的在前。")
    places = "".join(_place(told, f"worst.{n}") for n in range(len(told["worst"])))
    of = f"{_count(told, 'inspected')} {web.text(_('个查过的对象中最差的：'))}"
    return (
        f'<section id="worst"><h2>{web.text(_("最差的对象"))}</h2><p>{web.text(note)}</p>'
        f"<p>{of}</p>{places or _nothing()}</section>"
    )


def _nothing() -> str:
    return f"<p>{web.text(_('（没有）'))}</p>"


def _place(told: Json, path: str) -> str:
    """One place, folded: its latest inspection and the items that failed."""
    place = _at(told, path)
    veto = (
        web.text(_("否决：{items}").format(items="、".join(place["veto"]))) if place["veto"] else ""
    )
    head = (
        f"{web.text(place['name'])} <small>{web.text(place['code'])}</small> "
        f"{_rate(told, f'{path}.ratio', base=False)} {veto} "
        f"<small>{web.text(_('未了结问题'))} {_count(told, f'{path}.findings')}</small>"
    )
    checked = _("{title}　{day}　检查编号 {id}").format(
        title=place["title"], day=place["day"], id=place["inspection"][:8]
    )
    items = "".join(map(_failed, place["failed"]))
    inside = f"<ol>{items}</ol>" if items else f"<p>{web.text(_('没有不合格的题。'))}</p>"
    return (
        f'<details class="place"><summary>{head}</summary><p>{web.text(checked)}</p>{inside}'
        "</details>"
    )


def _failed(one: Json) -> str:
    state = _("{state}　期限 {due}").format(
        state=rectification.title(one["state"]), due=one["due"] or "—"
    )
    note = f"<p>{web.text(one['note'])}</p>" if one["note"] else ""
    files = "".join(f"<li><code>{web.text(name)}</code></li>" for name in one["evidence"])
    proof = f"<p>{web.text(_('证据文件'))}</p><ul>{files}</ul>" if files else ""
    return (
        f"<li><b>{web.text(one['item'])}</b> {web.text(one['text'])} "
        f"<small>{web.text(state)}</small>{note}{proof}</li>"
    )


def _villages(told: Json) -> str:
    drilled = {one["village"]: n for n, one in enumerate(told["drill"])}
    strips: dict[str, list[Json]] = {}
    for strip in told["map"]:
        strips.setdefault(strip["village"], []).append(strip)
    key = _("覆盖图：一栋一行，一层一格，从下到上；0-9 是十分之几，# 是全部。")
    villages = "".join(
        _village(told, n, strips.get(row["code"], []), drilled.get(row["code"]))
        for n, row in enumerate(told["villages"])
    )
    return (
        f'<section id="villages"><h2>{web.text(_("各村与覆盖图"))}</h2><p>{web.text(key)}</p>'
        f"{villages or _nothing()}</section>"
    )


def _village(told: Json, n: int, strips: list[Json], drilled: int | None) -> str:
    path = f"villages.{n}"
    row = told["villages"][n]
    words = (
        (_("户数"), _count(told, f"{path}.doors")),
        (_("核减"), _count(told, f"{path}.removed")),
        (_("已访"), _count(told, f"{path}.visited")),
        (_("再访"), _count(told, f"{path}.revisit")),
        (_("发放率"), _rate(told, f"{path}.delivery")),
        (_("面宣率"), _rate(told, f"{path}.face_to_face")),
        (_("办结检查"), _count(told, f"{path}.inspections")),
        (_("平均得分"), _rate(told, f"{path}.mean", base=False)),
        (_("未了结问题"), _count(told, f"{path}.findings")),
        (_("逾期问题"), _count(told, f"{path}.overdue")),
        (_("待反馈移交"), _count(told, f"{path}.referrals")),
        (_("本月扫楼"), _rate(told, f"{path}.sweeps")),
        (_("本月扫楼办结"), _count(told, f"{path}.sweeps_done")),
    )
    told_of = "".join(f"<li>{web.text(word)} {value}</li>" for word, value in words)
    inside = f'<ul class="facts" id="v{n}">{told_of}</ul>{"".join(_map(strips))}'
    if drilled is not None:
        many = range(len(told["drill"][drilled]["places"]))
        inside += "".join(_place(told, f"drill.{drilled}.places.{place}") for place in many)
        if told["drill"][drilled]["left_out"]:
            more = web.text(_("没有列出的对象："))
            inside += f"<p>{more}{_count(told, f'drill.{drilled}.left_out')}</p>"
    code = f" <small>{web.text(row['code'])}</small>" if row["code"] != row["name"] else ""
    head = f"{web.text(row['name'])}{code}"
    return f'<details class="village"><summary>{head}</summary>{inside}</details>'


def _map(strips: list[Json]) -> Iterator[str]:
    if not strips:
        return
    heads = _heads(_("楼栋"), _("发放"), _("面宣"))
    yield f'<table class="heat">{heads}<tbody>'
    for strip in strips:
        cells = (f"<td>{_cells(strip[key])}</td>" for key in ("delivered", "met"))
        yield (
            f"<tr><td>{web.text(strip['name'])} <small>{web.text(strip['code'])}</small></td>"
            f"{''.join(cells)}</tr>"
        )
    yield "</tbody></table>"


def _cells(strip: str) -> str:
    """A cell a floor; its digit says what its shade says."""
    return "".join(
        f'<i class="h{"f" if digit == "#" else digit if digit.isdecimal() else "n"}">'
        f"{web.text(digit)}</i>"
        for digit in strip
    )
