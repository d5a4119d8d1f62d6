"""The first screen."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command

# fmt: off
COMMANDS = (
    Command("move.up", "home", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",)),
    Command("move.down", "home", ("down",), N_("下移"), N_("光标下移"), 0),
    Command("open", "home", ("enter",), N_("打开"), N_("打开光标所在的一行"), 1),
    Command("open.number", "home", tuple("123456789"), N_("直接打开"), N_("按行首的数字打开"), 4,
        cap="1-9"),
    Command("theme", "home", ("f6",), N_("主题"), N_("深色、浅色（强光下）、高对比、十六色"), 6),
    Command("help", "home", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 5),
    Command("quit", "home", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 2),
)
