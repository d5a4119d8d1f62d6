"""What is owed where and since when: places as rows, the periods of one checklist as columns."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.domain.cadence import CADENCES
from fieldkit.domain.translating import list_title
from fieldkit.text.i18n import N_, _, language
from fieldkit.text.plain import shown
from fieldkit.tui.widgets.matrix import Mark, Matrix, MatrixRow
from fieldkit.work import boards, obligations, sites
from fieldkit.work.boards import Board
from fieldkit.work.obligations import Obligation

from . import pick
from .base import FieldScreen
from .pick import Caption

MARKS = {
    "done": Mark(N_("办"), "pass"),
    "due": Mark(N_("欠"), "todo"),
    "overdue": Mark(N_("逾"), "fail"),
}
"""Two cells for each state: a word, and a tone beside it."""


class ObligationsScreen(FieldScreen):
    """One board at a time."""

    NAME: ClassVar[str] = "obligations"
    CSS_PATH = "obligations.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._boards: list[Board] = []
        self._list = ""
        self._stale = False

    def body(self) -> ComposeResult:
        """A line about the list, and the matrix."""
        yield Caption(id="question")
        yield Matrix()

    def on_mount(self) -> None:
        """The frame first; then, worked out, the list with most overdue."""
        self.say(_("正在算……"), "dim")
        self.set_timer(pick.COUNT_AFTER, self._begin)

    def _begin(self) -> None:
        self.say("")
        self.attempt(self._read)
        self._show(first=True)

    def on_screen_suspend(self) -> None:
        """An inspection may be finished on the screen above."""
        self._stale = True

    def on_screen_resume(self) -> None:
        """What is owed now; the cursor stays."""
        if self._stale:
            self._stale = False
            self.attempt(self._read)
            self._show(first=False)

    @property
    def _matrix(self) -> Matrix:
        return self.query_one(Matrix)

    @property
    def _board(self) -> Board | None:
        known = (one for one in self._boards if one.checklist.id == self._list)
        return next(known, self._boards[0] if self._boards else None)

    @property
    def _current(self) -> Obligation | None:
        board, matrix = self._board, self._matrix
        return board.lines[matrix.row].cells[matrix.column] if board else None

    def _show(self, *, first: bool) -> None:
        self.title_bar.tell(_("周期任务"))
        board, matrix = self._board, self._matrix
        if board is None:
            self.say(
                _("现在没有周期任务：底册里没有要定期检查的单位，也没有进行中的活动。"), "accent"
            )
            self.offer()
            return
        rows = [
            MatrixRow(
                sites.placed(line.site, line.site.holder),
                tuple(_mark(cell) for cell in line.cells),
            )
            for line in board.lines
        ]
        titles = [boards.heading(column) for column in board.columns]
        # At first on the newest period: that is what can still be done in time.
        at = (0, len(titles) - 1) if first else (matrix.row, matrix.column)
        matrix.show(titles, rows, at=at)
        self.query_one("#question", Caption).tell(self._summary(board), "accent")
        self._tell()

    def _read(self) -> None:
        board = self._board
        self._boards = boards.boards(self.ws)
        # One that has less overdue now stays the one that is looked at.
        self._list = board.checklist.id if board else ""

    def _summary(self, board: Board) -> str:
        states = [
            f"{_(MARKS[state].word)} {_(label)} {board.counts.get(state, 0)}"
            for state, label in obligations.STATES.items()
        ]
        title = list_title(board.checklist, language())
        place = self._boards.index(board) + 1
        return "  ".join((f"{place}/{len(self._boards)} {shown(title)}", *states))

    def _tell(self) -> None:
        """What the cell under the cursor says, in words."""
        one = self._current
        if one is None:
            self.say(_("这一期不用办。"), "dim")
        else:
            state = _(obligations.STATES[one.state])
            when = _("{day} 已办").format(day=one.done) if one.done else state
            words = (
                f"{_(CADENCES[one.cadence])} {shown(one.period)}",
                _("期限 {day}").format(day=one.due),
                when,
                obligations.hint_words(one),
            )
            self.say("  ".join(filter(None, words)), "fail" if one.state == "overdue" else "")
        self.offer()

    def on_matrix_moved(self, _message: Matrix.Moved) -> None:
        """A cell was clicked."""
        self._tell()

    def why_nothing(self) -> str:
        """The reason when there is nothing to move in."""
        return "" if self._boards else _("列表是空的。")

    def why_one_list(self) -> str:
        """The reason when there is no other list."""
        return "" if len(self._boards) > 1 else _("只有这一张检查表。")

    def _move(self, down: int, right: int) -> None:
        self._matrix.move(down, right)
        self._tell()

    def move_up(self, _key: str) -> None:
        """One place up."""
        self._move(-1, 0)

    def move_down(self, _key: str) -> None:
        """One place down."""
        self._move(1, 0)

    def move_left(self, _key: str) -> None:
        """One period back."""
        self._move(0, -1)

    def move_right(self, _key: str) -> None:
        """One period on."""
        self._move(0, 1)

    def page_up(self, _key: str) -> None:
        """A page up."""
        self._move(-self._matrix.page, 0)

    def page_down(self, _key: str) -> None:
        """A page down."""
        self._move(self._matrix.page, 0)

    def list(self, _key: str) -> None:
        """The next checklist."""
        board = self._board
        if board is not None:
            after = self._boards[(self._boards.index(board) + 1) % len(self._boards)]
            self._list = after.checklist.id
            self._show(first=True)

    def open(self, _key: str) -> None:
        """The place under the cursor."""
        from .site import SiteScreen

        board = self._board
        if board is not None:
            self.app.push_screen(SiteScreen(board.lines[self._matrix.row].site.code))


def _mark(cell: Obligation | None) -> Mark | None:
    if cell is None:
        return None
    word, tone = MARKS[cell.state]
    return Mark(_(word), tone)
