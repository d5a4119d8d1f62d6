"""Down to the devices: what would go, told first; then one file for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.work import dispatches, paths
from fieldkit.work.dispatches import Dispatched
from fieldkit.work.sites import Progress
from fieldkit.work.workspace import Workspace

from .trying import TryScreen


class SendDownScreen(TryScreen):
    """A folder; the file in it is named by its day."""

    NAME: ClassVar[str] = "send_down"

    def title_words(self) -> str:
        """What the title says."""
        return _("下发给全部设备")

    def asked(self) -> str:
        """The folder."""
        return _("写到哪个文件夹（U 盘等），可以把文件夹拖进来：")

    def intro(self) -> list[str]:
        """What goes."""
        return [
            _("检查表、底册、交办、退回的检查和各台设备的回执，一个文件给全部登记的设备。"),
            _("先看有些什么，再写文件；各设备用 fieldkit receive 收下。"),
        ]

    def check(self, given: str) -> None:
        """It must be a folder."""
        path = paths.given(given)
        if not path.is_dir():
            raise Problem(
                "no-folder", _("这不是一个文件夹"), where=shown(str(path)), mend=_("检查路径。")
            )

    def carry_out(self, ws: Workspace, given: str, dry: bool, progress: Progress) -> Dispatched:
        """Count, or write."""
        progress("write", 0, 0)
        if dry:
            return dispatches.planned(ws)
        place: Path = paths.given(given) / f"{_('下发')}-{ws.today().isoformat()}.age"
        return dispatches.write(ws, (), place, everybody=True)

    def progress_words(self, step: str, done: int, total: int) -> str:
        """It takes a moment."""
        return _("正在整理……")

    def _counts(self, outcome: Dispatched) -> list[str]:
        return [
            _("设备 {n} 台，各带一份回执").format(n=outcome.devices),
            _("检查表 {n} 张").format(n=outcome.checklists),
            _("底册 {n} 条").format(n=outcome.sites),
            _("交办 {n} 件").format(n=outcome.assignments),
            _("退回的检查 {n} 次").format(n=outcome.returned),
        ]

    def would(self, outcome: Dispatched) -> bool:
        """What would go."""
        self.paint([*self._counts(outcome), "", _("1 写文件    2 不写")], "")
        self.say(_("还没有写文件。"), "accent")
        return True

    def did(self, outcome: Dispatched) -> None:
        """Where it lies."""
        path = _("已写好：{path}").format(path=shown(str(outcome.path)))
        self.paint([path, "", *self._counts(outcome)], "pass")
        self.saved(_("下发文件写好了"))
