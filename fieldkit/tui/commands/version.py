"""Which version of a checklist goes on."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import ANY_BUT_BACK, DOWN

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("go.over", "version", ("1",), N_("换成新版"), N_("意思没变的答案沿用，其余重答"), 1,
        row=0),
    Command("stay", "version", ("2",), N_("照旧版"), N_("这次检查仍按开始时的版本"), 1, row=0),
    Command("page.up", "version", ("up", "pageup"), N_("翻看"), N_("往上看"), 2, cap=N_("上下"),
        covers=DOWN),
    Command("page.down", "version", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    Command("back", "version", ("f2", "escape"), N_("返回"), N_("回到首页，什么都不变"), 2),
    *ANY_BUT_BACK,
)
