"""``fieldkit demo``: a fictional town to try everything on; ``demo fleet``: one to merge."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import progress
from .declaring import typer
from .output import SETTINGS, JsonFlag, emit, workspace

if TYPE_CHECKING:
    from fieldkit.work.demo import Counts
    from fieldkit.work.demo_fleet import Fleet

_GROUP = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

SeedOption = Annotated[int, typer.Option("--seed", help=_("随机种子，同种子同数据。"))]


def register(root: typer.Typer) -> None:
    """Add ``fieldkit demo``, a command of its own and a group, beside the nouns."""
    root.add_typer(_GROUP, name="demo", help=_("演示：装入一个虚构的镇，然后打开界面。"))


@_GROUP.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    size: Annotated[
        str, typer.Option("--size", metavar="small|town|county", help=_("规模。"))
    ] = "small",
    seed: SeedOption = 1,
    no_tui: Annotated[bool, typer.Option("--no-tui", help=_("只装数据，不打开界面。"))] = False,
    as_json: JsonFlag = False,
) -> None:
    """Fill the home, then open the screens unless told not to, or nobody could see them."""
    if context.invoked_subcommand is not None:
        return
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


@_GROUP.command("fleet", help=_("许多虚构设备的数据包，和能合并它们的办公室。"))
def fleet(
    out: Annotated[Path, typer.Argument(metavar="OUT", help=_("写到哪个空文件夹。"))],
    devices: Annotated[int, typer.Option("--devices", metavar="D", help=_("设备数。"))] = 10,
    visits: Annotated[int, typer.Option("--visits", metavar="V", help=_("走访数。"))] = 5000,
    seed: SeedOption = 1,
    as_json: JsonFlag = False,
) -> None:
    """Write sealed bundles and their office; no home is opened but that office's."""
    from fieldkit.work.demo_fleet import write_fleet

    found = write_fleet(out, devices, visits, seed, _progress())
    data = {
        "bundles": found.bundles,
        "events": found.events,
        "office_home": str(found.office_home),
        "visits": found.visits,
        "devices": found.devices,
        "doors": found.doors,
    }
    emit(data, lambda: _fleet_text(found), as_json)


def _progress() -> Callable[[int, int], None] | None:
    """What tells how far it is, on a terminal."""
    show = progress.line()
    if show is None:
        return None

    def line(number: int, total: int) -> None:
        text = _("设备 {n}/{total}").format(n=number, total=total)
        show(text, number == total)

    return line


def _fleet_text(found: Fleet) -> str:
    return _(
        "已写好（全部虚构）：{devices} 台设备的 {bundles} 个数据包，共 {events} 条记录，"
        "其中 {visits} 次走访；{doors} 户。\n合并：fieldkit --home {home} office merge {folder}"
    ).format(
        devices=found.devices,
        bundles=found.bundles,
        events=found.events,
        visits=found.visits,
        doors=found.doors,
        home=shown(str(found.office_home)),
        folder=shown(str(found.office_home.parent)),
    )
