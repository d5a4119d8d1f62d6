"""``fieldkit purge``: erase what was kept long enough, with a certificate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, workspace

if TYPE_CHECKING:
    from fieldkit.work.retention import Erased


def register(root: typer.Typer) -> None:
    """Add it to the root."""
    root.command("purge", help=_("清除满保存期的内容和照片，留汇总，出清除证明。"))(purge)


def purge(
    before: Annotated[str, typer.Option("--before", metavar="DAY", help=_("只清除这天以前的。"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只算，不清除。"))] = False,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="CERTIFICATE", help=_("清除证明写到哪个文件。")),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Erase for good; the journal still verifies."""
    from fieldkit.work import retention

    with workspace() as ws:
        done = retention.purge(ws, before, dry_run=dry_run, out=out)
    emit(_json(done, dry_run), lambda: _text(done, dry_run), json)


def _json(done: Erased, dry_run: bool) -> Json:
    return {
        "before": done.before,
        "dry_run": dry_run,
        "rules": done.rules,
        "events": done.events,
        "files": done.files,
        "bytes": done.bytes,
        "kept": done.kept,
        "run": done.run or None,
        "certificate": str(done.certificate) if done.certificate else None,
    }


def _text(done: Erased, dry_run: bool) -> str:
    from fieldkit.domain.retention import RULES

    lines = [
        f"{_(rule.title)}  {done.rules[rule.id]}（{_(rule.basis)}）"
        for rule in RULES
        if done.rules.get(rule.id)
    ]
    if not done.events:
        lines.append(_("没有满保存期的内容，什么也没有清除。"))
    else:
        words = (
            _("可以清除 {events} 条记录的内容、{files} 个文件。")
            if dry_run
            else _("已清除 {events} 条记录的内容、{files} 个文件；编号、指纹和汇总数保留。")
        )
        lines.append(words.format(events=done.events, files=done.files))
    if done.rules.get("records") and dry_run:
        lines.append(_("检查记录清除前请先转文书档案。"))
    if done.kept:
        lines.append(_("{n} 个文件的检查或问题还没有了结，留着。").format(n=done.kept))
    if done.certificate:
        lines.append(_("清除证明  {path}").format(path=done.certificate))
    return "\n".join(lines)
