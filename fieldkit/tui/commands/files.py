"""Choosing a file."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY_BUT_BACK

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("look", "files", ("f7",), N_("预览"), N_("整屏看光标所在的文件"), 4, row=0,
        why_not=ask("why_not_look")),
    Command("order", "files", ("f6",), N_("排序"), N_("按时间或按名称"), 3, row=0,
        why_not=ask("why_no_folder")),
    Command("places", "files", ("f3",), N_("位置"), N_("回到常用的位置"), 3, row=0,
        why_not=ask("why_here")),
    Command("up", "files", ("f4",), N_("上一层"), N_("到上一层文件夹"), 2, row=0,
        why_not=ask("why_no_folder")),
    Command("move.up", "files", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ask("why_no_rows")),
    Command("move.down", "files", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    Command("page.up", "files", ("pageup",), N_("翻页"), N_("上翻一页"), 4, cap="PgUp/Dn",
        covers=("pagedown",), why_not=ask("why_one_page")),
    Command("page.down", "files", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=ask("why_one_page")),
    Command("open", "files", ("enter",), N_("选定"), N_("选这个文件，或打开这个文件夹"), 1,
        why_not=ask("why_no_rows")),
    Command("back", "files", ("f2", "escape"), N_("返回"), N_("不选文件"), 1),
    *ANY_BUT_BACK,
)
