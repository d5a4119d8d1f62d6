"""Everything that can be done and everywhere that one can go, found by typing."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY_BUT_BACK

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("move.up", "palette", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ask("why_no_rows")),
    Command("move.down", "palette", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    Command("page.up", "palette", ("pageup",), N_("翻页"), N_("上翻一页"), 4, cap="PgUp/Dn",
        covers=("pagedown",), why_not=ask("why_one_page")),
    Command("page.down", "palette", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=ask("why_one_page")),
    Command("open", "palette", ("enter",), N_("就做这个"), N_("做光标所在的这一件，或去那里"), 1,
        why_not=ask("why_no_rows")),
    Command("back", "palette", ("f1", "f2", "escape"), N_("返回"), N_("回到刚才那一屏"), 1),
    *(command for command in ANY_BUT_BACK if command.id != "help"),
)
