"""``fieldkit visit`` and ``fieldkit coverage``: doors visited, and what that makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, noun, number, percent, table, workspace

if TYPE_CHECKING:
    from fieldkit.work.visiting import CoverageRow

app = noun(_("入户走访。"))


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
    json: JsonFlag = False,
) -> None:
    """Log one visit to one door."""
    from fieldkit.domain.outcomes import BY_CODE
    from fieldkit.work import home_time, sites, visiting

    with workspace() as ws:
        visit = visiting.log(ws, door, outcome, materials=materials, app=app_state, note=note)
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


def register(root: typer.Typer) -> None:
    """Put ``coverage`` on the root."""
    root.command("coverage", help=_("入户覆盖率；分母都列在旁边。"))(coverage)


def coverage(
    by: Annotated[
        str,
        typer.Option("--by", metavar="building|grid|village|town", help=_("按什么统计。")),
    ] = "village",
    within: Annotated[
        str | None, typer.Option("--within", metavar="CODE", help=_("只统计它下面的。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Coverage by area."""
    from fieldkit.work import visiting

    with workspace() as ws:
        rows = visiting.coverage(ws, by=by, within=within)
    data = [
        {
            "code": row.code,
            "name": row.name,
            "doors": row.doors,
            "registered": row.registered,
            "removed": row.removed,
            "visited": row.visited,
            "delivered": row.delivered,
            "delivery_rate": number(row.delivery_rate),
            "met": row.met,
            "face_to_face_rate": number(row.face_to_face_rate),
            "revisit": row.revisit,
        }
        for row in rows
    ]
    emit(data, lambda: _covered(rows), json)


def _covered(rows: list[CoverageRow]) -> str:
    lines = [
        (
            row.code,
            row.name,
            row.doors,
            row.removed,
            row.visited,
            f"{row.delivered}/{row.registered}",
            percent(row.delivery_rate),
            f"{row.met}/{row.doors - row.removed}",
            percent(row.face_to_face_rate),
            row.revisit,
        )
        for row in rows
    ]
    headers = (
        _("编码"), _("名称"), _("户数"), _("核减"), _("已访"), _("发放/户籍"), _("发放率"),
        _("面宣/实有"), _("面宣率"), _("再访"),
    )  # fmt: skip
    return table(headers, lines, right="23456789")
