"""The doors of a building that want another visit, and when nobody was home before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from fieldkit.domain import walking
from fieldkit.domain.outcomes import BY_CODE
from fieldkit.domain.records import DoorState
from fieldkit.text.i18n import _
from fieldkit.tui import words
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import revisiting, sites, visiting
from fieldkit.work.revisiting import Missed, Revisit

from .doors_layout import arranged, staircases
from .pick import PickScreen

MOST_HOURS = 3
"""So many of the latest knocks in vain are told; a row has no room for more."""


class RevisitsScreen(PickScreen):
    """In the order one walks them; dismissed with the id of the chosen door."""

    NAME: ClassVar[str] = "revisits"
    CSS_PATH = "revisits.tcss"

    def __init__(self, building: str) -> None:
        super().__init__()
        self._code = building

    def heading(self) -> str:
        """The title: which building."""
        return _("待再访：{name}").format(name=sites.find(self.ws, self._code).name)

    def question(self) -> str:
        """What stands in the rows."""
        return _("按走法排。右边是以前没人在家的日子和钟点，换个时候去；回车到这一户。")

    def empty(self) -> str:
        """Every door is settled."""
        return _("这里没有待再访的户。")

    def rows(self) -> list[Row]:
        """The doors in the order one walks them."""
        names = staircases(self.ws, self._code)
        layout = arranged(visiting.matrix(self.ws, self._code).floors, names)
        order = walking.order(layout.stairs, revisiting.walk(self.ws))
        wanted = {one.state.door.id: one for one in revisiting.listing(self.ws, self._code)}
        several = len(layout.stairs) > 1
        return [_row(wanted[door], names if several else {}) for door in order if door in wanted]


def _row(one: Revisit, units: Mapping[str, str]) -> Row:
    door = one.state.door
    unit = units.get(door.parent, "")
    name = f"{unit} {door.name}" if unit else door.name
    text = f"{name}   {_what(one.state)}"
    if one.tried_enough:
        text += "   " + _("可记三访未遇")
    tone = "todo" if one.state.best == "none" else "accent"
    return Row(door.id, text, _when(one.missed), words.outcome_mark(one.state.best), tone)


def _what(state: DoorState) -> str:
    if not state.visits:
        return _("还没走访")
    label = _(BY_CODE[state.best].label)
    return _("{label}，走访 {n} 次").format(label=label, n=state.visits)


def _when(missed: Sequence[Missed]) -> str:
    """The latest knocks in vain, the last one at the end."""
    return _("、").join(_moment(one) for one in missed[-MOST_HOURS:])


def _moment(one: Missed) -> str:
    weekday = _("周一 周二 周三 周四 周五 周六 周日").split()[one.weekday]
    if one.hour is None:
        return weekday
    return _("{weekday}{hour}时").format(weekday=weekday, hour=one.hour)
