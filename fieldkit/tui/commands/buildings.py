"""Buildings and areas with how far each is."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("move.up", "buildings", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=ask("why_no_rows")),
    Command("move.down", "buildings", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=ask("why_no_rows")),
    Command("page.up", "buildings", ("pageup",), N_("翻页"), N_("上翻一页"), 5, cap="PgUp/Dn",
        covers=("pagedown",), why_not=ask("why_one_page")),
    Command("page.down", "buildings", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=ask("why_one_page")),
    Command("open", "buildings", ("enter",), N_("打开"), N_("进楼栋图；村和网格则列出它的楼栋"),
        1,
        why_not=ask("why_no_rows")),
    Command("level", "buildings", ("f4",), N_("换级别"), N_("轮换：楼栋、网格、村（社区）、镇"), 2),
    Command("measure", "buildings", ("f6",), N_("换口径"),
        N_("轮换：发放率、面宣率、楼层发放、楼层面宣"), 2),
    *ANY,
)
