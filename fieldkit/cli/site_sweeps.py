"""``fieldkit site sweeps``: the sweep ledger of a month or a quarter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, table, workspace

if TYPE_CHECKING:
    from fieldkit.work.sweeps import Ledger


def register(app: typer.Typer) -> None:
    """Put it beside the other words of ``site``."""
    app.command("sweeps", help=_("扫楼台账：一轮里每栋楼扫没扫、结果、移交。"))(sweeps)


def sweeps(
    round_: Annotated[
        str | None,
        typer.Option("--round", metavar="2026-11|2026-Q4", help=_("月份或季度；不写为本月。")),
    ] = None,
    within: Annotated[str | None, typer.Option("--within", help=_("只列它下面的。"))] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.docx", help=_("写成文件。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Show a round's ledger, or write it."""
    from fieldkit.work import sweeps as work

    path = None
    with workspace() as ws:
        found = work.ledger(ws, round_ or ws.today().isoformat()[:7], within)
        if out is not None:
            from fieldkit.papers import referrals

            path = referrals.ledger(ws, found, out)
    data = {
        "round": found.round.name,
        "from": found.round.first,
        "to": found.round.last,
        "rows": [
            {
                "site": row.site.id,
                "code": row.site.code,
                "name": row.name,
                "village": row.village,
                "day": row.day,
                "sweeps": row.sweeps,
                "result": row.result,
                "finished": row.finished,
                "red": list(row.red),
                "referrals": row.referrals,
                "pending": row.pending,
            }
            for row in found.rows
        ],
        "totals": found.totals._asdict(),
        "file": str(path) if path else None,
    }
    emit(data, lambda: _told(found, path), json)


def _told(found: Ledger, path: Path | None) -> str:
    from fieldkit.work import sweeps as work

    if path is not None:
        return _("已写出扫楼台账：{path}").format(path=path)
    heads = (_("楼栋"), _("编码"), _("扫楼日期"), _("结果"), _("红线项"), _("移交"))
    rows = [
        (row.name, row.site.code, row.day, row.result, "、".join(row.red), work.referred_words(row))
        for row in found.rows
    ]
    return table(heads, rows) + "\n" + work.total_words(found.totals)
