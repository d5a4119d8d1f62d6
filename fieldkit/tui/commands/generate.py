"""Regular buildings made from a typed line."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .import_register import MODES, taking_in

__all__ = ["COMMANDS", "MODES"]

COMMANDS = taking_in("generate", (N_("试算"), N_("看这一行会建哪些楼栋和户，先不写入")))
