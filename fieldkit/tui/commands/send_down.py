"""Down to the devices."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .import_register import MODES, taking_in

__all__ = ["COMMANDS", "MODES"]

COMMANDS = taking_in(
    "send_down",
    (N_("先看"), N_("看会下发些什么，先不写文件")),
    take=(N_("写文件"), N_("把下发文件写到这个文件夹")),
    drop=(N_("不写"), N_("什么也不写")),
)
