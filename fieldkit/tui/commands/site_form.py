"""One place entered or changed by hand."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command


# fmt: off
def filling(screen: str) -> tuple[Command, ...]:
    """The commands of a form that is kept as a whole."""
    return (
        Command("keep", screen, ("enter",), N_("下一栏"), N_("填好这一行，到下一行"), 1, row=0),
        Command("save", screen, ("f9",), N_("保存"), N_("整张存下；有错就到出错的那一行"), 1,
            row=0),
        Command("move.up", screen, ("up",), N_("换行"), N_("上一行"), 1, cap=N_("上下"),
            covers=("down",)),
        Command("move.down", screen, ("down",), N_("下一栏"), N_("下一行"), 0),
        Command("back", screen, ("f2", "escape"), N_("返回"), N_("不保存，回到上一屏"), 1),
        Command("help", screen, ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 5),
        Command("quit", screen, ("f10",), N_("退出"), N_("离开程序；没按 F9 的不会存"), 3),
    )


COMMANDS = filling("site_form")
