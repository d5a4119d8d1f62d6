"""What an inspector wants now and then: taking back, finding an item, reasons, particulars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.tui import asking, explaining
from fieldkit.tui.widgets.painted import Line

if TYPE_CHECKING:
    from fieldkit.work.undoing import Step

    from .inspect import InspectScreen


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the menu: what it says, why it cannot be done now, what it does."""

    text: str
    reason: str
    act: Callable[[], None]


def entries(screen: InspectScreen) -> list[Entry]:
    """The rows as they stand now."""
    rows = [_undo(screen), _redo(screen)]
    if screen.item.type == "sample":
        rows.append(Entry(_("抽号：看第几个"), "", screen.ask_draw))
    rows += [
        Entry(_("找题：按题号或几个字"), "", lambda: _find(screen)),
        Entry(_("得分和原因"), _no_score(screen), lambda: _read_score(screen)),
        Entry(_("跳过的题和原因"), _none_skipped(screen), lambda: _read_skipped(screen)),
        Entry(_("检查人、时间、单位意见"), "", lambda: _particulars(screen)),
        Entry(_("各题用时（只在本机）"), "", lambda: _read_pace(screen)),
    ]
    if screen.covert:
        rows.append(Entry(_("亮明身份，转为明察"), "", lambda: _turn_open(screen)))
    return rows


def _undo(screen: InspectScreen) -> Entry:
    from fieldkit.work import undoing

    step = undoing.undoable(screen.ws, screen.ref)
    text = _("撤销：{step}").format(step=_said(screen, step)) if step else _("撤销")
    return Entry(text, "" if step else _("没有可撤销的。"), lambda: _turn(screen, back=True))


def _redo(screen: InspectScreen) -> Entry:
    from fieldkit.work import undoing

    step = undoing.redoable(screen.ws, screen.ref)
    text = _("重做：{step}").format(step=_said(screen, step)) if step else _("重做")
    return Entry(text, "" if step else _("没有可重做的。"), lambda: _turn(screen, back=False))


def _said(screen: InspectScreen, step: Step) -> str:
    """Which item, from what to what; where only the note or a file changes, that."""
    item = screen.sheet.by_id.get(step.item)
    said = (lambda value: asking.said(item, value)) if item else str
    if step.was.value == step.becomes.value:
        note = step.was.note != step.becomes.note
        return (_("{item} 的备注") if note else _("{item} 的佐证")).format(item=step.item)
    return _("{item} 从“{was}”改回“{becomes}”").format(
        item=step.item, was=said(step.was.value), becomes=said(step.becomes.value)
    )


def _turn(screen: InspectScreen, *, back: bool) -> None:
    from fieldkit.work import undoing

    def act() -> None:
        sheet, step = (undoing.undo if back else undoing.redo)(screen.ws, screen.ref)
        words = _("已撤销：{step}") if back else _("已重做：{step}")
        said = words.format(step=_said(screen, step))
        screen.changed(sheet, said)
        screen.go_to(step.item)
        screen.saved(said)

    screen.attempt(act)


def _find(screen: InspectScreen) -> None:
    from .find_item import FindItemScreen

    screen.app.push_screen(FindItemScreen(screen.sheet), lambda item: screen.go_to(item or ""))


def _no_score(screen: InspectScreen) -> str:
    return _("登记表不计分。") if screen.sheet.checklist.kind == "record" else ""


def _read(screen: InspectScreen, title: str, lines: list[Line]) -> None:
    from .reading import ReadingScreen

    screen.app.push_screen(ReadingScreen(title, lines))


def _read_score(screen: InspectScreen) -> None:
    _read(screen, _("得分和原因"), explaining.score(screen.sheet))


def _none_skipped(screen: InspectScreen) -> str:
    return "" if asking.any_skipped(screen.sheet) else _("没有跳过的题。")


def _read_skipped(screen: InspectScreen) -> None:
    _read(screen, _("跳过的题和原因"), explaining.skipped(screen.sheet))


def _read_pace(screen: InspectScreen) -> None:
    from fieldkit.work import pace

    screen.keep_pace()
    spent = pace.of(screen.ws, screen.ref)
    _read(screen, _("各题用时"), explaining.pace(screen.sheet, spent))


def _particulars(screen: InspectScreen) -> None:
    from .particulars import ParticularsScreen

    screen.app.push_screen(ParticularsScreen(screen.sheet))


def _turn_open(screen: InspectScreen) -> None:
    from fieldkit.work import turning

    from .inspect import InspectScreen

    try:
        sheet = turning.turn_open(screen.ws, screen.ref)
    except Problem as problem:
        screen.say(problem.sentence(), "fail")
        return
    screen.app.switch_screen(InspectScreen(sheet))
