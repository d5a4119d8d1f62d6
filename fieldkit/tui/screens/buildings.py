"""Which building: all of them, each with how far it is."""

from __future__ import annotations

from fieldkit.text.i18n import _
from fieldkit.tui import words
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import bookmarks, sites, visiting

from .choose import full_name
from .pick import PickScreen

BUILDING = "building"
"""Bookmark: the building worked on last."""
HOLDERS = ["village", "grid", "estate", "institution", "venue"]
"""Kinds of site that buildings stand in."""


class BuildingsScreen(PickScreen):
    """Which building, with how far each is."""

    FILTER = True

    def heading(self) -> str:
        """The title."""
        return _("楼栋与入户")

    def question(self) -> str:
        """One line over the list."""
        return _("打楼名或编码里的几个字，上下选，回车进楼。")

    def empty(self) -> str:
        """No building yet."""
        return _("还没有楼栋。先用 fieldkit site import 名册.csv 导入楼栋和户。")

    def rows(self) -> list[Row]:
        """The buildings."""
        done = {row.code: row for row in visiting.coverage(self.ws, by="building")}
        found = []
        names = {s.id: s.name for s in sites.listing(self.ws, kinds=HOLDERS)}
        for site in sites.listing(self.ws, kinds=["building"]):
            if site.removed:
                continue
            row = done.get(site.code)
            aside = ""
            if row:
                rate = words.percent(row.delivery_rate)
                aside = _("已访 {n}/{all}  发放 {rate}").format(
                    n=row.visited, all=row.doors - row.removed, rate=rate
                )
            found.append(
                Row(site.code, full_name(site, names), aside, find=f"{site.code} {site.address}")
            )
        return found

    def reload(self) -> None:
        """Start at the building worked on last."""
        super().reload()
        last = bookmarks.recall(self.ws, BUILDING)
        if isinstance(last, str):
            self.picks.show(self.picks.rows, at=last)

    def chosen(self, row: Row) -> None:
        """Into the building; this list stays below."""
        from .doors import DoorsScreen

        self.app.push_screen(DoorsScreen(row.key))
