"""Commands of nearly every screen."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command

# fmt: off
DOWN = ("down", "pagedown")
"""Keys that go on, told by the caption of those that go back."""

ANY = (
    Command("back", "*", ("f2", "escape"), N_("返回"), N_("回到上一屏；答过的都已存好"), 2),
    Command("help", "*", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 5),
    Command("quit", "*", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 3),
)


ANY_BUT_BACK = tuple(command for command in ANY if command.id != "back")
