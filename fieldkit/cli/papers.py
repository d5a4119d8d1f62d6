"""Papers about places: ``fieldkit site labels`` and ``site form``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, workspace


def register_site(app: typer.Typer) -> None:
    """Put these beside the other words of ``site``."""
    app.command("labels", help=_("打印二维码标签：点位和楼栋，A4 每页 3×8 张。"))(labels)
    app.command("form", help=_("打印一栋楼的入户登记表，带上门手填，回来再录入。"))(form)


def labels(
    out: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE.html|.docx", help=_("写到哪个文件。"))
    ],
    kind: Annotated[list[str] | None, typer.Option("--kind", help=_("只出这种对象。"))] = None,
    within: Annotated[str | None, typer.Option("--within", help=_("只出它下面的。"))] = None,
    json: JsonFlag = False,
) -> None:
    """A sheet of labels."""
    from fieldkit.papers import labels as papers

    with workspace() as ws:
        done = papers.write(ws, out, kind, within)
    emit(
        {"file": str(done.path), "labels": done.labels},
        lambda: _("已写出 {n} 张标签：{path}").format(n=done.labels, path=done.path),
        json,
    )


def form(
    building: Annotated[str, typer.Argument(metavar="BUILDING", help=_("楼栋的编码。"))],
    out: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE.docx|.html", help=_("写到哪个文件。"))
    ],
    json: JsonFlag = False,
) -> None:
    """The doors of one building to be filled in by hand."""
    from fieldkit.papers import doors as papers

    with workspace() as ws:
        done = papers.write(ws, building, out)
    emit(
        {"file": str(done.path), "doors": done.doors},
        lambda: _("已写出 {n} 户的登记表：{path}").format(n=done.doors, path=done.path),
        json,
    )
