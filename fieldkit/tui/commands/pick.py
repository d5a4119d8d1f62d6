"""Lists to choose from."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("move.up", "pick", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ask("why_no_rows")),
    Command("move.down", "pick", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    Command("page.up", "pick", ("pageup",), N_("翻页"), N_("上翻一页"), 4, cap="PgUp/Dn",
        covers=("pagedown",), why_not=ask("why_one_page")),
    Command("page.down", "pick", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=ask("why_one_page")),
    Command("open", "pick", ("enter",), N_("选定"), N_("选定光标所在的一行"), 1,
        why_not=ask("why_no_rows")),
    Command("open.number", "pick", tuple("123456789"), N_("直接选定"), N_("按行首的数字选定"), 3,
        cap="1-9", modes=("list",), why_not=ask("why_no_rows")),
    *ANY,
)

MODES = ("list", "filter")
