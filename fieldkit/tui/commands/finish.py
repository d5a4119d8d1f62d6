"""The last look before an inspection is fixed."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY_BUT_BACK

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("settle", "finish", ("f9",), N_("定稿"), N_("定稿；以后要改得写明理由，改动留痕"), 1,
        modes=("ready",), row=0),
    Command("particulars", "finish", ("f6",), N_("检查人等"), N_("检查人、时间、单位意见"), 2,
        row=0),
    Command("move.up", "finish", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ask("why_no_rows")),
    Command("move.down", "finish", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    Command("open", "finish", ("enter",), N_("去补"), N_("跳到光标所在的题"), 1,
        why_not=ask("why_no_rows")),
    Command("open.number", "finish", tuple("123456789"), N_("直接去补"),
        N_("按行首的数字跳到那题"), 3, cap="1-9", why_not=ask("why_no_rows")),
    Command("back", "finish", ("f2", "escape"), N_("再看看"), N_("回到题目，什么都不变"), 1),
    *ANY_BUT_BACK,
)

MODES = ("open", "ready")
