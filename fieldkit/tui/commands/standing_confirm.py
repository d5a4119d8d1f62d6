"""What publishing or correcting a month would do, before it is done."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import ANY_BUT_BACK, DOWN

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("carry.out", "standing_confirm", ("f9",), N_("就这样办"),
        N_("照上面写的办；办了就存进日志"), 1, row=0),
    Command("page.up", "standing_confirm", ("up", "pageup"), N_("翻看"), N_("往上看"), 3,
        cap=N_("上下"), covers=DOWN),
    Command("page.down", "standing_confirm", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    Command("back", "standing_confirm", ("f2", "escape"), N_("先不办"), N_("什么也不写入"), 1),
    *ANY_BUT_BACK,
)
