"""Where one can go from anywhere: a name and a way for each place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fieldkit.text.i18n import _
from fieldkit.tui import commands
from fieldkit.tui.widgets.line_editor import LineEditor

if TYPE_CHECKING:
    from fieldkit.domain.records import Site

    from .base import FieldScreen

Go = Callable[["FieldScreen"], None]


def places() -> dict[str, tuple[str, Go]]:
    """Every place by a fixed name: its title, and what opens it over a screen."""
    return {
        "home": (_("今日：首页"), _home),
        "new": (_("新的检查"), _new),
        "findings": (_("整改"), _findings),
        "sites": (_("单位底册"), _sites),
        "buildings": (_("楼栋与入户"), _doors),
        "office": (_("办公室：收件、冲突、设备"), _office),
        "obligations": (_("周期任务"), _obligations),
        "referrals": (_("移交单"), _referrals),
        "dashboard": (_("看板"), _dashboard),
        "standings": (_("红黄牌：录数、排名、通报"), _standings),
        "documents": (_("文件：通报、通知、统计表"), _documents),
        "send": (_("上报"), _send),
    }


def site(screen: FieldScreen, code: str) -> None:
    """One place of the register."""
    from .site import SiteScreen

    screen.app.push_screen(SiteScreen(code))


def labelled(screen: FieldScreen, place: Site) -> None:
    """The place of a scanned label: the doors of a building, else its own screen."""
    if place.kind == "building" and not place.removed:
        from .doors import DoorsScreen

        screen.app.push_screen(DoorsScreen(place.code))
    else:
        site(screen, place.code)


def _home(screen: FieldScreen) -> None:
    """Everything above the first screen is left the way F2 leaves it, as far as that goes.

    A screen that objects says why; a line that F2 would throw away is not thrown away.
    """
    from .base import FieldScreen
    from .home import HomeScreen

    app = screen.app

    def leave() -> None:
        top = app.screen
        if not isinstance(top, FieldScreen) or isinstance(top, HomeScreen):
            return
        command = commands.find(top.NAME, top.mode, "f2")
        if command is None:
            return
        if command.id != "back" and any(line.value for line in top.query(LineEditor)):
            top.say(_("这一行还没存：按回车存下，或按 F2 不要它。"), "accent")
            return
        before = (top, top.mode)
        top.press(command, "f2")
        if (app.screen, getattr(app.screen, "mode", "")) != before:
            app.call_after_refresh(leave)

    leave()


def _new(screen: FieldScreen) -> None:
    from .beginning import begin

    begin(screen)


def _findings(screen: FieldScreen) -> None:
    from .findings import FindingsScreen

    screen.app.push_screen(FindingsScreen())


def _sites(screen: FieldScreen) -> None:
    from .sites import SitesScreen

    screen.app.push_screen(SitesScreen())


def _doors(screen: FieldScreen) -> None:
    from .buildings import BuildingsScreen

    screen.app.push_screen(BuildingsScreen())


def _office(screen: FieldScreen) -> None:
    from fieldkit.work import offices

    from .office import OfficeScreen

    # Refused in words where there is no office.
    offices.load(screen.ws)
    screen.app.push_screen(OfficeScreen())


def _obligations(screen: FieldScreen) -> None:
    from .obligations import ObligationsScreen

    screen.app.push_screen(ObligationsScreen())


def _referrals(screen: FieldScreen) -> None:
    from .referrals import ReferralsScreen

    screen.app.push_screen(ReferralsScreen())


def _dashboard(screen: FieldScreen) -> None:
    from .dashboard import DashboardScreen

    screen.app.push_screen(DashboardScreen())


def _standings(screen: FieldScreen) -> None:
    from .standings import StandingsScreen

    screen.app.push_screen(StandingsScreen())


def _documents(screen: FieldScreen) -> None:
    from .documents import DocumentsScreen

    screen.app.push_screen(DocumentsScreen())


def _send(screen: FieldScreen) -> None:
    from .send import SendScreen

    screen.app.push_screen(SendScreen())
