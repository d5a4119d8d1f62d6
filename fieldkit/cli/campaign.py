"""``fieldkit campaign``: drives with their days, phases and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, noun, table, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.campaigns import CampaignRow

app = noun(_("活动：起止日、阶段、要查的表。"))


@app.command("put", help=_("定一个活动；同名的按新的改。"))
def put(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("活动名称。"))],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help=_("开始日。"))],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help=_("结束日。"))],
    phase: Annotated[
        list[str] | None,
        typer.Option("--phase", metavar="NAME:FROM:TO", help=_("一个阶段；可写多次。")),
    ] = None,
    checklist: Annotated[
        list[str] | None,
        typer.Option("--checklist", metavar="ID", help=_("活动期内各查一次的表；可写多次。")),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Make a campaign or change it."""
    from fieldkit.work import campaigns

    with workspace() as ws:
        row = campaigns.put(ws, name, first, last, phase or (), checklist or ())
    emit(campaign_json(row), lambda: _("活动已定。") + "\n" + _shown(row), json)


@app.command("list", help=_("列出活动，早的在前。"))
def list_(json: JsonFlag = False) -> None:
    """List the campaigns."""
    from fieldkit.work import campaigns

    with workspace() as ws:
        rows = campaigns.listing(ws)
    heads = (_("活动"), _("开始"), _("结束"), _("现在的阶段"), _("检查表"))
    cells = [
        (
            *(row.campaign.name, row.campaign.first, row.campaign.last, row.phase or "—"),
            "、".join(row.campaign.lists) or "—",
        )
        for row in rows
    ]
    emit([campaign_json(row) for row in rows], lambda: table(heads, cells), json)


@app.command("show", help=_("查看一个活动。"))
def show(
    ref: Annotated[str, typer.Argument(metavar="NAME", help=_("活动名称，或它的开头几个字。"))],
    json: JsonFlag = False,
) -> None:
    """Show one campaign."""
    from fieldkit.work import campaigns

    with workspace() as ws:
        row = campaigns.find(ws, ref)
    emit(campaign_json(row), lambda: _shown(row), json)
    if row.contested:
        tell(_("几台设备各定了一份，以最晚的为准；再定一次就理顺。"))


def campaign_json(row: CampaignRow) -> Json:
    """A campaign as the interface gives it."""
    one = row.campaign
    return {
        "id": one.id,
        "name": one.name,
        "from": one.first,
        "to": one.last,
        "phases": [{"name": p.name, "from": p.first, "to": p.last} for p in one.phases],
        "checklists": list(one.lists),
        "phase": row.phase or None,
        "contested": row.contested,
    }


def _shown(row: CampaignRow) -> str:
    one = row.campaign
    lines = [
        f"{one.name}  {one.first}—{one.last}",
        *(f"  {part.name}  {part.first}—{part.last}" for part in one.phases),
    ]
    if row.phase:
        lines.append(_("现在的阶段：{name}").format(name=row.phase))
    if one.lists:
        lines.append(_("检查表：{names}").format(names="、".join(one.lists)))
    return "\n".join(lines)
