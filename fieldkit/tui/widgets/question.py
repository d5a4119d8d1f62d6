"""One question: what is asked, by which measure, and what the answer is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.geometry import Size

from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width, cut
from fieldkit.text.wrap import wrap

from .painted import Line, Painted, Piece

MEASURE = 68
"""Cells of a line of reading: 34 Chinese characters."""


@dataclass(frozen=True, slots=True)
class Option:
    """One numbered answer."""

    key: str
    text: str
    chosen: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything about the current item that the screen shows."""

    text: str
    facts: tuple[tuple[str, str], ...]
    """Label and text: criterion, wanted evidence, source."""
    answer: str
    answer_tone: str
    note: str
    evidence: int
    critical: bool
    options: tuple[Option, ...]
    flat: bool
    """Options beside each other."""
    prompt: str = ""
    """What to write into the editor below."""
    skipped: str = ""
    """That items before this one are left out."""
    brief: bool = False
    """A menu is shown: of the item itself only what it asks."""


class Question(Painted):
    """Drawn anew from one `Asked`; never rebuilt."""

    DEFAULT_CSS: ClassVar[str] = "Question { height: auto; min-height: 11; padding: 0 3; }"

    def __init__(self) -> None:
        super().__init__(id="question")
        self._asked: Asked | None = None

    def show(self, asked: Asked) -> None:
        """Take a new question."""
        self._asked = asked
        self.redraw()
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the question needs."""
        return len(self._lines(min(width, MEASURE)))

    def lines(self, width: int, height: int) -> list[Line]:
        """The question; what to write stands on the last row, right above the editor."""
        drawn = self._lines(min(width, MEASURE))
        if self._asked and self._asked.prompt and len(drawn) < height:
            last = len(wrap(self._asked.prompt, min(width, MEASURE)))
            blank: list[Line] = [()] * (height - len(drawn))
            drawn = [*drawn[:-last], *blank, *drawn[-last:]]
        return drawn

    def _lines(self, width: int) -> list[Line]:
        asked = self._asked
        if asked is None:
            return []
        drawn: list[Line] = [[(row, "dim")] for row in wrap(asked.skipped, width) if row]
        drawn += [[(row, "strong")] for row in wrap(asked.text, width)]
        if asked.brief:
            return [*drawn, (), *_options(asked, width)]
        if asked.critical:
            drawn.append([(_("一票否决项"), "fail")])
        drawn.append(())
        for label, text in asked.facts:
            drawn += _labelled(label, text, width, "dim", "")
        drawn.append(())
        drawn += _labelled(_("现答"), asked.answer, width, "accent", asked.answer_tone)
        if asked.note:
            drawn += _labelled(_("备注"), asked.note, width, "accent", "")
        if asked.evidence:
            count = _("已存 {n} 份").format(n=asked.evidence)
            drawn += _labelled(_("附件"), count, width, "accent", "")
        drawn.append(())
        drawn += _options(asked, width)
        if asked.prompt:
            drawn += [[(row, "accent")] for row in wrap(asked.prompt, width)]
        return drawn


def _labelled(label: str, text: str, width: int, label_tone: str, tone: str) -> list[Line]:
    lead = cell_width(label) + 2
    rows = wrap(text, width - lead) if text else []
    return [
        [(label if not index else " " * (lead - 2), label_tone), ("  ", ""), (row, tone)]
        for index, row in enumerate(rows)
    ]


def _options(asked: Asked, width: int) -> list[Line]:
    if asked.flat:
        pieces: list[Piece] = []
        for option in asked.options:
            tone = "cursor" if option.chosen else ""
            pieces += [
                (f" {option.key} ", "cursor-key" if option.chosen else "key"),
                (f"{option.text} ", tone),
                ("   ", ""),
            ]
        return [pieces] if pieces else []
    return [
        [
            (f" {option.key}  ", "cursor-key" if option.chosen else "key"),
            (f"{cut(option.text, width - 5)} ", "cursor" if option.chosen else ""),
        ]
        for option in asked.options
    ]
