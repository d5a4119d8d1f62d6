"""``fieldkit checklist preview``: a checklist on the screens, with nothing kept."""

from __future__ import annotations

from typing import Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import SETTINGS, workspace


def preview(
    ref: Annotated[
        str, typer.Argument(metavar="FILE|ID", help=_("检查表文件，或已有检查表的编号。"))
    ],
    mode: Annotated[
        str, typer.Option("--mode", metavar="open|covert|self|reinspection", help=_("检查方式。"))
    ] = "open",
) -> None:
    """Open the screens on an inspection that is thrown away."""
    from pathlib import Path

    from fieldkit.work import previewing

    if Path(ref).is_file():
        checklist = previewing.chosen(None, ref)
    else:
        with workspace() as ws:
            checklist = previewing.chosen(ws, ref)
    with previewing.preview_home(checklist, mode) as home:
        code = SETTINGS.open_tui(home)
    if code:
        raise typer.Exit(code)
