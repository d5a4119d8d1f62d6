"""Where everything stands: sums on top, below them villages, places or weeks, the worst first."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.text.i18n import _
from fieldkit.tui import words
from fieldkit.tui.widgets.facts import Facts
from fieldkit.tui.widgets.painted import Line
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import coverage as covering
from fieldkit.work import dashboard, dashboard_places
from fieldkit.work.dashboard import Dashboard
from fieldkit.work.dashboard import Row as Village
from fieldkit.work.dashboard_places import Place

from .pick import Caption, PickScreen

LISTS = ("villages", "places", "weeks")
_COUNTED = {"overdue": "overdue", "findings": "findings", "referrals": "referrals"}
"""Measures that are counts, and where they stand in a village's row."""


class DashboardScreen(PickScreen):
    """Enter goes from a village to its buildings, its places, the findings or the slips."""

    NAME: ClassVar[str] = "dashboard"
    CSS_PATH = "dashboard.tcss"
    FILTER = True

    def __init__(self) -> None:
        super().__init__()
        self._list = "villages"
        self._measure = "delivered"
        self._found: Dashboard | None = None
        self._village: tuple[str, str] | None = None
        """Of which village the places are listed; None for the worst of all."""
        self._places: tuple[Place, ...] = ()

    def body(self) -> ComposeResult:
        """The sums over the list."""
        yield Facts(id="sums")
        yield from super().body()

    def heading(self) -> str:
        """The title, and of which village."""
        return _("看板  {name}").format(name=self._village[1]) if self._village else _("看板")

    def question(self) -> str:
        """What is listed, and by what."""
        if self._list == "weeks":
            return _("每周：走访，周末的发放率和面宣率（按现在的底册），办结检查。")
        if self._list == "places":
            return _("最近一次计分检查，差的在前：得分，未了结问题。回车看这个对象。")
        title = _(dashboard.MEASURES[self._measure].title)
        return _("各村按“{title}”比，差的在前。打几个字找，回车看下一级。").format(title=title)

    def empty(self) -> str:
        """Nothing yet, or nothing at all."""
        return _("正在汇总……") if self._found is None else _("这里还没有内容。")

    def on_mount(self) -> None:
        """The screen first: after a large merge the sums have to be made."""
        self.set_timer(0.05, self._count)

    def _count(self) -> None:
        self.attempt(self._sum_up)
        self.reload()
        self.offer()

    def _sum_up(self) -> None:
        self._found = dashboard.read(self.ws)
        self.query_one("#sums", Facts).show(_sums(self._found))
        if self._village:
            drilled = dashboard_places.drill(self.ws, self._village[0])
            self._places = tuple(place for one in drilled for place in one.places)
        else:
            self._places = self._found.worst

    def reload(self) -> None:
        """With the numbers of this moment."""
        if self._found is not None:
            self.attempt(self._sum_up)
        super().reload()

    def rows(self) -> list[Row]:
        """The rows of this list."""
        if self._found is None:
            return []
        if self._list == "weeks":
            return [
                Row(
                    week.monday,
                    _("{day} 起一周").format(day=week.monday),
                    f"{week.visits:>6} {_bar(week.delivery_rate)} "
                    f"{words.percent(week.face_to_face_rate):>6} {week.inspections:>4}",
                )
                for week in reversed(self._found.weeks)
            ]
        if self._list == "places":
            return [self._place(number, place) for number, place in enumerate(self._places)]
        rows = dashboard.worst_first(self._found.villages, self._measure)
        return [Row(row.code, row.name, self._compared(row), find=row.code) for row in rows]

    def _place(self, number: int, place: Place) -> Row:
        veto = _("否决")
        return Row(
            str(number),
            f"{place.name}  {place.title}",
            f"{veto if place.veto else ''} {words.percent(place.ratio):>6} {place.findings:>3}",
            tone="fail" if place.veto else "",
            find=f"{place.code} {place.day}",
        )

    def _compared(self, row: Village) -> str:
        if self._measure in _COUNTED:
            return str(getattr(row, _COUNTED[self._measure]))
        if self._measure == "mean":
            return f"{row.inspections:>5} {_bar(row.mean)}"
        part, of, rate = {
            "delivered": (row.delivered, row.registered, row.delivery_rate),
            "met": (row.met, row.doors - row.removed, row.face_to_face_rate),
            "sweeps": (row.swept, row.buildings, row.sweep_rate),
        }[self._measure]
        return f"{f'{part}/{of}':>13} {_bar(rate)}"

    def why_no_measure(self) -> str:
        """The reason when there is nothing to compare by."""
        return "" if self._list == "villages" else _("只有各村可以换口径比。")

    def measure(self, _key: str) -> None:
        """Compare villages by the next measure."""
        self._measure = _next(dashboard.MEASURES, self._measure)
        self._again()

    def list(self, _key: str) -> None:
        """The next of the lists, of everything."""
        self._village = None
        self._list = _next(LISTS, self._list)
        self._again()

    def _again(self) -> None:
        self.say("")
        self.query_one("#question", Caption).tell(self.question())
        self.reload()

    def chosen(self, row: Row) -> None:
        """One level down; this list stays below."""
        if self._list == "weeks":
            self.say(_("每周的数字没有下一级。"), "accent")
        elif self._list == "places":
            self._open_place(self._places[int(row.key)])
        elif self._measure in ("overdue", "findings"):
            from .findings import FindingsScreen

            self.app.push_screen(
                FindingsScreen("overdue" if self._measure == "overdue" else "open")
            )
        elif self._measure == "referrals":
            from .referrals import ReferralsScreen

            self.app.push_screen(ReferralsScreen())
        elif not row.key or row.key == row.text:
            self.say(_("这一行没有对应的底册条目，看不了下一级。"), "accent")
        elif self._measure == "mean":
            self._village, self._list = (row.key, row.text), "places"
            self._again()
        else:
            from .buildings import BuildingsScreen

            self.app.push_screen(BuildingsScreen((row.key, row.text)))

    def _open_place(self, place: Place) -> None:
        if not place.code:
            self.say(_("这次检查的对象是户，看板不显示到户。"), "accent")
            return
        from .site import SiteScreen

        self.app.push_screen(SiteScreen(place.code))


def _next(order: Iterable[str], now: str) -> str:
    names = [*order]
    return names[(names.index(now) + 1) % len(names)]


def _bar(rate: Fraction | None) -> str:
    return f"{covering.bar(rate)} {words.percent(rate):>6}"


def _sums(found: Dashboard) -> list[Line]:
    """The totals in four lines."""
    row = found.totals
    lines = (
        _("发放 {bar}  {part}/{of} 户籍户").format(
            bar=_bar(row.delivery_rate), part=row.delivered, of=row.registered
        ),
        _("面宣 {bar}  {part}/{of} 实有户").format(
            bar=_bar(row.face_to_face_rate), part=row.met, of=row.doors - row.removed
        ),
        _("扫楼 {bar}  {part}/{of} 栋，本月").format(
            bar=_bar(row.sweep_rate), part=row.swept, of=row.buildings
        ),
        _(
            "检查 {n}，平均 {mean}；问题 {open}，逾期 {late}；待反馈移交 {slips}；再访 {again}"
        ).format(
            n=row.inspections,
            mean=words.percent(row.mean),
            open=row.findings,
            late=row.overdue,
            slips=row.referrals,
            again=row.revisit,
        ),
    )
    return [[(line, "fail" if n == 3 and row.overdue else "")] for n, line in enumerate(lines)]
