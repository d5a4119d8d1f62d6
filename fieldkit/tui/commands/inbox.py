"""The office's inbox."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .import_register import MODES, taking_in

__all__ = ["COMMANDS", "MODES"]

# fmt: off
COMMANDS: tuple[Command, ...] = (
    *taking_in("inbox", (N_("先看"), N_("看每个文件是谁的、多少是新的、哪里不对，先不合并")),
        take=(N_("合并"), N_("把看过的合并进来")), drop=(N_("不合并"), N_("什么也不写入"))),
    Command("list.merges", "inbox", ("f6",), N_("历次合并"), N_("历次合并，可以整次撤回或恢复"),
        2, modes=("path",)),
)
