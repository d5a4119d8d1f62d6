"""Who walked, from when to when, and what the inspected unit said: line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import ComposeResult

from fieldkit.domain.records import Particulars
from fieldkit.domain.sheet import Sheet
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded
from fieldkit.text.width import pad
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.pick_list import PickList, Row
from fieldkit.work import telling

from .base import FieldScreen
from .pick import Caption

LABEL = 14
"""Cells for the name of a line."""
SIGNS = {"": N_("没填"), "signed": N_("已签字"), "refused": N_("拒签"), "absent": N_("无人在场")}
"""How the unit stands to the record; in the editor by their place, from 1."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One thing to fill in: its name in the work layer, its label, what to type."""

    field: str
    label: str
    hint: str


_ALWAYS = (
    _Line("inspector1", N_("检查人一"), N_("姓名或工号，只写本单位检查人")),
    _Line("inspector2", N_("检查人二"), N_("检查要有两人以上")),
    _Line("observed_from", N_("到场时间"), N_("例 14:05 或 2026-11-23 14:05")),
    _Line("observed_to", N_("离场时间"), N_("例 14:40")),
)
_OPEN = (
    _Line("unit_view", N_("单位意见"), N_("被查单位怎么说，只写事实，不写姓名电话")),
    _Line("unit_sign", N_("单位签字"), N_("1 已签字  2 拒签  3 无人在场")),
)


class ParticularsScreen(FieldScreen):
    """Every line is on disk when it is left with Enter."""

    NAME: ClassVar[str] = "particulars"
    CSS_PATH = "particulars.tcss"

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet
        covert = sheet.inspection.mode == "covert"
        self._lines = _ALWAYS if covert else (*_ALWAYS, *_OPEN)
        self._at = 0

    def body(self) -> ComposeResult:
        """The lines, a hint, the editor."""
        yield Caption(id="question")
        yield PickList(numbered=False)
        yield Caption(id="hint")
        yield LineEditor()

    def on_mount(self) -> None:
        """Begin with the first line that is empty."""
        self.title_bar.tell(_("检查人、时间、单位意见"))
        words = _("暗访离场后补录时间；当场不签字、不问意见。")
        covert = self._sheet.inspection.mode == "covert"
        self.query_one("#question", Caption).tell(words if covert else "", "dim")
        known = self._known()
        values = [_value(known, line.field) for line in self._lines]
        self._at = values.index("") if "" in values else 0
        self._show()

    def _known(self) -> Particulars:
        return telling.told(self.ws, self._sheet.inspection.id)

    def _show(self) -> None:
        known, here = self._known(), self._lines[self._at]
        rows = [
            Row(line.field, f"{pad(_(line.label), LABEL)}{_said(known, line.field) or _('没填')}")
            for line in self._lines
        ]
        self.query_one(PickList).show(rows, at=here.field)
        self.query_one("#hint", Caption).tell(_(here.hint), "accent")
        editor = self.query_one(LineEditor)
        editor.fill(_value(known, here.field))
        self.set_focus(editor)
        self.offer()

    def keep(self, _key: str) -> None:
        """Keep the line and go on to the next."""
        here, typed = self._lines[self._at], self.query_one(LineEditor).value
        known = self._known()
        if folded(typed) != folded(_value(known, here.field)):
            telling.tell(self.ws, self._sheet.inspection.id, **_told(known, here.field, typed))
            self.saved(_("{what} 已存").format(what=_(here.label)))
        self._at = min(self._at + 1, len(self._lines) - 1)
        self._show()

    def move_up(self, _key: str) -> None:
        """The line before."""
        self._at = max(self._at - 1, 0)
        self._show()

    def move_down(self, _key: str) -> None:
        """The line after."""
        self._at = min(self._at + 1, len(self._lines) - 1)
        self._show()

    def on_pick_list_chosen(self, message: PickList.Chosen) -> None:
        """A line was clicked."""
        fields = [line.field for line in self._lines]
        self._at = fields.index(message.row.key)
        self._show()


def _value(known: Particulars, field: str) -> str:
    """What stands in the editor for a line."""
    if field.startswith("inspector"):
        place = int(field[-1]) - 1
        return known.inspectors[place] if place < len(known.inspectors) else ""
    if field == "unit_sign":
        place = list(SIGNS).index(known.unit_sign)
        return str(place) if place else ""
    return str(getattr(known, field)).replace("T", " ")


def _said(known: Particulars, field: str) -> str:
    """The same in words."""
    return _(SIGNS[known.unit_sign]) if field == "unit_sign" else _value(known, field)


def _told(known: Particulars, field: str, typed: str) -> dict[str, Any]:
    """What the work layer is to be told."""
    if field.startswith("inspector"):
        place = int(field[-1]) - 1
        names = [*known.inspectors, "", ""][: max(2, len(known.inspectors))]
        names[place] = typed
        return {"inspectors": [name for name in names if folded(name)]}
    if field == "unit_sign":
        signs, number = list(SIGNS), folded(typed)
        chosen = number.isascii() and number.isdecimal() and int(number) < len(signs)
        return {field: signs[int(number)] if chosen else typed}
    return {field: typed}
