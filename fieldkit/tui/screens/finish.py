"""The last look before the result is fixed: what is still open, or the score and a yes."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.domain import values
from fieldkit.domain.sheet import Sheet
from fieldkit.text.i18n import _
from fieldkit.tui import asking, words
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.tui.widgets.pick_list import PickList, Row
from fieldkit.work import inspecting

from .base import FieldScreen
from .pick import Caption


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
        """A list of open items, or a page with the score."""
        yield Caption(id="question")
        yield PickList()
        yield Page()

    def on_mount(self) -> None:
        """Show the one that fits."""
        self.title_bar.tell(_("完成检查"))
        is_open = self.mode == "open"
        self.query_one(PickList).display = is_open
        self.query_one(Page).display = not is_open
        if is_open:
            missing = self._sheet.score.open_required
            rows = [
                Row(item.id, self._wrong.get(item.id) or item.text, item.id)
                for item in self._sheet.items
                if item.id in missing or item.id in self._wrong
            ]
            text = _("还有 {n} 题没答，答完才能定稿。选一题去答：").format(n=len(missing))
            if self._wrong:
                text = _("有 {n} 题没答或不符合条件，先改好。选一题去改：").format(n=len(rows))
            self.query_one("#question", Caption).tell(text, "fail")
            self.query_one(PickList).show(rows)
        else:
            self.query_one("#question", Caption).tell(_("都答完了。定稿后答案不能再改。"), "accent")
            self.query_one(Page).show(self._summary())
        self.offer()

    def _summary(self) -> list[Line]:
        states = list(asking.states(self._sheet).values())
        score = self._sheet.score
        lines: list[Line] = [()]
        sums = f"{values.points(score.points)} / {values.points(score.max_points)}"
        if self._sheet.checklist.kind != "record":
            lines.append(
                [(_("得分  "), "dim"), (sums, "strong"), (f"    {score.grade_title}", "accent")]
            )
            lines.append(())
        for state, label in (
            ("pass", _("合格")),
            ("fail", _("不合格")),
            ("na", _("不适用")),
            ("unseen", _("未见")),
        ):
            count = states.count(state)
            if count:
                tone = words.STATE_TONES[state]
                text = _("{label} {n} 题").format(label=label, n=count)
                lines.append([(_(words.STATE_MARKS[state]), tone), (f"  {text}", "")])
        lines += [(), [(" 1 ", "key"), (_("定稿"), "strong")], [(" 2 ", "key"), (_("再看看"), "")]]
        return lines

    def settle(self, _key: str) -> None:
        """Fix the result."""
        self.dismiss(inspecting.finish(self.ws, self._sheet.inspection.id))

    def move_up(self, _key: str) -> None:
        """One row up."""
        self.query_one(PickList).move(-1)

    def move_down(self, _key: str) -> None:
        """One row down."""
        self.query_one(PickList).move(1)

    def open(self, _key: str) -> None:
        """To the item under the cursor."""
        row = self.query_one(PickList).current
        if row:
            self.dismiss(row.key)

    def open_number(self, key: str) -> None:
        """To the item with this number."""
        row = self.query_one(PickList).numbered(int(key))
        if row:
            self.dismiss(row.key)

    def on_pick_list_chosen(self, message: PickList.Chosen) -> None:
        """A row was clicked."""
        self.dismiss(message.row.key)
