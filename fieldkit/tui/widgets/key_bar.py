"""The last two rows: the keys that do something now, each a button too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.events import Click
from textual.message import Message

from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width
from fieldkit.tui.commands import Command

from .painted import Line, Painted, Piece

GAP = 2
ROWS = 2


def _cells(command: Command) -> int:
    return cell_width(command.caption) + 1 + cell_width(_(command.label))


def fitting(commands: Sequence[Command], width: int) -> list[Command]:
    """The commands that fit one row; the ones that survive least long go first."""
    kept = [command for command in commands if command.bar]
    while kept:
        need = sum(map(_cells, kept)) + GAP * (len(kept) - 1)
        if need <= width:
            break
        if sum(map(_cells, kept)) + len(kept) - 1 <= width:
            break
        worst = max(command.bar for command in kept)
        kept.remove([command for command in kept if command.bar == worst][-1])
    return kept


class KeyBar(Painted):
    """Captions and labels: doing on the first row, going on the second."""

    DEFAULT_CSS: ClassVar[str] = "KeyBar { dock: bottom; height: 2; padding: 0 1; }"

    class Pressed(Message):
        """A label was clicked: the same as its key."""

        def __init__(self, command: Command) -> None:
            super().__init__()
            self.command = command

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._commands: tuple[Command, ...] = ()
        self._spans: list[tuple[int, int, int, Command]] = []

    def offer(self, commands: Sequence[Command]) -> None:
        """Take the commands that can be used now."""
        if tuple(commands) != self._commands:
            self._commands = tuple(commands)
            self.redraw()

    def drawn(self) -> list[Command]:
        """The commands that are really on the bar."""
        width = self.content_size.width
        return [c for row in range(ROWS) for c in self._of_row(row, width)]

    def _of_row(self, row: int, width: int) -> list[Command]:
        return fitting([c for c in self._commands if c.row == row], width)

    def lines(self, width: int, height: int) -> list[Line]:
        """Two rows that never overflow."""
        self._spans = []
        return [self._draw(row, width) for row in range(ROWS)]

    def _draw(self, row: int, width: int) -> Line:
        commands = self._of_row(row, width)
        need = sum(map(_cells, commands)) + GAP * (len(commands) - 1)
        gap = GAP if need <= width else 1
        pieces: list[Piece] = []
        at = 0
        for command in commands:
            size = _cells(command)
            self._spans.append((row, at, at + size, command))
            pieces += [(command.caption, "key"), (f" {_(command.label)}", ""), (" " * gap, "")]
            at += size + gap
        return pieces

    def on_click(self, event: Click) -> None:
        """Press what was clicked."""
        x, y = event.x - self.gutter.left, event.y
        for row, start, end, command in self._spans:
            if row == y and start <= x < end:
                self.post_message(self.Pressed(command))
