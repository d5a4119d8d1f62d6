"""``fieldkit office dispatch|return``: what goes down to the devices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import JsonFlag, emit, workspace

if TYPE_CHECKING:
    from fieldkit.work.dispatches import Dispatched


def register(app: typer.Typer) -> None:
    """Put these beside the other words of ``office``."""
    app.command("dispatch", help=_("下发：检查表、底册、交办、退回和回执，一个文件给多台设备。"))(
        dispatch
    )
    app.command("return", help=_("退回一次办结的检查，写明理由；下一次下发带给检查人。"))(send_back)


def dispatch(
    out: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=_("写到哪个文件。"))],
    device: Annotated[
        list[str] | None, typer.Argument(metavar="[DEVICE…]", help=_("设备编号、开头或名称。"))
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help=_("发给全部登记的设备。"))] = False,
    within: Annotated[
        str | None, typer.Option("--within", metavar="SITE", help=_("底册只发它下面的。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Write one file for these devices."""
    from fieldkit.work import dispatches

    with workspace() as ws:
        done = dispatches.write(ws, device or (), out, within, everybody=everybody)
    data = {
        "file": str(done.path),
        "devices": done.devices,
        "events": done.events,
        "checklists": done.checklists,
        "sites": done.sites,
        "assignments": done.assignments,
        "returned": done.returned,
    }
    emit(data, lambda: _told(done), json)


def _told(done: Dispatched) -> str:
    return "\n".join(
        (
            _("下发文件已写好：{path}").format(path=shown(str(done.path))),
            _(
                "给 {devices} 台设备：检查表 {checklists} 张，底册 {sites} 条，"
                "交办 {assignments} 件，退回 {returned} 次，各带一份回执。"
            ).format(
                devices=done.devices,
                checklists=done.checklists,
                sites=done.sites,
                assignments=done.assignments,
                returned=done.returned,
            ),
            _("请把它交给这些设备，各运行 fieldkit receive 文件。"),
        )
    )


def send_back(
    inspection: Annotated[
        str, typer.Argument(metavar="INSPECTION", help=_("检查编号，或它的开头几位。"))
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("哪里要更正。"))],
    json: JsonFlag = False,
) -> None:
    """Send an inspection back."""
    from fieldkit.work import returning

    with workspace() as ws:
        done = returning.send_back(ws, inspection, reason)
    data = {"inspection": done.inspection.id, "reason": done.reason}
    text = _("已退回 {id}；下一次下发会带给检查人。").format(id=done.inspection.id[:8])
    emit(data, lambda: text, json)
