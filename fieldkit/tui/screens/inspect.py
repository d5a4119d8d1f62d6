"""One inspection, one question at a time; an answer is on disk before the next is asked."""

from __future__ import annotations

from typing import Any

from fieldkit.domain.items.choices import NOTHING
from fieldkit.text.i18n import _
from fieldkit.tui import asking
from fieldkit.tui.many import meant
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.question import Option

from .inspect_more import entries
from .inspect_writing import WritingScreen


class InspectScreen(WritingScreen):
    """Answering, and the ways out."""

    # Reasons

    def why_not_na(self) -> str:
        """Some items must have a conclusion."""
        return "" if asking.may_be_na(self.item) else _("这一题必须有结论，不能答“不适用”。")

    def why_not_covert(self) -> str:
        """Unseen is an answer of covert visits only."""
        covert = self.sheet.inspection.mode == "covert"
        return "" if covert else _("“未见”只用于暗访。")

    def why_not_answered(self) -> str:
        """A note belongs to an answer."""
        answered = self.sheet.value(self.item.id) is not None
        return "" if answered else _("先作答，再写备注、加佐证。")

    def why_all_answered(self) -> str:
        """Nothing open to jump to."""
        open_item = self.sheet.next_open(self.item.id)
        return "" if open_item else _("都答完了，按 F9 完成检查。")

    def why_no_sample(self) -> str:
        """Numbers are drawn for samples alone."""
        return "" if self.item.type == "sample" else _("只有抽样题要抽号。")

    def why_no_phrases(self) -> str:
        """This checklist brings no ready phrases for the item."""
        return "" if self.item.phrases else _("这一题没有常用语。")

    def why_not_left_out(self) -> str:
        """Neither can it be not applicable, nor unseen."""
        return "" if self.covert else self.why_not_na()

    def why_not_neutral(self) -> str:
        """Only a covert visit has something to hide."""
        return "" if self.covert else _("只有暗访才要遮屏。")

    # Answers

    def answer_pass(self, _key: str) -> None:
        """合格."""
        self._answer("pass")

    def answer_fail(self, _key: str) -> None:
        """不合格."""
        self._answer("fail")

    def answer_na(self, _key: str) -> None:
        """不适用."""
        self._answer("na")

    def answer_unseen(self, _key: str) -> None:
        """未见."""
        self._answer("unseen")

    def answer_option(self, key: str) -> None:
        """One of several."""
        code = self._option(key)
        if code:
            self._answer(code)

    def toggle_option(self, key: str) -> None:
        """One more or one less of several."""
        code = self._option(key)
        if code:
            known = {option.id for option in self.item.options}
            self._picked = (self._picked & known) ^ {code}
            self._paint()
            self.say(_("选好后按回车存。"), "dim")

    def keep_options(self, _key: str) -> None:
        """The chosen ones together."""
        order = [option.id for option in self.item.options if option.id in self._picked]
        self._answer(",".join(order) or NOTHING)

    def _option(self, key: str) -> str | None:
        found = self.item.options
        if int(key) <= len(found):
            return found[int(key) - 1].id
        self.say(_("没有第 {n} 个选项。").format(n=key), "accent")
        return None

    def keep_line(self, _key: str) -> None:
        """What was written."""
        self._answer(meant(self.item, self.query_one(LineEditor).value))

    def read_on(self, _key: str) -> None:
        """Nothing to answer here."""
        self._step_on()

    def leave_out(self, _key: str) -> None:
        """Not applicable; in a covert visit it may also be unseen."""
        if not self.covert:
            self._answer("na")
            return
        self._keep_draft()
        self.mode = "out"
        self._edit("")
        reason = self.why_not_na()
        self._paint(menu=[Option("1", reason or _("不适用")), Option("2", _("未见"))])

    # More

    def more(self, _key: str) -> None:
        """What is wanted now and then, by number."""
        self._keep_draft()
        self.mode = "more"
        self._edit("")
        menu = [
            Option(
                str(n),
                _("{entry}（{reason}）").format(entry=entry.text, reason=entry.reason.rstrip("。."))
                if entry.reason
                else entry.text,
            )
            for n, entry in enumerate(entries(self), 1)
        ]
        self._paint(menu=menu)
        self.say("")

    def pick_more(self, key: str) -> None:
        """Do one of these, or say why not."""
        found = entries(self)
        if int(key) > len(found):
            self.say(_("没有第 {n} 行。").format(n=key), "accent")
        elif reason := found[int(key) - 1].reason:
            self.say(reason, "accent")
        else:
            self.show()
            self.say("")
            found[int(key) - 1].act()

    def changed(self, sheet: Any, words: str) -> None:
        """The sheet was written to from elsewhere, and is on disk."""
        here = self.item.id
        self.sheet = sheet
        self._jump(here)
        self.at = min(self.at, len(self.sheet.items) - 1)
        self.show()
        self.saved(words)

    def neutral(self, _key: str) -> None:
        """A screen that says nothing."""
        from .neutral import NeutralScreen

        self.app.push_screen(NeutralScreen())

    # Leaving

    def finish(self, _key: str) -> None:
        """To the last look before the result is fixed."""
        from .finish import FinishScreen

        self._keep_draft()
        self.app.push_screen(FinishScreen(self.sheet), self._looked)

    def _looked(self, outcome: Any) -> None:
        if isinstance(outcome, str):
            self._jump(outcome)
            self.show()
        elif outcome is not None:
            from .result import ResultScreen

            sheet, findings = outcome
            self.app.switch_screen(ResultScreen(sheet, findings))

    def back(self, key: str) -> None:
        """Home; the item is remembered."""
        self._keep_draft()
        self.keep_pace()
        super().back(key)

    def quit(self, key: str) -> None:
        """Leave the program; a half-written line is remembered."""
        self._keep_draft()
        self.keep_pace()
        super().quit(key)
