"""The last look before an inspection is fixed."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import ANY_BUT_BACK

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("move.up", "finish", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), modes=("open",)),
    Command("move.down", "finish", ("down",), N_("下移"), N_("光标下移"), 0, modes=("open",)),
    Command("open", "finish", ("enter",), N_("去答"), N_("跳到光标所在的题"), 1, modes=("open",)),
    Command("open.number", "finish", tuple("123456789"), N_("直接去答"),
        N_("按行首的数字跳到那题"), 3, cap="1-9", modes=("open",)),
    Command("settle", "finish", ("1",), N_("定稿"), N_("定稿后答案不能再改"), 1, modes=("ready",),
        row=0),
    Command("back", "finish", ("2", "f2", "escape"), N_("再看看"), N_("回到题目，什么都不变"), 1,
        modes=("ready",), row=0),
    Command("back", "finish", ("f2", "escape"), N_("返回"), N_("回到题目"), 2, modes=("open",)),
    *ANY_BUT_BACK,
)

MODES = ("open", "ready")
