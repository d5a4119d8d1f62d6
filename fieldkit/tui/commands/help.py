"""What the keys mean."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import DOWN

# fmt: off
COMMANDS = (
    Command("page.up", "help", ("up", "pageup"), N_("翻看"), N_("往上看"), 1, cap=N_("上下"),
        covers=DOWN),
    Command("page.down", "help", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    Command("back", "help", ("enter", "f1", "f2", "escape"), N_("返回"), N_("回到刚才那一屏"), 1),
    Command("quit", "help", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 2),
)
