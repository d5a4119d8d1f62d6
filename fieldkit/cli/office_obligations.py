"""``fieldkit office obligations``: who owes which periodic inspection."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, table, workspace

if TYPE_CHECKING:
    from fieldkit.work.obligations import Obligation


def register(app: typer.Typer) -> None:
    """Put it beside the other words of ``office``."""
    app.command("obligations", help=_("谁还欠哪一期的检查：本年各期和各活动。"))(obligations)


def obligations(
    at: Annotated[
        str | None, typer.Option("--at", metavar="DATE", help=_("算到哪一天；不写为今天。"))
    ] = None,
    within: Annotated[
        str | None, typer.Option("--within", metavar="SITE", help=_("只列它和它下面的。"))
    ] = None,
    checklist: Annotated[
        str | None, typer.Option("--checklist", metavar="ID", help=_("只列这张检查表。"))
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="done|due|overdue", help=_("只列这种状态。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """List what is owed, place by place."""
    from fieldkit.work import obligations as work

    with workspace() as ws:
        rows = work.listing(ws, at, within, checklist, state)
    emit([row_json(row) for row in rows], lambda: _listed(rows), json)


def row_json(row: Obligation) -> Json:
    """An obligation as the interface gives it."""
    from fieldkit.work import obligations as work

    return {
        "site": row.site.id,
        "checklist": row.checklist,
        "cadence": row.cadence,
        "due": row.due,
        "done": row.done or None,
        "state": row.state,
        "code": row.site.code,
        "name": row.name,
        "period": row.period,
        "hint": work.hint_words(row) or None,
    }


def _listed(rows: list[Obligation]) -> str:
    from fieldkit.domain.cadence import CADENCES
    from fieldkit.work import obligations as work

    heads = (
        *(_("编码"), _("单位"), _("检查表"), _("周期"), _("期次")),
        *(_("期限"), _("办理"), _("状态"), _("提示")),
    )
    cells = [
        (
            *(row.site.code, row.name, row.checklist, _(CADENCES[row.cadence]), row.period),
            *(row.due, row.done or "—", _(work.STATES[row.state]), work.hint_words(row)),
        )
        for row in rows
    ]
    counted = Counter(row.state for row in rows)
    foot = "  ".join(f"{_(label)} {counted[state]}" for state, label in work.STATES.items())
    return f"{table(heads, cells)}\n{foot}"
