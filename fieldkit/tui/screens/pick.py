"""Choosing one row of a list, by its number, the arrows, or a few typed characters."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input
from textual.worker import get_current_worker

from fieldkit.text import pinyin
from fieldkit.text.i18n import _
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.painted import Line, Painted
from fieldkit.tui.widgets.pick_list import PickList, Row

from .base import FieldScreen

COUNT_AFTER = 0.05
"""Seconds after which a list counts what stands beside its rows: it is painted before."""


class Caption(Painted):
    """A short text before the filter or above the list."""

    DEFAULT_CSS: ClassVar[str] = "Caption { height: 1; padding: 0 2; }"

    def __init__(self, text: str = "", tone: str = "dim", *, id: str = "caption") -> None:
        super().__init__(id=id)
        self._text, self._tone = text, tone

    def tell(self, text: str, tone: str = "dim") -> None:
        """Change the text."""
        self._text, self._tone = text, tone
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """The text."""
        return [[(self._text, self._tone)]]


class PickScreen(FieldScreen):
    """A list and a filter over it; dismissed with the key of the chosen row."""

    NAME: ClassVar[str] = "pick"
    CSS_PATH = "pick.tcss"

    FILTER: ClassVar[bool] = False
    """Whether the rows are found by typing; the digits then belong to the filter."""
    SPACING: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__()
        self.mode = "filter" if self.FILTER else "list"
        self._all: list[Row] = []
        self._stale = False

    def heading(self) -> str:
        """The title."""
        raise NotImplementedError

    def question(self) -> str:
        """One line over the list."""
        return ""

    def empty(self) -> str:
        """What to say when there is nothing to choose from."""
        return _("这里还没有内容。")

    def rows(self) -> list[Row]:
        """Everything that can be chosen."""
        raise NotImplementedError

    def chosen(self, row: Row) -> None:
        """Somebody chose a row."""
        self.dismiss(row.key)

    def body(self) -> ComposeResult:
        """A question, maybe a filter, and the list."""
        yield Caption(self.question(), id="question")
        if self.FILTER:
            with Horizontal(id="filter"):
                yield Caption(_("查找"), "accent", id="filter-label")
                yield LineEditor(max_length=40)
        yield PickList(spacing=self.SPACING, numbered=not self.FILTER)

    @property
    def picks(self) -> PickList:
        """The list."""
        return self.query_one(PickList)

    def on_mount(self) -> None:
        """Fill the list."""
        if self.FILTER:
            editor = self.query_one(LineEditor)
            editor.placeholder = _("打几个字、拼音、首字母、编码或数字")
            self.set_focus(editor)
        self.reload()
        if self.FILTER:
            self._learn_sounds()

    @work(thread=True, exclusive=True, group="sounds")
    def _learn_sounds(self) -> None:
        """Load the readings beside the screen; until then characters and codes are found."""
        pinyin.prepare()
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._sounds_known)

    def _sounds_known(self) -> None:
        if self.is_attached and self.query_one(LineEditor).value:
            self._show(None)

    def on_screen_suspend(self) -> None:
        """Another screen comes on top: what is listed may have changed when it is gone."""
        self._stale = True

    def on_screen_resume(self) -> None:
        """Counts may have changed while another screen was on top."""
        if self._stale:
            self._stale = False
            self.reload()

    def reload(self) -> None:
        """Ask for the rows again, keeping the cursor."""
        here = self.picks.current.key if self.picks.current else None
        self.title_bar.tell(self.heading())
        self.attempt(self._read)
        self._show(here)

    def _read(self) -> None:
        self._all = self.rows()

    def _show(self, at: str | None) -> None:
        wanted = self.query_one(LineEditor).value if self.FILTER else ""
        rows = [row for row in self._all if row.matches(wanted)]
        self.picks.show(rows, at=at)
        if not self._all:
            self.say(self.empty(), "accent")
        elif not rows:
            self.say(_("没有找到“{wanted}”，删掉几个字再看。").format(wanted=wanted), "accent")
        elif self.FILTER:
            self.say(_("共 {n} 项，现列 {m} 项").format(n=len(self._all), m=len(rows)), "dim")
        self.call_after_refresh(self.offer)

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Type to filter."""
        self._show(None)

    def on_pick_list_chosen(self, message: PickList.Chosen) -> None:
        """A row was clicked."""
        self.attempt(lambda: self.chosen(message.row))

    def why_no_rows(self) -> str:
        """The reason when there is nothing to choose from."""
        return "" if self.picks.rows else _("列表是空的。")

    def why_one_page(self) -> str:
        """The reason when there is no other page."""
        fits = len(self.picks.rows) <= self.picks.page
        return _("只有这一页。") if fits else ""

    def move_up(self, _key: str) -> None:
        """One row up."""
        self.picks.move(-1)

    def move_down(self, _key: str) -> None:
        """One row down."""
        self.picks.move(1)

    def page_up(self, _key: str) -> None:
        """A page up."""
        self.picks.move(-self.picks.page)

    def page_down(self, _key: str) -> None:
        """A page down."""
        self.picks.move(self.picks.page)

    def open(self, _key: str) -> None:
        """Choose the row under the cursor."""
        if self.picks.current:
            self.chosen(self.picks.current)

    def open_number(self, key: str) -> None:
        """Choose a row by its number."""
        row = self.picks.numbered(int(key))
        if row is None:
            self.say(_("没有第 {n} 行。").format(n=key), "accent")
        else:
            self.chosen(row)
