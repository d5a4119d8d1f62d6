"""The register of places."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("open", "sites", ("enter",), N_("打开"), N_("看这个单位的情况和历次检查"), 1, row=0,
        why_not=ask("why_no_rows")),
    Command("kind", "sites", ("f6",), N_("换类别"), N_("轮换类别：全部单位，再一类一类地看"), 2,
        row=0),
    Command("view", "sites", ("f7",), N_("换范围"),
        N_("轮换：全部、有未了结问题的、没查过的、已停用的"), 2, row=0),
    Command("new", "sites", ("f8",), N_("新增单位"), N_("填表新增一个单位"), 3, row=0),
    Command("take.in", "sites", ("f9",), N_("导入"), N_("从表格文件导入底册"), 3, row=0),
    Command("move.up", "sites", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ask("why_no_rows")),
    Command("move.down", "sites", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    Command("page.up", "sites", ("pageup",), N_("翻页"), N_("上翻一页"), 4, cap="PgUp/Dn",
        covers=("pagedown",), why_not=ask("why_one_page")),
    Command("page.down", "sites", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=ask("why_one_page")),
    *ANY,
)
