"""Handing in: what the office does not hold yet, sealed into a folder or onto a stick."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, pad
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import bookmarks, bundles, today
from fieldkit.work.workspace import Workspace

from .base import FieldScreen
from .pick import Caption

FOLDER = "send-folder"
"""Bookmark: where the last one went."""


class SendScreen(FieldScreen):
    """A folder is written, Enter seals; the work runs beside the screen."""

    NAME: ClassVar[str] = "send"
    CSS_PATH = "send.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._waiting = 0
        self._office = ""
        self._busy = False

    def body(self) -> ComposeResult:
        """What waits, and where to."""
        yield Page()
        yield Caption(_("存到哪个文件夹（U 盘的路径，或共享文件夹）："), "accent", id="question")
        yield LineEditor()

    def on_mount(self) -> None:
        """Show what waits."""
        self.title_bar.tell(_("上报"))
        editor = self.query_one(LineEditor)
        last = bookmarks.recall(self.ws, FOLDER)
        editor.fill(last if isinstance(last, str) else str(self.ws.home / "bundles"))
        self.set_focus(editor)
        self.attempt(self._count)
        self.offer()

    def _count(self, more: list[Line] | None = None) -> None:
        standing = today.unsent(self.ws)
        self._waiting, self._office = standing.pending_events, standing.office_name
        office = self._office or _("还没有接入办公室：先把本机名片交给办公室登记")
        facts = [
            (_("收件"), office),
            (_("待上报"), _("{n} 条").format(n=standing.pending_events)),
            (_("最早一条"), (standing.oldest_pending or "—")[:16].replace("T", " ")),
            (_("上次回执"), (standing.last_receipt or "—")[:16].replace("T", " ")),
        ]
        wide = max(cell_width(label) for label, _text in facts) + 2
        lines: list[Line] = [
            (),
            *([(pad(label, wide), "dim"), (text, "")] for label, text in facts),
        ]
        self.query_one(Page).show([*lines, (), *(more or [])])

    def why_not_make(self) -> str:
        """Nothing waits, nobody to seal to, or it is under way."""
        if self._busy:
            return _("正在生成，请稍等。")
        if not self._office:
            return _("还没有接入办公室，不知道封给谁。")
        return "" if self._waiting else _("没有要上报的。")

    def make(self, _key: str) -> None:
        """Seal everything that waits."""
        from fieldkit.work import paths

        folder = paths.given(self.query_one(LineEditor).value)
        self._busy = True
        self.say(_("正在封包，别拔 U 盘……"), "accent")
        self._seal(folder)

    @work(thread=True, exclusive=True)
    def _seal(self, folder: Path) -> None:
        worker = get_current_worker()
        try:
            # A connection of its own: the screen's belongs to the screen's thread.
            with Workspace.open(self.ws.home) as ws:
                made = bundles.create(ws, folder)
        except Problem as problem:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._failed, problem)
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._done, folder, made)

    def _failed(self, problem: Problem) -> None:
        self._busy = False
        self.say(problem.sentence(), "fail")
        self.offer()

    def _done(self, folder: Path, made: bundles.Created) -> None:
        self._busy = False
        if made.path is None:
            self.say(_("没有要上报的。"), "accent")
        else:
            bookmarks.remember(self.ws, FOLDER, str(folder))
            files = [path for path in (made.path, *made.extra) if path]
            lines: list[Line] = [
                [(_("已封好，交给 {office}：").format(office=made.office_name), "pass")],
                *([(f"  {shown(path.name)}", "strong")] for path in files),
                [(f"  {shown(str(folder))}", "dim")],
            ]
            self.attempt(lambda: self._count(lines))
            self.saved(_("{n} 条，{kb} KB").format(n=made.events, kb=made.bytes // 1024))
        self.offer()
