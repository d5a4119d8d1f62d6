"""The months of the standing."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY

ROWS = ask("why_no_rows")

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("edit", "standings", ("f4",), N_("改数"),
        N_("录入或改光标所在一期的数；通报过的走更正，先看影响清单"), 2, row=0, why_not=ROWS),
    Command("add", "standings", ("f6",), N_("录一期"), N_("选一期，录入各村（社区）的数"), 1,
        row=0),
    Command("load", "standings", ("f7",), N_("导入"),
        N_("从 .csv 或 .xlsx 表读入一期的数，看过再保存"), 3, row=0),
    Command("move.up", "standings", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ROWS),
    Command("move.down", "standings", ("down",), N_("下移"), N_("光标下移"), 0, why_not=ROWS),
    Command("page.up", "standings", ("pageup",), N_("翻页"), N_("上翻一页"), 5, cap="PgUp/Dn",
        covers=("pagedown",), why_not=ask("why_one_page")),
    Command("page.down", "standings", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=ask("why_one_page")),
    Command("open", "standings", ("enter",), N_("打开"), N_("看这一期的排名；没有数的就录入"), 1,
        why_not=ROWS),
    Command("open.number", "standings", tuple("123456789"), N_("直接打开"), N_("按行首的数字打开"),
        4, cap="1-9", why_not=ROWS),
    *ANY,
)
