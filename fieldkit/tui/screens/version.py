"""A draft meets a newer version of its checklist: what becomes of the answers, and a choice."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.domain.records import Inspection
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import carrying, inspecting

from .base import FieldScreen
from .pick import Caption


class VersionScreen(FieldScreen):
    """Dismissed with nothing; the inspection is opened either way."""

    NAME: ClassVar[str] = "version"
    CSS_PATH = "version.tcss"

    def __init__(self, inspection: Inspection) -> None:
        super().__init__()
        self._inspection = inspection

    def body(self) -> ComposeResult:
        """A sentence, and what would happen to each answer."""
        yield Caption(id="question")
        yield Page()

    def on_mount(self) -> None:
        """Show what going over would mean."""
        report = carrying.preview(self.ws, self._inspection.id)
        self.title_bar.tell(_("检查表有新版"), shown(report.new.id))
        words = _("《{title}》{new} 版已到，这次检查开始时用的是 {old} 版。").format(
            title=shown(report.new.title), new=report.new.version, old=report.old.version
        )
        self.query_one("#question", Caption).tell(words, "accent")
        self.query_one(Page).show(self._lines(report))
        self.offer()

    def _lines(self, report: carrying.CarryReport) -> list[Line]:
        carried = report.carried
        answered = {item.id for item in report.old.items} | set(report.answers)
        fresh = [item for item in report.new.items if item.id not in answered]
        lines: list[Line] = [
            [(" 1 ", "key"), (_("换成新版"), "strong"), (_("  旧答案都还查得到"), "dim")],
            [(" 2 ", "key"), (_("照旧版做完"), "strong")],
            (),
        ]
        for count, label, tone in (
            (len(carried.carried), _("沿用 {n} 题"), ""),
            (len(carried.again), _("要重答 {n} 题"), "accent" if carried.again else ""),
            (len(carried.retired), _("停用但保留 {n} 题"), ""),
            (len(fresh), _("新增 {n} 题"), ""),
        ):
            lines.append([(f"  {label.format(n=count)}", tone)])
        parts = (
            (_("要重答"), [(item, why) for item, why in carried.again.items()]),
            (_("停用但保留"), [(item, self._text(report, item)) for item in carried.retired]),
            (_("新增"), [(item.id, item.text) for item in fresh]),
        )
        for title, rows in parts:
            if rows:
                lines += [(), [(f"  {title}", "strong")]]
                lines += [[(f"    {shown(item)}  ", "dim"), (shown(why), "")] for item, why in rows]
        return lines

    def _text(self, report: carrying.CarryReport, address: str) -> str:
        item = address.rpartition("].")[2]
        return next((it.text for it in report.old.items if it.id == item), "")

    def go_over(self, _key: str) -> None:
        """The answers that keep their meaning come along."""
        carrying.rebase(self.ws, self._inspection.id)
        self._open()

    def stay(self, _key: str) -> None:
        """The old version to the end."""
        self._open()

    def _open(self) -> None:
        from .inspect import InspectScreen

        self.app.switch_screen(InspectScreen(inspecting.sheet(self.ws, self._inspection.id)))

    def page_up(self, key: str) -> None:
        """Further up."""
        page = self.query_one(Page)
        page.move(-page.page if key == "pageup" else -1)

    def page_down(self, key: str) -> None:
        """Further down."""
        page = self.query_one(Page)
        page.move(page.page if key == "pagedown" else 1)
