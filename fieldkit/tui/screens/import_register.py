"""Taking in places: tried first, what would change is told, then it is done.

A register comes from a file (`ImportScreen`), regular buildings from a typed line
(`fieldkit.tui.screens.generate`).
"""

from __future__ import annotations

from typing import ClassVar

from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import paths, places, sites
from fieldkit.work.register_changes import said
from fieldkit.work.sites import Imported, Progress
from fieldkit.work.workspace import Workspace

from .trying import TryScreen

SHOWN = 300
"""So many faults are listed; whoever has more mends the first ones first."""
STEPS = {
    "read": N_("正在读表：{n} 行"),
    "check": N_("正在核对：{n}/{total}"),
    "write": N_("正在写入：{n}/{total}"),
}

Taken = tuple[Imported, list[str]]
"""What taking it in did, or would do, and what else to say about it."""


class TakeInScreen(TryScreen):
    """Places taken in."""

    def progress_words(self, step: str, done: int, total: int) -> str:
        """Which step, and how far it is."""
        if step == "write" and done == total:
            return ""
        return _(STEPS[step]).format(n=done, total=total)

    def _refused(self, outcome: Imported) -> None:
        n = len(outcome.rejected)
        lines: list[Line] = []
        for fault in outcome.rejected[:SHOWN]:
            column = _(places.TITLES.get(fault.column, fault.column))
            head = _("第 {row} 行 {column}：").format(row=fault.row, column=shown(column))
            first, *more = wrap(f"{head}{shown(fault.message)}", self.room - 4) or [head]
            lines += [[(first, "")], *([(f"    {line}", "")] for line in more)]
        if n > SHOWN:
            lines.append([(_("……另有 {n} 处").format(n=n - SHOWN), "dim")])
        self.query_one(Page).show(lines)
        self.say(_("有 {n} 处不合格，什么也没有导入。改好表格再按回车。").format(n=n), "fail")

    def would(self, outcome: Taken) -> bool:
        """What would change, line by line, or which cells are at fault."""
        imported, more = outcome
        if imported.rejected:
            self._refused(imported)
            return False
        told = [
            *more,
            _("会新增 {n} 个").format(n=imported.created),
            _("会更新 {n} 个").format(n=imported.updated),
            _("没有变化 {n} 个").format(n=imported.unchanged),
        ]
        if not imported.created and not imported.updated:
            self.paint(told, "")
            self.say(_("没有要导入的：底册里已经是这样。"), "accent")
            return False
        remarks = [
            _("第 {row} 行：{message}").format(row=remark.row, message=remark.message)
            for remark in imported.remarks[:SHOWN]
        ]
        changes = [f"{one.code}  {one.name}  {said(one)}" for one in imported.changes[:SHOWN]]
        left = imported.created + imported.updated - len(changes)
        if left > 0:
            changes.append(_("……另有 {n} 处").format(n=left))
        choice = [_("1 导入    2 不导入"), ""]
        self.paint([*told, "", *remarks, *choice, *changes], "")
        self.say(_("试算好了，还没有写入。"), "accent")
        return True

    def did(self, outcome: Taken) -> None:
        """How many, or which cells are at fault after all."""
        imported, _more = outcome
        if imported.rejected:
            self._refused(imported)
            return
        done = _("新增 {created} 个，更新 {updated} 个").format(
            created=imported.created, updated=imported.updated
        )
        self.paint([_("导入完成：{done}。按 F2 回到底册。").format(done=done)], "pass")
        self.saved(done)


class ImportScreen(TakeInScreen):
    """A register from a file."""

    NAME: ClassVar[str] = "import_register"

    def title_words(self) -> str:
        """What the title says."""
        return _("导入底册")

    def asked(self) -> str:
        """The path."""
        return _("底册文件（.csv 或 .xlsx）的路径，可以把文件拖进来：")

    def intro(self) -> list[str]:
        """What a register is."""
        return [
            _("第一行是列名：类别、编码、名称必须有；上级、区划、网格、地址、楼层、户籍可有可无。"),
            _("先试算，告诉你会新增、更新几个，哪一格不合格；看过再决定导不导入。"),
            _("有一格不合格就一个也不导入；编码相同的按表格更新。"),
        ]

    def check(self, given: str) -> None:
        """It must be a path."""
        paths.given(given)

    def carry_out(self, ws: Workspace, given: str, dry: bool, progress: Progress) -> Taken:
        """Take the file in, or try."""
        return sites.import_register(ws, paths.given(given), dry, progress), []
