"""``fieldkit site generate``: regular buildings out of one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from . import importing
from .declaring import typer
from .output import JsonFlag, emit, workspace

if TYPE_CHECKING:
    from fieldkit.work.generating import Made


def register(app: typer.Typer) -> None:
    """Put it beside the other words of ``site``."""
    told = _("按一行字建楼栋和户，如：3栋 2单元 18层 每层4户 跳4层 1层2户。")
    app.command("generate", help=told)(generate)


def generate(
    parent: Annotated[str, typer.Argument(metavar="PARENT", help=_("小区、村或单位的编码。"))],
    line: Annotated[list[str], typer.Argument(metavar="LINE…", help=_("楼栋、单元、楼层、户。"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只核对，不写入。"))] = False,
    json: JsonFlag = False,
) -> None:
    """Make the buildings of a line."""
    from fieldkit.work import generating

    with workspace() as ws:
        made = generating.generate(ws, parent, " ".join(line), dry_run, importing.listener())
    data = {
        "parent": made.parent.code,
        "buildings": len(made.plan.blocks),
        "doors": made.plan.total,
        **importing.as_json(made.imported, changes=True),
    }
    emit(data, lambda: _told(made, dry_run), json)
    if made.imported.rejected:
        raise typer.Exit(1)


def _told(made: Made, dry_run: bool) -> str:
    from fieldkit.work import generating

    lines = [] if made.imported.rejected else generating.in_words(made)
    return "\n".join((*lines, importing.text(made.imported, dry_run=dry_run)))
