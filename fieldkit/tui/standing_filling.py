"""A sheet of figures as rows of cells, and how what is wrong with it is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldkit.text.i18n import N_, _
from fieldkit.text.terminal import ascii_only
from fieldkit.work import standing_sheet
from fieldkit.work.standing import Doubt, Figures

from .widgets.figure_grid import Cell, GridRow

NOTHING = "-"
_MARKS = {
    "whole": (N_("齐"), "pass", "+ "),
    "blank": (N_("缺"), "todo", "? "),
    "wrong": (N_("错"), "fail", "x "),
}
"""Two cells for how a row stands, its tone, and its sign where there is no Chinese."""

Faults = Mapping[tuple[str, str], str]
Columns = Sequence[tuple[str, str]]


def _mark(state: str) -> Cell:
    word, tone, sign = _MARKS[state]
    return Cell(sign if ascii_only() else _(word), tone)


def rows(
    figures: Sequence[Figures], columns: Columns, doubts: Sequence[Doubt], faults: Faults
) -> list[GridRow]:
    """One row a unit, with a mark that says whether it is whole."""
    twice = {unit for doubt in doubts if doubt.code == "twice" for unit in doubt.units}
    found = []
    for one in figures:
        states = {faults.get((one.unit, name), "whole") for name, _title in columns}
        state = "wrong" if "wrong" in states or one.unit in twice else "whole"
        if state == "whole" and "blank" in states:
            state = "blank"
        cells = tuple(_cell(one, name, faults) for name, _title in columns)
        found.append(GridRow(one.name, _mark(state), cells))
    return found


def _cell(one: Figures, column: str, faults: Faults) -> Cell:
    number, fault = standing_sheet.value(one, column), faults.get((one.unit, column))
    if number is None:
        return _mark("blank") if fault else Cell(NOTHING, "dim")
    return Cell(str(number), "fail" if fault else "")


def sums(figures: Sequence[Figures], columns: Columns) -> GridRow:
    """The totals, to hold against those on the paper."""
    cells = []
    for name, _title in columns:
        told = [standing_sheet.value(one, name) for one in figures]
        numbers = [number for number in told if number is not None]
        cells.append(Cell(str(sum(numbers)) if numbers else NOTHING, "strong"))
    return GridRow(_("合计"), Cell(""), tuple(cells))


def joined(*sentences: str) -> str:
    """One after the other; behind a full stop of one cell a blank."""
    whole = ""
    for sentence in filter(None, sentences):
        whole += f" {sentence}" if whole[-1:].isascii() and whole else sentence
    return whole


def mend(doubt: Doubt) -> str:
    """What to do about it here."""
    if doubt.code.startswith("blank-"):
        return _("按 F4 到缺的格。")
    if doubt.code.startswith("bad-"):
        return _("按 F4 到那一格，改成正确的整数。")
    if doubt.code == "twice":
        return _("光标到重复的一行，按 F8 去掉。")
    if doubt.code in ("few", "none"):
        return _("按 F6 加单位，或按 F7 导入。")
    return _("存下后，看排名时按回车定。")


def tone(doubt: Doubt) -> str:
    """Something missing is not something wrong."""
    return "accent" if doubt.code.startswith("blank-") or doubt.choices else "fail"
