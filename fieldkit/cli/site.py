"""``fieldkit site``: the register of places."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from . import importing, papers, site_change, site_generate, site_sweeps
from .declaring import typer
from .output import Json, JsonFlag, emit, noun, table, workspace

if TYPE_CHECKING:
    from fieldkit.domain.records import Site

app = noun(_("对象底册。"))


@app.command("import", help=_("导入 .csv 或 .xlsx 底册；有一行不合格就一行也不导入。"))
def import_(
    file: Annotated[Path, typer.Argument(help=_("底册文件。"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只核对，不写入。"))] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help=_("JSON 里也逐条列出变化和提醒。"))
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Take a register in, whole or not at all."""
    from fieldkit.work import sites

    with workspace() as ws:
        imported = sites.import_register(ws, file, dry_run, importing.listener())
    emit(
        importing.as_json(imported, changes=changes),
        lambda: importing.text(imported, dry_run=dry_run),
        json,
    )
    if imported.rejected:
        raise typer.Exit(1)


@app.command("list", help=_("列出对象。"))
def list_(
    kind: Annotated[list[str] | None, typer.Option("--kind", help=_("只列这种对象。"))] = None,
    within: Annotated[str | None, typer.Option("--within", help=_("只列它下面的。"))] = None,
    json: JsonFlag = False,
) -> None:
    """List the sites."""
    from fieldkit.work import sites

    with workspace() as ws:
        found = sites.listing(ws, kinds=kind, within=within)
    emit([site_json(site) for site in found], lambda: _listed(found), json)


@app.command("show", help=_("查看一个对象。"))
def show(
    ref: Annotated[str, typer.Argument(metavar="ID", help=_("编码或编号。"))],
    json: JsonFlag = False,
) -> None:
    """Show one site and what hangs under it."""
    from fieldkit.work import sites

    with workspace() as ws:
        site = sites.find(ws, ref)
        under = sites.children(ws, site.id)
    data = {**site_json(site), "children": [child.id for child in under]}
    emit(data, lambda: _shown(site, under), json)


@app.command("remove", help=_("核减一个对象（村级已确认）。"))
def remove(
    ref: Annotated[str, typer.Argument(metavar="ID", help=_("编码或编号。"))],
    reason: Annotated[
        str,
        typer.Option(
            "--reason", metavar="demolished|missing|nonresidential|duplicate", help=_("原因。")
        ),
    ],
    note: Annotated[str, typer.Option("--note", help=_("备注。"))] = "",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help=_("从哪一天起；不写为今天。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Strike a site off the count."""
    from fieldkit.work import sites

    with workspace() as ws:
        site = sites.remove(ws, ref, reason, note, on)
    emit(
        site_json(site),
        lambda: _("已核减 {name}（{code}）。").format(name=site.name, code=site.code),
        json,
    )


site_change.register(app)
site_generate.register(app)
site_sweeps.register(app)
papers.register_site(app)


def site_json(site: Site) -> Json:
    """The keys of CLI.md and the rest of the register."""
    return {
        "id": site.id,
        "code": site.code,
        "name": site.name,
        "kind": site.kind,
        "division": site.division,
        "grid": site.grid,
        "parent": site.parent,
        "address": site.address,
        "floor": site.floor,
        "registered": site.registered,
        "removed": site.removed,
    }


def _kind(site: Site) -> str:
    from fieldkit.work.sites import KINDS

    return _(KINDS.get(site.kind, site.kind))


def _listed(found: list[Site]) -> str:
    rows = [(site.code, _kind(site), site.name, site.division, site.grid) for site in found]
    return table((_("编码"), _("类别"), _("名称"), _("区划"), _("网格")), rows)


def _shown(site: Site, under: list[Site]) -> str:
    registered = {None: "—", True: _("是"), False: _("否")}[site.registered]
    lines = [
        (_("名称"), site.name),
        (_("编码"), site.code),
        (_("类别"), _kind(site)),
        (_("区划"), site.division or "—"),
        (_("网格"), site.grid or "—"),
        (_("地址"), site.address or "—"),
        (_("楼层"), site.floor or "—"),
        (_("户籍"), registered),
        (_("编号"), site.id),
    ]
    if site.removed:
        lines.append((_("核减"), _("已核减")))
    text = table((_("项目"), _("内容")), lines)
    return text + ("\n\n" + _listed(under) if under else "")
