"""The merges of this office, each of which can be taken back and in again."""

from __future__ import annotations

from typing import ClassVar

from fieldkit.store.merges import MergeState
from fieldkit.text.i18n import _
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import unmerging

from .pick import PickScreen


class TurnScreen(PickScreen):
    """Whether to take one merge back, or in again; dismissed with ``turn`` if so."""

    SPACING = 2

    def __init__(self, merge: MergeState) -> None:
        super().__init__()
        self._merge = merge

    def heading(self) -> str:
        """Which merge."""
        return _("合并 {id}").format(id=self._merge.id[:8])

    def question(self) -> str:
        """What it means."""
        if self._merge.undone:
            return _("恢复后，它带来的记录重新计入。")
        return _("撤回后，只有它单独带来的记录不再计入；都还在，随时可恢复。")

    def rows(self) -> list[Row]:
        """Do it, or not."""
        word = _("恢复这次合并") if self._merge.undone else _("撤回这次合并")
        return [Row("turn", word), Row("", _("不动"))]


class MergesScreen(PickScreen):
    """The latest first."""

    NAME: ClassVar[str] = "pick"

    def heading(self) -> str:
        """The title."""
        return _("历次合并")

    def question(self) -> str:
        """What can be done."""
        return _("选一次合并，可以撤回或恢复；别的合并不受影响。")

    def empty(self) -> str:
        """None yet."""
        return _("还没有合并过。")

    def rows(self) -> list[Row]:
        """When, how much, and whether it is in force."""
        return [_row(one) for one in unmerging.listing(self.ws)]

    def chosen(self, row: Row) -> None:
        """Ask first."""
        merge = unmerging.find(self.ws, row.key)
        self.app.push_screen(TurnScreen(merge), lambda told: self._turn(merge, told))

    def _turn(self, merge: MergeState, told: object) -> None:
        if told != "turn":
            return
        turn = unmerging.redo if merge.undone else unmerging.undo

        def do() -> None:
            done = turn(self.ws, merge.id)
            word = (
                _("已撤回，{n} 条记录不再计入")
                if done.merge.undone
                else _("已恢复，{n} 条记录重新计入")
            )
            self.reload()
            self.saved(word.format(n=done.events))

        self.attempt(do)


def _row(one: MergeState) -> Row:
    told = _("{n} 个数据包，{events} 条记录").format(n=one.bundles, events=one.events)
    state = _("已撤回") if one.undone else _("生效")
    mark, tone = (_("撤"), "todo") if one.undone else (_("合"), "pass")
    return Row(one.id, f"{one.at[:16].replace('T', ' ')}  {told}", state, mark, tone)
