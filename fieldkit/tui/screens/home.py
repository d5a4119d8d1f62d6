"""The first screen: what to go on with, what to begin, what there is."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult

from fieldkit.text.i18n import _
from fieldkit.tui.widgets.pick_list import PickList, Row
from fieldkit.work import bookmarks, carrying, checklists, inspecting, sites

from .choose import (
    ChecklistScreen,
    InspectionsScreen,
    ModeScreen,
    SiteScreen,
)
from .pick import Caption, PickScreen

LAST = "inspection"
"""Bookmark: the inspection worked on last."""


def item_mark(inspection: str) -> str:
    """Bookmark: the item at which an inspection was left."""
    return f"item:{inspection}"


class HomeScreen(PickScreen):
    """Numbered choices with their counts."""

    NAME: ClassVar[str] = "home"
    CSS_PATH = "home.tcss"
    SPACING = 2

    def body(self) -> ComposeResult:
        """A date, the choices."""
        yield Caption(self.question(), id="question")
        yield PickList(spacing=2)

    def heading(self) -> str:
        """The title."""
        return _("现场检查与入户走访")

    def question(self) -> str:
        """Today and the device."""
        day = self.ws.today()
        week = _("星期一 星期二 星期三 星期四 星期五 星期六 星期日").split()[day.weekday()]
        return _("{year}年{month}月{day}日  {week}    本机：{name}").format(
            year=day.year, month=day.month, day=day.day, week=week, name=self.ws.device.name
        )

    def rows(self) -> list[Row]:
        """What can be done, the unfinished thing first."""
        listing = inspecting.listing(self.ws)
        unfinished = [row for row in listing if row.inspection.state == "open"]
        finished = len(listing) - len(unfinished)
        buildings = sum(not s.removed for s in sites.listing(self.ws, kinds=["building"]))
        rows = [
            Row("new", _("新的检查"), ""),
            Row("unfinished", _("未完成的检查"), _("{n} 份").format(n=len(unfinished))),
            Row("doors", _("楼栋与入户"), _("{n} 栋").format(n=buildings)),
            Row("finished", _("已完成的检查"), _("{n} 份").format(n=finished)),
        ]
        return [*self._continue(unfinished), *rows]

    def _continue(self, unfinished: list[inspecting.InspectionRow]) -> list[Row]:
        """The inspection worked on last, else the newest unfinished one."""
        last = bookmarks.recall(self.ws, LAST)
        known = [row for row in unfinished if row.inspection.id == last] or unfinished
        if not known:
            return []
        row = known[0]
        title = _("走访记录") if row.inspection.mode == "covert" else row.checklist.title
        text = _("继续：{site}  {title}").format(
            site=sites.full_name(self.ws, row.site), title=title
        )
        aside = _("已答 {done}/{all}").format(done=row.answered, all=row.total)
        return [Row(f"go:{row.inspection.id}", text, aside)]

    def chosen(self, row: Row) -> None:
        """Open what was chosen."""
        match row.key:
            case "new":
                self.app.push_screen(SiteScreen(), self._site_chosen)
            case "unfinished":
                self.app.push_screen(InspectionsScreen("open"), self._go_on)
            case "finished":
                self.app.push_screen(InspectionsScreen("finished"), self._look)
            case "doors":
                from .buildings import BuildingsScreen

                self.app.push_screen(BuildingsScreen())
            case key:
                self._go_on(key.removeprefix("go:"))

    def theme(self, _key: str) -> None:
        """Dark or light, remembered."""
        self.field.switch_theme()

    def _site_chosen(self, code: Any) -> None:
        if code:
            site = sites.find(self.ws, code)
            screen = ChecklistScreen(site)
            self.app.push_screen(screen, lambda found: self._checklist_chosen(code, found))

    def _checklist_chosen(self, code: str, checklist: Any) -> None:
        if not checklist:
            self.app.push_screen(SiteScreen(), self._site_chosen)
            return
        title = checklists.find(self.ws, checklist).title
        screen = ModeScreen(sites.find(self.ws, code), title)
        self.app.push_screen(screen, lambda mode: self._mode_chosen(code, checklist, mode))

    def _mode_chosen(self, code: str, checklist: str, mode: Any) -> None:
        if not mode:
            self._site_chosen(code)
            return
        self.attempt(lambda: self._begin(code, checklist, mode))

    def _begin(self, code: str, checklist: str, mode: str) -> None:
        sheet = inspecting.start(self.ws, checklist, code, mode)
        self._go_on(sheet.inspection.id)

    def _go_on(self, inspection: Any) -> None:
        if not inspection:
            return
        sheet = inspecting.sheet(self.ws, inspection)
        if sheet.inspection.state == "open" and carrying.newer(self.ws, sheet.inspection):
            from .version import VersionScreen

            self.app.push_screen(VersionScreen(sheet.inspection))
            return
        from .inspect import InspectScreen

        self.app.push_screen(InspectScreen(sheet))

    def _look(self, inspection: Any) -> None:
        if inspection:
            from .result import ResultScreen

            self.app.push_screen(ResultScreen(inspecting.sheet(self.ws, inspection)))
