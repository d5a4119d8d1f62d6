"""A few lines of facts that change as one types."""

from __future__ import annotations

from typing import ClassVar

from .painted import Line, Painted


class Facts(Painted):
    """A few lines of facts that change as one types."""

    DEFAULT_CSS: ClassVar[str] = "Facts { height: 1; padding: 0 3; }"

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._facts: list[Line] = []

    @property
    def plain(self) -> str:
        """The facts as one text."""
        return "\n".join("".join(text for text, _tone in line) for line in self._facts)

    def show(self, facts: list[Line]) -> None:
        """Take new facts."""
        self._facts = facts
        self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """The facts."""
        return self._facts
