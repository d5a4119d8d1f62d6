"""The figures of one month: digits go straight into the cell, what is wrong is said at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Paste

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.tui import standing_drawing as drawing
from fieldkit.tui import standing_filling as filling
from fieldkit.tui.widgets.figure_grid import FigureGrid
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.work import standing, standing_sheet
from fieldkit.work.standing import Doubt, Figures
from fieldkit.work.standing_sheet import Sheet

from . import standing_deciding
from .form import WholeForm
from .pick import Caption
from .standing_confirm import StandingConfirmScreen
from .standing_deciding import Told

DIGITS = 9
"""So many in a cell: more people than any province has."""


class StandingEntryScreen(WholeForm):
    """Kept as a whole with F9; dismissed with what was done, or nothing.

    Modes: ``sheet`` to type numbers, ``name`` to write the name of one more unit.
    """

    NAME: ClassVar[str] = "standing_entry"
    CSS_PATH = "standing_entry.tcss"
    OPENS_LABELS: ClassVar[bool] = False

    def __init__(self, month: str, path: Path | None = None) -> None:
        super().__init__()
        self.mode = "sheet"
        self._month = month
        self._path = path
        self._sheet: Sheet | None = None
        self._columns: tuple[tuple[str, str], ...] = ()
        self._figures: list[Figures] = []
        self._before: tuple[Figures, ...] = ()
        self._doubts: tuple[Doubt, ...] = ()
        self._faults: dict[tuple[str, str], str] = {}
        self._fresh = True
        """Whether the next digit begins the number of its cell anew."""
        self._drafting = False
        self._decided = Told()

    def body(self) -> ComposeResult:
        """What month it is, the table, the line for a name."""
        yield Caption(id="question")
        yield FigureGrid()
        yield Caption(_("单位名称，回车加上："), "accent", id="hint")
        yield LineEditor(max_length=60)

    @property
    def grid(self) -> FigureGrid:
        """The table."""
        return self.query_one(FigureGrid)

    @property
    def _known(self) -> Sheet:
        assert self._sheet is not None
        return self._sheet

    def on_mount(self) -> None:
        """The figures as they stand, or what is known of them, or those of a file."""
        self._turn("sheet")
        if not self.attempt(self._open):
            return
        title = _("更正：{month}") if self._known.corrects else _("录入：{month}")
        month = drawing.month_words(self._month)
        self.title_bar.tell(title.format(month=month), _(standing.STATES[self._known.state]))
        self._draw()
        self._seek(0)
        if self._path is not None:
            path = self._path
            self.attempt(lambda: self._take(path))
        else:
            self._greet()
        # How many rows are in sight is known only then.
        self.call_after_refresh(self.offer)

    def _open(self) -> None:
        self._sheet = standing_sheet.sheet(self.ws, self._month)
        self._columns = standing_sheet.columns(self._sheet.reading)
        self._before, self._figures = self._sheet.figures, [*self._sheet.figures]

    def _greet(self) -> None:
        """What was done for the person before the first key."""
        if self._known.corrects:
            text = _("这一期要走更正：改好按 F9，先看影响清单。")
        elif not self._figures:
            text = _("还没有单位：按 F6 加，或按 F7 从 .csv、.xlsx 表导入。")
        elif self._known.carried:
            text = _("单位照底册列出。数字直接填，回车到下一格。")
            if any(one.population is not None for one in self._figures):
                text = _("单位、人口和上年同期照以前录的填好了，请核对；再填本期数。")
        else:
            return
        self.say(text, "accent")

    def is_changed(self) -> bool:
        """Whether anything differs from what was there."""
        return self._sheet is not None and tuple(self._figures) != self._before

    def _hold(self) -> None:
        """Every key is taken over at once."""

    # Showing

    def _draw(self) -> None:
        self._doubts = standing.check(self.ws, self._figures, self._known.reading)
        self._faults = standing_sheet.faults(self._doubts, self._figures, self._known.reading)
        known = self._known
        question = _("{n} 个单位，排名口径：{measures}。").format(
            n=len(self._figures), measures="、".join(_(it.title) for it in known.reading.indicators)
        )
        self.query_one("#question", Caption).tell(question)
        self.grid.show(
            [title for _name, title in self._columns],
            filling.rows(self._figures, self._columns, self._doubts, self._faults),
            filling.sums(self._figures, self._columns),
        )
        self.offer()

    def _changed(self) -> None:
        """After every key: the table again, and what is wrong with it now."""
        self._warned = self._drafting = False
        self._decided = Told()
        self._draw()
        self._tell()

    def _tell(self) -> None:
        """What keeps the month from being ranked, or that nothing does."""
        blocking = [doubt for doubt in self._doubts if doubt.blocks]
        # What is wrong before what is only not there yet.
        blocking.sort(key=lambda doubt: doubt.code.startswith("blank-"))
        if not blocking:
            later = [doubt.sentence for doubt in self._doubts]
            ready = _("{n} 个单位都齐了，按 F9 保存。").format(n=len(self._figures))
            if later:
                ready = _("齐了，按 F9 保存。通报前还要定：{doubt}").format(doubt=later[0])
            self.say(ready, "accent" if later else "pass")
            return
        first = blocking[0]
        more = _("（另有 {n} 样）").format(n=len(blocking) - 1) if len(blocking) > 1 else ""
        self.say(filling.joined(first.sentence, more, filling.mend(first)), filling.tone(first))

    # Moving

    def _at(self) -> tuple[Figures, str]:
        """The unit and the column under the cursor."""
        return self._figures[self.grid.row], self._columns[self.grid.column][0]

    def why_no_rows(self) -> str:
        """The reason while there is no unit."""
        return "" if self._figures else _("还没有单位，按 F6 加，或按 F7 导入。")

    def why_one_page(self) -> str:
        """The reason when there is no other page."""
        return _("只有这一页。") if len(self._figures) <= self.grid.page else ""

    def why_no_gap(self) -> str:
        """The reason when nothing is missing."""
        return "" if self._faults else _("没有缺的格。")

    def _step(self, down: int, right: int) -> None:
        self._fresh = True
        self.grid.move(down, right)

    def _go(self, by: int) -> None:
        self._step(by, 0)

    def move_left(self, _key: str) -> None:
        """The cell on the left."""
        self._step(0, -1)

    def move_right(self, _key: str) -> None:
        """The cell on the right."""
        self._step(0, 1)

    def page_up(self, _key: str) -> None:
        """A page up."""
        self._step(-self.grid.page, 0)

    def page_down(self, _key: str) -> None:
        """A page down."""
        self._step(self.grid.page, 0)

    def next(self, _key: str) -> None:
        """The next cell of the row, after the last one that of the next row."""
        last = self.grid.column == len(self._columns) - 1
        if last and self.grid.row == len(self._figures) - 1:
            self._tell()
        elif last:
            self._step(1, -len(self._columns))
        else:
            self._step(0, 1)

    def gap(self, _key: str) -> None:
        """The next cell that is blank or wrong, from the top again after the last."""
        self._seek(self.grid.row * len(self._columns) + self.grid.column + 1)

    def _seek(self, start: int) -> None:
        """The first such cell from a place on; places count row by row."""
        wide = len(self._columns)
        cells = [
            row * wide + column
            for row, one in enumerate(self._figures)
            for column, (name, _title) in enumerate(self._columns)
            if (one.unit, name) in self._faults
        ]
        if cells:
            self.grid.put(*divmod(next((at for at in cells if at >= start), cells[0]), wide))
            self._fresh = True

    def on_figure_grid_moved(self, _message: FigureGrid.Moved) -> None:
        """A cell was clicked."""
        self._fresh = True

    # Typing

    def type(self, key: str) -> None:
        """One more digit; the first one in a cell replaces what was there."""
        one, column = self._at()
        number = standing_sheet.value(one, column)
        told = key if self._fresh or number is None else f"{number}{key}"
        if len(told) > DIGITS:
            self.say(_("最多 {n} 位数。").format(n=DIGITS), "fail")
            return
        self._put(int(told))
        self._fresh = False

    def clear(self, key: str) -> None:
        """Nothing in this cell; with backspace one digit less."""
        one, column = self._at()
        number = standing_sheet.value(one, column)
        fewer = str(number)[:-1] if key == "backspace" and number is not None else ""
        self._put(int(fewer) if fewer.isdecimal() else None)
        self._fresh = False

    def on_paste(self, event: Paste) -> None:
        """A block of cells from a spreadsheet, from the cursor on."""
        if self.mode == "sheet" and self._figures:
            event.stop()
            self.attempt(lambda: self._paste(event.text))

    def _paste(self, text: str) -> None:
        at = (self.grid.row, self.grid.column)
        reading = self._known.reading
        self._figures = [*standing_sheet.pasted(self._figures, reading, text, at)]
        self._fresh = True
        self._changed()

    def _put(self, number: int | None) -> None:
        one, column = self._at()
        self._figures[self.grid.row] = standing_sheet.filled(one, column, number)
        self._changed()

    # Units

    def _turn(self, mode: str) -> None:
        self.mode = mode
        editor = self.query_one(LineEditor)
        editor.display = self.query_one("#hint").display = mode == "name"
        editor.fill("")
        if mode == "name":
            self.set_focus(editor)
        else:
            self.set_focus(None)
        self.offer()

    def add(self, _key: str) -> None:
        """Ask for the name of one more unit."""
        self._turn("name")
        self.say(_("写单位全称；底册里有的也可以写编码。"), "dim")

    def keep(self, _key: str) -> None:
        """Take the name."""
        typed = self.query_one(LineEditor).value
        self._figures = [*standing_sheet.added(self.ws, self._figures, typed)]
        self._turn("sheet")
        self._changed()
        self.grid.put(len(self._figures) - 1, 0)
        self._fresh = True

    def cancel(self, _key: str) -> None:
        """No unit more."""
        self._turn("sheet")
        self._tell()

    def drop(self, _key: str) -> None:
        """Leave the unit under the cursor out of this month."""
        one = self._figures.pop(self.grid.row)
        self._fresh = True
        self._changed()
        self.say(
            _("去掉了{name}；还没保存，要它就按 F6 加。").format(name=shown(one.name)), "accent"
        )

    def load(self, _key: str) -> None:
        """The figures of a file in place of these."""
        from .files import FilesScreen

        self.app.push_screen(FilesScreen(), self._browsed)

    def _browsed(self, path: Path | None) -> None:
        if path is not None:
            self.attempt(lambda: self._take(path))

    def _take(self, path: Path) -> None:
        self._figures = [*standing_sheet.told_file(self.ws, path, self._known.reading)]
        self._fresh = True
        self._changed()
        self.grid.put(0, 0)
        told = _("读入 {n} 个单位，还没保存。").format(n=len(self._figures))
        self.say(filling.joined(told, self.status.text), "accent")

    # Keeping

    def save(self, _key: str) -> None:
        """Keep the month; one with gaps only when asked twice, a published one by correcting."""
        blocking = [it for it in self._doubts if it.blocks and not it.choices]
        if blocking and (self._known.corrects or not self._drafting):
            self._refuse(blocking[0])
            return
        if self._known.corrects:
            names = {one.unit: one.name for one in self._figures}
            standing_deciding.ask(self, self._open_doubts, names, self._decided, self._weigh)
            return
        draft = any(it.blocks for it in self._doubts)
        standing.enter(self.ws, self._month, self._figures, self._known.reading, draft=draft)
        month = drawing.month_words(self._month)
        text = _("{month}先存了草稿，还有缺的数") if blocking else _("{month}的数已存")
        self.dismiss(text.format(month=month))

    def _refuse(self, doubt: Doubt) -> None:
        """Why it is not kept now; one that was never published may be kept as it is."""
        text = filling.joined(doubt.sentence, filling.mend(doubt))
        if self._faults:
            text = _("有 {n} 格没填或不对，排不了名：按 F4 去补。").format(n=len(self._faults))
        if not self._known.corrects:
            self._drafting = True
            text = filling.joined(text, _("再按一次 F9 就先存草稿。"))
        self.say(text, "fail")

    def _decisions(self) -> standing.Decisions | None:
        return self._decided.decisions(self.ws, self._month, self._figures)

    def _open_doubts(self) -> Sequence[Doubt]:
        known = self._known
        decided = self._decisions() or known.decided
        return standing_sheet.doubts(known.reading, self._figures, decided)

    def _weigh(self) -> None:
        """What a correction would move, and the reason for it."""
        decided = self._decisions()
        done = standing.impact(self.ws, self._month, self._figures, None, decided)
        moves = list(done.sentences) or [_("没有牌别变动。")]
        months = "、".join(map(drawing.month_words, done.reissued))
        told = [
            _("影响清单："),
            *moves,
            "",
            *self._decided.lines(),
            _("将重新冻结：{months}。原来的通报保留，另出更正通报。").format(months=months),
        ]

        def act(reason: str) -> str:
            standing.correct(self.ws, self._month, self._figures, reason, None, decided)
            return _("{month}已更正").format(month=drawing.month_words(self._month))

        title = _("更正：{month}").format(month=drawing.month_words(self._month))
        self.app.push_screen(StandingConfirmScreen(title, told, act, reason=True), self._corrected)

    def _corrected(self, said: str | None) -> None:
        if said:
            self.dismiss(said)
