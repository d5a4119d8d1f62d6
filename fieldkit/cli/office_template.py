"""``fieldkit office template``: an office's own layouts of its documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, noun, table, tell, workspace

app = noun(_("公文模板：导出来在 Word 或 WPS 里改，再设为本办公室的版式。"))

Kind = Annotated[str, typer.Argument(metavar="KIND", help=_("哪种文件，同 office report。"))]
Month = Annotated[str, typer.Option("--month", metavar="2026-11", help=_("用哪个月的数据试套。"))]
Last = Annotated[str, typer.Option("--to", metavar="DATE", help=_("用到哪天为止的数据试套。"))]
Site = Annotated[str, typer.Option("--site", metavar="SITE", help=_("用哪个单位的数据试套。"))]


def register(office: typer.Typer) -> None:
    """Add these commands to ``fieldkit office``."""
    office.add_typer(app, name="template")


@app.command("list", help=_("各种文件用的是内置版式还是本办公室的模板。"))
def listing(json: JsonFlag = False) -> None:
    """Which layouts there are."""
    from fieldkit.papers import templates

    with workspace() as ws:
        found = templates.listing(ws)
    rows = [(it.kind, it.title, _("本办公室的模板") if it.own else _("内置")) for it in found]
    emit(
        [{"kind": it.kind, "title": it.title, "own": str(it.own) if it.own else None}
         for it in found],
        lambda: table((_("种类"), _("文件"), _("版式")), rows),
        json,
    )  # fmt: skip


@app.command("export", help=_("导出模板：{{ }} 里的名称会换成内容，其余怎么改都行。"))
def export(
    kind: Kind,
    out: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE.docx", help=_("写到哪个文件。"))
    ],
    month: Month = "",
    last: Last = "",
    site: Site = "",
    json: JsonFlag = False,
) -> None:
    """Write a template to begin with."""
    from fieldkit.papers import templates
    from fieldkit.papers.catalogue import Options

    with workspace() as ws:
        path = templates.export(ws, kind, Options(month=month, last=last, site=site), out)
    tell(_("已导出。改好后用 fieldkit office template set {kind} 文件 设上。").format(kind=kind))
    emit({"file": str(path)}, lambda: str(path), json)


@app.command("set", help=_("把改好的模板设为这种文件的版式；先试套一次，有错就指出来。"))
def use(
    kind: Kind,
    file: Annotated[Path, typer.Argument(metavar="FILE.docx", help=_("改好的模板。"))],
    month: Month = "",
    last: Last = "",
    site: Site = "",
    json: JsonFlag = False,
) -> None:
    """Use a file as the layout of a kind."""
    from fieldkit.papers import templates
    from fieldkit.papers.catalogue import Options

    with workspace() as ws:
        path = templates.use(ws, kind, file, Options(month=month, last=last, site=site))
    tell(_("已设上，今后出的 .docx 都用它。"))
    emit({"file": str(path)}, lambda: str(path), json)


@app.command("remove", help=_("不再用本办公室的模板，改回内置版式。"))
def remove(kind: Kind, json: JsonFlag = False) -> None:
    """Go back to the built-in layout."""
    from fieldkit.papers import templates

    with workspace() as ws:
        gone = templates.remove(ws, kind)
    said = _("已改回内置版式。") if gone else _("本来就是内置版式。")
    emit({"removed": gone}, lambda: said, json)
