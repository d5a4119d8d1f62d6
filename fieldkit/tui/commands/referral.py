"""One referral slip."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import ANY, DOWN

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("answer", "referral", ("1",), N_("记反馈"), N_("登记受理单位的反馈结论"), 1, row=0),
    Command("paper", "referral", ("2",), N_("写出"), N_("写成移交单文件（docx）"), 2, row=0),
    Command("page.up", "referral", ("up", "pageup"), N_("翻看"), N_("往上看"), 3, cap=N_("上下"),
        covers=DOWN),
    Command("page.down", "referral", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    *ANY,
)
