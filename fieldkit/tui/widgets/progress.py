"""How far the inspection is: the number, the section, the total, and every item's mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width, cut
from fieldkit.tui import words

from .painted import Line, Painted, Piece


@dataclass(frozen=True, slots=True)
class Step:
    """One item as the progress shows it."""

    item: str
    text: str
    section: str
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole inspection at one glance."""

    steps: tuple[Step, ...]
    at: int
    total: tuple[int, int]
    """Answered and all answerable items."""
    of_section: tuple[int, int]
    """The same of the current item's section."""
    failed: int
    points: str

    @property
    def section(self) -> str:
        """The section of the current item."""
        return self.steps[self.at].section


class _OfStanding(Painted):
    """A widget that draws where the inspection stands."""

    _standing: Standing | None = None

    def show(self, standing: Standing) -> None:
        """Take a new standing."""
        self._standing = standing
        self.redraw()


class Progress(_OfStanding):
    """Two rows: numbers, then the marks of all items with the current one lit."""

    DEFAULT_CSS: ClassVar[str] = "Progress { height: 2; padding: 0 3; }"

    def __init__(self) -> None:
        super().__init__(id="progress")

    def lines(self, width: int, height: int) -> list[Line]:
        """Numbers and marks."""
        if self._standing is None:
            return []
        return [self._numbers(self._standing, width), self._marks(self._standing, width)]

    def _numbers(self, now: Standing, width: int) -> Line:
        done, of = now.of_section
        right = _("已答 {done}/{all}").format(done=now.total[0], all=now.total[1])
        fails = _("不合格 {n}").format(n=now.failed) if now.failed else ""
        score = _("得分 {points}").format(points=now.points) if now.points else ""
        tail: list[Piece] = [(right, "")]
        tail += [("  ", ""), (fails, "fail")] if fails else []
        tail += [("  ", ""), (score, "strong")] if score else []
        room = width - sum(cell_width(text) for text, _tone in tail) - 2
        count = _("第 {n} 题").format(n=now.at + 1)
        counts = f" {done}/{of}"
        left = max(room - cell_width(count) - cell_width(counts) - 3, 2)
        section = cut(now.section, left) + counts
        gap = max(width - cell_width(count) - 3 - cell_width(section) - (width - room - 2), 1)
        return [(count, "accent"), ("   ", ""), (section, "dim"), (" " * gap, ""), *tail]

    def _marks(self, now: Standing, width: int) -> Line:
        if 2 * len(now.steps) > width:
            return [(_("共 {n} 题").format(n=len(now.steps)), "dim")]
        pieces: list[Piece] = []
        before = now.steps[0].section
        for index, step in enumerate(now.steps):
            if step.section != before:
                pieces.append((" ", ""))
                before = step.section
            tone = words.STATE_TONES[step.state]
            here = index == now.at
            lit = f"cursor-{tone}" if tone in ("pass", "fail") else "cursor"
            pieces.append((words.mark(step.state), lit if here else tone))
        if sum(cell_width(text) for text, _tone in pieces) > width:
            return [(_("共 {n} 题").format(n=len(now.steps)), "dim")]
        return pieces


class ItemList(_OfStanding):
    """All items down the left side; only on wide screens."""

    DEFAULT_CSS: ClassVar[str] = "ItemList { width: 46; padding: 0 1 0 2; }"

    def __init__(self) -> None:
        super().__init__(id="items")

    def lines(self, width: int, height: int) -> list[Line]:
        """Sections and items, the current one always in sight."""
        if self._standing is None:
            return []
        drawn: list[Line] = []
        section, at = "", 0
        for index, step in enumerate(self._standing.steps):
            if step.section != section:
                section = step.section
                drawn += (
                    [[(cut(section, width), "dim")]]
                    if not drawn
                    else [(), [(cut(section, width), "dim")]]
                )
            here = index == self._standing.at
            at = len(drawn) if here else at
            drawn.append(self._line(step, index, here, width))
        top = max(0, min(at - height // 2, len(drawn) - height))
        return drawn[top : top + height]

    def _line(self, step: Step, index: int, here: bool, width: int) -> Line:
        tone = words.STATE_TONES[step.state]
        lit = f"cursor-{tone}" if tone in ("pass", "fail") else "cursor"
        text = cut(step.text, width - 8)
        number = f"{index + 1:>3} "
        blank = " " * max(width - 8 - cell_width(text), 0)
        return [
            (number, "cursor-dim" if here else "dim"),
            (f"{words.mark(step.state)} ", lit if here else tone),
            (text + blank, "cursor" if here else ""),
        ]
