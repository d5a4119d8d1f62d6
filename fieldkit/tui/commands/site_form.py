"""One place entered or changed by hand."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("keep", "site_form", ("enter",), N_("下一栏"), N_("填好这一行，到下一行"), 1, row=0),
    Command("save", "site_form", ("f9",), N_("保存"), N_("整张存下；有错就到出错的那一行"), 1,
        row=0),
    Command("move.up", "site_form", ("up",), N_("换行"), N_("上一行"), 1, cap=N_("上下"),
        covers=("down",)),
    Command("move.down", "site_form", ("down",), N_("下一栏"), N_("下一行"), 0),
    Command("back", "site_form", ("f2", "escape"), N_("返回"), N_("不保存，回到上一屏"), 1),
    Command("help", "site_form", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 5),
    Command("quit", "site_form", ("f10",), N_("退出"), N_("离开程序；没按 F9 的不会存"), 3),
)
