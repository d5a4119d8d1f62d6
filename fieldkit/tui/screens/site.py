"""One place: what is known of it, its inspections, what is still to be put right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from textual.app import ComposeResult

from fieldkit.domain.kinds import REMOVALS
from fieldkit.domain.records import Finding, Site
from fieldkit.domain.rectification import due_in_words, title
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import pad
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.tui.widgets.pick_list import PickList, Row
from fieldkit.work import generating, overview, places, referring, sites

from . import beginning
from .base import FieldScreen
from .findings import mark
from .pick import Caption, PickScreen
from .referrals import slip_row

MEASURE, LABEL = 72, 8
INSPECTION, FINDING, REFERRAL = "inspection:", "finding:", "referral:"
"""What a row stands for, before the id."""


class RemovalScreen(PickScreen):
    """Why a place is struck off; dismissed with the reason."""

    SPACING = 2

    def __init__(self, site: Site, below: int) -> None:
        super().__init__()
        self._site, self._below = site, below

    def heading(self) -> str:
        """The title."""
        return _("停用  {site}").format(site=self._site.name)

    def question(self) -> str:
        """What striking off means."""
        if self._below:
            return _("它下面还有 {n} 个对象，不会一起停用。按数字选原因，选了就停用。").format(
                n=self._below
            )
        return _("按数字选原因，选了就停用。历次检查和问题都还在。")

    def rows(self) -> list[Row]:
        """The reasons."""
        return [Row(reason, _(sites.REASONS[reason])) for reason in REMOVALS]


class SiteScreen(FieldScreen):
    """Facts on top; the rows below open an inspection or a finding."""

    NAME: ClassVar[str] = "site"
    CSS_PATH = "site.tcss"

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code
        self._site: Site | None = None
        self._below = 0
        self._unfinished: set[str] = set()

    def body(self) -> ComposeResult:
        """The facts, a heading, the rows."""
        yield Page()
        yield Caption(id="question")
        yield PickList(numbered=False)

    def on_mount(self) -> None:
        """Show it."""
        self._show()

    def on_screen_resume(self) -> None:
        """An inspection, a change, a step may have come from the screen above."""
        if self._site is not None:
            self._show()

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self._site is not None:
            self._paint(self._site)

    def _show(self) -> None:
        if self.attempt(self._read) and self._site is not None:
            self._paint(self._site)
        self.offer()

    def _read(self) -> None:
        site = self._site = sites.find(self.ws, self._code)
        self._below = sum(not child.removed for child in sites.children(self.ws, site.id))
        picks = self.query_one(PickList)
        here = picks.current.key if picks.current else None
        findings, visits = overview.findings(self.ws, site), overview.visits(self.ws, site)
        rows = [self._finding(finding) for finding in findings]
        slips = referring.at(self.ws, site)
        for slip in slips:
            row = slip_row(slip, named=False)
            rows.append(replace(row, key=f"{REFERRAL}{row.key}"))
        for visit in visits:
            known = visit.inspection
            rows.append(Row(f"{INSPECTION}{known.id}", f"{known.day}  {visit.title}", visit.result))
        self._unfinished = {it.inspection.id for it in visits if it.inspection.state == "open"}
        picks.show(rows, at=here)
        said = _("未了结的问题 {n} 个，检查 {m} 次").format(n=len(findings), m=len(visits))
        if not rows:
            said = _("还没有检查过。按 1 开始新的检查。")
        self.query_one("#question", Caption).tell(said, "accent")

    def _finding(self, finding: Finding) -> Row:
        when = due_in_words(finding.state, finding.due, self.ws.today())
        return Row(
            f"{FINDING}{finding.id}",
            f"{finding.item} {finding.text}",
            when or title(finding.state),
            mark=mark(finding.state),
            tone="fail",
        )

    def _paint(self, site: Site) -> None:
        self.title_bar.tell(sites.full_name(self.ws, site), shown(site.code))
        lines = self._facts(site)
        page = self.query_one(Page)
        page.styles.height = min(len(lines), max(self.size.height - 12, 2))
        page.show(lines)

    def _facts(self, site: Site) -> list[Line]:
        known = places.told(self.ws, site)
        upper = sites.find(self.ws, site.parent).name if known["parent"] else ""
        registered = {"1": _("户籍户"), "0": _("非户籍户")}.get(known["registered"], "")
        area = "  ".join(part for part in (site.division, site.grid) if part)
        below = _("{n} 个").format(n=self._below) if self._below else ""
        facts = (
            (_("状态"), _("已停用") if site.removed else "", "fail"),
            (_("类别"), _(sites.KINDS.get(site.kind, site.kind)), ""),
            (_("地址"), site.address, ""),
            (_("上级"), f"{upper}  {known['parent']}" if upper else "", ""),
            (_("区划"), area, ""),
            (_("楼层"), site.floor, ""),
            (_("户籍"), registered, ""),
            (_("下级"), below, ""),
        )
        lines: list[Line] = []
        room = max(min(MEASURE, self.size.width - 6) - LABEL - 2, 8)
        for label, text, tone in facts:
            if text:
                first, *more = wrap(shown(text), room) or [""]
                lines.append([(pad(label, LABEL + 2), "dim"), (first, tone)])
                lines += [[(" " * (LABEL + 2), ""), (line, tone)] for line in more]
        return lines

    def why_removed(self) -> str:
        """The reason when nothing may be begun at a place any more."""
        return _("已经停用了。") if self._site is not None and self._site.removed else ""

    def why_not_inspected(self) -> str:
        """The reason when it is no place for an inspection."""
        if self._site is not None and self._site.kind in ("door", "unit"):
            return _("户和单元不单独检查，到“楼栋与入户”里记走访。")
        return self.why_removed()

    def why_not_referred(self) -> str:
        """The reason when no slip is made about it."""
        if self._site is not None and self._site.kind == "door":
            return _("移交单只写到楼栋，不写到户。")
        return ""

    def why_no_buildings(self) -> str:
        """The reason when no buildings stand in it."""
        if self._site is not None and self._site.kind not in generating.PARENTS:
            return _("楼栋建在小区、村、网格或单位下面。")
        return self.why_removed()

    def why_no_rows(self) -> str:
        """The reason when there is nothing to open."""
        return "" if self.query_one(PickList).rows else _("还没有检查过。")

    def inspect(self, _key: str) -> None:
        """A new inspection here."""
        beginning.begin_at(self, self._code)

    def edit(self, _key: str) -> None:
        """Change what is known."""
        from .site_form import SiteFormScreen

        self.app.push_screen(SiteFormScreen(self._code), self._changed)

    def _changed(self, code: Any) -> None:
        if code:
            self.saved(_("改好了"))

    def refer(self, _key: str) -> None:
        """A slip to the unit in charge."""
        from .referrals import SlipForm

        self.app.push_screen(SlipForm(self._code), self._referred)

    def _referred(self, id: Any) -> None:
        if id:
            self._show()
            self.saved(_("移交单已开"))

    def generate(self, _key: str) -> None:
        """Buildings out of one line."""
        from .generate import GenerateScreen

        self.app.push_screen(GenerateScreen(self._code))

    def strike(self, _key: str) -> None:
        """Strike it off, once a reason is chosen."""
        assert self._site is not None
        self.app.push_screen(RemovalScreen(self._site, self._below), self._reason)

    def _reason(self, reason: Any) -> None:
        if reason and self.attempt(lambda: self._strike(str(reason))):
            self._show()
            self.saved(_("已停用：{reason}").format(reason=_(sites.REASONS[str(reason)])))

    def _strike(self, reason: str) -> None:
        sites.remove(self.ws, self._code, reason)

    def open(self, _key: str) -> None:
        """What the row under the cursor stands for."""
        self._open(self.query_one(PickList).current)

    def on_pick_list_chosen(self, message: PickList.Chosen) -> None:
        """A row was clicked."""
        self._open(message.row)

    def _open(self, row: Row | None) -> None:
        if row is None:
            return
        if row.key.startswith(FINDING):
            from .finding import FindingScreen

            self.app.push_screen(FindingScreen(row.key.removeprefix(FINDING)))
            return
        if row.key.startswith(REFERRAL):
            from .referrals import ReferralScreen

            self.app.push_screen(ReferralScreen(row.key.removeprefix(REFERRAL)))
            return
        ref = row.key.removeprefix(INSPECTION)
        (beginning.go_on if ref in self._unfinished else beginning.look)(self, ref)

    def move_up(self, key: str) -> None:
        """One row up, or a page."""
        picks = self.query_one(PickList)
        picks.move(-picks.page if key == "pageup" else -1)

    def move_down(self, key: str) -> None:
        """One row down, or a page."""
        picks = self.query_one(PickList)
        picks.move(picks.page if key == "pagedown" else 1)
