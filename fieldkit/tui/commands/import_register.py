"""Taking in places: a register from a file, or regular buildings from a typed line."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY_BUT_BACK, DOWN

MODES = ("path", "busy", "ready", "writing", "settling")


Words = tuple[str, str]
"""The label of a command and its help."""
TRY: Words = (N_("试算"), N_("看这个文件会新增、更新什么，先不写入"))
TAKE: Words = (N_("导入"), N_("按试算的结果导入"))
DROP: Words = (N_("不导入"), N_("什么也不写入"))


# fmt: off
def taking_in(
    screen: str, tried: Words, take: Words = TAKE, drop: Words = DROP
) -> tuple[Command, ...]:
    """The commands of a screen that tries first and takes in then."""
    return (
        Command("try.out", screen, ("enter",), *tried, 1, row=0, modes=("path",)),
        Command("take", screen, ("1",), *take, 1, row=0, modes=("ready",)),
        Command("drop", screen, ("2", "f2", "escape"), *drop, 1, row=0, modes=("ready",)),
        Command("cancel", screen, ("f2", "escape"), N_("取消"), N_("不等了，什么也不写入"), 1,
            modes=("busy", "writing")),
        Command("page.up", screen, ("up", "pageup"), N_("翻看"), N_("往上看"), 3,
            cap=N_("上下"), covers=DOWN),
        Command("page.down", screen, ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
        Command("back", screen, ("f2", "escape"), N_("返回"), N_("回到上一屏"), 2,
            modes=("path", "settling"), why_not=ask("why_not_back")),
        *ANY_BUT_BACK,
    )


COMMANDS = taking_in("import_register", TRY)
