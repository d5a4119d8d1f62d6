"""``fieldkit site split`` and ``site join``: doors that become others, from a day on."""

from __future__ import annotations

from typing import Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, workspace


def register(app: typer.Typer) -> None:
    """Put both beside the other words of ``site``."""
    app.command("split", help=_("拆户：一户从某天起变成几户，以前的统计不变。"))(split)
    app.command("join", help=_("合户：几户从某天起变成一户，以前的统计不变。"))(join)


def split(
    door: Annotated[str, typer.Argument(metavar="DOOR", help=_("户的编码。"))],
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help=_("新的各户名称。"))],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help=_("从哪一天起；不写为今天。"))
    ] = None,
    why: Annotated[str, typer.Option("--why", help=_("原因。"))] = "",
    json: JsonFlag = False,
) -> None:
    """Put several doors in the place of one."""
    from fieldkit.work import changing

    from .site import site_json

    with workspace() as ws:
        made = changing.split(ws, door, names, on, why)
    told = "、".join(f"{site.name}（{site.code}）" for site in made)
    emit([site_json(site) for site in made], lambda: _("已拆成：{told}。").format(told=told), json)


def join(
    doors: Annotated[list[str], typer.Argument(metavar="DOOR…", help=_("各户的编码。"))],
    name: Annotated[str, typer.Option("--name", help=_("合并后的名称。"))],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help=_("从哪一天起；不写为今天。"))
    ] = None,
    why: Annotated[str, typer.Option("--why", help=_("原因。"))] = "",
    json: JsonFlag = False,
) -> None:
    """Put one door in the place of several."""
    from fieldkit.work import changing

    from .site import site_json

    with workspace() as ws:
        made = changing.join(ws, doors, name, on, why)
    emit(
        site_json(made),
        lambda: _("已合为 {name}（{code}）。").format(name=made.name, code=made.code),
        json,
    )
