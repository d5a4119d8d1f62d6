"""The months of the standing: their state, the town's cases as bars, the cards they gave."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from fieldkit.domain.standing import words
from fieldkit.text.i18n import _
from fieldkit.text.width import pad
from fieldkit.tui import standing_drawing as drawing
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import standing, standing_sheet
from fieldkit.work.standing import MonthRow
from fieldkit.work.standing_sheet import Point

from .pick import PickScreen

CELLS = 16
"""Of a bar in the list."""


class StandingsScreen(PickScreen):
    """The latest month first; Enter looks at one, or enters one that has no figures."""

    NAME: ClassVar[str] = "standings"
    CSS_PATH = "pick.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._states: dict[str, str] = {}
        self._said = ""
        """What was done on the screen above; it may be told before this one is on top again."""

    def heading(self) -> str:
        """The title."""
        return _("红黄牌：各期排名")

    def question(self) -> str:
        """What the marks mean."""
        return drawing.legend()

    def empty(self) -> str:
        """What to do first."""
        return _("还没有录过数。按 F6 选一期录入，或按 F7 从 .csv、.xlsx 表导入。")

    def rows(self) -> list[Row]:
        """Every month from the first to the last, those without figures too."""
        found = standing.months(self.ws)
        self._states = {row.month: row.state for row in found}
        points = {point.month: point for point in standing_sheet.points(self.ws)}
        most = drawing.most_of([*points.values()])
        return [_row(row, points[row.month], most) for row in reversed(found)]

    def reload(self) -> None:
        """Say how many months are missing, where the person is not told anything else."""
        super().reload()
        blank = [month for month, state in self._states.items() if state == "missing"]
        if blank:
            told = "、".join(map(drawing.month_words, blank[:3]))
            more = _("等 {n} 期").format(n=len(blank)) if len(blank) > 3 else ""
            self.say(
                _("缺数：{months}。光标到那一行按 F4 补。").format(months=told + more), "accent"
            )

    def chosen(self, row: Row) -> None:
        """The month; one without figures is entered."""
        from .standing_month import StandingMonthScreen

        if self._states.get(row.key) == "missing":
            self._enter(row.key)
        else:
            self.app.push_screen(StandingMonthScreen(row.key), self._told)

    def edit(self, _key: str) -> None:
        """The figures of the month under the cursor."""
        if self.picks.current:
            self._enter(self.picks.current.key)

    def add(self, _key: str) -> None:
        """Which month, then its figures."""
        self.app.push_screen(MonthsScreen(_("录哪一期")), self._asked)

    def load(self, _key: str) -> None:
        """Which month, then which file."""

        def browse(month: str | None) -> None:
            from .files import FilesScreen

            if month:
                self.app.push_screen(FilesScreen(), lambda path: self._browsed(month, path))

        self.app.push_screen(MonthsScreen(_("导入哪一期")), browse)

    def _browsed(self, month: str, path: Path | None) -> None:
        if path is not None:
            self._enter(month, path)

    def _asked(self, month: str | None) -> None:
        if month:
            self._enter(month)

    def _enter(self, month: str, path: Path | None = None) -> None:
        from .standing_entry import StandingEntryScreen

        self.app.push_screen(StandingEntryScreen(month, path), self._told)

    def _told(self, said: str | None) -> None:
        """What the screen above did."""
        if said:
            self.saved(said)
            self._said = said

    def on_screen_suspend(self) -> None:
        """What was done is known by now."""
        super().on_screen_suspend()
        self._said = ""

    def on_screen_resume(self) -> None:
        """The months anew."""
        super().on_screen_resume()
        if self._said:
            self.say(self._said)


class MonthsScreen(PickScreen):
    """Which month; dismissed with it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def heading(self) -> str:
        """The title."""
        return _("红黄牌：{title}").format(title=self._title)

    def question(self) -> str:
        """How to choose."""
        return _("一期从上月 26 日到当月 25 日。按行首的数字选；更早的往下翻。")

    def rows(self) -> list[Row]:
        """The running month and those before, each with its state."""
        states = {row.month: row.state for row in standing.months(self.ws)}
        found = []
        for month in standing_sheet.askable(self.ws):
            state = states.get(month, "missing")
            title = _(standing.STATES[state])
            word, tone = drawing.mark(state)
            found.append(Row(month, drawing.month_words(month), title, word, tone))
        return found


def _row(row: MonthRow, point: Point, most: int) -> Row:
    word, tone = drawing.mark("contested" if row.contested else row.state)
    text = pad(drawing.month_words(row.month), 12)
    if point.cases is not None:
        signs = drawing.bar(point.cases, most, CELLS)
        text = f"{text}{_('发案')} {point.cases:>4} {signs}"
    if row.state != "missing" and not point.is_whole:
        text = f"{text}  {_('数没录全')}"
    cards = [
        f"{words.card(card)} {len(row.cards[card])}" for card in drawing.CARDS if card in row.cards
    ]
    return Row(row.month, text, "  ".join(cards), word, tone)
