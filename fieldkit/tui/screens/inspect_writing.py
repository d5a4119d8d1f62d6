"""Writing beside an answer: notes, phrases, evidence, outside conclusions, the draw of a sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldkit.text.i18n import _
from fieldkit.text.plain import folded
from fieldkit.tui import drawing
from fieldkit.tui.guided import Guide
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.question import Option

from .inspect_sheet import SheetScreen

PHRASES = 9
"""So many phrases have a digit."""


class WritingScreen(SheetScreen):
    """The modes in which the editor, or a short list, belongs to something else than the answer."""

    _phrase = -1

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

    # Notes

    def note(self, _key: str) -> None:
        """Pick a phrase of the list, or write."""
        kept = self.sheet.answers.get(self.item.id)
        self._phrase = -1
        if self.item.phrases and not (kept and kept.note):
            self._keep_draft()
            self.mode = "phrases"
            self._edit("")
            menu = [Option(str(n), text) for n, text in enumerate(self._phrases, 1)]
            self._paint(menu=[*menu, Option("0", _("自己写"))])
            self.say("")
        else:
            self._write("note", kept.note if kept else "", _("备注：只写事实，不写姓名电话"))

    @property
    def _phrases(self) -> tuple[str, ...]:
        return self.item.phrases[:PHRASES]

    def use_phrase(self, key: str) -> None:
        """The phrase into the editor, where it can still be changed."""
        if int(key) > len(self._phrases):
            self.say(_("没有第 {n} 句。").format(n=key), "accent")
            return
        self._phrase = int(key) - 1
        self._write("note", self._phrases[self._phrase], _("备注：只写事实，不写姓名电话"))

    def write_freely(self, _key: str) -> None:
        """An empty line."""
        self._write("note", "", _("备注：只写事实，不写姓名电话"))

    def phrase_next(self, _key: str) -> None:
        """The next ready phrase into the editor."""
        self._phrase = (self._phrase + 1) % len(self.item.phrases)
        self.query_one(LineEditor).fill(self.item.phrases[self._phrase])

    def keep_note(self, _key: str) -> None:
        """Keep the note beside the answer."""
        note = self.query_one(LineEditor).value
        self._settle(self.sheet.value(self.item.id) or "", note=note)
        self.show()

    # Evidence

    def evidence(self, _key: str) -> None:
        """Add a file."""
        prompt = _("佐证文件的路径（照片会先去掉位置信息）；按 F7 从文件夹里挑")
        self._write("evidence", "", prompt)

    def browse(self, _key: str) -> None:
        """Choose the file from a folder."""
        from .files import FilesScreen

        self.app.push_screen(FilesScreen(), self._browsed)

    def _browsed(self, path: Any) -> None:
        if path is not None:
            self.attempt(lambda: self._add(path))

    def keep_evidence(self, _key: str) -> None:
        """Keep the file beside the answer."""
        typed = self.query_one(LineEditor).value
        if folded(typed):
            from fieldkit.work.paths import given

            self._add(given(typed))
        else:
            self.say(_("写上文件路径再按回车；按 F2 不加。"), "accent")

    def _add(self, path: Path) -> None:
        self._settle(self.sheet.value(self.item.id) or "", evidence=[path])
        self.show()

    # A sample

    def ask_draw(self) -> None:
        """Ask how many there are."""
        self._write("draw", "", _("现场一共有多少个"))

    def keep_draw(self, _key: str) -> None:
        """Keep that number; which ones to look at follows from it and the inspection's seed."""
        drawing.draw(self.ws, self.sheet, self.item, self.query_one(LineEditor).value)
        self.show()
        self.say("")

    def cancel(self, _key: str) -> None:
        """Back to the question, nothing kept."""
        self.show()
        self.say("")

    def _write(self, mode: str, text: str, prompt: str) -> None:
        self._keep_draft()
        self.mode = mode
        self._edit(text)
        self._paint(prompt)
        self.say("")
