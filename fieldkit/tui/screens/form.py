"""A few lines to fill in, kept as a whole with F9; a number chooses where there is a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult

from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown
from fieldkit.text.width import pad
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.pick_list import PickList, Row

from .base import FieldScreen
from .pick import Caption

LABEL = 14
"""Cells for the name of a line."""


class Line(NamedTuple):
    """One line: its name in the work layer, its label, what to type, what can be chosen."""

    field: str
    label: str
    hint: str
    choices: Mapping[str, str] = {}
    needed: bool = False
    longest: int = 60


class WholeForm(FieldScreen):
    """Lines kept as a whole, or not at all: leaving without keeping is asked about once."""

    def __init__(self) -> None:
        super().__init__()
        self._warned = False

    def is_changed(self) -> bool:
        """Whether something was filled in that is not kept yet."""
        raise NotImplementedError

    def _hold(self) -> None:
        """Take the line over as it stands in the editor."""
        raise NotImplementedError

    def _go(self, by: int) -> None:
        """So many lines further."""
        raise NotImplementedError

    def move_up(self, _key: str) -> None:
        """The line before."""
        self._hold()
        self._go(-1)

    def move_down(self, _key: str) -> None:
        """The line after."""
        self._hold()
        self._go(1)

    def _loses(self) -> bool:
        """Whether leaving now would lose something; said once."""
        self._hold()
        if not self.is_changed() or self._warned:
            return False
        self._warned = True
        self.say(_("填的还没保存：按 F9 保存；再按一次就不保存。"), "accent")
        return True

    def back(self, key: str) -> None:
        """Leave without keeping."""
        if not self._loses():
            super().back(key)

    def quit(self, key: str) -> None:
        """Leave the program without keeping."""
        if not self._loses():
            super().quit(key)


class FormScreen(WholeForm):
    """Dismissed with what `keep_all` gave, or with nothing."""

    NAME: ClassVar[str] = "form"
    CSS_PATH = "form.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, str] = {}
        self._lines: Sequence[Line] = ()
        self._at = 0

    def is_changed(self) -> bool:
        """Whether any line is filled in."""
        return any(self.told.values())

    def asked(self) -> Sequence[Line]:
        """The lines, in their order."""
        raise NotImplementedError

    def heading(self) -> str:
        """The title."""
        raise NotImplementedError

    def keep_all(self) -> str:
        """Keep what was told; gives the id of what was kept. Raises Problem."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """The lines, what to type, the editor, what can be chosen."""
        yield PickList(numbered=False)
        yield Caption(tone="accent", id="hint")
        yield LineEditor(max_length=500)
        yield Page()

    def on_mount(self) -> None:
        """Begin with the first line."""
        self._lines = self.asked()
        self.title_bar.tell(self.heading())
        self._show()

    @property
    def _line(self) -> Line:
        return self._lines[self._at]

    def _show(self) -> None:
        picks = self.query_one(PickList)
        picks.styles.height = len(self._lines)
        picks.show([self._row(line) for line in self._lines], at=self._line.field)
        self.query_one("#hint", Caption).tell(self._line.hint, "accent")
        editor = self.query_one(LineEditor)
        editor.max_length = self._line.longest
        editor.fill(self._said(self._line))
        self.set_focus(editor)
        words: list[Sequence[tuple[str, str]]] = [
            [(f" {n} ", "key"), (label, "")]
            for n, label in enumerate(self._line.choices.values(), 1)
        ]
        self.query_one(Page).show(words)
        self.offer()

    def _row(self, line: Line) -> Row:
        empty = _("没填") if line.needed else "—"
        return Row(line.field, f"{pad(line.label, LABEL)}{shown(self._said(line)) or empty}")

    def _said(self, line: Line) -> str:
        text = self.told.get(line.field, "")
        return line.choices.get(text, text)

    def _hold(self) -> None:
        """Take the line over as it stands in the editor."""
        line, typed = self._line, self.query_one(LineEditor).value.strip()
        if typed != self._said(line):
            self.told[line.field] = _chosen(line.choices, typed)
            self._warned = False

    def keep(self, _key: str) -> None:
        """Take the line and go on to the next."""
        self._hold()
        if self._faulty(self._line):
            return
        if self._at == len(self._lines) - 1:
            self.say(_("填完了，按 F9 保存。"), "accent")
        self._go(1)

    def _faulty(self, line: Line) -> bool:
        """Whether a line cannot be kept so; it says why."""
        text = self.told.get(line.field, "")
        if line.choices and text and text not in line.choices:
            self.say(_("{line}：按数字选一个。").format(line=line.label), "fail")
            return True
        if line.needed and not text:
            self.say(_("{line}：还没填。").format(line=line.label), "fail")
            return True
        return False

    def save(self, _key: str) -> None:
        """Keep the whole; the first line with a fault is gone to instead."""
        self._hold()
        for at, line in enumerate(self._lines):
            if self._faulty(line):
                self._at = at
                self._show()
                return
        self.dismiss(self.keep_all())

    def _go(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._lines) - 1))
        self._show()

    def on_pick_list_chosen(self, message: PickList.Chosen) -> None:
        """A line was clicked."""
        self._hold()
        self._at = [line.field for line in self._lines].index(message.row.key)
        self._show()


def _chosen(choices: Mapping[str, str], typed: str) -> str:
    """What a number, a code or a word means among the choices; else what was typed."""
    text = folded(typed)
    if text.isascii() and text.isdecimal() and 0 < int(text[:3]) <= len(choices):
        return list(choices)[int(text) - 1]
    return next((code for code, label in choices.items() if text in (code, label)), typed)
