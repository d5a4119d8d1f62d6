"""``fieldkit office standing``: the monthly ranking, its cards, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, number, table, workspace

if TYPE_CHECKING:
    from fieldkit.store.standing import Word
    from fieldkit.work.standing import Impact, Line, MonthRow, MonthView

Month = Annotated[str, typer.Option("--month", metavar="2026-11", help=_("期次。"))]
Reason = Annotated[str, typer.Option("--reason", metavar="T", help=_("理由。"))]
Basis = Annotated[
    Path | None,
    typer.Option("--basis", metavar="FILE.yaml", help=_("口径文件；不写用本工作目录或通用的。")),
]
Confirm = Annotated[
    list[str] | None,
    typer.Option("--confirm", metavar="UNIT", help=_("零发案而列后的单位，确认亮牌；可写多次。")),
]
Spare = Annotated[
    list[str] | None,
    typer.Option("--spare", metavar="UNIT", help=_("零发案而列后的单位，不亮牌；可写多次。")),
]
Decide = Annotated[
    list[str] | None,
    typer.Option(
        "--decide",
        metavar="CODE=CHOICE",
        help=_("zero-base=worst|as_one|switch_diff、boundary=include|per10k、wide=yes。"),
    ),
]


def register(app: typer.Typer) -> None:
    """Put these beside the other words of ``office``."""
    app.command("standing", help=_("红黄牌：录入一期数据，看排名和牌别；通报后冻结。"))(standing)
    app.command("standing-months", help=_("各期的状态、指纹和牌别；缺哪期一看便知。"))(months)
    app.command("standing-correct", help=_("更正或补录已通报的期次，先看影响清单。"))(correct)
    app.command("standing-delist", help=_("凭文件摘牌。"))(delist)
    app.command("standing-carry", help=_("合并或拆分后的单位承接原单位的连续月数。"))(carry)


def standing(
    month: Month,
    cases: Annotated[
        Path | None,
        typer.Argument(metavar="CASES.csv", help=_("村社区,本期,上年同期,人口；.csv 或 .xlsx。")),
    ] = None,
    basis: Basis = None,
    publish: Annotated[bool, typer.Option("--publish", help=_("通报：冻结这一期。"))] = False,
    confirm: Confirm = None,
    spare: Spare = None,
    decide: Decide = None,
    reason: Reason = "",
    json: JsonFlag = False,
) -> None:
    """Enter a month, show it, publish it."""
    from fieldkit.work import standing as work

    with workspace() as ws:
        used = work.basis_for(ws, basis) if basis is not None else None
        figures = None
        if cases is not None:
            reading = used or work.basis_for(ws)
            figures = work.figures_in(ws, cases, reading)
        told = work.decisions(ws, month, _pairs(decide), confirm or (), spare or (), figures)
        if figures is not None:
            work.enter(ws, month, figures, reading, told)
        if publish:
            view = work.publish(ws, month, used, told, reason)
        else:
            view = work.month(ws, month, used, told)
    emit(month_json(view), lambda: _shown(view), json)


def _pairs(typed: Sequence[str] | None) -> dict[str, str]:
    """``code=choice`` as it is typed; a choice that is missing is an empty one."""
    parts = (one.partition("=") for one in typed or ())
    return {code.strip(): choice.strip() for code, _sign, choice in parts}


def months(basis: Basis = None, json: JsonFlag = False) -> None:
    """List the months from the first that is known to the last."""
    from fieldkit.work import standing as work

    with workspace() as ws:
        rows = work.months(ws, work.basis_for(ws, basis))
        words = (work.delistings(ws), work.carried(ws))
    emit([_row_json(row) for row in rows], lambda: _listed(rows, *words), json)


def correct(
    cases: Annotated[Path, typer.Argument(metavar="CASES.csv", help=_("改正后的全部数据。"))],
    month: Month,
    reason: Reason = "",
    dry: Annotated[bool, typer.Option("--dry-run", help=_("只看影响清单，什么也不改。"))] = False,
    basis: Basis = None,
    confirm: Confirm = None,
    spare: Spare = None,
    decide: Decide = None,
    json: JsonFlag = False,
) -> None:
    """Put a published month right; the earlier snapshot stays."""
    from fieldkit.work import standing as work

    with workspace() as ws:
        used = work.basis_for(ws, basis) if basis is not None else None
        figures = work.figures_in(ws, cases, used or work.basis_for(ws))
        told = work.decisions(ws, month, _pairs(decide), confirm or (), spare or (), figures)
        if dry:
            done = work.impact(ws, month, figures, used, told)
        else:
            done = work.correct(ws, month, figures, reason, used, told)
    emit(_impact_json(done), lambda: _impact(done), json)


def delist(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=_("单位名称、编码。"))],
    document: Annotated[str, typer.Option("--document", metavar="NUMBER", help=_("文号。"))],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help=_("文件日期。"))],
    reason: Reason = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help=_("这份摘牌录错了，收回。"))] = False,
    json: JsonFlag = False,
) -> None:
    """Take a unit off the list by a document."""
    from fieldkit.work import standing as work

    with workspace() as ws:
        word = work.delist(ws, unit, document, on, reason, withdraw=withdraw)
    text = _("{name}：摘牌已记下。") if word.state == "given" else _("{name}：摘牌已收回。")
    emit(_delisted_json(word), lambda: text.format(name=word.name), json)


def carry(
    unit: Annotated[str, typer.Argument(metavar="NEW", help=_("合并或拆分后的单位。"))],
    month: Month,
    source: Annotated[
        list[str], typer.Option("--from", metavar="OLD", help=_("原单位；可写多次。"))
    ],
    reason: Reason = "",
    json: JsonFlag = False,
) -> None:
    """Let a new unit go on with the streak of those it was made of."""
    from fieldkit.work import standing as work

    with workspace() as ws:
        word = work.carry(ws, unit, source, month, reason)
    data = {
        "unit": word.unit,
        "name": word.name,
        "month": word.day,
        "from": list(word.sources),
        "reason": word.reason,
    }
    text = _("{name}从{month}起承接原单位的连续月数。")
    emit(data, lambda: text.format(name=word.name, month=word.day), json)


def month_json(view: MonthView) -> Json:
    """A month as the interface gives it."""
    return {
        "month": view.month,
        "window": {"from": view.first, "to": view.last, "days": view.days},
        "ended": view.ended,
        "state": view.state,
        "villages": [_village(line) for line in view.lines],
        "basis": list(view.basis),
        "notes": list(view.notes),
        "doubts": [
            {
                "code": it.code,
                "sentence": it.sentence,
                "villages": [line.name for line in view.lines if line.unit in it.units],
                "choices": list(it.choices),
            }
            for it in view.doubts
        ],
        "todos": list(view.todos),
        "contested": view.contested,
        "frozen": view.frozen,
        "published": view.frozen,
        "digest": view.digest or None,
        "delisted": [_delisted_json(word) for word in view.delisted],
    }


def _village(line: Line) -> Json:
    return {
        "unit": line.unit,
        "name": line.name,
        "cases": line.cases,
        "cases_last_year": line.cases_last_year,
        "population": line.population,
        "yoy": line.said,
        "per10k": line.per10k,
        "ranks": dict(line.ranks),
        "scores": {id: number(score) for id, score in line.scores.items()},
        "total": number(line.total),
        "rank": line.place,
        "bottom": line.bottom,
        "card": line.card,
        "streak": line.streak,
        "listing": line.listing or None,
        "note": line.note,
    }


def _row_json(row: MonthRow) -> Json:
    return {
        "month": row.month,
        "state": row.state,
        "digest": row.digest or None,
        "cards": {card: list(names) for card, names in row.cards.items()},
        "contested": row.contested,
    }


def _impact_json(done: Impact) -> Json:
    return {
        "month": done.month,
        "impact": list(done.sentences),
        "reissued": list(done.reissued),
        "done": done.done,
    }


def _delisted_json(word: Word) -> Json:
    return {
        "unit": word.unit,
        "name": word.name,
        "document": word.number,
        "day": word.day,
        "reason": word.reason,
        "state": word.state,
    }


def _shown(view: MonthView) -> str:
    from fieldkit.domain.standing import words
    from fieldkit.work.standing import STATES

    known = {it.id: _(it.title) for it in view.reading.indicators}
    titles = {id: known.get(id, id) for id in (view.lines[0].ranks if view.lines else ())}
    heads = (
        *(_("名次"), _("村（社区）"), _("人口"), _("本期"), _("上年同期"), _("同比"), _("万人均")),
        *(_("{title}名次/得分").format(title=title) for title in titles.values()),
        *(_("总分"), _("牌别"), _("连续月数"), _("备注")),
    )
    rows = [
        (
            *(line.place, line.name, line.population, line.cases, line.cases_last_year),
            *(line.yoy, line.per10k),
            *(f"{line.ranks[id]}/{words.score(line.scores[id])}" for id in titles),
            *(words.score(line.total), words.card(line.card) or "—", line.streak or "—"),
            line.note,
        )
        for line in view.lines
    ]
    parts = [f"{view.month}  {_(STATES[view.state])}", table(heads, rows, "023456"), *view.notes]
    if view.contested:
        parts.append(_("几台设备录的数不一样，以最晚的为准：fieldkit office conflicts"))
    parts += [_("待定：{text}").format(text=doubt.sentence) for doubt in view.doubts]
    parts += view.todos
    parts.append(_("口径：") + "".join(view.basis))
    if view.digest:
        parts.append(_("已冻结，数据指纹 {digest}").format(digest=view.digest))
    return "\n".join(parts)


def _listed(rows: list[MonthRow], delisted: list[Word], carried: list[Word]) -> str:
    from fieldkit.domain.standing import words
    from fieldkit.work.standing import STATES

    heads = (_("期次"), _("状态"), _("牌别"), _("数据指纹"))
    cells = [
        (
            row.month,
            _(STATES[row.state]) + (_("（有冲突）") if row.contested else ""),
            "  ".join(f"{words.card(card)} {'、'.join(names)}" for card, names in row.cards.items())
            or "—",
            row.digest[:16] or "—",
        )
        for row in rows
    ]
    lines = [table(heads, cells)]
    for word in delisted:
        text = _("{day} {name} 凭{number}摘牌：{reason}")
        if word.state == "withdrawn":
            text = _("{day} {name} 凭{number}摘牌，已收回：{reason}")
        lines.append(
            text.format(day=word.day, name=word.name, number=word.number, reason=word.reason)
        )
    lines += [
        _("{month} 起 {name} 承接原单位：{reason}").format(
            month=word.day, name=word.name, reason=word.reason
        )
        for word in carried
    ]
    return "\n".join(lines)


def _impact(done: Impact) -> str:
    lines = [_("影响清单："), *(f"  {one}" for one in done.sentences)]
    if not done.sentences:
        lines = [_("没有牌别变动。")]
    months = "、".join(done.reissued)
    text = _("已更正，重新冻结：{months}。原通报保留。")
    if not done.done:
        text = _("将重新冻结：{months}。什么也没有改。")
    return "\n".join([*lines, text.format(months=months)])
