"""One place of the register."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY, DOWN

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("inspect", "site", ("1",), N_("新检查"), N_("在这里开始新的检查"), 1, row=0,
        why_not=ask("why_not_inspected")),
    Command("edit", "site", ("2",), N_("修改"), N_("改名称、地址、上级等"), 2, row=0),
    Command("strike", "site", ("3",), N_("停用"), N_("选一个原因，从底册里停用；记录都留着"), 3,
        row=0, why_not=ask("why_removed")),
    Command("refer", "site", ("4",), N_("移交"), N_("开移交单：只写楼宇级事实"), 4, row=0,
        why_not=ask("why_not_referred")),
    Command("generate", "site", ("5",), N_("建户"), N_("写一行字，批量建楼栋和户"), 5, row=0,
        why_not=ask("why_no_buildings")),
    Command("open", "site", ("enter",), N_("打开"), N_("打开光标所在的检查或问题"), 1,
        why_not=ask("why_no_rows")),
    Command("move.up", "site", ("up", "pageup"), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=DOWN, why_not=ask("why_no_rows")),
    Command("move.down", "site", ("down", "pagedown"), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    *ANY,
)
