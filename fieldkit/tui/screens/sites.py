"""The register: every place with its last result and what is still to be put right there."""

from __future__ import annotations

from typing import Any, ClassVar

from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width, cut, pad
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import overview, sites
from fieldkit.work.overview import SiteRow

from .pick import Caption, PickScreen

VIEWS = ("all", "todo", "never", "removed")
"""All that stand, those with open findings, those never inspected, those struck off."""
KIND, RESULT, TODO = 10, 20, 7
"""Cells for the columns on the right."""
_PLACED = ("building", "unit", "grid")


class SitesScreen(PickScreen):
    """Typing narrows the list, Enter opens a place."""

    NAME: ClassVar[str] = "sites"
    CSS_PATH = "pick.tcss"
    FILTER = True

    def __init__(self) -> None:
        super().__init__()
        self._kind: str | None = None
        self._view = "all"

    def heading(self) -> str:
        """The title."""
        kind = _(sites.KINDS[self._kind]) if self._kind else _("全部类别")
        return _("单位底册  {kind}").format(kind=kind)

    def question(self) -> str:
        """Which places these are, and how to go on."""
        about = {
            "all": _("打名称、编码或地址里的几个字，回车打开。"),
            "todo": _("只列有未了结问题的。打几个字查找，回车打开。"),
            "never": _("只列没有办结过检查的。打几个字查找，回车打开。"),
            "removed": _("已停用的。打几个字查找，回车打开。"),
        }
        return about[self._view]

    def empty(self) -> str:
        """Why there is nothing."""
        if self._view == "all" and self._kind is None:
            return _("底册是空的。按 F8 新增一个，或按 F9 从表格导入。")
        return _("这一类里没有。按 F7 换范围，按 F6 换类别。")

    def rows(self) -> list[Row]:
        """The places of this kind and view."""
        found = [row for row in overview.listing(self.ws, self._kind) if self._lists(row)]
        names: dict[str, str] = {}
        if self._kind in _PLACED:
            # "1" of a building says nothing without the estate; whole names are read once.
            names = {row.site.id: sites.full_name(self.ws, row.site) for row in found}
        # Said once, not once a row: a register has thousands.
        asides: dict[tuple[str, str, str, int], str] = {}
        rows = []
        for row in found:
            site, key = row.site, (row.site.kind, row.day, row.result, row.findings)
            if key not in asides:
                asides[key] = self._aside(*key)
            find = f"{site.code} {site.address} {site.grid}"
            rows.append(Row(site.code, names.get(site.id, site.name), asides[key], find=find))
        return rows

    def _lists(self, row: SiteRow) -> bool:
        if self._view == "removed" or row.site.removed:
            return row.site.removed and self._view == "removed"
        if self._view == "todo":
            return row.findings > 0
        return self._view == "all" or not row.day

    def _aside(self, kind: str, day: str, result: str, findings: int) -> str:
        """The columns on the right."""
        told = f"{day.removeprefix(f'{self.ws.today().year}-')} {result}" if day else _("没查过")
        todo = _("问题 {n}").format(n=findings) if findings else ""
        title = _(sites.KINDS.get(kind, kind))
        if cell_width(title) > KIND:
            title = f"{cut(title, KIND - 1)} "
        return f"{pad(title, KIND)}{pad(told, RESULT)} {pad(todo, TODO)}"

    def kind(self, _key: str) -> None:
        """The next kind that there is."""
        there: list[str | None] = [None, *overview.kinds(self.ws)]
        at = there.index(self._kind) if self._kind in there else 0
        self._kind = there[(at + 1) % len(there)]
        self._again()

    def view(self, _key: str) -> None:
        """The next of the views."""
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        self._again()

    def _again(self) -> None:
        self.query_one("#question", Caption).tell(self.question())
        self.reload()

    def chosen(self, row: Row) -> None:
        """Into one place; this list stays below."""
        from .site import SiteScreen

        self.app.push_screen(SiteScreen(row.key))

    def new(self, _key: str) -> None:
        """A new place, then its own screen."""
        from .site_form import SiteFormScreen

        self.app.push_screen(SiteFormScreen(), self._entered)

    def _entered(self, code: Any) -> None:
        if code:
            from .site import SiteScreen

            self.app.push_screen(SiteScreen(str(code)))

    def take_in(self, _key: str) -> None:
        """A whole table."""
        from .import_register import ImportScreen

        self.app.push_screen(ImportScreen())
