"""``fieldkit office inbox``: what lies there, looked at before it is merged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import progress
from .declaring import typer
from .output import Json, JsonFlag, emit, table, workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldkit.work.inbox import Look


def register(app: typer.Typer) -> None:
    """Put it beside the other words of ``office``."""
    app.command("inbox", help=_("合并前先看：谁的、多少条、多少是新的、哪里不对；什么也不写入。"))(
        inbox
    )


def inbox(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=_("文件或文件夹。"))],
    json: JsonFlag = False,
) -> None:
    """Look at files; exit 1 when a merge would refuse any."""
    from fieldkit.work import inbox as work

    with workspace() as ws:
        found = work.look(ws, paths, _progress())
    emit([_json(one) for one in found], lambda: _text(found), json)
    if any(one.state == "refused" for one in found):
        raise typer.Exit(1)


def _progress() -> Callable[[int, int, Path], None] | None:
    show = progress.line()
    if show is None:
        return None

    def line(number: int, total: int, path: Path) -> None:
        text = _("查看 {n}/{total} {name}").format(n=number, total=total, name=shown(path.name))
        show(text, number == total)

    return line


def _json(one: Look) -> Json:
    return {**one._asdict(), "file": str(one.file)}


def _text(found: list[Look]) -> str:
    states = {"new": _("有新的"), "known": _("收过"), "refused": _("拒收")}
    rows = [
        (
            one.file.name,
            states[one.state],
            one.name or one.device[:8],
            one.made[:16].replace("T", " "),
            one.events or "",
            one.fresh or "",
            one.evidence or "",
        )
        for one in found
    ]
    heads = (_("文件"), _("情况"), _("设备"), _("封存时间"), _("记录"), _("新的"), _("证据"))
    lines = [table(heads, rows, right="456")]
    for one in found:
        if one.state == "refused":
            lines += [f"{shown(one.file.name)}  {one.reason}", f"      {one.mend}"]
    return "\n".join(lines)
