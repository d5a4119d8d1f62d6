"""What every part of the inspection screen shares: the sheet, the current item, what is drawn."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from fieldkit.domain.checklist import Item
from fieldkit.domain.sheet import Sheet
from fieldkit.domain.translating import list_title
from fieldkit.text.i18n import _, language
from fieldkit.tui import asking, drawing
from fieldkit.tui.guided import Guide
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.progress import ItemList, Progress
from fieldkit.tui.widgets.question import Option, Question
from fieldkit.work import bookmarks, earlier, inspecting, pace, sites

from .base import FieldScreen
from .inspect_mark import LAST, draft_mark, item_mark

EDITING = ("line", "note", "evidence", "entry", "draw")


class SheetScreen(FieldScreen):
    """The question, its editor, and where one is."""

    NAME: ClassVar[str] = "inspect"
    CSS_PATH = "inspect.tcss"

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet
        self.at = 0
        self._picked: frozenset[str] = frozenset()
        self._guide: Guide | None = None
        self._earlier: earlier.Earlier | None = None
        self._spent: dict[str, int] = {}
        self._looking = ("", 0.0)

    @property
    def ref(self) -> str:
        """The inspection's id."""
        return self.sheet.inspection.id

    @property
    def item(self) -> Item:
        """The current item."""
        return self.sheet.items[self.at]

    @property
    def covert(self) -> bool:
        """Whether nobody is to see what this is."""
        return self.sheet.inspection.mode == "covert"

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
        self._earlier = earlier.earlier(self.ws, self.sheet)
        left = bookmarks.recall(self.ws, item_mark(self.ref))
        self._jump(left or self.sheet.next_open(None))
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
        self._look()
        bookmarks.remember(self.ws, item_mark(self.ref), self.item.id)
        proposed = self.sheet.presented.proposed.get(self.item.id, "")
        self._edit(self._draft() or self.sheet.value(self.item.id) or proposed)
        self._paint()

    def _paint(self, prompt: str = "", menu: Sequence[Option] | None = None) -> None:
        """Draw the item; a menu stands in the place of its answers."""
        shown = asking.asked(
            self.sheet,
            self.item,
            self.mode,
            self._picked,
            self._guide,
            prompt or asking.hint(self.item, self.mode),
            asking.Beside(
                drawn=drawing.drawn(self.ws, self.sheet, self.item),
                earlier=asking.before(self._earlier, self.item),
                skipped=asking.skipped_before(self.sheet, self.at),
                menu=menu,
            ),
        )
        self.query_one(Question).show(shown)
        standing = asking.standing(self.sheet, self.at)
        self.query_one(Progress).show(standing)
        self.query_one(ItemList).show(standing)
        self.title_bar.tell(self._title(), self.item.id)
        self.offer()

    def _title(self) -> str:
        known, site = self.sheet.inspection, sites.full_name(self.ws, self.sheet.site)
        if self.covert:
            return _("走访记录  {site}").format(site=site)
        mode = _(inspecting.MODES.get(known.mode, known.mode))
        title = list_title(self.sheet.checklist, language())
        return f"{title}  {site}  {mode}"

    def _edit(self, text: str) -> None:
        editor = self.query_one(LineEditor)
        editor.display = self.mode in EDITING
        editor.fill(text if editor.display else "")
        if editor.display:
            self.set_focus(editor)
        else:
            self.set_focus(None)

    # How long an item was looked at

    def _look(self) -> None:
        """Note the time since the last item came up, and start with this one."""
        item, since = self._looking
        now = time.monotonic()
        if item and item != self.item.id:
            self._spent[item] = self._spent.get(item, 0) + int((now - since) * 1000)
        if item != self.item.id:
            self._looking = (self.item.id, now)

    def keep_pace(self) -> None:
        """Write the times down; a killed program costs those since the last time, no more."""
        item, since = self._looking
        if item:
            spent = int((time.monotonic() - since) * 1000)
            self._spent[item] = self._spent.get(item, 0) + spent
            self._looking = ("", 0.0)
        self.attempt(lambda: pace.add(self.ws, self.ref, self._spent))
        self._spent = {}

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
        done, every = self.sheet.progress
        if done == every:
            self.say(_("都答完了，按 F9 完成检查。"), "accent")

    def _jump(self, item: str | None) -> None:
        ids = [known.id for known in self.sheet.items]
        if item in ids:
            self.at = ids.index(item)

    # Moving

    def move_up(self, _key: str) -> None:
        """The item before."""
        self._go(self.at - 1)

    def move_down(self, _key: str) -> None:
        """The item after."""
        self._go(self.at + 1)

    def next_open(self, _key: str) -> None:
        """The next item without an answer."""
        self.go_to(self.sheet.next_open(self.item.id) or "")

    def go_to(self, item: str) -> None:
        """To an item by its id, if it is asked now."""
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
