"""Taking in a register."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY_BUT_BACK, DOWN

MODES = ("path", "busy", "ready", "writing")

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("try.out", "import_register", ("enter",), N_("试算"),
        N_("看这个文件会新增、更新什么，先不写入"), 1, row=0, modes=("path",)),
    Command("take", "import_register", ("1",), N_("导入"), N_("按试算的结果导入"), 1, row=0,
        modes=("ready",)),
    Command("drop", "import_register", ("2", "f2", "escape"), N_("不导入"), N_("什么也不写入"), 1,
        row=0, modes=("ready",)),
    Command("cancel", "import_register", ("f2", "escape"), N_("取消"),
        N_("不等了，什么也不写入"), 1, modes=("busy",)),
    Command("page.up", "import_register", ("up", "pageup"), N_("翻看"), N_("往上看"), 3,
        cap=N_("上下"), covers=DOWN),
    Command("page.down", "import_register", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    Command("back", "import_register", ("f2", "escape"), N_("返回"), N_("回到底册"), 2,
        modes=("path", "writing"), why_not=ask("why_not_back")),
    *ANY_BUT_BACK,
)
