"""What belongs to a record beside the answers."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import ANY_BUT_BACK

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("keep", "particulars", ("enter",), N_("存下"), N_("存下这一行，到下一行"), 1, row=0),
    Command("move.up", "particulars", ("up",), N_("换行"), N_("上一行"), 1, cap=N_("上下"),
        covers=("down",)),
    Command("move.down", "particulars", ("down",), N_("下一行"), N_("下一行"), 0),
    Command("back", "particulars", ("f2", "escape"), N_("返回"), N_("回到刚才那一屏；存过的都在"),
        1),
    *ANY_BUT_BACK,
)
