"""Beginning an inspection and going back to one, from whatever screen somebody stands on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldkit.domain.records import Site
from fieldkit.work import carrying, checklists, gates, inspecting, sites

from .base import FieldScreen
from .blind import BlindScreen
from .choose import BLIND, ChecklistScreen, ModeScreen, SiteScreen

Back = Callable[[FieldScreen], None]


def begin(screen: FieldScreen) -> None:
    """Site, checklist, way of going about it, first question."""
    screen.app.push_screen(SiteScreen(), lambda code: _there(screen, code))


def begin_at(screen: FieldScreen, code: str, back: Back | None = None) -> None:
    """The same where the site is known; ``back`` is where leaving the checklists leads."""

    def choose() -> None:
        site = sites.find(screen.ws, code)
        screen.app.push_screen(
            ChecklistScreen(site), lambda found: _with(screen, site, found, back)
        )

    screen.attempt(choose)


def go_on(screen: FieldScreen, inspection: Any) -> None:
    """Into an inspection where it was left; first a word where its list has a newer version."""
    if inspection:
        screen.attempt(lambda: _go_on(screen, str(inspection)))


def look(screen: FieldScreen, inspection: Any) -> None:
    """To what a finished inspection came to."""
    if inspection:
        screen.attempt(lambda: _look(screen, str(inspection)))


def _there(screen: FieldScreen, code: Any) -> None:
    if code:
        begin_at(screen, str(code), begin)


def _with(screen: FieldScreen, site: Site, checklist: Any, back: Back | None) -> None:
    if checklist:
        screen.attempt(lambda: _how(screen, site, str(checklist), back))
    elif back is not None:
        back(screen)


def _how(screen: FieldScreen, site: Site, checklist: str, back: Back | None) -> None:
    title = checklists.find(screen.ws, checklist).title

    def answered(mode: Any) -> None:
        if not mode:
            begin_at(screen, site.code, back)
        elif mode == BLIND:
            screen.app.push_screen(BlindScreen(site, checklist, title), paired)
        else:
            screen.attempt(lambda: _start(screen, site, checklist, str(mode)))

    def paired(inspection: Any) -> None:
        if inspection:
            go_on(screen, inspection)
        else:
            screen.attempt(lambda: _how(screen, site, checklist, back))

    screen.app.push_screen(ModeScreen(site, title), answered)


def _start(screen: FieldScreen, site: Site, checklist: str, mode: str) -> None:
    sheet = inspecting.start(screen.ws, checklist, site.code, mode)
    _go_on(screen, sheet.inspection.id)


def _go_on(screen: FieldScreen, ref: str) -> None:
    sheet = inspecting.sheet(screen.ws, ref)
    gates.refuse_hidden(screen.ws, sheet.inspection)
    if sheet.inspection.state == "open" and carrying.newer(screen.ws, sheet.inspection):
        from .version import VersionScreen

        screen.app.push_screen(VersionScreen(sheet.inspection))
        return
    from .inspect import InspectScreen

    screen.app.push_screen(InspectScreen(sheet))


def _look(screen: FieldScreen, ref: str) -> None:
    from .result import ResultScreen

    sheet = inspecting.sheet(screen.ws, ref)
    gates.refuse_hidden(screen.ws, sheet.inspection)
    screen.app.push_screen(ResultScreen(sheet))
