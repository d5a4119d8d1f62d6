"""What a workbook says that a checklist cannot: one sentence a cell."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

MOST = 20_000
"""More notes than anybody reads; one last note says how many follow."""


@dataclass(frozen=True, slots=True)
class Note:
    """A cell that was left out, changed or only nearly taken over.

    ``sheet`` is the sheet's own name, ``row`` Excel's row number (0: the whole sheet), ``column``
    the header as it was written, ``what`` one sentence in the user's language.
    """

    sheet: str
    row: int
    column: str
    what: str


@dataclass(slots=True)
class Notes:
    """The notes of one import, in the order of the sheets and rows, none of them twice."""

    _found: dict[Note, None] = field(default_factory=dict)
    _more: int = 0

    def add(self, sheet: str, row: int, column: str, what: str) -> None:
        """Note a cell; characters that steer a terminal come out visible."""
        note = Note(shown(sheet), row, shown(column), shown(what))
        if note in self._found:
            return
        if len(self._found) >= MOST:
            self._more += 1
            return
        self._found[note] = None

    def sorted(self) -> list[Note]:
        """Every note, sheet by sheet, from the top."""
        sheets = {note.sheet: None for note in self._found}
        order = {sheet: index for index, sheet in enumerate(sheets)}
        found = sorted(self._found, key=lambda note: (order[note.sheet], note.row))
        if self._more:
            what = _("另有 {n} 处没有列出。").format(n=self._more)
            found.append(Note(found[-1].sheet, 0, "", what))
        return found


def clipped(text: str, most: int = 60) -> str:
    """A cell's words short enough for a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
