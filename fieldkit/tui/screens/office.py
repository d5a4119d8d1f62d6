"""The office's desk: what came, what is disputed, who has submitted what."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cut, pad
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import offices, reviewing, settling, unmerging
from fieldkit.work.offices import DeviceStatus
from fieldkit.work.settling import Disputed

from . import pick
from .pick import PickScreen

SILENT = 7
"""So many days without a word are worth a call."""
NAME = 14


class OfficeScreen(PickScreen):
    """Numbered choices with their counts."""

    def heading(self) -> str:
        """The office's name."""
        return _("办公室  {name}").format(name=shown(offices.public(self.ws).name))

    _counted = False

    def on_mount(self) -> None:
        """The choices first: what is counted comes once they are on the terminal."""
        self.set_timer(pick.COUNT_AFTER, self._count)

    def _count(self) -> None:
        self._counted = True
        self.reload()

    def rows(self) -> list[Row]:
        """What can be done; beside it how much there is, once that is counted."""
        if not self._counted:
            return [
                Row("inbox", _("收件：合并数据包")),
                Row("conflicts", _("冲突")),
                Row("reviews", _("待审文字")),
                Row("devices", _("设备")),
                Row("merges", _("历次合并")),
                *_others(),
            ]
        disputes, waiting = settling.count(self.ws), len(reviewing.waiting(self.ws))
        devices = [row for row in offices.status(self.ws) if row.state]
        silent = sum(_silent(self, row) >= SILENT for row in devices)
        some = _("{n} 处")
        told = _("{n} 台，{silent} 台 {days} 天以上没交")
        return [
            Row("inbox", _("收件：合并数据包")),
            Row("conflicts", _("冲突"), some.format(n=disputes), tone="fail" if disputes else ""),
            Row("reviews", _("待审文字"), some.format(n=waiting), tone="fail" if waiting else ""),
            Row(
                "devices",
                _("设备"),
                told.format(n=len(devices), silent=silent, days=SILENT),
                tone="fail" if silent else "",
            ),
            Row("merges", _("历次合并"), _("{n} 次").format(n=len(unmerging.listing(self.ws)))),
            *_others(),
        ]

    def chosen(self, row: Row) -> None:
        """There; this list stays below."""
        from .dashboard import DashboardScreen
        from .documents import DocumentsScreen
        from .inbox import InboxScreen
        from .merges import MergesScreen
        from .obligations import ObligationsScreen
        from .reviews import ReviewsScreen
        from .send_down import SendDownScreen
        from .standings import StandingsScreen

        screens = {
            "inbox": InboxScreen,
            "conflicts": ConflictsScreen,
            "reviews": ReviewsScreen,
            "devices": DevicesScreen,
            "merges": MergesScreen,
            "send_down": SendDownScreen,
            "dashboard": DashboardScreen,
            "obligations": ObligationsScreen,
            "standings": StandingsScreen,
            "documents": DocumentsScreen,
        }
        self.app.push_screen(screens[row.key]())


def _others() -> list[Row]:
    """Choices beside which nothing is counted."""
    return [
        Row("send_down", _("下发：检查表、底册、交办、退回、回执")),
        Row("dashboard", _("看板")),
        Row("obligations", _("周期任务")),
        Row("standings", _("红黄牌：录数、排名、通报")),
        Row("documents", _("文件：通报、通知、统计表")),
    ]


def _silent(screen: PickScreen, row: DeviceStatus) -> int:
    """For how many days a device has said nothing; without a word ever since long ago."""
    if row.last_seen is None:
        return SILENT
    return (screen.ws.today() - datetime.fromisoformat(row.last_seen).date()).days


class DevicesScreen(PickScreen):
    """Who has submitted what up to when, the most silent first."""

    FILTER = True

    def heading(self) -> str:
        """The title."""
        return _("设备：谁交到了哪里")

    def question(self) -> str:
        """What stands in the rows."""
        return _("右边是交到第几条、最近一次的日子、缺号或分叉；久没交的在前。")

    def empty(self) -> str:
        """None yet."""
        return _("还没有登记设备：fieldkit office enrol 登记卡。")

    def rows(self) -> list[Row]:
        """The devices."""
        found = sorted(offices.status(self.ws), key=lambda row: -_silent(self, row))
        return [self._row(row) for row in found]

    def _row(self, row: DeviceStatus) -> Row:
        days = _silent(self, row)
        late = row.state == "enrolled" and days >= SILENT
        mark, tone = (_("久"), "fail") if late else ("  ", "")
        told = _("第 {n} 条").format(n=row.last_seq) if row.last_seq else _("从没交过")
        day = row.last_seen[:10] if row.last_seen else ""
        wrong = []
        if row.gaps:
            spans = [f"{a}" if a == b else f"{a}—{b}" for _epoch, a, b in row.gaps[:2]]
            wrong.append(_("缺 {spans}").format(spans="、".join(spans)))
        if row.forks:
            wrong.append(_("分叉"))
        if row.state == "revoked":
            wrong.append(_("已吊销"))
        aside = f"{told:>8}  {day}  {' '.join(wrong)}".rstrip()
        name = row.name or _("（未登记）")
        text = f"{pad(cut(shown(name), NAME), NAME)}  {row.device[:8]}"
        return Row(row.device, text, aside, mark, tone)

    def chosen(self, row: Row) -> None:
        """What to do next about this device."""
        status = next(it for it in offices.status(self.ws) if it.device == row.key)
        days = _silent(self, status)
        if status.gaps:
            self.say(_("缺号：请它把存着的数据包都交来，或重新 bundle create。"), "accent")
        elif status.forks:
            self.say(_("分叉：两份都已保留；核对冲突，并给它开新的回执。"), "accent")
        elif days >= SILENT:
            self.say(_("{n} 天没交了：请它 bundle create 后交来。").format(n=days), "accent")
        else:
            self.say(_("都齐了。下一次下发会带给它回执。"), "dim")


class ConflictsScreen(PickScreen):
    """What several laptops told differently."""

    def heading(self) -> str:
        """The title."""
        return _("冲突：几台设备填得不一样")

    def question(self) -> str:
        """What to do."""
        return _("选一处，看谁在什么时候写了什么，再选定一个。")

    def empty(self) -> str:
        """At peace."""
        return _("没有冲突。")

    def rows(self) -> list[Row]:
        """The disputes."""
        return [_dispute(one) for one in settling.listing(self.ws)]

    def chosen(self, row: Row) -> None:
        """The values, one of which can be chosen."""
        self.app.push_screen(ChoiceScreen(row.key))


def _dispute(one: Disputed) -> Row:
    kind = _(settling.KINDS[one.dispute.kind])
    count = _("{n} 个值").format(n=len(one.told))
    return Row(one.ref, f"{kind}  {shown(one.about)}", count, _("异"), "todo")


class ChoiceScreen(PickScreen):
    """The values of one dispute; a digit settles it."""

    NAME: ClassVar[str] = "pick"
    SPACING = 2

    def __init__(self, ref: str) -> None:
        super().__init__()
        self._dispute = ref

    def heading(self) -> str:
        """About what."""
        return shown(settling.find(self.ws, self._dispute).about)

    def question(self) -> str:
        """What a choice does."""
        return _("按数字选定。第 1 个暂时算数；没选上的也都留着。")

    def rows(self) -> list[Row]:
        """Value, who, when."""
        return [
            Row(str(n), shown(told.value), f"{shown(told.name)}  {settling.span(told)}")
            for n, told in enumerate(settling.find(self.ws, self._dispute).told, 1)
        ]

    def chosen(self, row: Row) -> None:
        """Settle it."""
        if self.attempt(lambda: self._settle(int(row.key))):
            self.dismiss(row.key)

    def _settle(self, number: int) -> None:
        settling.choose(self.ws, self._dispute, number)
