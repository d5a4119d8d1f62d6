"""``fieldkit assignment``: who is to inspect which place with which list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, noun, table, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.assigning import AssignmentRow

app = noun(_("交办：谁去哪里用哪张表检查，什么时候前办完。"))


@app.command("put", help=_("交办一次检查；同一对象同一张表还没办的，按新的改。"))
def put(
    site: Annotated[str, typer.Argument(metavar="SITE", help=_("对象的编码。"))],
    checklist: Annotated[str, typer.Option("--checklist", metavar="ID", help=_("检查表。"))],
    to: Annotated[
        str, typer.Option("--to", metavar="WHO", help=_("设备名称或编号，或岗位；不写人名。"))
    ] = "",
    due: Annotated[
        str, typer.Option("--due", metavar="DATE", help=_("期限；不写则按活动或周期。"))
    ] = "",
    campaign: Annotated[
        str, typer.Option("--campaign", metavar="NAME", help=_("属于哪个活动。"))
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Assign an inspection."""
    from fieldkit.work import assigning

    with workspace() as ws:
        row = assigning.put(ws, site, checklist, to, due, campaign)
    emit(assignment_json(row), lambda: _("已交办。") + "\n" + _listed([row]), json)


@app.command("list", help=_("列出交办，急的在前。"))
def list_(
    within: Annotated[str | None, typer.Option("--within", help=_("只列它下面的。"))] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="open|overdue|done|withdrawn", help=_("只列这种状态。")),
    ] = None,
    campaign: Annotated[
        str | None, typer.Option("--campaign", metavar="NAME", help=_("只列这个活动的。"))
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help=_("只列交办给本机或没有指定的。"))] = False,
    json: JsonFlag = False,
) -> None:
    """List the assignments."""
    from fieldkit.work import assigning

    with workspace() as ws:
        rows = assigning.listing(ws, within, state, campaign, mine=mine)
    emit([assignment_json(row) for row in rows], lambda: _listed(rows), json)


@app.command("withdraw", help=_("撤回一项还没办的交办。"))
def withdraw(
    ref: Annotated[str, typer.Argument(metavar="ASSIGNMENT", help=_("交办编号，或它的开头几位。"))],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help=_("为什么；不写人。"))] = "",
    json: JsonFlag = False,
) -> None:
    """Take one back."""
    from fieldkit.work import assigning

    with workspace() as ws:
        row = assigning.withdraw(ws, ref, note)
    emit(assignment_json(row), lambda: _("已撤回。") + "\n" + _listed([row]), json)
    if row.contested:
        tell(_("几台设备各定了一份，以最晚的为准；再定一次就理顺。"))


def assignment_json(row: AssignmentRow) -> Json:
    """An assignment as the interface gives it."""
    one = row.assignment
    return {
        "id": one.id,
        "site": one.site,
        "code": row.site.code if row.site else "",
        "name": row.site.name if row.site else "",
        "checklist": one.checklist,
        "inspector": one.inspector,
        "who": row.who,
        "day": one.day,
        "due": one.due or None,
        "campaign": row.campaign or None,
        "done": one.done or None,
        "state": row.state,
        "contested": row.contested,
    }


def _listed(rows: list[AssignmentRow]) -> str:
    from fieldkit.domain.campaign import STATES

    heads = (
        *(_("编号"), _("单位"), _("检查表"), _("交办给")),
        *(_("期限"), _("活动"), _("状态")),
    )
    cells = [
        (
            row.assignment.id[:8],
            row.site.name if row.site else row.assignment.site[:8],
            row.assignment.checklist,
            row.who or _("不指定"),
            row.assignment.due or "—",
            row.campaign or "—",
            _(STATES[row.state]),
        )
        for row in rows
    ]
    return table(heads, cells)
