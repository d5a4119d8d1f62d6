"""``fieldkit finding``: what failed, and the loop until it is put right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, noun, table, tell, workspace

if TYPE_CHECKING:
    from fieldkit.domain.rectification import Move
    from fieldkit.work.findings import FindingRow
    from fieldkit.work.rectifying import Told

app = noun(_("问题与整改。"))

_FINDING = _("问题编号，或它的开头几位。")
_DUE = _("期限，如 2026-12-01；不写按惯例。")
Ref = Annotated[str, typer.Argument(metavar="FINDING", help=_FINDING)]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help=_("一句说明。"))]
Reason = Annotated[str, typer.Option("--note", metavar="TEXT", help=_("理由或情况，必写。"))]
Due = Annotated[str, typer.Option("--due", metavar="DATE", help=_DUE)]
Number = Annotated[str, typer.Option("--number", metavar="TEXT", help=_("文书编号。"))]
Evidence = Annotated[
    list[Path] | None,
    typer.Option("--evidence", metavar="FILE", help=_("佐证文件，可写多次。")),
]


@app.command("list", help=_("列出问题，期限近的在前。"))
def list_(
    site: Annotated[
        str | None, typer.Option("--site", metavar="SITE", help=_("只列这个对象的。"))
    ] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="STATE", help=_("只列这种状态；open 为未了结。")),
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help=_("只列逾期的。"))] = False,
    json: JsonFlag = False,
) -> None:
    """List the findings, the earliest due first."""
    from fieldkit.work import findings

    with workspace() as ws:
        rows = findings.listing(ws, site=site, state=state, overdue=overdue)
    emit([_finding_json(row) for row in rows], lambda: _listed(rows), json)


@app.command("show", help=_("查看一个问题和它的经过。"))
def show(ref: Ref, json: JsonFlag = False) -> None:
    """Show one finding with its history."""
    from fieldkit.work import findings

    with workspace() as ws:
        row = findings.find(ws, ref)
        moves = findings.history(ws, row.finding)
        contested = findings.contested(ws, row.finding)
    data = {**_finding_json(row), "history": [_move_json(move) for move in moves]}
    emit(data, lambda: _shown(row, moves), json)
    if contested:
        tell(_("几台设备各走了一步，以最晚的为准；再走一步就理顺。"))


@app.command("notify", help=_("交办：下达整改通知书或问题提示函。"))
def notify(
    ref: Ref,
    number: Number = "",
    due: Due = "",
    term: Annotated[
        str | None,
        typer.Option("--term", metavar="TERM", help=_("now、critical、general、serious 等。")),
    ] = None,
    note: Note = "",
    json: JsonFlag = False,
) -> None:
    """Hand a finding over to the one who has to put it right."""
    from fieldkit.work import rectifying

    with workspace() as ws:
        day = due or (rectifying.term_day(ws, term) if term else "")
        told = rectifying.Told(note=note, number=number, due=day)
        row = rectifying.take(ws, ref, "notify", told)
    _moved(row, json)


@app.command("rectify", help=_("报整改；加 --progress 只报进展。"))
def rectify(
    ref: Ref,
    note: Note = "",
    evidence: Evidence = None,
    progress: Annotated[bool, typer.Option("--progress", help=_("还在整改，只报进展。"))] = False,
    json: JsonFlag = False,
) -> None:
    """Report that it was put right, or how far that is."""
    from fieldkit.work.rectifying import Told

    told = Told(note=note, evidence=tuple(evidence or ()))
    _take(ref, "progress" if progress else "rectify", told, json)


@app.command("reinspect", help=_("开始复查：只把不合格的题再问一遍。"))
def reinspect(
    refs: Annotated[list[str], typer.Argument(metavar="FINDING...", help=_FINDING)],
    together: Annotated[
        bool, typer.Option("--all", help=_("同一次检查里已报整改的一起复查。"))
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Begin an inspection that asks the failed items again."""
    from fieldkit.work import rechecking

    with workspace() as ws:
        begun = rechecking.reinspect(ws, refs, together)
    inspection = begun.sheet.inspection
    data = {
        **_finding_json(begun.rows[0]),
        "reinspection": inspection.id,
        "asks": list(inspection.asks),
        "findings": [row.finding.id for row in begun.rows],
    }
    text = _("复查 {id} 已开始，再问 {n} 题：{items}").format(
        id=inspection.id[:8], n=len(inspection.asks), items=" ".join(inspection.asks)
    )
    emit(data, lambda: text, json)
    if begun.hint:
        tell(begun.hint)


@app.command("close", help=_("销号。"))
def close(ref: Ref, note: Note = "", json: JsonFlag = False) -> None:
    """Close a finding that was put right."""
    from fieldkit.work.rectifying import Told

    _take(ref, "close", Told(note=note), json)


@app.command("escalate", help=_("提级：通报或约谈。"))
def escalate(ref: Ref, note: Reason = "", due: Due = "", json: JsonFlag = False) -> None:
    """Take a finding to the next level; people decide on how."""
    from fieldkit.work.rectifying import Told

    _take(ref, "escalate", Told(note=note, due=due), json)


@app.command("withdraw", help=_("撤销误记的问题，留痕。"))
def withdraw(ref: Ref, note: Reason = "", json: JsonFlag = False) -> None:
    """Withdraw a finding that was written down by mistake."""
    from fieldkit.work.rectifying import Told

    _take(ref, "withdraw", Told(note=note), json)


@app.command("refer", help=_("移交主管部门。"))
def refer(
    ref: Ref, note: Reason = "", number: Number = "", due: Due = "", json: JsonFlag = False
) -> None:
    """Hand a finding on to the authority that it belongs to."""
    from fieldkit.work.rectifying import Told

    _take(ref, "refer", Told(note=note, number=number, due=due), json)


@app.command("feedback", help=_("记下主管部门的反馈。"))
def feedback(
    ref: Ref,
    note: Reason = "",
    number: Number = "",
    evidence: Evidence = None,
    json: JsonFlag = False,
) -> None:
    """Note what the authority answered."""
    from fieldkit.work.rectifying import Told

    _take(ref, "feedback", Told(note, number, "", tuple(evidence or ())), json)


@app.command("relapse", help=_("回头看：销号后又出现，重新整改。"))
def relapse(ref: Ref, note: Reason = "", due: Due = "", json: JsonFlag = False) -> None:
    """Take a closed finding up again in a new round."""
    from fieldkit.work.rectifying import Told

    _take(ref, "relapse", Told(note=note, due=due), json)


@app.command("restore", help=_("恢复撤销错了的问题。"))
def restore(ref: Ref, note: Reason = "", json: JsonFlag = False) -> None:
    """Bring back a finding that was withdrawn by mistake."""
    from fieldkit.work.rectifying import Told

    _take(ref, "restore", Told(note=note), json)


def _take(ref: str, step: str, told: Told, json: bool) -> None:
    from fieldkit.work import rectifying

    with workspace() as ws:
        row = rectifying.take(ws, ref, step, told)
    _moved(row, json)


def _moved(row: FindingRow, json: bool) -> None:
    text = _("{id}：{state}").format(id=row.finding.id[:8], state=row.state)
    if row.when:
        text += _("，期限 {day}（{when}）").format(day=row.finding.due, when=row.when)
    emit(_finding_json(row), lambda: text, json)


def _finding_json(row: FindingRow) -> Json:
    from fieldkit.work import home_time

    finding = row.finding
    return {
        "finding": finding.id,
        "state": finding.state,
        "due": finding.due,
        "overdue": row.overdue,
        "round": row.case.rounds,
        "number": row.case.number,
        "severity": finding.severity,
        "inspection": finding.inspection,
        "item": finding.item,
        "site": finding.site,
        "site_code": row.site.code if row.site else None,
        "text": finding.text,
        "criterion": finding.criterion,
        "at": home_time(finding.hlc),
        "by": finding.device,
    }


def _move_json(move: Move) -> Json:
    from fieldkit.work import home_time

    return {
        "step": move.step,
        "state": move.state,
        "due": move.due,
        "note": move.note,
        "number": move.number,
        "evidence": list(move.evidence),
        "inspection": move.inspection or None,
        "day": move.day,
        "at": home_time(move.hlc),
        "by": move.device,
    }


def _severity(row: FindingRow) -> str:
    return _("否决") if row.finding.severity == "critical" else _("一般")


def _listed(rows: list[FindingRow]) -> str:
    lines = []
    for row in rows:
        name = row.site.name if row.site else "—"
        about = row.finding
        due = (about.due, row.when or "—")
        known = (row.state, _severity(row), name, about.item, about.text)
        lines.append((about.id[:8], *due, *known))
    headers = (_("编号"), _("期限"), _("还剩"), _("状态"), _("程度"), _("对象"), _("项"), _("内容"))
    return table(headers, lines)


def _shown(row: FindingRow, moves: list[Move]) -> str:
    finding = row.finding
    lines = [
        (_("编号"), finding.id),
        (_("对象"), row.site.name if row.site else "—"),
        (_("检查项"), finding.item),
        (_("内容"), finding.text),
        (_("标准"), finding.criterion or "—"),
        (_("程度"), _severity(row)),
        (_("状态"), row.state),
        (_("期限"), f"{finding.due}  {row.when}".rstrip()),
        (_("轮次"), row.case.rounds),
        (_("文书编号"), row.case.number or "—"),
        (_("来自检查"), finding.inspection),
    ]
    text = table((_("项目"), _("内容")), lines)
    if not moves:
        return text
    from fieldkit.domain.rectification import TITLES

    past = [
        (m.day, _(TITLES[m.step]), m.number or "—", m.note or "—", len(m.evidence) or "—")
        for m in moves
    ]
    headers = (_("日期"), _("步骤"), _("文书编号"), _("说明"), _("佐证"))
    return f"{text}\n\n{table(headers, past)}"
