"""Looking at a file."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command
from .common import ANY_BUT_BACK

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("back", "preview", ("enter", "f2", "f7", "escape"), N_("返回"), N_("看完了"), 1),
    *ANY_BUT_BACK,
)
