"""``fieldkit finding``: what failed and is to be put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fieldkit.text.i18n import _

from .output import Json, JsonFlag, emit, noun, table, workspace

if TYPE_CHECKING:
    from fieldkit.work.findings import FindingRow

app = noun(_("问题清单。"))


@app.command("list", help=_("列出问题，期限近的在前。"))
def list_(json: JsonFlag = False) -> None:
    """List the findings, the earliest due first."""
    from fieldkit.work import findings

    with workspace() as ws:
        rows = findings.listing(ws)
    emit([_finding_json(row) for row in rows], lambda: _listed(rows), json)


@app.command("show", help=_("查看一个问题。"))
def show(
    ref: Annotated[str, typer.Argument(metavar="FINDING", help=_("问题编号，或它的开头几位。"))],
    json: JsonFlag = False,
) -> None:
    """Show one finding."""
    from fieldkit.work import findings

    with workspace() as ws:
        row = findings.find(ws, ref)
    emit(_finding_json(row), lambda: _shown(row), json)


def _finding_json(row: FindingRow) -> Json:
    from fieldkit.work import home_time

    finding = row.finding
    return {
        "finding": finding.id,
        "state": finding.state,
        "due": finding.due,
        "overdue": row.overdue,
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


def _words(row: FindingRow) -> tuple[str, str]:
    severity = _("否决") if row.finding.severity == "critical" else _("一般")
    state = _("逾期") if row.overdue else _("待整改")
    return severity, state


def _listed(rows: list[FindingRow]) -> str:
    lines = []
    for row in rows:
        severity, state = _words(row)
        name = row.site.name if row.site else "—"
        about = row.finding
        lines.append((about.id[:8], about.due, state, severity, name, about.item, about.text))
    headers = (_("编号"), _("期限"), _("状态"), _("程度"), _("对象"), _("项"), _("内容"))
    return table(headers, lines)


def _shown(row: FindingRow) -> str:
    severity, state = _words(row)
    finding = row.finding
    lines = [
        (_("编号"), finding.id),
        (_("对象"), row.site.name if row.site else "—"),
        (_("检查项"), finding.item),
        (_("内容"), finding.text),
        (_("标准"), finding.criterion or "—"),
        (_("程度"), severity),
        (_("期限"), finding.due),
        (_("状态"), state),
        (_("来自检查"), finding.inspection),
    ]
    return table((_("项目"), _("内容")), lines)
