"""The list of findings."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("move.up", "findings", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ask("why_no_rows")),
    Command("move.down", "findings", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    Command("page.up", "findings", ("pageup",), N_("翻页"), N_("上翻一页"), 5, cap="PgUp/Dn",
        covers=("pagedown",), why_not=ask("why_one_page")),
    Command("page.down", "findings", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=ask("why_one_page")),
    Command("open", "findings", ("enter",), N_("打开"), N_("看这个问题的经过，走下一步"), 1,
        why_not=ask("why_no_rows")),
    Command("view", "findings", ("f4",), N_("换范围"), N_("轮换：未了结的、逾期的、全部"), 4),
    *ANY,
)
