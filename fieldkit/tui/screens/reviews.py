"""Texts of other devices that the privacy guard held back: shown, hidden, or let through."""

from __future__ import annotations

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import reviewing

from . import pick
from .pick import PickScreen


class ReviewsScreen(PickScreen):
    """What waits for somebody to look."""

    _read_them = False

    def on_mount(self) -> None:
        """All notes are read for it; the screen stands there before."""
        self.set_timer(pick.COUNT_AFTER, self._look)

    def _look(self) -> None:
        self._read_them = True
        self.reload()

    def heading(self) -> str:
        """The title."""
        return _("待审文字")

    def question(self) -> str:
        """Why they are here."""
        return _("别的设备带来、疑似含个人信息的备注；审过才显示或隐去。")

    def empty(self) -> str:
        """Nothing waits, as far as is known."""
        return _("没有待审的文字。") if self._read_them else _("正在查看……")

    def rows(self) -> list[Row]:
        """Where, and what for; the text itself only when it is opened."""
        if not self._read_them:
            return []
        return [
            Row(one.ref, f"{shown(one.place)}  {'、'.join(one.why)}", one.at[:10], _("审"), "todo")
            for one in reviewing.waiting(self.ws)
        ]

    def chosen(self, row: Row) -> None:
        """The text, and what to do with it."""
        self.app.push_screen(ReviewScreen(row.key))


class ReviewScreen(PickScreen):
    """One text; a digit decides."""

    SPACING = 2

    def __init__(self, ref: str) -> None:
        super().__init__()
        self._ref = ref

    def _one(self) -> reviewing.Waiting | None:
        found = reviewing.waiting(self.ws)
        return next((one for one in found if one.ref == self._ref), None)

    def heading(self) -> str:
        """Where it stands."""
        one = self._one()
        return _("待审  {place}").format(place=shown(one.place) if one else "")

    def question(self) -> str:
        """The text."""
        one = self._one()
        return shown(one.text) if one else ""

    def rows(self) -> list[Row]:
        """Both decisions."""
        return [Row(verdict, _(words)) for verdict, words in reviewing.VERDICTS.items()]

    def chosen(self, row: Row) -> None:
        """Decide, as an event."""
        if self.attempt(lambda: self._decide(row.key)):
            self.dismiss(row.key)

    def _decide(self, verdict: str) -> None:
        reviewing.decide(self.ws, self._ref, verdict)
