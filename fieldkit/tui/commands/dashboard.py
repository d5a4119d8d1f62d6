"""The dashboard: villages, places and weeks."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("move.up", "dashboard", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ask("why_no_rows")),
    Command("move.down", "dashboard", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    Command("page.up", "dashboard", ("pageup",), N_("翻页"), N_("上翻一页"), 5, cap="PgUp/Dn",
        covers=("pagedown",), why_not=ask("why_one_page")),
    Command("page.down", "dashboard", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=ask("why_one_page")),
    Command("open", "dashboard", ("enter",), N_("打开"),
        N_("看这一行的下一级：楼栋、对象、问题或移交单"), 1, why_not=ask("why_no_rows")),
    Command("measure", "dashboard", ("f4",), N_("换口径"),
        N_("轮换各村比什么：发放率、面宣率、得分、逾期、问题、移交、扫楼"), 2,
        why_not=ask("why_no_measure")),
    Command("list", "dashboard", ("f6",), N_("换列表"), N_("轮换：各村、最差的对象、每周"), 2),
    *ANY,
)
