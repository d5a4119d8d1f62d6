"""``fieldkit demo``: a fictional town to try everything on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from fieldkit.text.i18n import _

from .output import SETTINGS, JsonFlag, emit, workspace

if TYPE_CHECKING:
    from fieldkit.work.demo import Counts


def register(root: typer.Typer) -> None:
    """Add ``fieldkit demo`` beside the nouns."""

    @root.command("demo", help=_("演示：装入一个虚构的镇，然后打开界面。"))
    def demo(
        size: Annotated[
            str, typer.Option("--size", metavar="small|town|county", help=_("规模。"))
        ] = "small",
        seed: Annotated[int, typer.Option("--seed", help=_("随机种子，同种子同数据。"))] = 1,
        no_tui: Annotated[bool, typer.Option("--no-tui", help=_("只装数据，不打开界面。"))] = False,
        as_json: JsonFlag = False,
    ) -> None:
        """Fill the home, then open the screens unless told not to, or nobody could see them."""
        from fieldkit.work.demo import as_json as counted
        from fieldkit.work.demo import fill

        with workspace() as ws:
            found = fill(ws, size, seed)
        if no_tui or as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            emit(counted(found), lambda: _text(found), as_json)
        else:
            raise typer.Exit(SETTINGS.open_tui(SETTINGS.home))


def _text(found: Counts) -> str:
    return _(
        "演示数据已就绪（全部虚构）：{sites} 个场所和楼栋，{doors} 户，{inspections} 次检查，"
        "{visits} 次走访，{findings} 个问题。"
    ).format(
        sites=found.sites,
        doors=found.doors,
        inspections=found.inspections,
        visits=found.visits,
        findings=found.findings,
    )
