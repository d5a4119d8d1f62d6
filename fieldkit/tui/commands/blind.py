"""Beginning one of two records that are unseen by each other."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import ANY_BUT_BACK

MODES = ("word", "how")

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("keep", "blind", ("enter",), N_("下一步"), N_("用这个词，接着选怎么查"), 1, row=0,
        modes=("word",)),
    Command("open.number", "blind", ("1", "2"), N_("开始"), N_("按行首的数字开始检查"), 1, row=0,
        cap="1-2", modes=("how",)),
    Command("open", "blind", ("enter",), N_("开始"), N_("按光标所在的一行开始检查"), 2, row=0,
        modes=("how",)),
    Command("move.up", "blind", ("up",), N_("选择"), N_("光标上移"), 2, cap=N_("上下"),
        covers=("down",), modes=("how",)),
    Command("move.down", "blind", ("down",), N_("下移"), N_("光标下移"), 0, modes=("how",)),
    Command("reword", "blind", ("f2", "escape"), N_("改词"), N_("回去改商定的词"), 1,
        modes=("how",)),
    Command("back", "blind", ("f2", "escape"), N_("返回"), N_("不做背靠背，回去另选"), 1,
        modes=("word",)),
    *ANY_BUT_BACK,
)
