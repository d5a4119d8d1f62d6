"""Something tried first, told, and done only then; in a thread of its own, and stoppable."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work.sites import Progress
from fieldkit.work.workspace import Workspace

from .base import FieldScreen
from .pick import Caption


class Stopped(Exception):
    """Somebody waits no longer."""


class TryScreen(FieldScreen):
    """Dismissed with nothing, whatever was done.

    Modes: ``path`` to write what it is about, ``busy`` while that is tried, ``ready`` when it can
    be done, ``writing`` while it is, ``settling`` when it is too late to stop.
    """

    CSS_PATH: ClassVar[str] = "trying.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.mode = "path"
        self._given = ""
        self._turn = 0

    # What a screen of this sort has to say

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

    def carry_out(self, ws: Workspace, given: str, dry: bool, progress: Progress) -> Any:
        """Do it, or try. Raises Problem, and what ``progress`` raises.

        Runs in a thread of its own, with a connection of its own.
        """
        raise NotImplementedError

    def progress_words(self, step: str, done: int, total: int) -> str:
        """How far it is; an empty text when from now on it cannot be stopped."""
        raise NotImplementedError

    def would(self, outcome: Any) -> bool:
        """Tell what it would do; whether there is anything to do."""
        raise NotImplementedError

    def did(self, outcome: Any) -> None:
        """Tell what it did."""
        raise NotImplementedError

    # The way from one to the other

    def body(self) -> ComposeResult:
        """What to type, and what it would do."""
        yield Caption(self.asked(), "accent", id="hint")
        yield LineEditor()
        yield Page()

    def on_mount(self) -> None:
        """Ask for it."""
        self.title_bar.tell(self.title_words())
        self.paint(self.intro())
        self._turn_to("path")

    @property
    def room(self) -> int:
        """Cells of a line of the page."""
        return max(min(self.size.width - 8, 96), 20)

    def paint(self, told: list[str], tone: str = "dim") -> None:
        """Fill the page."""
        lines: list[Line] = []
        for text in told:
            lines += [[(line, tone)] for line in wrap(text, self.room)]
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
        self.say(_("正在查看……"), "accent")
        self._turn_to("busy")
        self._begin(dry=True)

    def take(self, _key: str) -> None:
        """Do it."""
        self.say(_("正在写入，请稍等。"), "accent")
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

        outcome: Any
        try:
            # A connection of its own: the screen's belongs to the screen's thread.
            with Workspace.open(self.ws.home) as ws:
                outcome = self.carry_out(ws, given, dry, progress)
        except Stopped:
            return
        except Problem as problem:
            outcome = problem
        if not worker.is_cancelled:
            self.app.call_from_thread(self._told, turn, dry, outcome)

    def _progressed(self, turn: int, step: str, done: int, total: int) -> None:
        if turn != self._turn or not self.is_attached:
            return
        words = self.progress_words(step, done, total)
        if not words:
            self._turn_to("settling")
        self.say(words or _("正在写进磁盘、汇总，这一步不能取消……"), "accent")

    def _told(self, turn: int, dry: bool, outcome: Any) -> None:
        if turn != self._turn or not self.is_attached:
            # Cancelled, or left, meanwhile.
            return
        if isinstance(outcome, Problem):
            self._turn_to("path")
            self.say(outcome.sentence(), "fail")
        elif dry:
            self._turn_to("ready" if self.would(outcome) else "path")
        else:
            self.did(outcome)
            self.query_one(LineEditor).fill("")
            self._turn_to("path")

    def drop(self, _key: str) -> None:
        """Do not do it."""
        self._turn += 1
        self.paint([])
        self._turn_to("path")
        self.say(_("什么也没有写入。"), "accent")

    def cancel(self, _key: str) -> None:
        """Wait no longer; what comes of it is dropped."""
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
