"""A screen that says nothing."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("back", "neutral", ("f12", "f2", "enter", "escape"), N_("返回"), N_("回到刚才那一屏"),
        1),
    Command("quit", "neutral", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 2),
)
