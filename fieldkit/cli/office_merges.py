"""``fieldkit office merges|undo|redo``: what was merged, taken back and in again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, table, workspace

if TYPE_CHECKING:
    from fieldkit.store.merges import MergeState
    from fieldkit.work.unmerging import Turned
    from fieldkit.work.workspace import Workspace

Ref = Annotated[str, typer.Argument(metavar="MERGE", help=_("合并编号，或它的开头几位。"))]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help=_("为什么，一句话。"))]


def register(app: typer.Typer) -> None:
    """Put these beside the other words of ``office``."""
    app.command("merges", help=_("列出历次合并，新的在前。"))(merges)
    app.command("undo", help=_("撤回一次合并：只去掉它单独带来的，别的合并不动。"))(undo)
    app.command("redo", help=_("恢复一次撤回的合并。"))(redo)


def merges(json: JsonFlag = False) -> None:
    """List the merges."""
    from fieldkit.work import unmerging

    with workspace() as ws:
        found = unmerging.listing(ws)
    emit([_json(one) for one in found], lambda: _listed(found), json)


def undo(ref: Ref, note: Note = "", json: JsonFlag = False) -> None:
    """Take a merge back."""
    from fieldkit.work import unmerging

    _turn(unmerging.undo, ref, note, json)


def redo(ref: Ref, note: Note = "", json: JsonFlag = False) -> None:
    """Take a merge in again."""
    from fieldkit.work import unmerging

    _turn(unmerging.redo, ref, note, json)


def _turn(
    turn: Callable[[Workspace, str, str], Turned], ref: str, note: str, as_json: bool
) -> None:
    with workspace() as ws:
        done = turn(ws, ref, note)
        digest = ws.store.state_digest()
    data = {"merge": done.merge.id, "events": done.events, "state_digest": digest}
    emit(data, lambda: _told(done), as_json)


def _json(one: MergeState) -> Json:
    return {
        "merge": one.id,
        "at": one.at,
        "undone": one.undone,
        "bundles": one.bundles,
        "events": one.events,
    }


def _listed(found: list[MergeState]) -> str:
    heads = (_("编号"), _("时间"), _("数据包"), _("记录"), _("状态"))
    rows = [
        (one.id[:8], one.at[:16].replace("T", " "), one.bundles, one.events, _state(one))
        for one in found
    ]
    return table(heads, rows, right="23")


def _state(one: MergeState) -> str:
    return _("已撤回") if one.undone else _("生效")


def _told(done: Turned) -> str:
    if done.merge.undone:
        text = _("已撤回合并 {merge}：{n} 条记录不再计入（都还在日志里，可恢复）。")
    else:
        text = _("已恢复合并 {merge}：{n} 条记录重新计入。")
    return text.format(merge=done.merge.id[:8], n=done.events)
