"""What an inspection came to."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY_BUT_BACK, DOWN

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("findings", "result", ("f6",), N_("整改"), N_("这次检查要整改的问题"), 2, row=0,
        modes=("page",), why_not=ask("why_no_findings")),
    Command("paper", "result", ("f7",), N_("出文书"), N_("写成检查记录表（docx），存在工作目录"), 2,
        row=0, modes=("page",)),
    Command("amend", "result", ("f8",), N_("更正"), N_("写明理由，重新打开；改动留痕"), 3, row=0,
        modes=("page",)),
    Command("send.back", "result", ("f9",), N_("退回"), N_("退回检查人更正，写明理由"), 4, row=0,
        modes=("page",), why_not=ask("why_not_office")),
    Command("keep.back", "result", ("enter",), N_("退回"), N_("按写的理由退回给检查人"), 1, row=0,
        modes=("back",)),
    Command("keep.reason", "result", ("enter",), N_("重新打开"), N_("按写的理由重新打开这次检查"),
        1, row=0, modes=("reason",)),
    Command("cancel", "result", ("f2", "escape"), N_("不改了"), N_("不重新打开"), 1,
        modes=("reason", "back")),
    Command("page.up", "result", ("up", "pageup"), N_("翻看"), N_("往上看"), 1, cap=N_("上下"),
        covers=DOWN),
    Command("page.down", "result", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    Command("back", "result", ("enter", "f2", "escape"), N_("返回"), N_("看完了，回到上一屏"), 1,
        modes=("page",)),
    *ANY_BUT_BACK,
)

MODES = ("page", "reason", "back")
