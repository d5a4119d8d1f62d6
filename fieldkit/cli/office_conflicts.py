"""``fieldkit office conflicts``: what several laptops told differently, and which is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import Json, JsonFlag, emit, workspace

if TYPE_CHECKING:
    from fieldkit.work.settling import Disputed, Told


def register(app: typer.Typer) -> None:
    """Put it beside the other words of ``office``."""
    app.command("conflicts", help=_("冲突：几台设备填得不一样；列出，或选定一个值。"))(conflicts)


def conflicts(
    ref: Annotated[
        str, typer.Argument(metavar="[REF]", help=_("要选定的冲突编号；不写就列出全部。"))
    ] = "",
    choose: Annotated[int, typer.Option("--choose", metavar="N", help=_("选定第几个值。"))] = 0,
    json: JsonFlag = False,
) -> None:
    """List the open ones, or settle one."""
    from fieldkit.work import settling

    with workspace() as ws:
        if choose or ref:
            done = [settling.choose(ws, ref, choose)]
            left = settling.count(ws)
        else:
            done, left = settling.listing(ws), 0
    if choose or ref:
        data: Json | list[Json] = {**_json(done[0]), "chosen": choose, "left": left}
        text = _("已选定第 {n} 个值；还有 {left} 处冲突。").format(n=choose, left=left)
        emit(data, lambda: text, json)
        return
    emit([_json(one) for one in done], lambda: _text(done), json)


def _json(one: Disputed) -> Json:
    return {
        "ref": one.ref,
        "kind": one.dispute.kind,
        "entity": one.dispute.entity,
        "slot": one.dispute.slot,
        "about": one.about,
        "values": [
            {
                "device": told.side.device,
                "name": told.name,
                "value": told.value,
                "at": told.at,
                "by": told.by or None,
                "clock_ahead": told.fast,
            }
            for told in one.told
        ],
    }


def _text(found: list[Disputed]) -> str:
    from fieldkit.work.settling import KINDS

    if not found:
        return _("没有冲突。")
    lines = []
    for one in found:
        lines.append(f"{one.ref}  {_(KINDS[one.dispute.kind])}  {shown(one.about)}")
        lines += [f"   {n} {_value(told)}" for n, told in enumerate(one.told, 1)]
    lines.append(_("第 1 个值暂时算数。选定：fieldkit office conflicts 编号 --choose N"))
    return "\n".join(lines)


def _value(told: Told) -> str:
    from fieldkit.work.settling import when

    return f"{shown(told.value)}  {shown(told.name)}  {when(told)}"
