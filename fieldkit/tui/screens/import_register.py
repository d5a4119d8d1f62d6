"""Taking in a register: the file is tried first, what it would do is told, then it is done."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import paths, places, sites
from fieldkit.work.sites import Imported
from fieldkit.work.workspace import Workspace

from .base import FieldScreen
from .pick import Caption

SHOWN = 300
"""So many faults are listed; whoever has more mends the first ones first."""


class ImportScreen(FieldScreen):
    """Dismissed with nothing, whatever was taken in.

    Modes: ``path`` to write the path, ``busy`` while a file is tried, ``ready`` when it can be
    taken in, ``writing`` while it is.
    """

    NAME: ClassVar[str] = "import_register"
    CSS_PATH = "import_register.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.mode = "path"
        self._path: Path | None = None
        self._turn = 0

    def body(self) -> ComposeResult:
        """The path, and what the file would do."""
        yield Caption(_("底册文件（.csv 或 .xlsx）的路径，可以把文件拖进来："), "accent", id="hint")
        yield LineEditor()
        yield Page()

    def on_mount(self) -> None:
        """Ask for the path."""
        self.title_bar.tell(_("导入底册"))
        self._paint(
            [
                _(
                    "第一行是列名：类别、编码、名称必须有；上级、区划、网格、地址、楼层、户籍可有可无。"
                ),
                _("先试算，告诉你会新增、更新几个，哪一格不合格；看过再决定导不导入。"),
                _("有一格不合格就一个也不导入；编码相同的按表格更新。"),
            ]
        )
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
        """See what the file would do; nothing is written."""
        self._path = paths.given(self.query_one(LineEditor).value)
        self._turn += 1
        self.say(_("正在试算……"), "accent")
        self._turn_to("busy")
        self._run(self._path, self._turn, True)

    def take(self, _key: str) -> None:
        """Take it in."""
        assert self._path is not None
        self._turn += 1
        self.say(_("正在导入，请稍等……"), "accent")
        self._turn_to("writing")
        self._run(self._path, self._turn, False)

    @work(thread=True)
    def _run(self, path: Path, turn: int, dry: bool) -> None:
        worker = get_current_worker()
        outcome: Imported | Problem
        try:
            # A connection of its own: the screen's belongs to the screen's thread.
            with Workspace.open(self.ws.home) as ws:
                outcome = sites.import_register(ws, path, dry_run=dry)
        except Problem as problem:
            outcome = problem
        if not worker.is_cancelled:
            self.app.call_from_thread(self._told, turn, dry, outcome)

    def _told(self, turn: int, dry: bool, outcome: Imported | Problem) -> None:
        if turn != self._turn or not self.is_attached:
            # Cancelled, or left, meanwhile.
            return
        if isinstance(outcome, Problem):
            self._turn_to("path")
            self.say(outcome.sentence(), "fail")
        elif outcome.rejected:
            self._refused(outcome)
        elif dry:
            self._would(outcome)
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

    def _would(self, outcome: Imported) -> None:
        told = [
            _("会新增 {n} 个").format(n=outcome.created),
            _("会更新 {n} 个").format(n=outcome.updated),
            _("没有变化 {n} 个").format(n=outcome.unchanged),
        ]
        if not outcome.created and not outcome.updated:
            self._paint(told, "")
            self._turn_to("path")
            self.say(_("没有要导入的：底册里已经是这样。"), "accent")
            return
        self._paint([*told, "", _("1 导入    2 不导入")], "")
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
        """The reason while the register is written."""
        return _("正在写入，请稍等。") if self.mode == "writing" else ""

    def page_up(self, key: str) -> None:
        """Scroll up."""
        page = self.query_one(Page)
        page.move(-page.page if key == "pageup" else -1)

    def page_down(self, key: str) -> None:
        """Scroll down."""
        page = self.query_one(Page)
        page.move(page.page if key == "pagedown" else 1)
