"""What is owed, place by place and period by period."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY

EMPTY = ask("why_nothing")

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("move.up", "obligations", ("up",), N_("移动"), N_("上一个单位"), 1, cap=N_("方向键"),
        covers=("down", "left", "right"), why_not=EMPTY),
    Command("move.down", "obligations", ("down",), N_("下移"), N_("下一个单位"), 0, why_not=EMPTY),
    Command("move.left", "obligations", ("left",), N_("前一期"), N_("前一期"), 0, why_not=EMPTY),
    Command("move.right", "obligations", ("right",), N_("后一期"), N_("后一期"), 0, why_not=EMPTY),
    Command("page.up", "obligations", ("pageup",), N_("翻页"), N_("上翻一页"), 4, cap="PgUp/Dn",
        covers=("pagedown",), why_not=EMPTY),
    Command("page.down", "obligations", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=EMPTY),
    Command("open", "obligations", ("enter",), N_("打开"), N_("打开这个单位：可以开始检查"), 1,
        why_not=EMPTY),
    Command("list", "obligations", ("f4",), N_("换表"), N_("看下一张检查表的周期任务"), 2,
        why_not=ask("why_one_list")),
    *ANY,
)
