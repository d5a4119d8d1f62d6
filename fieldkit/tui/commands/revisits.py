"""The doors of a building that want another visit."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("move.up", "revisits", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ask("why_no_rows")),
    Command("move.down", "revisits", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    Command("page.up", "revisits", ("pageup",), N_("翻页"), N_("上翻一页"), 4, cap="PgUp/Dn",
        covers=("pagedown",), why_not=ask("why_one_page")),
    Command("page.down", "revisits", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=ask("why_one_page")),
    Command("open", "revisits", ("enter",), N_("去这户"), N_("在楼栋图里到这一户"), 1,
        why_not=ask("why_no_rows")),
    Command("open.number", "revisits", tuple("123456789"), N_("直接去"),
        N_("按行首的数字到这一户"), 3, cap="1-9", why_not=ask("why_no_rows")),
    *ANY,
)
