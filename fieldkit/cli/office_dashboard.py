"""``fieldkit office dashboard``: where things stand, on the terminal or as one web page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, percent, table, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.dashboard import Dashboard


def register(app: typer.Typer) -> None:
    """Put it beside the other words of ``office``."""
    app.command("dashboard", help=_("看板：覆盖、趋势、最差在前；可写成一个网页文件。"))(dashboard)


def dashboard(
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.html", help=_("写成网页。"))
    ] = None,
    within: Annotated[
        str | None, typer.Option("--within", metavar="CODE", help=_("只看它下面的。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Show the dashboard, or write it."""
    from fieldkit.papers import dashboard as papers
    from fieldkit.work import dashboard as work

    with workspace() as ws:
        if out is not None:
            path, told = papers.page(ws, out, within)
            tell(_("已写好。"))
            emit({"file": str(path), **told}, lambda: str(path), json)
        elif json:
            emit(papers.document(ws, within), str, json)
        else:
            emit(None, lambda: _shown(work.read(ws, within)), json)


def _shown(found: Dashboard) -> str:
    from fieldkit.work.dashboard import worst_first

    sums = found.totals
    lines = [
        _("{name}　截至 {day}").format(name=found.within or _("全部"), day=found.day),
        _("户 {doors}；发放 {given}/{of}（{rate}）；面宣 {met}/{real}（{face}）").format(
            doors=sums.doors,
            given=sums.delivered,
            of=sums.registered,
            rate=percent(sums.delivery_rate),
            met=sums.met,
            real=sums.doors - sums.removed,
            face=percent(sums.face_to_face_rate),
        ),
        _(
            "办结检查 {n}，平均 {mean}；未了结问题 {open}，逾期 {late}；待反馈移交 {slips}；"
            "本月扫楼 {swept}/{buildings}"
        ).format(
            n=sums.inspections,
            mean=percent(sums.mean),
            open=sums.findings,
            late=sums.overdue,
            slips=sums.referrals,
            swept=sums.swept,
            buildings=sums.buildings,
        ),
        "",
    ]
    rows = [
        (
            row.code, row.name, row.doors, percent(row.delivery_rate),
            percent(row.face_to_face_rate), percent(row.mean), row.findings, row.overdue,
            row.referrals, f"{row.swept}/{row.buildings}",
        )
        for row in worst_first(found.villages, "delivered")
    ]  # fmt: skip
    heads = (
        _("编码"), _("村（社区）"), _("户数"), _("发放率"), _("面宣率"), _("得分"), _("问题"),
        _("逾期"), _("移交"), _("扫楼"),
    )  # fmt: skip
    return "\n".join(lines) + table(heads, rows, right="23456789")
