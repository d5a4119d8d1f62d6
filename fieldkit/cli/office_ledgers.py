"""``fieldkit office``: ledgers, member units, work lists of rectification, the look-back sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, table, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.ledgers import Ledger
    from fieldkit.work.lookback import Look
    from fieldkit.work.worklists import Job

Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help=_("写成 .docx 或 .csv 文件。")),
]
Month = Annotated[str, typer.Option("--month", metavar="2026-11", help=_("月份。"))]


def register(app: typer.Typer) -> None:
    """Add these commands to ``fieldkit office``."""
    app.command("ledger", help=_("台账：会议、微信群、半年报送、任务、单位、移交、整改销号。"))(
        ledger
    )
    app.command("units", help=_("把成员单位字典导入底册；再导一次不重复。"))(units)
    app.command("worklist", help=_("整改督办清单：按责任单位列未销号的问题和下一步。"))(worklist)
    app.command("lookback", help=_("“回头看”：从一个月里销号的问题中抽查。"))(lookback)


def ledger(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help=_("meetings、groups、submissions、tasks、units、referrals、rectification。"),
        ),
    ],
    month: Month = "",
    round_: Annotated[
        str,
        typer.Option(
            "--round", metavar="2026-Q4|2026-H2|2026", help=_("月、季、半年或年；不写为本期。")
        ),
    ] = "",
    within: Annotated[
        str | None, typer.Option("--within", metavar="SITE", help=_("只列它和它下面的。"))
    ] = None,
    out: Output = None,
    json: JsonFlag = False,
) -> None:
    """Show a ledger, or write it."""
    from fieldkit.papers import ledgers as papers
    from fieldkit.work import ledgers as work

    with workspace() as ws:
        found = work.ledger(ws, kind, round_, month, within)
        path = papers.ledger(ws, found, out) if out is not None else None

    def said() -> str:
        if path is not None:
            return _("已写出：{path}").format(path=path)
        heads, rows = papers.ledger_table(found, totals=True)
        return "\n".join((papers.title(found), table(heads, rows), *found.notes))

    emit(_ledger_json(found, path), said, json)


def _ledger_json(found: Ledger, path: Path | None) -> Json:
    names = [id for id, _title in found.columns]
    return {
        "ledger": found.kind,
        "title": found.title,
        "round": found.round.name,
        "from": found.round.first,
        "to": found.round.last,
        "day": found.day_title,
        "columns": [{"id": id, "title": title} for id, title in found.columns],
        "rows": [
            {
                "site": row.site.id if row.site else None,
                "code": row.site.code if row.site else None,
                "name": row.name,
                "village": row.village,
                "day": row.day or None,
                "inspection": row.inspection or None,
                "cells": dict(zip(names, row.cells, strict=True)),
                "status": row.status,
                "late": row.late,
                "missing": row.missing,
            }
            for row in found.rows
        ],
        "totals": dict(zip(names, found.totals, strict=True)) if found.totals else None,
        "notes": list(found.notes),
        "file": str(path) if path else None,
    }


def units(
    code: Annotated[
        str, typer.Argument(metavar="DICTIONARY", help=_("字典代号；不写为 S004。"))
    ] = "S004",
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE.yaml", help=_("用自己的字典文件。"))
    ] = None,
    under: Annotated[
        str | None,
        typer.Option("--under", metavar="SITE", help=_("挂在谁下面；不写则挂在镇下面。")),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只核对，不写入。"))] = False,
    json: JsonFlag = False,
) -> None:
    """Take the units of a dictionary into the register."""
    from fieldkit.work import units as work

    from . import importing

    with workspace() as ws:
        done = work.take_in(ws, work.dictionary(code, file), under, dry_run)
    data = importing.as_json(done, changes=True)
    emit(data, lambda: importing.text(done, dry_run=dry_run), json)
    if done.rejected:
        raise typer.Exit(1)


def worklist(
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="SITE", help=_("只列这个单位和它下面的。"))
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help=_("只列逾期的。"))] = False,
    out: Output = None,
    json: JsonFlag = False,
) -> None:
    """List what is open, unit by unit, or write it."""
    from fieldkit.papers import ledgers as papers
    from fieldkit.work import worklists as work

    with workspace() as ws:
        lists = work.worklists(ws, unit, overdue)
        path = papers.worklists(ws, lists, out) if out is not None else None
    data = {
        "units": [
            {
                "unit": one.unit.id if one.unit else None,
                "code": one.unit.code if one.unit else None,
                "name": one.name,
                "open": len(one.jobs),
                "overdue": one.overdue,
                "findings": [_job_json(job) for job in one.jobs],
            }
            for one in lists
        ],
        "file": str(path) if path else None,
    }

    def said() -> str:
        if path is not None:
            return _("已写出：{path}").format(path=path)
        _heads, rows = papers.work_table(lists)
        heads = (_("责任单位"), _("对象"), _("问题"), _("项"), _("还剩"), _("下一步"), _("提示"))
        return table(heads, [(*row[1:5], *row[8:]) for row in rows])

    emit(data, said, json)


def _job_json(job: Job) -> Json:
    finding = job.finding
    return {
        "finding": finding.id,
        "site": finding.site,
        "site_code": job.site.code if job.site else None,
        "name": job.name,
        "item": finding.item,
        "text": finding.text,
        "severity": finding.severity,
        "state": finding.state,
        "round": job.rounds,
        "number": job.number,
        "due": finding.due,
        "overdue": job.overdue,
        "working_days": job.working_days if job.left else None,
        "left": job.left,
        "next": job.step,
        "hint": job.hint,
    }


def lookback(
    month: Annotated[
        str, typer.Option("--month", metavar="2026-11", help=_("哪个月销号的；不写为上个月。"))
    ] = "",
    share: Annotated[int, typer.Option("--share", metavar="PERCENT", help=_("抽百分之几。"))] = 10,
    out: Output = None,
    json: JsonFlag = False,
) -> None:
    """Draw the sample of a month."""
    from datetime import timedelta

    from fieldkit.papers import ledgers as papers
    from fieldkit.work import lookback as work

    with workspace() as ws:
        last = ws.today().replace(day=1) - timedelta(1)
        found = work.draw(ws, month or last.isoformat()[:7], share)
        path = papers.sample(ws, found, out) if out is not None else None
    data = {
        "month": found.month.name,
        "share": found.share,
        "closed": found.closed,
        "sample": [_look_json(row) for row in found.rows],
        "file": str(path) if path else None,
    }

    def said() -> str:
        heads, rows = papers.sample_table(found)
        return table(heads, rows) + "\n" + papers.sample_words(found)

    emit(data, said, json)
    if path is not None:
        tell(_("已写出：{path}").format(path=path))


def _look_json(row: Look) -> Json:
    finding = row.finding
    return {
        "finding": finding.id,
        "site": finding.site,
        "site_code": row.site.code if row.site else None,
        "name": row.name,
        "item": finding.item,
        "text": finding.text,
        "closed": row.closed,
        "until": row.until,
        "seen": row.seen or None,
        "state": finding.state,
    }
