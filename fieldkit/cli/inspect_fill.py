"""``fieldkit inspect fill``: an inspection on plain lines, or on the screens."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import SETTINGS, say, tell, workspace

if TYPE_CHECKING:
    from fieldkit.domain.sheet import Sheet
    from fieldkit.work.workspace import Workspace


def fill(
    inspection: Annotated[
        str | None,
        typer.Argument(metavar="[INSPECTION]", help=_("检查编号，或它的开头几位。")),
    ] = None,
    site: Annotated[
        str | None, typer.Option("--site", metavar="ID", help=_("开始新的检查：对象。"))
    ] = None,
    checklist: Annotated[
        str | None, typer.Option("--checklist", metavar="ID", help=_("开始新的检查：检查表。"))
    ] = None,
    mode: Annotated[
        str,
        typer.Option("--mode", metavar="open|covert|self|reinspection", help=_("检查方式。")),
    ] = "open",
    plain: Annotated[
        bool, typer.Option("--plain", help=_("一行一行地问答，适合读屏软件和简单的终端。"))
    ] = False,
) -> None:
    """Fill in an inspection from its first open item to its end."""
    from fieldkit.work import bookmarks
    from fieldkit.work.previewing import STRAIGHT

    with workspace() as ws:
        sheet = _sheet(ws, inspection, site, checklist, mode)
        if plain or not (sys.stdin.isatty() and sys.stdout.isatty()):
            _plainly(ws, sheet)
            return
        bookmarks.remember(ws, STRAIGHT, sheet.inspection.id)
    try:
        code = SETTINGS.open_tui(SETTINGS.home)
    finally:
        with workspace() as ws:
            bookmarks.remember(ws, STRAIGHT, "")
    if code:
        raise typer.Exit(code)


def _sheet(
    ws: Workspace, ref: str | None, site: str | None, checklist: str | None, mode: str
) -> Sheet:
    """The inspection that is meant, or a new one. Raises Problem for neither or both,
    Refused for one that is closed."""
    from fieldkit.work import inspecting
    from fieldkit.work.gates import refuse_closed

    if ref is not None and (site or checklist):
        raise Problem(
            "usage",
            _("检查编号和 --site、--checklist 只能写一种。"),
            mend=_("接着填写编号，新开始写后两项。"),
        )
    if ref is not None:
        sheet = inspecting.sheet(ws, ref)
        refuse_closed(ws, sheet.inspection)
        return sheet
    if not site or not checklist:
        raise Problem(
            "usage",
            _("没有说填哪一次检查。"),
            mend=_("写检查编号，或者写 --site 对象 --checklist 检查表。"),
        )
    sheet = inspecting.start(ws, checklist, site, mode=mode)
    warning = inspecting.unusual_site(sheet)
    if warning:
        tell(warning)
    return sheet


def _plainly(ws: Workspace, sheet: Sheet) -> None:
    from .plain_fill import PlainFill

    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        # A stray byte becomes something that no note takes, instead of the end of everything.
        reconfigure(errors="surrogateescape")
    PlainFill(ws, sheet, _ask, say).run()


def _ask(prompt: str) -> str:
    """The next line. Raises EOFError when there are no more."""
    print(shown(prompt), end=" " if sys.stdin.isatty() else "\n", flush=True)
    line = sys.stdin.readline()
    if not line:
        if sys.stdin.isatty():
            print(flush=True)
        raise EOFError
    return line
