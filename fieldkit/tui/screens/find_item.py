"""Any item of the list, by its number or by a few characters of it."""

from __future__ import annotations

from typing import ClassVar

from fieldkit.domain import translating
from fieldkit.domain.sheet import Sheet
from fieldkit.text.i18n import _, language
from fieldkit.tui import asking, words
from fieldkit.tui.widgets.pick_list import Row

from .pick import PickScreen


class FindItemScreen(PickScreen):
    """Dismissed with the id of an item."""

    FILTER: ClassVar[bool] = True

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet

    def heading(self) -> str:
        """The title."""
        return _("找题")

    def question(self) -> str:
        """How to find one."""
        return _("打题号（第几题或编号），或题目里的几个字：")

    def rows(self) -> list[Row]:
        """Every item that is asked now."""
        known = asking.states(self._sheet)
        rows = []
        for number, item in enumerate(self._sheet.items, 1):
            state = known.get(item.id, "open" if self._sheet.is_open(item) else "noted")
            rows.append(
                Row(
                    item.id,
                    f"{number}. {translating.words(item, 'text', language())}",
                    item.id,
                    mark=words.mark(state),
                    tone=words.STATE_TONES[state],
                    find=item.criterion,
                )
            )
        return rows
