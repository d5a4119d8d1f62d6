"""Regular buildings from a typed line: what it means is told before anything is written."""

from __future__ import annotations

from typing import ClassVar

from fieldkit.domain.generating import plan
from fieldkit.text.i18n import _
from fieldkit.work import generating, sites
from fieldkit.work.sites import Progress
from fieldkit.work.workspace import Workspace

from .import_register import TakeInScreen, Taken


class GenerateScreen(TakeInScreen):
    """Buildings under one place."""

    NAME: ClassVar[str] = "generate"

    def __init__(self, parent: str) -> None:
        super().__init__()
        self._place = parent

    def title_words(self) -> str:
        """Where the buildings are to stand."""
        return _("批量建户  {name}").format(name=sites.find(self.ws, self._place).name)

    def asked(self) -> str:
        """The line."""
        return _("写一行，例：3栋 2单元 18层 每层4户")

    def intro(self) -> list[str]:
        """How a line is written."""
        return [
            _("楼栋：3栋  1-10栋  1、3、5栋  A座；单元：2单元，没有就不写。"),
            _("楼层：18层  2-18层  地下1层  跳4、14层  18层叫17A。"),
            _("每层几户：每层4户；例外：1层2户  1-2层6户。都是户籍户就加：户籍。"),
            _("先试算，看过再写入。同样的一行再写一遍，什么也不会变。"),
        ]

    def check(self, given: str) -> None:
        """It must say which buildings, how many floors and how many doors."""
        plan(given)

    def carry_out(self, ws: Workspace, given: str, dry: bool, progress: Progress) -> Taken:
        """Make the buildings, or try."""
        made = generating.generate(ws, self._place, given, dry, progress)
        return made.imported, generating.in_words(made)
