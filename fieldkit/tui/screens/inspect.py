"""One inspection, one question at a time; an answer is on disk before the next is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from fieldkit.domain.checklist import Item
from fieldkit.domain.items.choices import NOTHING
from fieldkit.domain.sheet import Sheet
from fieldkit.domain.translating import list_title
from fieldkit.text.i18n import _, language
from fieldkit.text.plain import folded
from fieldkit.tui import asking, drawing
from fieldkit.tui.guided import Guide
from fieldkit.tui.many import meant
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.progress import ItemList, Progress
from fieldkit.tui.widgets.question import Question
from fieldkit.work import bookmarks, inspecting, sites

from .base import FieldScreen
from .home import LAST, item_mark

EDITING = ("line", "note", "evidence", "entry", "draw")


def draft_mark(inspection: str) -> str:
    """Bookmark: a line that was typed and not kept, as ``item`` TAB ``text``."""
    return f"draft:{inspection}"


class InspectScreen(FieldScreen):
    """The question, its editor, and where one is."""

    NAME: ClassVar[str] = "inspect"
    CSS_PATH = "inspect.tcss"

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet
        self.at = 0
        self._picked: frozenset[str] = frozenset()
        self._guide: Guide | None = None
        self._phrase = -1

    @property
    def ref(self) -> str:
        """The inspection's id."""
        return self.sheet.inspection.id

    @property
    def item(self) -> Item:
        """The current item."""
        return self.sheet.items[self.at]

    def body(self) -> ComposeResult:
        """The list of items (wide screens), the progress, the question, the editor."""
        with Horizontal(id="work"):
            yield ItemList()
            with Vertical(id="one"):
                yield Progress()
                yield Question()
                yield LineEditor()

    def on_mount(self) -> None:
        """Come back to the item where it was left."""
        bookmarks.remember(self.ws, LAST, self.ref)
        ids = [item.id for item in self.sheet.items]
        here = bookmarks.recall(self.ws, item_mark(self.ref))
        self.at = ids.index(here) if here in ids else 0
        self.show()

    def on_screen_resume(self) -> None:
        """Back from another screen: the keys are ours again."""
        if self.query(Question) and self.is_mounted:
            self.offer()

    # What is shown

    def show(self) -> None:
        """The current item as it stands, ready to be answered."""
        self._guide = None
        self.mode = asking.mode_of(self.item)
        self._picked = asking.picked(self.sheet.value(self.item.id))
        bookmarks.remember(self.ws, item_mark(self.ref), self.item.id)
        proposed = self.sheet.presented.proposed.get(self.item.id, "")
        self._edit(self._draft() or self.sheet.value(self.item.id) or proposed)
        self._paint()

    def _paint(self, prompt: str = "") -> None:
        said, drawn = (
            prompt or asking.hint(self.item, self.mode),
            drawing.drawn(self.ws, self.sheet, self.item),
        )
        shown = asking.asked(
            self.sheet, self.item, self.mode, self._picked, self._guide, said, drawn
        )
        self.query_one(Question).show(shown)
        standing = asking.standing(self.sheet, self.at)
        self.query_one(Progress).show(standing)
        self.query_one(ItemList).show(standing)
        self.title_bar.tell(self._title(), self.item.id)
        self.offer()

    def _title(self) -> str:
        known, site = self.sheet.inspection, sites.full_name(self.ws, self.sheet.site)
        if known.mode == "covert":
            return _("走访记录  {site}").format(site=site)
        mode = _(inspecting.MODES.get(known.mode, known.mode))
        title = list_title(self.sheet.checklist, language())
        return f"{title}  {site}  {mode}"

    def _edit(self, text: str) -> None:
        editor = self.query_one(LineEditor)
        editor.display = self.mode in EDITING
        editor.fill(text if editor.display else "")
        if editor.display:
            editor.focus()
        else:
            self.set_focus(None)

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

    # Answers

    def _settle(self, typed: str, note: str | None = None, evidence: Sequence[Path] = ()) -> None:
        """Keep an answer; everything after the call shows what is on disk."""
        item = self.item
        self.sheet = inspecting.answer(
            self.ws, self.ref, item.id, typed, note=note, evidence=evidence
        )
        # The answer may have brought items before this one, or taken them away.
        self._jump(item.id)
        self._forget_draft()
        self.saved(f"{item.id} {asking.said(item, self.sheet.value(item.id))}")

    def _answer(self, typed: str) -> None:
        self._settle(typed)
        self._step_on()

    def _step_on(self) -> None:
        if self.at + 1 < len(self.sheet.items):
            self.at += 1
        else:
            self._jump(self.sheet.next_open(None))
        self.show()
        if self.sheet.next_open(None) is None:
            self.say(_("都答完了，按 F9 完成检查。"), "accent")

    def _jump(self, item: str | None) -> None:
        ids = [known.id for known in self.sheet.items]
        if item in ids:
            self.at = ids.index(item)

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

    # An outside conclusion, step by step

    def guide_met(self, _key: str) -> None:
        """The letter says yes."""
        self._guided(Guide("met"))

    def guide_unmet(self, _key: str) -> None:
        """The letter says no."""
        self._guided(Guide("unmet"))

    def _guided(self, guide: Guide) -> None:
        self._guide = guide
        self.mode = "entry"
        self._edit("")
        self._paint()
        self.say("")

    def keep_entry(self, _key: str) -> None:
        """One step further."""
        typed = self.query_one(LineEditor).value
        guide = self._guide
        if guide is None:
            return
        if guide.asks_number:
            if not folded(typed):
                self.say(_("写上文号再按回车。"), "accent")
                return
            self._guided(guide.numbered(typed))
        else:
            self._answer(guide.value(typed))

    # Note and evidence

    def note(self, _key: str) -> None:
        """Write a note."""
        kept = self.sheet.answers.get(self.item.id)
        self._phrase = -1
        self._write("note", kept.note if kept else "", _("备注：只写事实，不写姓名电话"))

    def evidence(self, _key: str) -> None:
        """Add a file."""
        prompt = _("佐证文件的路径（照片会先去掉位置信息）")
        self._write("evidence", "", prompt)

    def _write(self, mode: str, text: str, prompt: str) -> None:
        self._keep_draft()
        self.mode = mode
        self._edit(text)
        self._paint(prompt)
        self.say("")

    def phrase_next(self, _key: str) -> None:
        """The next ready phrase into the editor."""
        self._phrase = (self._phrase + 1) % len(self.item.phrases)
        self.query_one(LineEditor).fill(self.item.phrases[self._phrase])

    def keep_note(self, _key: str) -> None:
        """Keep the note beside the answer."""
        note = self.query_one(LineEditor).value
        self._settle(self.sheet.value(self.item.id) or "", note=note)
        self.show()

    def keep_evidence(self, _key: str) -> None:
        """Keep the file beside the answer."""
        typed = self.query_one(LineEditor).value.strip().strip("'\"")
        if typed:
            path = Path(typed).expanduser()
            self._settle(self.sheet.value(self.item.id) or "", evidence=[path])
            self.show()
        else:
            self.say(_("写上文件路径再按回车；按 F2 不加。"), "accent")

    def cancel(self, _key: str) -> None:
        """Back to the question, nothing kept."""
        self.show()
        self.say("")

    # A sample

    def draw(self, _key: str) -> None:
        """Ask how many there are."""
        self._write("draw", "", _("现场一共有多少个"))

    def keep_draw(self, _key: str) -> None:
        """Keep that number; which ones to look at follows from it and the inspection's seed."""
        drawing.draw(self.ws, self.sheet, self.item, self.query_one(LineEditor).value)
        self.show()
        self.say("")

    # Moving and leaving

    def move_up(self, _key: str) -> None:
        """The item before."""
        self._go(self.at - 1)

    def move_down(self, _key: str) -> None:
        """The item after."""
        self._go(self.at + 1)

    def next_open(self, _key: str) -> None:
        """The next item without an answer."""
        item = self.sheet.next_open(self.item.id)
        ids = [known.id for known in self.sheet.items]
        if item in ids:
            self._go(ids.index(item))

    def _go(self, at: int) -> None:
        if not 0 <= at < len(self.sheet.items):
            self.say(_("已是第一题。") if at < 0 else _("已是最后一题。"), "dim")
            return
        kept = self._keep_draft()
        self.at = at
        self.show()
        self.say(_("刚才那一行还没存，回去时还在。") if kept else "", "accent")

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
        super().back(key)

    def quit(self, key: str) -> None:
        """Leave the program; a half-written line is remembered."""
        self._keep_draft()
        super().quit(key)

    # A line that was typed and not kept

    def _keep_draft(self) -> bool:
        if self.mode != "line":
            return False
        typed = self.query_one(LineEditor).value
        if not typed or typed == (self.sheet.value(self.item.id) or ""):
            return False
        bookmarks.remember(self.ws, draft_mark(self.ref), f"{self.item.id}\t{typed}")
        return True

    def _draft(self) -> str:
        kept = bookmarks.recall(self.ws, draft_mark(self.ref))
        item, _tab, typed = kept.partition("\t") if isinstance(kept, str) else ("", "", "")
        return typed if item == self.item.id and self.mode == "line" else ""

    def _forget_draft(self) -> None:
        kept = bookmarks.recall(self.ws, draft_mark(self.ref))
        if isinstance(kept, str) and kept.startswith(f"{self.item.id}\t"):
            bookmarks.remember(self.ws, draft_mark(self.ref), "")
