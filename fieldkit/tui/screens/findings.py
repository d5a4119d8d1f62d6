"""All findings: how long each still has, how far it is, and what it is about."""

from __future__ import annotations

from typing import ClassVar

from fieldkit.domain import rectification
from fieldkit.text.i18n import N_, _
from fieldkit.text.terminal import ascii_only
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import findings, sites
from fieldkit.work.findings import FindingRow

from .pick import Caption, PickScreen

MARKS = {
    "found": N_("待"),
    "notified": N_("交"),
    "rectifying": N_("改"),
    "reported": N_("报"),
    "recheck": N_("查"),
    "passed": N_("合"),
    "again": N_("再"),
    "escalated": N_("提"),
    "referred": N_("转"),
    "answered": N_("回"),
    "closed": N_("销"),
    "withdrawn": N_("撤"),
}
"""Two cells for each state."""
_ASCII = dict(zip(MARKS, ".>~=?+x!@<#-", strict=True))

VIEWS = ("open", "overdue", "all")


def mark(state: str) -> str:
    """The mark of a state: two cells, a word where the terminal can write it."""
    return f"{_ASCII[state]} " if ascii_only() else _(MARKS[state])


def tone(row: FindingRow) -> str:
    """The colour of a finding's mark."""
    if row.overdue:
        return "fail"
    if row.finding.state in rectification.OVER:
        return "skip"
    return "pass" if row.finding.state in rectification.SETTLED else "accent"


class FindingsScreen(PickScreen):
    """The list; typing narrows it, Enter opens one."""

    NAME: ClassVar[str] = "findings"
    CSS_PATH = "findings.tcss"
    FILTER = True

    def __init__(self, view: str = "open") -> None:
        super().__init__()
        self._view = view

    def heading(self) -> str:
        """The title."""
        return _("问题与整改")

    def question(self) -> str:
        """Which findings these are, and how to go on."""
        about = {
            "open": _("没了结的问题，期限近的在前。打对象、题号或几个字查找，回车打开。"),
            "overdue": _("逾期的问题。打对象、题号或几个字查找，回车打开。"),
            "all": _("全部问题，销号和撤销的也在。打对象、题号或几个字查找，回车打开。"),
        }
        return about[self._view]

    def empty(self) -> str:
        """Why there is nothing."""
        if self._view == "open":
            return _("没有没了结的问题。检查定稿后，不合格的题会列在这里。")
        return _("没有逾期的问题。") if self._view == "overdue" else _("还没有问题。")

    def rows(self) -> list[Row]:
        """The findings of this view."""
        state = "open" if self._view == "open" else None
        found = findings.listing(self.ws, state=state, overdue=self._view == "overdue")
        return [self._line(row) for row in found]

    def _line(self, row: FindingRow) -> Row:
        finding, case = row.finding, row.case
        place = sites.full_name(self.ws, row.site) if row.site else "—"
        code = row.site.code if row.site else ""
        again = _("第 {n} 轮").format(n=case.rounds) if case.rounds > 1 else ""
        return Row(
            finding.id,
            f"{place}  {finding.item} {finding.text}",
            "  ".join(part for part in (again, row.when or row.state) if part),
            mark=mark(finding.state),
            tone=tone(row),
            find=f"{code} {case.number} {row.state} {finding.id[:8]}",
        )

    def view(self, _key: str) -> None:
        """The next of the views."""
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        self.say("")
        self.query_one("#question", Caption).tell(self.question())
        self.reload()

    def chosen(self, row: Row) -> None:
        """Into one finding; this list stays below."""
        from .finding import FindingScreen

        self.app.push_screen(FindingScreen(row.key))
