"""The figures of one month, typed into their cells."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask

MODES = ("sheet", "name")
SHEET, NAME = ("sheet",), ("name",)
ROWS = ask("why_no_rows")

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("type", "standing_entry", tuple("0123456789"), N_("填数"),
        N_("数字直接填进光标所在的格；全角数字也认"), 1, cap="0-9", row=0, modes=SHEET,
        why_not=ROWS),
    Command("next", "standing_entry", ("enter", "tab"), N_("下一格"),
        N_("到右边一格，行末到下一行"), 1, row=0, modes=SHEET, why_not=ROWS),
    Command("clear", "standing_entry", ("space", "delete", "backspace"), N_("清空"),
        N_("清空这一格；退格键只退一位"), 4, row=0, modes=SHEET, why_not=ROWS),
    Command("gap", "standing_entry", ("f4",), N_("找缺"), N_("到下一个没填或不对的格"), 3, row=0,
        modes=SHEET, why_not=ask("why_no_gap")),
    Command("add", "standing_entry", ("f6",), N_("加单位"), N_("加一个村（社区）或单位"), 5, row=0,
        modes=SHEET),
    Command("load", "standing_entry", ("f7",), N_("导入"),
        N_("用 .csv 或 .xlsx 表里的数换掉这一屏的，还不保存"), 3, row=0, modes=SHEET),
    Command("drop", "standing_entry", ("f8",), N_("去单位"), N_("这一期不排光标所在的单位"), 5,
        row=0, modes=SHEET, why_not=ROWS),
    Command("save", "standing_entry", ("f9",), N_("保存"),
        N_("存下这一期的数；通报过的先看影响清单再更正"), 1, row=0, modes=SHEET, why_not=ROWS),
    Command("keep", "standing_entry", ("enter",), N_("加上"), N_("加上这个单位"), 1, row=0,
        modes=NAME),
    Command("move.up", "standing_entry", ("up",), N_("移动"), N_("上一行"), 1, cap=N_("方向键"),
        covers=("down", "left", "right"), modes=SHEET, why_not=ROWS),
    Command("move.down", "standing_entry", ("down",), N_("下移"), N_("下一行"), 0, modes=SHEET,
        why_not=ROWS),
    Command("move.left", "standing_entry", ("left",), N_("左移"), N_("左边一格"), 0, modes=SHEET,
        why_not=ROWS),
    Command("move.right", "standing_entry", ("right",), N_("右移"), N_("右边一格"), 0, modes=SHEET,
        why_not=ROWS),
    Command("page.up", "standing_entry", ("pageup",), N_("翻页"), N_("上翻一页"), 4, cap="PgUp/Dn",
        covers=("pagedown",), modes=SHEET, why_not=ask("why_one_page")),
    Command("page.down", "standing_entry", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        modes=SHEET, why_not=ask("why_one_page")),
    Command("cancel", "standing_entry", ("f2", "escape"), N_("不加了"), N_("不加单位"), 1,
        modes=NAME),
    Command("back", "standing_entry", ("f2", "escape"), N_("返回"), N_("不保存，回到上一屏"), 1,
        modes=SHEET),
    Command("help", "standing_entry", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 5),
    Command("quit", "standing_entry", ("f10",), N_("退出"), N_("离开程序；没按 F9 的不会存"), 3),
)
