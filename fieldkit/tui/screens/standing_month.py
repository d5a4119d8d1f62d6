"""One month of the standing: places, cards, what is to be decided and done, the town's trend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.tui import standing_drawing as drawing
from fieldkit.tui import standing_filling as filling
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import standing, standing_publish, standing_sheet
from fieldkit.work.standing import Doubt, MonthView
from fieldkit.work.standing_sheet import Sheet

from . import standing_deciding
from .pick import Caption
from .reading import PagedScreen
from .standing_confirm import StandingConfirmScreen
from .standing_deciding import Told

TREND = 12
"""Months in the bars."""


class StandingMonthScreen(PagedScreen):
    """A page and what can be done with the month; dismissed with nothing."""

    NAME: ClassVar[str] = "standing_month"
    CSS_PATH = "standing_month.tcss"

    def __init__(self, month: str) -> None:
        super().__init__()
        self._month = month
        self._sheet: Sheet | None = None
        self._view: MonthView | None = None
        self._doubts: tuple[Doubt, ...] = ()
        self._decided = Told()
        self._months: list[str] = []
        self._starts: list[int] = []
        """The lines at which something new begins."""
        self._said = ""
        """What was done on the screen above; it may be told before this one is on top again."""

    def body(self) -> ComposeResult:
        """A line about the window, the page."""
        yield Caption(id="question")
        yield Page()

    def on_mount(self) -> None:
        """The month as it stands."""
        self._show()

    def on_screen_suspend(self) -> None:
        """What was done here is known by now."""
        self._said = ""

    def on_screen_resume(self) -> None:
        """Its figures may have been changed on the screen above."""
        if self._sheet is not None:
            self._show()
            if self._said:
                self.say(self._said)

    def on_resize(self) -> None:
        """A wide screen has room for more."""
        if self._sheet is not None:
            self._paint()

    # What is known

    def _show(self) -> None:
        self.say("")
        if self.attempt(self._read):
            self._paint()
            self._tell()
        self.offer()

    def _read(self) -> None:
        self._sheet = known = standing_sheet.sheet(self.ws, self._month)
        self._months = [row.month for row in standing.months(self.ws)]
        self._view = None
        figures = () if known.carried else known.figures
        decided = self._decided.decisions(self.ws, self._month)
        frozen = known.state in ("published", "corrected")
        self._doubts = () if frozen else standing_sheet.doubts(known.reading, figures, decided)
        if not any(doubt.blocks for doubt in self._doubts):
            self._view = standing.month(self.ws, self._month, None, decided)
            self._doubts = self._view.doubts

    def _tell(self) -> None:
        """What is to be decided or mended first."""
        waiting = [doubt.sentence for doubt in self._doubts]
        if standing_deciding.open_(self._doubts):
            waits = _("待定：{text}").format(text=waiting[0])
            self.say(filling.joined(waits, _("按回车定。")), "accent")
        elif waiting:
            self.say(filling.joined(waiting[0], _("按 F4 补。")), "fail")
        elif self._view is not None and self._view.contested:
            self.say(_("几台设备录的数不一样，以最晚的为准；按 F4 核对，再存一次就理顺。"), "fail")
        else:
            self.tell_more()

    # Drawing

    @property
    def _room(self) -> int:
        return max(self.size.width - 6, 40)

    def _paint(self) -> None:
        known = self._sheet
        assert known is not None
        title = _("红黄牌：{month}").format(month=drawing.month_words(self._month))
        self.title_bar.tell(title, _(standing.STATES[known.state]))
        view = self._view
        self.query_one("#question", Caption).tell(_window(view) if view else "")
        blocks = self._ranked(view) if view else self._unranked(known)
        points = standing_sheet.points(self.ws, self._month, TREND)
        blocks.append([*drawing.trend(points, self._room), ()])
        blocks += self._further(view) if view else []
        lines: list[Line] = []
        self._starts = []
        for block in filter(None, blocks):
            self._starts.append(len(lines))
            lines += block
        self.query_one(Page).show(lines)
        self.call_after_refresh(self.offer)

    def _ranked(self, view: MonthView) -> list[list[Line]]:
        before = standing_sheet.places_before(self.ws, self._month)
        room = self._room
        return [
            [*drawing.ranking(view, before, room), ()],
            drawing.told(_("待定"), [it.sentence for it in self._doubts], room, "accent"),
            drawing.told(_("要办的事"), view.todos, room),
        ]

    def _unranked(self, known: Sheet) -> list[list[Line]]:
        told = [
            filling.joined(it.sentence, "" if it.choices else filling.mend(it))
            for it in self._doubts
        ]
        head = _("还不能排名") if not known.carried else _("这一期还没有数")
        return [drawing.told(head, told, self._room, "fail")]

    def _further(self, view: MonthView) -> list[list[Line]]:
        room = self._room
        delisted = [
            _("{day} {name} 凭{number}摘牌：{reason}").format(
                day=it.day, name=it.name, number=it.number, reason=it.reason
            )
            for it in view.delisted
        ]
        streaks = [f"{it.name}：{it.note}" for it in view.lines if it.note]
        digest = _("数据指纹 {digest}").format(digest=view.digest)
        return [
            drawing.told(_("说明"), view.notes, room),
            drawing.told(_("挂牌与连续"), [*streaks, *delisted], room),
            drawing.told(_("口径"), view.basis, room),
            drawing.details(view, room),
            [(), [(digest, "dim")]] if view.digest else [],
        ]

    # Reasons

    def why_not_publish(self) -> str:
        """A published month is changed by correcting."""
        state = self._sheet.state if self._sheet else "missing"
        if state in ("published", "corrected"):
            return _("已经通报；要改按 F4，走更正。")
        if state == "late":
            return _("后面的期次已经通报，这一期只能补录：按 F4。")
        return _("这一期还没有数，按 F4 录入。") if state == "missing" else ""

    def why_not_decide(self) -> str:
        """The reason when nothing waits for the office."""
        waiting = standing_deciding.open_(self._doubts)
        return "" if waiting else _("没有要办公室决定的事。")

    def why_no_view(self) -> str:
        """The reason while it cannot be ranked."""
        return "" if self._view else _("数没录全或还有待定的，排不了名。")

    def why_not_delist(self) -> str:
        """The reason when no unit is listed."""
        listed = self._view and any(line.listing for line in self._view.lines)
        return "" if listed else _("没有挂牌整治中的单位。")

    def why_one_month(self) -> str:
        """The reason when there is no other month."""
        return "" if len(self._months) > 1 else _("只录过这一期。")

    def why_one_page(self) -> str:
        """The reason when everything is in sight."""
        page = self.query_one(Page)
        return "" if page.top or page.has_more else _("只有这一页。")

    # Doing

    def section(self, _key: str) -> None:
        """What begins next on the page; after the last of it the places again."""
        page = self.query_one(Page)
        after = [start for start in self._starts if start > page.top]
        page.move((after[0] if after and page.has_more else 0) - page.top)

    def earlier(self, _key: str) -> None:
        """The month before."""
        self._turn(-1)

    def later(self, _key: str) -> None:
        """The month after."""
        self._turn(1)

    def _turn(self, by: int) -> None:
        month = standing_sheet.neighbour(self._month, by)
        if month not in self._months:
            self.say(_("没有更早的了。") if by < 0 else _("没有更晚的了。"), "accent")
            return
        self._month, self._decided = month, Told()
        self._show()

    def edit(self, _key: str) -> None:
        """Its figures."""
        from .standing_entry import StandingEntryScreen

        self.app.push_screen(StandingEntryScreen(self._month), self._edited)

    def _edited(self, said: str | None) -> None:
        if said:
            self._decided = Told()
            self._done(said)

    def _done(self, said: str) -> None:
        """Show what it has become, and say what was done."""
        self._show()
        self.saved(said)
        self._said = said

    def decide(self, _key: str) -> None:
        """What only the office can decide, one after the other."""
        self._ask(self._show)

    def _ask(self, then: standing_deciding.Then) -> None:
        assert self._sheet is not None
        names = {one.unit: one.name for one in self._sheet.figures}
        standing_deciding.ask(self, self._open_doubts, names, self._decided, then)

    def _open_doubts(self) -> Sequence[Doubt]:
        self._read()
        return self._doubts

    def publish(self, _key: str) -> None:
        """Refused at once where no decision would help; then what is open, then once more read."""
        standing_publish.ready(self.ws, self._month)
        self._ask(self._confirm)

    def _confirm(self) -> None:
        self._show()
        view = self._view
        if view is None:
            return
        month = drawing.month_words(self._month)
        cards = [f"{card}：{names}" for card, names in drawing.carded(view)]
        told = [
            view.notes[0],
            "",
            *(cards or [_("本期没有亮牌的单位。")]),
            "",
            *self._decided.lines(),
            _("通报后数、口径、牌别都冻结，只能走更正；原通报一直保留。"),
        ]

        def act(reason: str) -> str:
            decided = self._decided.decisions(self.ws, self._month)
            standing.publish(self.ws, self._month, None, decided, reason)
            return _("{month}已通报").format(month=month)

        title = _("通报：{month}").format(month=month)
        screen = StandingConfirmScreen(title, told, act, reason=self._decided.any)
        self.app.push_screen(screen, self._published)

    def _published(self, said: str | None) -> None:
        if said:
            self._done(said)

    def document(self, _key: str) -> None:
        """Write the circular beside the other documents of this home."""
        from fieldkit.papers import writing
        from fieldkit.papers.catalogue import Options

        path = writing.write_among(self.ws, "standing", Options(month=self._month), ".docx")
        self.say(_("文书已存：{path}").format(path=shown(str(path))), "pass")

    def delist(self, _key: str) -> None:
        """Which unit, by which document."""
        from .standing_delist import DelistScreen

        view = self._view
        if view is None:
            return
        listed = {line.unit: line.name for line in view.lines if line.listing}
        self.app.push_screen(DelistScreen(listed), self._delisted)

    def _delisted(self, name: str | None) -> None:
        if name:
            self._done(_("{name}：摘牌已记下").format(name=shown(name)))


def _window(view: MonthView) -> str:
    """Which days count, and whether all of them are over."""
    span = _("{first} 至 {last}（{days} 天）").format(
        first=view.first, last=view.last, days=view.days
    )
    return span if view.ended else span + _("，还没有结束，只能预览")
