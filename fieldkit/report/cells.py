"""What stands in the cells of a spreadsheet: never a formula of somebody else's, numbers as such.

Shared by everything that writes .csv and .xlsx files, so that there is one guard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fieldkit.report.paper import Cell, Column, Figure, Kind, Row, Text
from fieldkit.report.phrases import EMPTY
from fieldkit.text.plain import shown

_FORMULA = frozenset("=+-@＝＋－＠")
_NUMBER = re.compile(r"([+\-−]?)(0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(\.[0-9]{1,6})?(%?)")
_DIGITS = 15
"""Spreadsheets keep no more digits of a number."""
_PLAIN_KINDS = ("text", "day")
_PLACES = {"count": 0, "signed": 0, "percent": 3, "score": 1, "decimal": 2}
"""Decimals of the number behind what is printed: 99.9% is 0.999."""


def plain(text: Text) -> str:
    """What a paragraph or a cell says, figures as they are printed."""
    parts = text if isinstance(text, tuple) else (text,)
    return "".join(part.said if isinstance(part, Figure) else part for part in parts)


def figures(text: Text | None) -> list[Figure]:
    """The figures in a paragraph or a cell, in order."""
    parts = text if isinstance(text, tuple) else (text,)
    return [part for part in parts if isinstance(part, Figure)]


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula or a command (DDE).

    Blanks of every kind before the sign do not hide it, neither do full-width signs. A number with
    a sign is none.
    """
    if text.startswith(("\t", "\r")):
        return True
    start = text.lstrip()
    if not start or start[0] not in _FORMULA:
        return False
    digits = start[1:].replace(".", "", 1)
    return not (start[0] in "+-" and digits.isascii() and digits.isdigit())


def guarded(cell: str) -> str:
    """The text as a .csv file may hold it.

    What a spreadsheet would take for a formula gets an apostrophe in front; control characters come
    out visible.
    """
    # Looked at before a tab becomes visible, which would hide it from the guard, not from people.
    text = shown(cell, keep_newlines=True)
    return f"'{text}" if is_formula(cell) or is_formula(text) else text


@dataclass(frozen=True, slots=True)
class Number:
    """A number for a cell: its value, and the format in which it reads as it was printed."""

    value: Decimal
    format: str

    @property
    def places(self) -> int:
        """The decimals of the value that can be seen."""
        mask = self.format.partition(";")[0]
        return len(mask.partition(".")[2].strip("%")) + 2 * mask.endswith("%")


def number(said: str, kind: Kind) -> Number | None:
    """The number that a cell of such a column holds; None where it says something else.

    What the cell shows is what the paper says, digit for digit: 99.96 % that a paper prints as
    99.9% is held as 0.999, so that no format can ever round it up to 100.0%.
    """
    found = _NUMBER.fullmatch(said) if kind not in _PLAIN_KINDS else None
    if found is None:
        return None
    sign, whole, places, percent = found.groups()
    places = places or ""
    if len(whole + places) > _DIGITS:
        return None
    value = Decimal(whole.replace(",", "") + places)
    if percent:
        value /= 100
    mask = ("#,##0" if "," in whole else "0") + "." * bool(places) + "0" * (len(places) - 1)
    mask += percent
    if sign == "+":
        mask = f"+{mask};-{mask};{mask}"
    elif sign == "−":
        mask = f'{mask};"−"{mask};{mask}'
    return Number(-value if sign in ("-", "−") else value, mask)


@dataclass(frozen=True, slots=True)
class Formula:
    """How a cell of a last row follows from others of its table.

    ``parts`` are the rows (by place) that are summed, as runs from first to last; or the ids of the
    columns whose totals are divided, in this row.
    """

    runs: tuple[tuple[int, int], ...] = ()
    divided: tuple[str, str] = ("", "")
    scale: int = 1
    places: int = 0
    cut: bool = True
    """Cut off after so many places; otherwise rounded half up."""


def formulas(columns: list[Column], rows: list[Row]) -> dict[tuple[int, int], Formula]:
    """Formulas for the cells of 小计 and 合计 by row and column, where they give what is printed.

    A sum that is not that of the rows above (a place that counts once in several of them), or a
    rate that is not that of its two totals, has none: the paper's own number stands.
    """
    found: dict[tuple[int, int], Formula] = {}
    values = [[_value(row, n, column) for n, column in enumerate(columns)] for row in rows]
    for place, row in enumerate(rows):
        if not row.tone:
            continue
        runs = _summed(place, rows, columns, values)
        for n, column in enumerate(columns):
            if column.total == "sum" and runs is not None:
                if _sum(runs, n, values) == values[place][n]:
                    found[place, n] = Formula(runs)
            elif isinstance(column.total, tuple):
                made = _divided(column, columns, values[place], row.cells[n])
                if made is not None:
                    found[place, n] = made
    return found


Values = list[list[Fraction | None]]
Runs = tuple[tuple[int, int], ...]


def _value(row: Row, n: int, column: Column) -> Fraction | None:
    cell = row.cells[n]
    held = None if cell is None else number(plain(cell), column.kind)
    return None if held is None else Fraction(held.value)


def _sum(runs: Runs, n: int, values: Values) -> Fraction:
    rows = [values[place][n] for first, last in runs for place in range(first, last + 1)]
    return sum((value for value in rows if value is not None), Fraction(0))


def _summed(place: int, rows: list[Row], columns: list[Column], values: Values) -> Runs | None:
    """The rows that a 小计 or a 合计 sums: those of its own above, else below; or all."""
    if rows[place].tone == "total":
        every = tuple(_runs(rows, 0, place))
        return every if 0 < len(every) < 200 else None
    above = list(_runs(rows, 0, place))[-1:]
    below = list(_runs(rows, place + 1, len(rows)))[:1]
    near = [run for run in above if run[1] == place - 1]
    near += [run for run in below if run[0] == place + 1]
    summed = [n for n, column in enumerate(columns) if column.total == "sum"]
    for run in near:
        if all(_sum((run,), n, values) == values[place][n] for n in summed):
            return (run,)
    return None


def _runs(rows: list[Row], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Runs of rows without a tone in this stretch."""
    start = None
    for place in range(first, last):
        if rows[place].tone == "":
            start = place if start is None else start
        elif start is not None:
            yield start, place - 1
            start = None
    if start is not None:
        yield start, last - 1


def _divided(
    column: Column, columns: list[Column], values: list[Fraction | None], cell: Cell
) -> Formula | None:
    assert isinstance(column.total, tuple)
    places = {one.id: n for n, one in enumerate(columns)}
    if not places.keys() >= set(column.total):
        return None
    part, of = (values[places[id]] for id in column.total)
    if part is None or of is None:
        return None
    said = EMPTY if cell is None else plain(cell)
    printed, scale = number(said, column.kind), column.scale
    digits = _PLACES.get(column.kind, 0)
    if of == 0 or printed is None:
        return Formula((), column.total, scale, digits) if not of and said == EMPTY else None
    if column.kind == "percent" and "%" not in said:
        scale, digits = scale * 100, digits - 2
    digits = max(digits, printed.places)
    units = abs(part * scale * 10**digits / of)
    for cut, whole in ((True, units // 1), (False, (2 * units + 1) // 2)):
        if Fraction(whole, 10**digits) == abs(Fraction(printed.value)):
            return Formula((), column.total, scale, digits, cut)
    return None
