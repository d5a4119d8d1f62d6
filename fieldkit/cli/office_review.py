"""``fieldkit office review``: texts of other devices that the privacy guard held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import Json, JsonFlag, emit, table, workspace

if TYPE_CHECKING:
    from fieldkit.work.reviewing import Waiting


def register(app: typer.Typer) -> None:
    """Add it to ``fieldkit office``."""
    app.command("review", help=_("待审文字：别的设备带来、疑似含个人信息的备注，放行或隐去。"))(
        review
    )


def review(
    release: Annotated[
        str, typer.Option("--release", metavar="REF", help=_("放行这一处，照原样显示。"))
    ] = "",
    hide: Annotated[str, typer.Option("--hide", metavar="REF", help=_("隐去这一处。"))] = "",
    everything: Annotated[bool, typer.Option("--all", help=_("决定过的也列出。"))] = False,
    json: JsonFlag = False,
) -> None:
    """List the held texts, or decide on one."""
    from fieldkit.work import reviewing

    with workspace() as ws:
        for ref, verdict in ((release, "release"), (hide, "hide")):
            if ref:
                reviewing.decide(ws, ref, verdict)
        found = reviewing.waiting(ws, decided=everything)
    emit([_json(one) for one in found], lambda: _listed(found), json)


def _json(one: Waiting) -> Json:
    return {
        "ref": one.ref,
        "kind": one.kind,
        "slot": one.slot,
        "place": one.place,
        "device": one.device,
        "at": one.at,
        "why": list(one.why),
        "without": one.without,
        "verdict": one.verdict or None,
    }


def _listed(found: list[Waiting]) -> str:
    if not found:
        return _("没有待审的文字。")
    # What was found is left out here too: a list is read over somebody's shoulder.
    rows = [
        (one.ref, one.at[:10], one.device[:8], one.place, "、".join(one.why), shown(one.without))
        for one in found
    ]
    headers = (_("编号"), _("日期"), _("设备"), _("对象"), _("疑似"), _("略去后"))
    return table(headers, rows)
