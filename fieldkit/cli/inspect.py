"""``fieldkit inspect``: one inspection, from its start to its grade."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.domain import values
from fieldkit.text.i18n import _

from . import inspect_more
from .checklist_versions import rebase
from .declaring import typer
from .inspect_fill import fill
from .inspect_why import sample, why
from .output import (
    Json,
    JsonFlag,
    emit,
    noun,
    number,
    percent,
    table,
    tell,
    workspace,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldkit.domain.records import Answer, Finding, Inspection, Site
    from fieldkit.domain.sheet import Sheet
    from fieldkit.work.inspecting import InspectionRow

app = noun(_("检查。"))
Ref = Annotated[str, typer.Argument(metavar="INSPECTION", help=_("检查编号，或它的开头几位。"))]


@app.command("start", help=_("对一个对象开始一次检查。"))
def start(
    checklist: Annotated[str, typer.Argument(metavar="CHECKLIST", help=_("检查表编号。"))],
    site: Annotated[str, typer.Option("--site", metavar="ID", help=_("对象的编码或编号。"))],
    mode: Annotated[
        str,
        typer.Option("--mode", metavar="open|covert|self|reinspection", help=_("检查方式。")),
    ] = "open",
    nature: Annotated[
        str | None, typer.Option("--nature", help=_("检查性质，默认按检查表。"))
    ] = None,
    pair: Annotated[
        str | None,
        typer.Option("--pair", metavar="WORD", help=_("双人背靠背检查，两人商定的词。")),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Begin an inspection."""
    from fieldkit.work import blind, inspecting

    with workspace() as ws:
        if pair is None:
            begun = inspecting.start(ws, checklist, site, mode=mode, nature=nature)
        else:
            begun = blind.begin(ws, checklist, site, pair, mode=mode, nature=nature)
    warning = inspecting.unusual_site(begun)
    if warning:
        tell(warning)
    inspection = begun.inspection
    data = {
        "inspection": inspection.id,
        "checklist": inspection.checklist_id,
        "checklist_version": inspection.checklist_version,
        "site": inspection.site,
        "mode": inspection.mode,
        "nature": inspection.nature,
        "pair": inspection.pair or None,
    }
    emit(data, lambda: _("已开始检查 {id}。").format(id=inspection.id), json)


@app.command("answer", help=_("作答一项；返回时已写入磁盘。"))
def answer(
    inspection: Ref,
    item: Annotated[str, typer.Argument(metavar="ITEM", help=_("检查项编号。"))],
    value: Annotated[str, typer.Argument(metavar="VALUE", help=_("答案，如 pass、12、9/10。"))],
    note: Annotated[str | None, typer.Option("--note", help=_("备注。"))] = None,
    evidence: Annotated[
        list[Path] | None, typer.Option("--evidence", metavar="FILE", help=_("佐证文件。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Answer one item."""
    from fieldkit.work import inspecting

    with workspace() as ws:
        sheet = inspecting.answer(ws, inspection, item, value, note, evidence or ())
    given = sheet.answers[inspecting.item_of(sheet, item).id]
    score = sheet.score
    data = {
        "item": given.item,
        "value": given.value,
        "score": number(score.points),
        "max_score": number(score.max_points),
        "ratio": number(score.ratio),
        "evidence": list(given.evidence),
    }
    emit(data, lambda: f"{given.item} {given.value}  {_standing(sheet)}", json)


@app.command("finish", help=_("办结：必答项答完才行，不合格项列为问题。"))
def finish(inspection: Ref, json: JsonFlag = False) -> None:
    """Close an inspection."""
    from fieldkit.work import inspecting, telling

    with workspace() as ws:
        sheet, findings = inspecting.finish(ws, inspection)
        missing = telling.missing(ws, sheet)
    data = {**_result(sheet), "findings": [finding.id for finding in findings]}
    emit(data, lambda: _finished(sheet, findings), json)
    for sentence in missing:
        tell(sentence)


@app.command("show", help=_("查看一次检查。"))
def show(inspection: Ref, json: JsonFlag = False) -> None:
    """Show one inspection with its answers."""
    from fieldkit.work import gates, inspecting, telling

    with workspace() as ws:
        sheet = inspecting.sheet(ws, inspection)
        gates.refuse_hidden(ws, sheet.inspection)
        beside = inspect_more.more_json(ws, sheet.inspection)
        particulars = telling.told(ws, sheet.inspection.id)
        findings = inspecting.findings_of(ws, sheet.inspection.id)
    data = {
        **_result(sheet),
        **_about_json(sheet.inspection, sheet.site, sheet.answers),
        "findings": [finding.id for finding in findings],
        "open_required": list(sheet.score.open_required),
        **beside,
    }
    emit(data, lambda: _shown(sheet, findings, inspect_more.said(particulars)), json)


app.command("rebase", help=_("换成检查表的新版，意思没变的答案沿用。"))(rebase)
app.command("fill", help=_("从头到尾填一次检查；--plain 一行一行地问答。"))(fill)
app.command("why", help=_("逐项说明分数从哪里来。"))(why)
app.command("sample", help=_("按本次检查的种子抽样：现场一共多少个，看第几个。"))(sample)


inspect_more.register(app)


@app.command("list", help=_("列出检查，最近的在前。"))
def list_(json: JsonFlag = False) -> None:
    """List the inspections, the newest first."""
    from fieldkit.work import gates, sheets

    with workspace() as ws:
        rows = sheets.listing(ws)
        findings = sheets.findings_by_inspection(ws)
        hidden = {row.inspection.id for row in rows if gates.hidden(ws, row.inspection)}
    data = [
        {**_row_json(row), "findings": [f.id for f in findings.get(row.inspection.id, ())]}
        | (_HIDDEN if row.inspection.id in hidden else {})
        for row in rows
    ]
    emit(data, lambda: _listed(rows, hidden), json)


_HIDDEN: Json = {
    "hidden": True,
    "answers": {},
    "answered": None,
    "items": None,
    "score": None,
    "max_score": None,
    "ratio": None,
    "grade": None,
    "grade_title": None,
    "veto": [],
    "findings": [],
}
"""Somebody else's record of a pair that is not sealed: that it is there, and nothing more."""


def _result(sheet: Sheet) -> Json:
    score = sheet.score
    return {
        "inspection": sheet.inspection.id,
        "score": number(score.points),
        "max_score": number(score.max_points),
        "ratio": number(score.ratio),
        "grade": score.grade,
        "grade_title": score.grade_title,
        "veto": list(score.veto),
        "unseen": score.unseen,
        "na": score.na,
    }


def _row_json(row: InspectionRow) -> Json:
    return {
        **_about_json(row.inspection, row.site, row.answers),
        "answered": row.answered,
        "items": row.total,
        "score": number(row.points),
        "max_score": number(row.max_points),
        "ratio": number(row.ratio),
        "grade": row.grade,
        "grade_title": row.grade_title,
        "veto": list(row.veto),
    }


def _about_json(about: Inspection, site: Site, answers: Mapping[str, Answer]) -> Json:
    from fieldkit.work import home_time

    return {
        "inspection": about.id,
        "checklist": about.checklist_id,
        "checklist_version": about.checklist_version,
        "checklist_digest": about.checklist,
        "site": about.site,
        "site_code": site.code,
        "site_name": site.name,
        "mode": about.mode,
        "nature": about.nature,
        "state": about.state,
        "pair": about.pair or None,
        "prior": about.prior or None,
        "day": about.day,
        "started": home_time(about.started_hlc),
        "finished": home_time(about.finished_hlc) if about.finished_hlc else None,
        "answers": {
            item: {
                "value": given.value,
                "note": given.note,
                "evidence": list(given.evidence),
                "at": home_time(given.hlc),
                "by": given.device,
            }
            for item, given in sorted(answers.items())
        },
    }


def _standing(sheet: Sheet) -> str:
    score = sheet.score
    answered, total = sheet.progress
    return _("已答 {answered}/{total}，得分 {points}/{most}（{percent}）").format(
        answered=answered,
        total=total,
        points=values.points(score.points),
        most=values.points(score.max_points),
        percent=percent(score.ratio),
    )


def _grade(sheet: Sheet) -> str:
    text = _("等次：{grade}").format(grade=_(sheet.score.grade_title))
    if sheet.inspection.state != "finished":
        text += _("（未办结，按已答项暂计）")
    if sheet.score.veto:
        text += _("，否决项：{items}").format(items=" ".join(sheet.score.veto))
    return text


def _finished(sheet: Sheet, findings: list[Finding]) -> str:
    if sheet.checklist.kind == "record":
        done, _all = sheet.progress
        return "\n".join([_("已办结。"), _("登记表不计分，记下 {n} 题。").format(n=done)])
    lines = [_("已办结。"), _standing(sheet), _grade(sheet)]
    if findings:
        rows = [(f.id[:8], f.item, f.due, f.text) for f in findings]
        lines.append(table((_("问题"), _("项"), _("期限"), _("内容")), rows))
    return "\n".join(lines)


def _shown(sheet: Sheet, findings: list[Finding], beside: str) -> str:
    from fieldkit.domain.items import of
    from fieldkit.work.inspecting import MODES

    about = sheet.inspection
    state = _("已办结") if about.state == "finished" else _("进行中")
    mode = _(MODES.get(about.mode, about.mode))
    rows = []
    for item in sheet.items:
        given = sheet.answers.get(item.id)
        value = of(item.type).say(given.value, item) if given else "·"
        rows.append((item.id, value, item.text, given.note if given else ""))
    lines = [
        f"{sheet.checklist.title}  {about.checklist_id}@{about.checklist_version}",
        f"{sheet.site.name}（{sheet.site.code}）  {mode}  {about.day}  {state}",
        *([beside] if beside else []),
        _standing(sheet),
        _grade(sheet),
        table((_("项"), _("答"), _("内容"), _("备注")), rows),
    ]
    if findings:
        lines.append(_("问题 {n} 个。").format(n=len(findings)))
    return "\n".join(lines)


def _listed(rows: list[InspectionRow], hidden: set[str]) -> str:
    lines = [
        (
            row.inspection.id[:8],
            row.inspection.day,
            row.inspection.checklist_id,
            row.site.name,
            _("已办结") if row.inspection.state == "finished" else _("进行中"),
            *(
                ("—", "—", _("背靠背，未揭晓"))
                if row.inspection.id in hidden
                else (f"{row.answered}/{row.total}", percent(row.ratio), _(row.grade_title))
            ),
        )
        for row in rows
    ]
    headers = (
        _("编号"), _("日期"), _("检查表"), _("对象"), _("状态"), _("进度"), _("得分率"), _("等次"),
    )  # fmt: skip
    return table(headers, lines, right="56")
