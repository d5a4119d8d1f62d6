"""A page that is only read."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import ANY_BUT_BACK, DOWN

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("page.up", "reading", ("up", "pageup"), N_("翻看"), N_("往上看"), 1, cap=N_("上下"),
        covers=DOWN),
    Command("page.down", "reading", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    Command("back", "reading", ("enter", "f2", "escape"), N_("返回"), N_("看完了，回到上一屏"), 1),
    *ANY_BUT_BACK,
)
