"""What an inspection came to: score, grade, veto, what was lost and why, what is to be mended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.domain import values
from fieldkit.domain.records import Finding
from fieldkit.domain.sheet import Sheet
from fieldkit.domain.translating import list_title
from fieldkit.text.i18n import _, language
from fieldkit.text.plain import shown
from fieldkit.tui import asking, words
from fieldkit.tui.explaining import below, entry
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import amending, inspecting, returning, sites, telling, today
from fieldkit.work.workspace import home_time

from .particulars import SIGNS
from .pick import Caption
from .reading import PagedScreen


class ResultScreen(PagedScreen):
    """One page to read, and what can be done with a finished inspection."""

    NAME: ClassVar[str] = "result"
    CSS_PATH = "result.tcss"

    def __init__(self, sheet: Sheet, findings: Sequence[Finding] | None = None) -> None:
        super().__init__()
        self._sheet = sheet
        self._findings = findings
        self.mode = "page"

    def body(self) -> ComposeResult:
        """The page, and a line for the reason of an amendment."""
        yield Page()
        yield Caption(_("为什么要更正（会写进记录）："), "accent", id="why")
        yield LineEditor()

    def on_mount(self) -> None:
        """Write the page."""
        known = self._sheet.inspection
        title = (
            _("走访记录")
            if known.mode == "covert"
            else list_title(self._sheet.checklist, language())
        )
        self.title_bar.tell(f"{title}  {sites.full_name(self.ws, self._sheet.site)}", known.day)
        self.attempt(self._write)
        self._ask(False)

    def _write(self) -> None:
        if self._findings is None:
            self._findings = inspecting.findings_of(self.ws, self._sheet.inspection.id)
        page = self.query_one(Page)
        page.show(
            [
                *self._sent_back(),
                *self._head(),
                *self._lost(),
                *self._mend(self._findings),
                *self._told(),
                *self._amended(),
                *self._counts(),
            ]
        )
        self.call_after_refresh(self.tell_more)

    def _sent_back(self) -> list[Line]:
        """What the office wants put right; F8 takes the record up again."""
        reason = returning.reason_of(self.ws, self._sheet.inspection.id)
        if not reason:
            return []
        told = _("办公室退回更正：按 F8 重新打开，改好再办结。")
        return [(), [(told, "fail")], *below(reason)]

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
            lines += entry(line.item, item.text, cost, "fail")
            reason = line.why or asking.said(item, line.value)
            lines += below(reason)
            answer = self._sheet.answers.get(line.item)
            if answer and answer.note:
                lines += below(_("备注：{note}").format(note=answer.note))
        return lines

    def _mend(self, findings: Sequence[Finding]) -> list[Line]:
        if not findings:
            return []
        lines: list[Line] = [(), [(_("要整改的问题"), "accent")]]
        for finding in findings:
            due = _("{day} 前").format(day=finding.due)
            lines += entry(finding.item, finding.text, due, "strong")
        return lines

    def _counts(self) -> list[Line]:
        states = list(asking.states(self._sheet).values())
        parts = [
            f"{words.mark(state)} {states.count(state)}"
            for state in ("pass", "fail", "na", "unseen", "noted")
            if state in states
        ]
        return [(), [(_("各题  ") + "    ".join(parts), "dim")], ()]

    def _told(self) -> list[Line]:
        """Who walked, when, and what the unit said."""
        known = telling.told(self.ws, self._sheet.inspection.id)
        span = "—".join(part.replace("T", " ") for part in
                        (known.observed_from, known.observed_to) if part)  # fmt: skip
        facts = (
            (_("检查人"), "、".join(known.inspectors)),
            (_("时间"), span),
            (_("单位意见"), known.unit_view),
            (_("单位签字"), _(SIGNS[known.unit_sign]) if known.unit_sign else ""),
        )
        rows = [(label, text) for label, text in facts if text]
        lines: list[Line] = []
        for label, text in rows:
            lines += entry(label, text, "", "")
        return [(), [(_("检查情况"), "accent")], *lines] if lines else []

    def _amended(self) -> list[Line]:
        """Each time it was taken up again, with the reason."""
        told = amending.reopenings(self.ws, self._sheet.inspection.id)
        lines: list[Line] = []
        for reason, hlc, _device in told:
            lines += entry(_("更正"), reason, home_time(hlc)[:16].replace("T", " "), "dim")
        return [(), [(_("更正记录"), "accent")], *lines] if lines else []

    # What can be done

    def why_no_findings(self) -> str:
        """Nothing to be mended."""
        return "" if self._findings else _("没有要整改的问题。")

    def findings(self, _key: str) -> None:
        """The list of findings."""
        from .findings import FindingsScreen

        self.app.push_screen(FindingsScreen())

    def paper(self, _key: str) -> None:
        """Write the record as a document, beside the others of this home."""
        from fieldkit.papers import records

        path = records.write_record(self.ws, self._sheet.inspection.id)
        self.say(_("文书已存：{path}").format(path=shown(str(path))), "pass")

    def amend(self, _key: str) -> None:
        """Ask for the reason."""
        self._ask(True)

    def keep_reason(self, _key: str) -> None:
        """Take it up again."""
        reason = self.query_one(LineEditor).value
        sheet = amending.reopen(self.ws, self._sheet.inspection.id, reason)
        from .inspect import InspectScreen

        self.app.switch_screen(InspectScreen(sheet))

    def why_not_office(self) -> str:
        """Only an office sends back."""
        return "" if today.is_office(self.ws) else _("只有办公室能退回。")

    def send_back(self, _key: str) -> None:
        """Ask for the reason."""
        self._ask(True, "back")
        self.say(_("写明哪里要更正；下一次下发会带给检查人。"), "dim")

    def keep_back(self, _key: str) -> None:
        """Send it back."""
        ref = self._sheet.inspection.id
        returning.send_back(self.ws, ref, self.query_one(LineEditor).value)
        self._ask(False)
        self.attempt(self._write)
        self.saved(_("已退回；下一次下发会带给检查人"))

    def cancel(self, _key: str) -> None:
        """Leave it as it is."""
        self._ask(False)

    def _ask(self, asking_now: bool, mode: str = "reason") -> None:
        self.mode = mode if asking_now else "page"
        editor = self.query_one(LineEditor)
        editor.display = self.query_one("#why").display = asking_now
        editor.fill("")
        if asking_now:
            self.set_focus(editor)
        else:
            self.set_focus(None)
        self.say("")
        self.offer()
