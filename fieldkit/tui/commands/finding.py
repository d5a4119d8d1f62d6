"""One finding and its next step."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import ANY_BUT_BACK, DOWN

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("step", "finding", tuple("123456789"), N_("走一步"), N_("按数字走下面列出的一步"), 1,
        cap="1-9", modes=("read",)),
    Command("page.up", "finding", ("up", "pageup"), N_("翻看"), N_("往上看"), 3, cap=N_("上下"),
        covers=DOWN, modes=("read",)),
    Command("page.down", "finding", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0,
        modes=("read",)),
    Command("origin", "finding", ("f4",), N_("原检查"), N_("看发现这个问题的那次检查"), 4,
        modes=("read",)),
    Command("keep", "finding", ("enter",), N_("记下"),
        N_("记下这一栏；最后一栏记下后这一步就存好"), 1, modes=("write",)),
    Command("cancel", "finding", ("f2", "escape"), N_("不走了"), N_("不走这一步，什么都不改"), 2,
        modes=("write",)),
    Command("back", "finding", ("f2", "escape"), N_("返回"), N_("回到问题清单"), 2,
        modes=("read",)),
    *ANY_BUT_BACK,
)

MODES = ("read", "write")
