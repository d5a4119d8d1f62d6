"""Buildings, or the areas above them, each with how far it is: bars, or a digit for each floor."""

from __future__ import annotations

from typing import ClassVar

from fieldkit.text.i18n import N_, _
from fieldkit.tui import words
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import bookmarks, sites
from fieldkit.work import coverage as covering
from fieldkit.work.coverage import CoverageRow

from . import pick
from .choose import full_name
from .pick import Caption, PickScreen

BUILDING = "building"
"""Bookmark: the building worked on last."""
HOLDERS = ["village", "grid", "estate", "institution", "venue"]
"""Kinds of site that buildings stand in."""
LEVELS = {
    "building": N_("楼栋"),
    "grid": N_("网格"),
    "village": N_("村（社区）"),
    "town": N_("镇"),
}
MEASURES = ("delivered", "met", "floors", "floors.met")
MOST_FLOORS = 33
MANY = 2000
"""More buildings take longer to read than a person waits for a screen."""


class BuildingsScreen(PickScreen):
    """Which building, with how far each is; the areas above it as well."""

    NAME: ClassVar[str] = "buildings"
    FILTER = True

    def __init__(self, within: tuple[str, str] | None = None) -> None:
        super().__init__()
        self._level = "building"
        self._within = within
        self._measure = "delivered"
        self._done: dict[str, CoverageRow] | None = None
        self._heat: dict[str, tuple[str, str]] = {}
        self._later = False
        """Whether there are so many that the screen stands before they are read."""

    def heading(self) -> str:
        """The title, and of what."""
        title = _("楼栋与入户")
        return f"{title}  {self._within[1]}" if self._within else title

    def question(self) -> str:
        """What stands beside each."""
        about = {
            "delivered": _("已访/实有，资料到了的/户籍户，发放率。打几个字找，回车打开。"),
            "met": _("已访/实有，当面讲过的/实有户，面宣率。打几个字找，回车打开。"),
            "floors": _("楼层发放：一层一格，从下到上；0-9 是十分之几，# 是全部。"),
            "floors.met": _("楼层面宣：一层一格，从下到上；0-9 是十分之几，# 是全部。"),
        }
        return about[self._measure]

    def empty(self) -> str:
        """No building yet, or none read yet."""
        if self._later and self._done is None:
            return _("正在查看……")
        return _("还没有楼栋。先用 fieldkit site import 名册.csv 导入楼栋和户。")

    def on_mount(self) -> None:
        """The list first: counting a large register comes after it is painted."""
        self.set_timer(pick.COUNT_AFTER, self._count)

    def _count(self) -> None:
        self.attempt(self._read_counts)
        self.reload()

    def _read_counts(self) -> None:
        within = self._within[0] if self._within else None
        rows = covering.coverage(self.ws, self._level, within)
        self._done = {row.code: row for row in rows}
        self._heat = covering.heat(self.ws) if self._measure.startswith("floors") else {}

    def rows(self) -> list[Row]:
        """The places of this level."""
        if self._done is None and sites.count(self.ws, "building") > MANY:
            self._later = True
            return []
        if self._level != "building":
            rows = (self._done or {}).values()
            return [Row(r.code, r.name, self._aside(r.code), find=r.code) for r in rows]
        names = {s.id: s.name for s in sites.listing(self.ws, kinds=HOLDERS)}
        within = self._within[0] if self._within else None
        return [
            Row(
                site.code,
                full_name(site, names),
                self._aside(site.code),
                find=f"{site.code} {site.address}",
            )
            for site in sites.listing(self.ws, kinds=["building"], within=within)
            if not site.removed
        ]

    def _aside(self, code: str) -> str:
        row = (self._done or {}).get(code)
        if row is None:
            return ""
        if self._measure.startswith("floors") and self._level == "building":
            strip = self._heat.get(code, ("", ""))[self._measure == "floors.met"]
            return strip if len(strip) <= MOST_FLOORS else strip[:MOST_FLOORS] + "…"
        met = self._measure in ("met", "floors.met")
        rate = row.face_to_face_rate if met else row.delivery_rate
        of = f"{row.met}/{row.doors - row.removed}" if met else f"{row.delivered}/{row.registered}"
        counted = f"{row.visited}/{row.doors - row.removed}"
        return f"{counted:>7} {of:>7} {covering.bar(rate)} {words.percent(rate):>6}"

    def reload(self) -> None:
        """With the counts of this moment; start at the building worked on last."""
        if self._done is not None:
            self.attempt(self._read_counts)
        super().reload()
        last = bookmarks.recall(self.ws, BUILDING)
        if isinstance(last, str) and self._level == "building":
            self.picks.show(self.picks.rows, at=last)

    def level(self, _key: str) -> None:
        """The next of the levels, everywhere."""
        order = list(LEVELS)
        self._level = order[(order.index(self._level) + 1) % len(order)]
        self._within = None
        self._again(_("级别：{name}").format(name=_(LEVELS[self._level])))

    def measure(self, _key: str) -> None:
        """The next of the measures."""
        self._measure = MEASURES[(MEASURES.index(self._measure) + 1) % len(MEASURES)]
        self._again("")

    def _again(self, said: str) -> None:
        self.query_one("#question", Caption).tell(self.question())
        self._count()
        self.say(said)

    def chosen(self, row: Row) -> None:
        """Into the building, this list stays below; from an area to its buildings."""
        if self._level == "building":
            from .doors import DoorsScreen

            self.app.push_screen(DoorsScreen(row.key))
            return
        if not row.key or self._level == "town":
            self.say(_("这一行没有对应的底册条目，看不了它的楼栋。"), "accent")
            return
        self._within = (row.key, row.text)
        self._level = "building"
        self._again("")
