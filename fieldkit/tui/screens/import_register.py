"""Taking in places: tried first, what would change is told, then it is done.

A register comes from a file (`ImportScreen`), regular buildings from a typed line
(`fieldkit.tui.screens.generate`).
"""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import paths, places, sites
from fieldkit.work.register_changes import said
from fieldkit.work.sites import Imported, Progress
from fieldkit.work.workspace import Workspace

from .base import FieldScreen
from .pick import Caption

SHOWN = 300
"""So many faults are listed; whoever has more mends the first ones first."""


STEPS = {
    "read": N_("正在读表：{n} 行"),
    "check": N_("正在核对：{n}/{total}"),
    "write": N_("正在写入：{n}/{total}"),
}
SETTLING = N_("正在写进磁盘、汇总，这一步不能取消……")


class Stopped(Exception):
    """Somebody waits no longer; nothing was written."""


class TakeInScreen(FieldScreen):
    """Dismissed with nothing, whatever was taken in.

    Modes: ``path`` to write what to take in, ``busy`` while that is tried, ``ready`` when it can
    be taken in, ``writing`` while it is, ``settling`` when it is too late to stop.
    """

    CSS_PATH = "import_register.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.mode = "path"
        self._given = ""
        self._turn = 0

    def title_words(self) -> str:
        """What the title says."""
        raise NotImplementedError

    def asked(self) -> str:
        """What to type."""
        raise NotImplementedError

    def intro(self) -> list[str]:
        """What it does, in a few lines."""
        raise NotImplementedError

    def check(self, given: str) -> None:
        """Refuse at once what can be nothing. Raises Problem."""
        raise NotImplementedError

    def take_from(
        self, ws: Workspace, given: str, dry: bool, progress: Progress
    ) -> tuple[Imported, list[str]]:
        """What taking it in did, or would do, and what else to say about it.

        Runs in a thread of its own, with a connection of its own. Raises Problem, and what
        ``progress`` raises.
        """
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """What to type, and what it would do."""
        yield Caption(self.asked(), "accent", id="hint")
        yield LineEditor()
        yield Page()

    def on_mount(self) -> None:
        """Ask for it."""
        self.title_bar.tell(self.title_words())
        self._paint(self.intro())
        self._turn_to("path")

    def _paint(self, told: list[str], tone: str = "dim") -> None:
        room = max(min(self.size.width - 8, 96), 20)
        lines: list[Line] = []
        for text in told:
            lines += [[(line, tone)] for line in wrap(text, room)]
        self.query_one(Page).show(lines)

    def _turn_to(self, mode: str) -> None:
        self.mode = mode
        editor = self.query_one(LineEditor)
        editor.disabled = mode != "path"
        if mode == "path":
            self.set_focus(editor)
        else:
            self.set_focus(None)
        self.offer()

    def try_out(self, _key: str) -> None:
        """See what it would do; nothing is written."""
        self._given = self.query_one(LineEditor).value
        self.check(self._given)
        self.say(_("正在试算……"), "accent")
        self._turn_to("busy")
        self._begin(dry=True)

    def take(self, _key: str) -> None:
        """Take it in."""
        self.say(_("正在导入，请稍等……"), "accent")
        self._turn_to("writing")
        self._begin(dry=False)

    def _begin(self, *, dry: bool) -> None:
        self._turn += 1
        self._run(self._given, self._turn, dry)

    @work(thread=True)
    def _run(self, given: str, turn: int, dry: bool) -> None:
        worker = get_current_worker()

        def progress(step: str, done: int, total: int) -> None:
            if worker.is_cancelled or turn != self._turn:
                raise Stopped
            self.app.call_from_thread(self._progressed, turn, step, done, total)

        outcome: Imported | Problem
        more: list[str] = []
        try:
            # A connection of its own: the screen's belongs to the screen's thread.
            with Workspace.open(self.ws.home) as ws:
                outcome, more = self.take_from(ws, given, dry, progress)
        except Stopped:
            return
        except Problem as problem:
            outcome = problem
        if not worker.is_cancelled:
            self.app.call_from_thread(self._told, turn, dry, outcome, more)

    def _progressed(self, turn: int, step: str, done: int, total: int) -> None:
        if turn != self._turn or not self.is_attached:
            return
        if step == "write" and done == total:
            self._turn_to("settling")
            self.say(_(SETTLING), "accent")
        else:
            self.say(_(STEPS[step]).format(n=done, total=total), "accent")

    def _told(self, turn: int, dry: bool, outcome: Imported | Problem, more: list[str]) -> None:
        if turn != self._turn or not self.is_attached:
            # Cancelled, or left, meanwhile.
            return
        if isinstance(outcome, Problem):
            self._turn_to("path")
            self.say(outcome.sentence(), "fail")
        elif outcome.rejected:
            self._refused(outcome)
        elif dry:
            self._would(outcome, more)
        else:
            self._did(outcome)

    def _refused(self, outcome: Imported) -> None:
        n = len(outcome.rejected)
        room = max(min(self.size.width - 8, 96), 20)
        lines: list[Line] = []
        for fault in outcome.rejected[:SHOWN]:
            column = _(places.TITLES.get(fault.column, fault.column))
            head = _("第 {row} 行 {column}：").format(row=fault.row, column=shown(column))
            first, *more = wrap(f"{head}{shown(fault.message)}", room - 4) or [head]
            lines += [[(first, "")], *([(f"    {line}", "")] for line in more)]
        if n > SHOWN:
            lines.append([(_("……另有 {n} 处").format(n=n - SHOWN), "dim")])
        self.query_one(Page).show(lines)
        self._turn_to("path")
        self.say(_("有 {n} 处不合格，什么也没有导入。改好表格再按回车。").format(n=n), "fail")

    def _would(self, outcome: Imported, more: list[str]) -> None:
        told = [
            *more,
            _("会新增 {n} 个").format(n=outcome.created),
            _("会更新 {n} 个").format(n=outcome.updated),
            _("没有变化 {n} 个").format(n=outcome.unchanged),
        ]
        if not outcome.created and not outcome.updated:
            self._paint(told, "")
            self._turn_to("path")
            self.say(_("没有要导入的：底册里已经是这样。"), "accent")
            return
        remarks = [
            _("第 {row} 行：{message}").format(row=remark.row, message=remark.message)
            for remark in outcome.remarks[:SHOWN]
        ]
        changes = [f"{one.code}  {one.name}  {said(one)}" for one in outcome.changes[:SHOWN]]
        left = outcome.created + outcome.updated - len(changes)
        if left > 0:
            changes.append(_("……另有 {n} 处").format(n=left))
        choice = [_("1 导入    2 不导入"), ""]
        self._paint([*told, "", *remarks, *choice, *changes], "")
        self._turn_to("ready")
        self.say(_("试算好了，还没有写入。"), "accent")

    def _did(self, outcome: Imported) -> None:
        done = _("新增 {created} 个，更新 {updated} 个").format(
            created=outcome.created, updated=outcome.updated
        )
        self._paint([_("导入完成：{done}。按 F2 回到底册。").format(done=done)], "pass")
        self.query_one(LineEditor).fill("")
        self._turn_to("path")
        self.saved(done)

    def drop(self, _key: str) -> None:
        """Do not take it in."""
        self._turn += 1
        self._paint([])
        self._turn_to("path")
        self.say(_("没有导入。"), "accent")

    def cancel(self, _key: str) -> None:
        """Wait no longer; what comes of trying the file is dropped."""
        self.drop("")

    def why_not_back(self) -> str:
        """The reason while it is written to disk."""
        return _("正在写入，请稍等。") if self.mode == "settling" else ""

    def page_up(self, key: str) -> None:
        """Scroll up."""
        page = self.query_one(Page)
        page.move(-page.page if key == "pageup" else -1)

    def page_down(self, key: str) -> None:
        """Scroll down."""
        page = self.query_one(Page)
        page.move(page.page if key == "pagedown" else 1)


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

    def take_from(
        self, ws: Workspace, given: str, dry: bool, progress: Progress
    ) -> tuple[Imported, list[str]]:
        """Take the file in, or try."""
        return sites.import_register(ws, paths.given(given), dry, progress), []
