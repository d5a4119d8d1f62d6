"""The last look before the result is fixed: only gaps and faults, with a jump to each."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.domain import translating, values
from fieldkit.domain.sheet import Sheet
from fieldkit.text.i18n import _, language
from fieldkit.tui import asking, words
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.tui.widgets.pick_list import PickList, Row
from fieldkit.work import inspecting, telling

from .base import FieldScreen
from .pick import Caption

PARTICULARS = "*"
"""The key of rows about the record as a whole."""


class FinishScreen(FieldScreen):
    """Dismissed with an item to jump to, or with the finished sheet and its findings."""

    NAME: ClassVar[str] = "finish"
    CSS_PATH = "finish.tcss"

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet
        self._wrong = sheet.presented.violated
        self.mode = "open" if sheet.score.open_required or self._wrong else "ready"

    def body(self) -> ComposeResult:
        """What it comes to so far, a sentence, and what is still to be done."""
        yield Page()
        yield Caption(id="question")
        yield PickList()

    def on_mount(self) -> None:
        """Show it."""
        self.title_bar.tell(_("完成检查"))
        page = self.query_one(Page)
        page.display = self.mode == "ready"
        page.show(self._summary())
        page.styles.height = len(self._summary())
        self._fill()

    def on_screen_resume(self) -> None:
        """Back from the particulars."""
        if self.is_mounted and self.query(PickList):
            self._fill()

    def _fill(self) -> None:
        rows = self._missing() if self.mode == "open" else self._gaps()
        text, tone = self._said(len(rows))
        self.query_one("#question", Caption).tell(text, tone)
        self.query_one(PickList).show(rows)
        self.offer()

    def _said(self, count: int) -> tuple[str, str]:
        if self.mode == "ready":
            if not count:
                return _("都答完了，按 F9 定稿。"), "accent"
            return _("都答完了，按 F9 定稿；下面 {n} 处还可以补：").format(n=count), "accent"
        if self._wrong:
            return _("有 {n} 题没答或不符合条件，先改好。选一题去改：").format(n=count), "fail"
        return _("还有 {n} 题没答，答完才能定稿。选一题去答：").format(n=count), "fail"

    def _missing(self) -> list[Row]:
        missing = self._sheet.score.open_required
        return [
            Row(item.id, self._wrong.get(item.id) or _text(self._sheet, item.id), item.id)
            for item in self._sheet.items
            if item.id in missing or item.id in self._wrong
        ]

    def _gaps(self) -> list[Row]:
        """What may be fixed as it is, and would be better otherwise."""
        rows = [
            Row(PARTICULARS, said, _("检查人等"), mark=words.mark("open"), tone="todo")
            for said in telling.missing(self.ws, self._sheet)
        ]
        for item in self._sheet.failed:
            answer = self._sheet.answers.get(item.id)
            lacks = [
                word
                for word, there in (
                    (_("没写备注"), answer is not None and answer.note),
                    (_("没有佐证"), answer is not None and answer.evidence),
                )
                if not there
            ]
            if lacks:
                mark = words.mark("fail")
                text = _text(self._sheet, item.id)
                rows.append(Row(item.id, text, "、".join(lacks), mark=mark, tone="fail"))
        return rows

    def _summary(self) -> list[Line]:
        states = list(asking.states(self._sheet).values())
        score = self._sheet.score
        lines: list[Line] = [()]
        sums = f"{values.points(score.points)} / {values.points(score.max_points)}"
        if self._sheet.checklist.kind != "record":
            lines.append(
                [(_("得分  "), "dim"), (sums, "strong"), (f"    {score.grade_title}", "accent")]
            )
            if score.veto:
                lines.append([(_("否决  "), "dim"), ("、".join(score.veto), "fail")])
            lines.append(())
        counts: list[tuple[str, str]] = []
        for state, label in (
            ("pass", _("合格")),
            ("fail", _("不合格")),
            ("na", _("不适用")),
            ("unseen", _("未见")),
        ):
            count = states.count(state)
            if count:
                text = _("{label} {n} 题").format(label=label, n=count)
                counts += [
                    (words.mark(state), words.STATE_TONES[state]),
                    (f" {text}    ", ""),
                ]
        return [*lines, counts, ()]

    def why_no_rows(self) -> str:
        """The reason when nothing is to be mended."""
        return "" if self.query_one(PickList).rows else _("没有要补的。")

    def settle(self, _key: str) -> None:
        """Fix the result."""
        self.dismiss(inspecting.finish(self.ws, self._sheet.inspection.id))

    def particulars(self, _key: str) -> None:
        """Who walked, and when."""
        from .particulars import ParticularsScreen

        self.app.push_screen(ParticularsScreen(self._sheet))

    def move_up(self, _key: str) -> None:
        """One row up."""
        self.query_one(PickList).move(-1)

    def move_down(self, _key: str) -> None:
        """One row down."""
        self.query_one(PickList).move(1)

    def open(self, _key: str) -> None:
        """To the item under the cursor."""
        self._leave(self.query_one(PickList).current)

    def open_number(self, key: str) -> None:
        """To the item with this number."""
        self._leave(self.query_one(PickList).numbered(int(key)))

    def on_pick_list_chosen(self, message: PickList.Chosen) -> None:
        """A row was clicked."""
        self._leave(message.row)

    def _leave(self, row: Row | None) -> None:
        if row is not None and row.key == PARTICULARS:
            self.particulars("")
        elif row is not None:
            self.dismiss(row.key)


def _text(sheet: Sheet, item: str) -> str:
    return translating.words(sheet.by_id[item], "text", language())
