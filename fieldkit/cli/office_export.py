"""``fieldkit office export``: whole tables of what an office holds, for other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fieldkit.text.i18n import _

from . import progress
from .declaring import typer
from .output import JsonFlag, emit, noun, tell, workspace


def register(app: typer.Typer) -> None:
    """Add the group to ``fieldkit office``."""
    group = noun(_("整表导出，供别的软件用。"))
    group.command("answers", help=_("一行一次检查，每题两列（答案、说明）；再多也导得完。"))(
        answers
    )
    app.add_typer(group, name="export", help=_("整表导出，供别的软件用。"))


def answers(
    out: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE.csv|.xlsx", help=_("写到哪个文件。"))
    ],
    checklist: Annotated[
        str, typer.Option("--checklist", metavar="ID", help=_("哪张检查表；只用过一张时可不写。"))
    ] = "",
    within: Annotated[
        str, typer.Option("--within", metavar="CODE", help=_("只导它和它下面的。"))
    ] = "",
    since: Annotated[str, typer.Option("--from", metavar="DAY", help=_("从哪天起。"))] = "",
    until: Annotated[str, typer.Option("--to", metavar="DAY", help=_("到哪天为止。"))] = "",
    public: Annotated[
        bool, typer.Option("--public", help=_("对外：不带说明、佐证和文字题，住户只到楼栋。"))
    ] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help=_("答案按存的样子写（pass），不写成话（合格）。"))
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Write every answer of many inspections as one table."""
    from fieldkit.papers import answers_export as papers

    asked = papers.Asked(checklist, within, since, until, public, raw)
    with workspace() as ws:
        done = papers.export(ws, out, asked, _progress())
    if done.hidden:
        tell(_("有 {n} 份双人背靠背记录还没有都办结，没有导出。").format(n=done.hidden))
    if done.unknown:
        tell(_("有 {n} 次检查所用的检查表版本本机没有，只导出了认得的题。").format(n=done.unknown))
    data = {
        "file": str(done.file),
        "checklist": done.checklist,
        "versions": list(done.versions),
        "rows": done.rows,
        "columns": done.columns,
        "hidden": done.hidden,
        "unknown": done.unknown,
    }
    emit(
        data,
        lambda: _("已写出 {rows} 行 {columns} 列：{path}").format(
            rows=done.rows, columns=done.columns, path=done.file
        ),
        json,
    )


def _progress() -> Callable[[int, int], None] | None:
    """What tells how far it is, on a terminal."""
    show = progress.line()
    if show is None:
        return None

    def line(done: int, total: int) -> None:
        show(_("导出 {n}/{total}").format(n=done, total=total), done == total)

    return line
