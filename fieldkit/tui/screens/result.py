"""What an inspection came to: score, grade, veto, what was lost and why, what is to be mended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.domain import values
from fieldkit.domain.records import Finding
from fieldkit.domain.sheet import Sheet
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, pad
from fieldkit.text.wrap import wrap
from fieldkit.tui import asking, words
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import inspecting, sites

from .base import FieldScreen

MEASURE = 72


class ResultScreen(FieldScreen):
    """One page to read."""

    NAME: ClassVar[str] = "result"
    CSS_PATH = "result.tcss"

    def __init__(self, sheet: Sheet, findings: Sequence[Finding] | None = None) -> None:
        super().__init__()
        self._sheet = sheet
        self._findings = findings

    def body(self) -> ComposeResult:
        """The page."""
        yield Page()

    def on_mount(self) -> None:
        """Write the page."""
        known = self._sheet.inspection
        title = _("走访记录") if known.mode == "covert" else self._sheet.checklist.title
        self.title_bar.tell(f"{title}  {sites.full_name(self.ws, self._sheet.site)}", known.day)
        self.attempt(self._write)
        self.offer()

    def _write(self) -> None:
        if self._findings is None:
            self._findings = inspecting.findings_of(self.ws, self._sheet.inspection.id)
        page = self.query_one(Page)
        page.show([*self._head(), *self._lost(), *self._mend(self._findings), *self._counts()])
        self.call_after_refresh(self._more)

    def _more(self) -> None:
        if self.query_one(Page).has_more:
            self.say(_("下面还有，按方向键往下看。"), "dim")

    def _head(self) -> list[Line]:
        score = self._sheet.score
        if self._sheet.checklist.kind == "record":
            done, _all = self._sheet.progress
            return [(), [(_("登记表不计分，记下 {n} 题。").format(n=done), "accent")]]
        sums = f"{values.points(score.points)} / {values.points(score.max_points)}"
        tone = "fail" if score.veto else "accent"
        head: list[Line] = [
            (),
            [(_("得分  "), "dim"), (sums, "strong"), (f"    {words.percent(score.ratio)}", "")],
            [(_("结论  "), "dim"), (score.grade_title, tone)],
        ]
        if score.veto:
            head.append([(_("否决  "), "dim"), ("、".join(score.veto), "fail")])
        return head

    def _lost(self) -> list[Line]:
        """Every item that cost points or the whole, with the reason."""
        if self._sheet.checklist.kind == "record":
            return []
        by_id = {item.id: item for item in self._sheet.items}
        lost = [line for line in self._sheet.score.lines if line.state == "fail"]
        if not lost:
            return [(), [(_("没有失分项。"), "pass")]]
        lines: list[Line] = [(), [(_("失分与原因"), "accent")]]
        for line in lost:
            item = by_id[line.item]
            minus = line.weight - line.points
            cost = _("失 {n} 分").format(n=values.points(minus)) if line.weight else _("否决")
            lines += _entry(line.item, item.text, cost, "fail")
            reason = line.why or asking.said(item, line.value)
            lines += [[(" " * 8, ""), (row, "dim")] for row in wrap(shown(reason), MEASURE - 8)]
            answer = self._sheet.answers.get(line.item)
            if answer and answer.note:
                note = _("备注：{note}").format(note=shown(answer.note))
                lines += [[(" " * 8, ""), (row, "dim")] for row in wrap(note, MEASURE - 8)]
        return lines

    def _mend(self, findings: Sequence[Finding]) -> list[Line]:
        if not findings:
            return []
        lines: list[Line] = [(), [(_("要整改的问题"), "accent")]]
        for finding in findings:
            due = _("{day} 前").format(day=finding.due)
            lines += _entry(finding.item, finding.text, due, "strong")
        return lines

    def _counts(self) -> list[Line]:
        states = list(asking.states(self._sheet).values())
        parts = [
            f"{_(words.STATE_MARKS[state])} {states.count(state)}"
            for state in ("pass", "fail", "na", "unseen", "noted")
            if state in states
        ]
        return [(), [(_("各题  ") + "    ".join(parts), "dim")], ()]

    def page_up(self, key: str) -> None:
        """Scroll up."""
        page = self.query_one(Page)
        page.move(-page.page if key == "pageup" else -1)

    def page_down(self, key: str) -> None:
        """Scroll down."""
        page = self.query_one(Page)
        page.move(page.page if key == "pagedown" else 1)


def _entry(code: str, text: str, aside: str, tone: str) -> list[Line]:
    """A code, a wrapped text and a remark at the right of the first line."""
    room = MEASURE - 8 - cell_width(aside) - 2
    rows = wrap(shown(text), room)
    first: Line = [(pad(code, 8), "key"), (pad(rows[0], room + 2), ""), (aside, tone)]
    return [first, *([(" " * 8, ""), (row, "")] for row in rows[1:])]
