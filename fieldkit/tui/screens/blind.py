"""Beginning one of two records that are unseen by each other: the agreed word, then how."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.domain.records import Site
from fieldkit.text.i18n import N_, _
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.pick_list import PickList, Row
from fieldkit.work import blind, inspecting

from .base import FieldScreen
from .pick import Caption

HOW = {
    "open": N_("表明身份，全部明察项"),
    "covert": N_("不打招呼，只看公开处"),
}
"""A pair walks in one of these ways, both the same."""


class BlindScreen(FieldScreen):
    """Dismissed with the inspection that was begun, or with nothing."""

    NAME: ClassVar[str] = "blind"
    CSS_PATH = "blind.tcss"

    def __init__(self, site: Site, checklist: str, title: str) -> None:
        super().__init__()
        self.mode = "word"
        self._site, self._checklist, self._title = site, checklist, title

    def body(self) -> ComposeResult:
        """What it is about, the word, the ways."""
        yield Caption(id="question")
        yield Caption(_("两人事先商定一个词，各自在自己的电脑上填同一个词："), "accent", id="hint")
        yield LineEditor(max_length=blind.WORD_LIMIT)
        yield PickList(spacing=2)

    def on_mount(self) -> None:
        """Ask for the word."""
        self.title_bar.tell(_("新的检查  双人背靠背"))
        about = _("{title}  去 {site}").format(title=self._title, site=self._site.name)
        self.query_one("#question", Caption).tell(about)
        self.query_one(PickList).show(
            [Row(mode, _(inspecting.MODES[mode]), _(told)) for mode, told in HOW.items()]
        )
        self._ask("word")

    def _ask(self, mode: str) -> None:
        self.mode = mode
        editor = self.query_one(LineEditor)
        self.query_one(PickList).display = mode == "how"
        editor.disabled = mode == "how"
        if mode == "word":
            self.set_focus(editor)
        else:
            self.set_focus(None)
        self.offer()

    def keep(self, _key: str) -> None:
        """The word stands; how is asked next."""
        if not self.query_one(LineEditor).value.strip():
            self.say(_("先填一个词，比如一种花名。"), "accent")
            return
        self.say("")
        self._ask("how")

    def open(self, _key: str) -> None:
        """Begin in the way under the cursor."""
        self._begin(self.query_one(PickList).current)

    def open_number(self, key: str) -> None:
        """Begin in the way with this number."""
        row = self.query_one(PickList).numbered(int(key))
        if row is None:
            self.say(_("没有第 {n} 行。").format(n=key), "accent")
        else:
            self._begin(row)

    def on_pick_list_chosen(self, message: PickList.Chosen) -> None:
        """A row was clicked."""
        self._begin(message.row)

    def _begin(self, row: Row | None) -> None:
        if row is not None and not self.attempt(lambda: self._start(row.key)):
            # Nearly always it is the word that will not do.
            self._ask("word")

    def _start(self, mode: str) -> None:
        word = self.query_one(LineEditor).value
        sheet = blind.begin(self.ws, self._checklist, self._site.code, word, mode=mode)
        self.dismiss(sheet.inspection.id)

    def move_up(self, _key: str) -> None:
        """One row up."""
        self.query_one(PickList).move(-1)

    def move_down(self, _key: str) -> None:
        """One row down."""
        self.query_one(PickList).move(1)

    def reword(self, _key: str) -> None:
        """Back to the word."""
        self._ask("word")
