"""``fieldkit visit`` and ``fieldkit coverage``: doors visited, and what that makes."""

from __future__ import annotations

from typing import Annotated

from fieldkit.text.i18n import _

from . import visit_enter
from .declaring import typer
from .output import JsonFlag, emit, noun, workspace

app = noun(_("入户走访。"))
visit_enter.register(app)


@app.command("log", help=_("登记一次走访；返回时已写入磁盘。"))
def log(
    door: Annotated[str, typer.Argument(metavar="DOOR", help=_("户的编码。"))],
    outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help=_("结果码，如 met、absent。"))],
    materials: Annotated[
        int | None, typer.Option("--materials", metavar="N", help=_("留下资料的份数。"))
    ] = None,
    app_state: Annotated[
        str,
        typer.Option(
            "--app", metavar="installed|declined|already|none", help=_("国家反诈中心 APP 情况。")
        ),
    ] = "none",
    note: Annotated[str, typer.Option("--note", help=_("备注，不超过 50 字。"))] = "",
    day: Annotated[
        str | None, typer.Option("--day", metavar="DAY", help=_("走访的那一天；不写为今天。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Log one visit to one door."""
    from fieldkit.domain.outcomes import BY_CODE
    from fieldkit.work import home_time, sites, visiting

    with workspace() as ws:
        visit = visiting.log(
            ws, door, outcome, materials=materials, app=app_state, note=note, day=day
        )
        place = sites.find(ws, visit.door)
    data = {
        "visit": visit.id,
        "door": place.code,
        "door_id": visit.door,
        "outcome": visit.outcome,
        "materials": visit.materials,
        "app": visit.app,
        "note": visit.note,
        "day": visit.day,
        "at": home_time(visit.hlc),
    }
    label = _(BY_CODE[visit.outcome].label)
    emit(data, lambda: f"{place.name}（{place.code}） {label} {visit.id[:8]}", json)


@app.command("withdraw", help=_("撤销一次误登的走访；原记录留在日志里。"))
def withdraw(
    visit: Annotated[str, typer.Argument(metavar="VISIT", help=_("走访编号，或它的开头几位。"))],
    json: JsonFlag = False,
) -> None:
    """Take a visit back."""
    from fieldkit.work import visiting

    with workspace() as ws:
        taken = visiting.withdraw(ws, visit)
    data = {"visit": taken.id, "door": taken.door, "outcome": taken.outcome}
    emit(data, lambda: _("已撤销走访 {id}。").format(id=taken.id[:8]), json)
