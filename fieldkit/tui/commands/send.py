"""Handing in what the office does not hold yet."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("make", "send", ("enter",), N_("生成"), N_("加密封好，存到写的文件夹"), 1, row=0,
        why_not=ask("why_not_make")),
    *ANY,
)
