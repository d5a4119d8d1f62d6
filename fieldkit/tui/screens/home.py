"""The first screen: what to go on with, what to begin, what there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _, language
from fieldkit.tui.widgets.pick_list import PickList, Row
from fieldkit.work import bookmarks, today

from . import pick
from .base import FieldScreen
from .inspect_mark import LAST
from .pick import Caption, PickScreen

if TYPE_CHECKING:
    from fieldkit.domain.sheet import Sheet
    from fieldkit.work.today import Today

NAMELESS = N_("未命名设备")
"""What a device is called until somebody gives it a name."""


class HomeScreen(PickScreen):
    """Numbered choices with their counts."""

    NAME: ClassVar[str] = "home"
    CSS_PATH = "home.tcss"
    SPACING = 2

    _unsent = ""
    _now: Today | None = None
    """What was counted; nothing before the first frame is on the terminal."""

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
        name = self.ws.device.name
        return _("{year}年{month}月{day}日  {week}    本机：{name}").format(
            year=day.year,
            month=day.month,
            day=day.day,
            week=week,
            name=_(name) if name == NAMELESS else name,
        )

    def rows(self) -> list[Row]:
        """What can be done, the unfinished thing first."""
        now = self._now
        asides = _asides(now) if now else {}
        late = "fail" if now and now.overdue else ""
        missed = "fail" if now and now.late else ""
        rows = [
            Row("new", _("新的检查"), asides.get("new", ""), tone=missed),
            Row("findings", _("整改"), asides.get("findings", ""), tone=late),
            Row("unfinished", _("未完成的检查"), asides.get("unfinished", "")),
            Row("doors", _("楼栋与入户"), asides.get("doors", "")),
            Row("sites", _("单位底册"), asides.get("sites", "")),
            Row(
                "finished",
                _("已完成的检查"),
                asides.get("finished", ""),
                tone="fail" if now and now.returned else "",
            ),
            Row("send", _("上报"), self._unsent),
        ]
        if today.is_office(self.ws):
            rows.append(Row("office", _("办公室：收件、冲突、设备")))
        return [*(self._continue() if now else self._perhaps()), *rows]

    def on_mount(self) -> None:
        """The choices first: what is counted comes once they are on the terminal."""
        # Nothing smaller than a timer waits until the frame has left the process.
        self.set_timer(pick.COUNT_AFTER, self._begin_counting)

    def _begin_counting(self) -> None:
        if self._now is None:
            self._now = today.today(self.ws)
            super().reload()
            self.call_after_refresh(self._count_unsent)

    def reload(self) -> None:
        """As the base does, with the counts of this moment."""
        if self._now is not None:
            self._now = today.today(self.ws)
            self.call_after_refresh(self._count_unsent)
        super().reload()

    def _perhaps(self) -> list[Row]:
        """Where going on will stand, so that no number changes under the finger."""
        last = bookmarks.recall(self.ws, LAST)
        ref = today.going_on(self.ws, last if isinstance(last, str) else "")
        return [Row(f"go:{ref}", _("继续"), "")] if ref else []

    def _count_unsent(self) -> None:
        self.attempt(self._read_unsent)

    def _read_unsent(self) -> None:
        standing = today.unsent(self.ws)
        n = standing.pending_events
        self._unsent = _("{n} 条没上报").format(n=n) if n else _("都已上报")
        if n and standing.oldest_pending:
            since = _("最早 {day}").format(day=standing.oldest_pending[5:10])
            self._unsent = f"{self._unsent}  {since}"
        super().reload()

    def _continue(self) -> list[Row]:
        """The inspection worked on last, else the newest unfinished one."""
        row = self._last() or self._newest()
        if row is None:
            return []
        from fieldkit.domain.translating import list_title
        from fieldkit.work import sites

        covert = row.inspection.mode == "covert"
        title = _("走访记录") if covert else list_title(row.checklist, language())
        text = _("继续：{site}  {title}").format(
            site=sites.full_name(self.ws, row.site), title=title
        )
        done, every = row.progress
        aside = _("已答 {done}/{all}").format(done=done, all=every)
        return [Row(f"go:{row.inspection.id}", text, aside)]

    def _last(self) -> Sheet | None:
        last = bookmarks.recall(self.ws, LAST)
        return self._unfinished(last) if isinstance(last, str) and last else None

    def _newest(self) -> Sheet | None:
        newest = today.newest_open(self.ws)
        return self._unfinished(newest) if newest else None

    def _unfinished(self, ref: str) -> Sheet | None:
        from fieldkit.work import gates, inspecting

        try:
            sheet = inspecting.sheet(self.ws, ref)
        except Problem:
            # Its list has not arrived, or it was in another home.
            return None
        open_here = sheet.inspection.state == "open" and not gates.hidden(self.ws, sheet.inspection)
        return sheet if open_here else None

    def chosen(self, row: Row) -> None:
        """Open what was chosen."""
        from . import beginning

        match row.key:
            case "new":
                beginning.begin(self)
            case "unfinished":
                self._choose("open", beginning.go_on)
            case "finished":
                self._choose("finished", beginning.look)
            case "findings":
                from .findings import FindingsScreen

                self.app.push_screen(FindingsScreen())
            case "sites":
                from .sites import SitesScreen

                self.app.push_screen(SitesScreen())
            case "send":
                from .send import SendScreen

                self.app.push_screen(SendScreen())
            case "doors":
                from .buildings import BuildingsScreen

                self.app.push_screen(BuildingsScreen())
            case "office":
                from .office import OfficeScreen

                self.app.push_screen(OfficeScreen())
            case key:
                beginning.go_on(self, key.removeprefix("go:"))

    def _choose(self, state: str, then: Callable[[FieldScreen, Any], None]) -> None:
        """One of the inspections in a state."""
        from .choose import InspectionsScreen

        self.app.push_screen(InspectionsScreen(state), lambda found: then(self, found))

    def theme(self, _key: str) -> None:
        """The next one, remembered."""
        self.say(_("主题：{name}").format(name=self.field.switch_theme()))


def _asides(now: Today) -> dict[str, str]:
    """What stands beside each choice."""
    return {
        "new": _assigned(now),
        "findings": _due(now),
        "unfinished": _("{n} 份").format(n=now.open),
        "doors": _("{n} 栋").format(n=now.buildings),
        "sites": _("{n} 个").format(n=now.sites),
        "finished": _finished(now),
    }


def _finished(now: Today) -> str:
    """How many are finished, those that were sent back first."""
    back = _("退回 {n}").format(n=now.returned) if now.returned else ""
    return "  ".join(part for part in (back, _("{n} 份").format(n=now.finished)) if part)


def _assigned(now: Today) -> str:
    """How many inspections were assigned, the late ones first; nothing where none were."""
    parts = [
        _("逾期 {n}").format(n=now.late) if now.late else "",
        _("交办 {n} 件").format(n=now.assigned) if now.assigned else "",
    ]
    return "  ".join(part for part in parts if part)


def _due(now: Today) -> str:
    """How many findings are to be settled, the late ones first, in words."""
    parts = [
        _("逾期 {n}").format(n=now.overdue) if now.overdue else "",
        _("今天到期 {n}").format(n=now.due) if now.due else "",
        _("共 {n} 个").format(n=now.findings),
    ]
    return "  ".join(part for part in parts if part)
