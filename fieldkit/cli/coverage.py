"""``fieldkit coverage``: the two rates with their bases, now or as of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, number, percent, table, workspace

if TYPE_CHECKING:
    from fieldkit.work.coverage import CoverageRow


def register(root: typer.Typer) -> None:
    """Put ``coverage`` on the root."""
    root.command("coverage", help=_("入户覆盖率；分母都列在旁边。"))(coverage)


def coverage(
    by: Annotated[
        str,
        typer.Option("--by", metavar="door|building|grid|village|town|all", help=_("按什么统计。")),
    ] = "village",
    within: Annotated[
        str | None, typer.Option("--within", metavar="CODE", help=_("只统计它下面的。"))
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help=_("截至哪一天，如 2026-11-23。"))
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DAY", help=_("只算这一天起的走访（一次专项行动）。")),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Coverage by area."""
    from fieldkit.work import coverage as covering

    days = covering.window(since, as_of)
    with workspace() as ws:
        rows = covering.coverage(ws, by, within, days)
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
    if by != "all" and len(rows) > 1:
        rows = [*rows, covering.total(rows)]
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
