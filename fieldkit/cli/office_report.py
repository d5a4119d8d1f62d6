"""``fieldkit office report``: the documents of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, tell, workspace

_HELP = _(
    "出一份文件：bulletin 通报、standing 红黄牌、coverage 覆盖统计、half-year 半年报告、"
    "inspection 检查记录、rectification-notice 整改通知、assessment 评选申报、"
    "assessment-summary 评选汇总、obligations 应办、referral 移交单、notice 告知单。"
)


def register(app: typer.Typer) -> None:
    """Add these commands to ``fieldkit office``."""
    app.command("report", help=_HELP)(report)


def report(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=_("哪种文件。"))],
    out: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE.docx|.xlsx|.html", help=_("写到哪个文件。")),
    ],
    month: Annotated[str, typer.Option("--month", metavar="2026-11", help=_("月份。"))] = "",
    half: Annotated[str, typer.Option("--half", metavar="2026-H2", help=_("半年。"))] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help=_("从哪天起。"))] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help=_("到哪天止。"))] = "",
    within: Annotated[
        str, typer.Option("--within", metavar="SITE", help=_("只算它和它下面的。"))
    ] = "",
    site: Annotated[str, typer.Option("--site", metavar="SITE", help=_("哪个单位。"))] = "",
    inspection: Annotated[
        str, typer.Option("--inspection", metavar="ID", help=_("哪次检查；不写则取最近办结的。"))
    ] = "",
    finding: Annotated[str, typer.Option("--finding", metavar="ID", help=_("哪个问题。"))] = "",
    referral: Annotated[str, typer.Option("--referral", metavar="ID", help=_("哪张移交单。"))] = "",
    checklist: Annotated[
        str, typer.Option("--checklist", metavar="ID", help=_("只算用这张表的检查。"))
    ] = "",
    campaign: Annotated[str, typer.Option("--campaign", metavar="NAME", help=_("哪个活动。"))] = "",
    basis: Annotated[
        str, typer.Option("--basis", metavar="FILE.yaml", help=_("红黄牌用这份口径。"))
    ] = "",
    public: Annotated[
        bool, typer.Option("--public", help=_("对外公开的版本：不到户，不出备注。"))
    ] = False,
    codes: Annotated[
        bool, typer.Option("--codes", help=_("每个数旁边印出它的代码，供核对。"))
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Write a document."""
    from fieldkit.papers import writing
    from fieldkit.papers.catalogue import Options

    options = Options(
        month=month, half=half, first=first, last=last, within=within, site=site,
        inspection=inspection, finding=finding, referral=referral, checklist=checklist,
        campaign=campaign, basis=basis, public="1" if public else "",
    )  # fmt: skip
    with workspace() as ws:
        path = writing.write(ws, kind, options, out, codes=codes)
    tell(_("已写好。"))
    emit({"file": str(path)}, lambda: str(path), json)
