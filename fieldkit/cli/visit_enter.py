"""``fieldkit visit enter``: a filled door form typed in, line by line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, table, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.paper_entry import Entered

MOST_SIGNS = 200_000
"""More is no form."""


def register(app: typer.Typer) -> None:
    """Put it beside the other words of ``visit``."""
    app.command("enter", help=_("录入手填的登记表：从标准输入读，一行一户，如 502 1。"))(enter)


def enter(
    building: Annotated[str, typer.Argument(metavar="BUILDING", help=_("楼栋的编码。"))],
    day: Annotated[
        str | None, typer.Option("--day", metavar="DAY", help=_("走访的那一天；不写为今天。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Log a form, whole or not at all; exit 1 where a line is wrong."""
    from fieldkit.work import paper_entry

    with workspace() as ws:
        done = paper_entry.enter(ws, building, _lines(), day)
    data = {
        "building": done.building.code,
        "day": done.day,
        "logged": [
            {"door": one.door.code, "outcome": one.outcome, "materials": one.materials}
            for one in done.taken
        ],
        "rejected": [
            {"line": fault.line, "text": fault.text, "message": fault.message}
            for fault in done.faults
        ],
    }
    emit(data, lambda: _told(done), json)
    if done.faults:
        raise typer.Exit(1)


def _lines() -> list[str]:
    """The lines of the form: typed until an empty one, or all that comes through the pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.read(MOST_SIGNS).splitlines()
    tell(_("一行一户：户 结果码 份数，如 502 1 或 502 met 1。空行结束。"))
    lines: list[str] = []
    for line in sys.stdin:
        if not line.strip():
            break
        lines.append(line)
    return lines


def _told(done: Entered) -> str:
    if not done.faults:
        return _("已录入 {name} {day} 的 {n} 户。").format(
            name=done.building.name, day=done.day, n=len(done.taken)
        )
    rows = [(fault.line, fault.text, fault.message) for fault in done.faults]
    head = _("有 {n} 行不对，什么也没有录入：").format(n=len(rows))
    return head + "\n" + table((_("行"), _("内容"), _("原因")), rows, right="0")
