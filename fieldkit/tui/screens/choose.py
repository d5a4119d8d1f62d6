"""What to choose before an inspection: the site, the checklist, how it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from fieldkit.domain.records import Site
from fieldkit.text.i18n import N_, _
from fieldkit.text.width import pad
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import checklists, inspecting, returning, sites

from .pick import PickScreen

NOT_INSPECTED = ("door", "unit")
"""Kinds that are visited, not inspected."""
BLIND = "blind"
"""Not a mode: the choice to record a site by two, unseen by each other."""


def full_name(site: Site, names: Mapping[str, str]) -> str:
    """A building or grid with the name of the place it is in; other sites by their own."""
    return sites.placed(site, names.get(site.parent, ""))


def site_row(site: Site, names: Mapping[str, str]) -> Row:
    """A site as a row: name, kind and code; found by any of them and by its address."""
    kind = _(sites.KINDS.get(site.kind, site.kind))
    return Row(
        site.code,
        full_name(site, names),
        f"{pad(kind, 10)}  {pad(site.code, 18)}",
        find=f"{site.address} {site.grid}",
    )


class SiteScreen(PickScreen):
    """Which place."""

    FILTER = True

    def heading(self) -> str:
        """The title."""
        return _("新的检查  第 1 步：去哪里")

    def question(self) -> str:
        """One line over the list."""
        return _("打名称或编码里的几个字，上下选，回车定。")

    def empty(self) -> str:
        """No register yet."""
        return _("还没有单位。先回首屏，到“单位底册”里新增或导入。")

    def rows(self) -> list[Row]:
        """Every place that can be inspected."""
        kinds = [kind for kind in sites.KINDS if kind not in NOT_INSPECTED]
        found = [site for site in sites.listing(self.ws, kinds=kinds) if not site.removed]
        found.sort(key=lambda site: site.kind == "building")
        names = {site.id: site.name for site in found}
        return [site_row(site, names) for site in found]


class ChecklistScreen(PickScreen):
    """Which checklist; those made for this kind of place come first."""

    SPACING = 2

    def __init__(self, site: Site) -> None:
        super().__init__()
        self._site = site

    def heading(self) -> str:
        """The title."""
        return _("新的检查  第 2 步：用哪张表")

    def question(self) -> str:
        """One line over the list."""
        return _("去 {site}").format(site=self._site.name)

    def empty(self) -> str:
        """No checklist found."""
        return _("没有找到检查表。用 fieldkit checklist list 看看装了哪些。")

    def rows(self) -> list[Row]:
        """The checklists, the fitting ones first."""
        found = checklists.listing(self.ws)
        fits = [c for c in found if not c.site_kinds or self._site.kind in c.site_kinds]
        rest = [c for c in found if c not in fits]
        return [
            Row(
                c.id,
                c.title,
                _("{n} 题  {version}").format(n=len(c.items), version=c.version)
                + ("" if c in fits else "  " + _("不是给这类场所用的")),
            )
            for c in [*fits, *rest]
        ]


class ModeScreen(PickScreen):
    """Announced, covert, by the place itself, or again."""

    SPACING = 2
    HELP_BY_MODE: ClassVar[dict[str, str]] = {
        "open": N_("表明身份，全部明察项"),
        "covert": N_("不打招呼，只看公开处"),
        "self": N_("场所自己查"),
        "reinspection": N_("回头看"),
    }

    def __init__(self, site: Site, title: str) -> None:
        super().__init__()
        self._site = site
        self._title = title

    def heading(self) -> str:
        """The title."""
        return _("新的检查  第 3 步：怎么查")

    def question(self) -> str:
        """One line over the list."""
        return _("{title}  去 {site}").format(title=self._title, site=self._site.name)

    def rows(self) -> list[Row]:
        """The modes."""
        alone = [
            Row(mode, _(inspecting.MODES[mode]), _(self.HELP_BY_MODE[mode]))
            for mode in inspecting.MODES
        ]
        return [*alone, Row(BLIND, _("双人背靠背"), _("两人各记一份，办结后比对"))]


class InspectionsScreen(PickScreen):
    """Inspections to go on with, or results to look at."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self._state = state

    def heading(self) -> str:
        """The title."""
        return _("未完成的检查") if self._state == "open" else _("已完成的检查")

    def question(self) -> str:
        """One line over the list."""
        return _("选一个接着做") if self._state == "open" else _("选一个看结果")

    def rows(self) -> list[Row]:
        """The inspections of this state, the newest first."""
        back = {one.inspection.id for one in returning.listing(self.ws)}
        rows = [row for row in inspecting.listing(self.ws) if row.inspection.state == self._state]
        # What the office sent back waits for somebody.
        rows.sort(key=lambda row: row.inspection.id not in back)
        return [
            inspection_row(row, sites.full_name(self.ws, row.site), row.inspection.id in back)
            for row in rows
        ]


def inspection_row(row: inspecting.InspectionRow, site: str, returned: bool = False) -> Row:
    """An inspection as a row; a covert one names no purpose."""
    known = row.inspection
    title = _("走访记录") if known.mode == "covert" else row.checklist.title
    if known.state == "open":
        aside = f"{known.day}  {row.answered}/{row.total}"
    else:
        aside = f"{known.day}  {row.grade_title}"
    if returned:
        aside = _("退回更正  {told}").format(told=aside)
    tone = "fail" if row.veto or returned else ""
    return Row(known.id, f"{site}  {title}", aside, tone=tone, find=row.site.code)
