"""A month of the standing as a sheet to fill in, and the months beside each other as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from fieldkit.domain.standing.basis import Basis
from fieldkit.domain.standing.figures import MOST, Decisions, Doubt, Figures
from fieldkit.domain.standing.ranking import rank
from fieldkit.domain.standing.window import Month, month_of, window
from fieldkit.errors import Problem
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _

from . import standing_book, standing_import, standing_month, standing_words
from .standing_book import Book
from .workspace import Workspace

ASKED_MONTHS = 24
"""So many months back somebody may still want to enter."""
_OWN = ("cases", "cases_last_year", "population")
"""Columns with a field of their own; those of other indicators are together in one."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One month to fill in.

    ``carried``: nothing is entered yet, so units and population are those of the month before it
    and last year's cases those of that month. ``corrects``: only a correction may keep it.
    ``decided`` is what a published month was decided with.
    """

    month: str
    state: str
    figures: tuple[Figures, ...]
    carried: bool
    corrects: bool
    reading: Basis
    decided: Decisions


class Point(NamedTuple):
    """All units of one month together; None where it has no figures, or one unit lacks its own."""

    month: str
    state: str
    cases: int | None
    cases_last_year: int | None
    is_whole: bool
    """Whether it can be ranked, but for what the office has to decide."""


def sheet(ws: Workspace, month: str) -> Sheet:
    """A month's figures as they stand, else what can be known of them. Raises Problem."""
    book, when = standing_book.load(ws), standing_words.month_of(month)
    entry = book.entries.get(when)
    issue = entry.issue if entry else None
    figures = _entered(book, when)
    return Sheet(
        str(when),
        book.state(when),
        figures or _carried(ws, book, when),
        not figures,
        issue is not None or bool(book.last_issued and when < book.last_issued),
        book.frozen_at(when) or standing_month.basis_for(ws),
        standing_book.decided_in(issue.doc) if issue else Decisions(),
    )


def _entered(book: Book, when: Month) -> tuple[Figures, ...]:
    """A month's figures in the order in which they were entered, not in that of their places."""
    entry = book.entries.get(when)
    order = [row["unit"] for row in entry.given.rows] if entry and entry.given else []
    place = {unit: at for at, unit in enumerate(order)}
    return tuple(sorted(book.figures(when), key=lambda it: place.get(it.unit, len(place))))


def _carried(ws: Workspace, book: Book, when: Month) -> tuple[Figures, ...]:
    """The units of the last month before, else those of the register, with what is known."""
    earlier = [it for it in book.entries if it < when and book.figures(it)]
    then = {it.unit: it.cases for it in book.figures(when.plus(-12))}
    if earlier:
        roster = _entered(book, max(earlier))
        known = [(it.unit, it.name, it.population) for it in roster]
    else:
        villages = store_sites.all(ws.store.db, ["village"])
        known = [(it.id, it.name, None) for it in villages if not it.removed]
    return tuple(
        Figures(unit, name, None, then.get(unit), people, {}) for unit, name, people in known
    )


def added(ws: Workspace, figures: Sequence[Figures], name: str) -> tuple[Figures, ...]:
    """These and one more unit, without numbers; a village of the register by name or code.

    Raises Problem for a name that may not be, is there already, or is nearly that of another.
    """
    blank = [(it.name, it.cases, it.cases_last_year, it.population) for it in figures]
    rows = [
        standing_import.Typed(n, *cells, {})
        for n, cells in enumerate([*blank, (name.strip(), None, None, None)], 1)
    ]
    unit = standing_import.units(ws, rows)[-1]
    return (*figures, Figures(unit.id, unit.name, None, None, None, {}))


def doubts(
    reading: Basis, figures: Sequence[Figures], decided: Decisions | None = None
) -> tuple[Doubt, ...]:
    """What is still to be mended or decided, after what was decided."""
    return rank(reading, figures, decided).doubts


def value(figures: Figures, column: str) -> int | None:
    """The number in a column of the sheet."""
    if column in _OWN:
        return getattr(figures, column)  # type: ignore[no-any-return]
    return figures.more.get(column)


def filled(figures: Figures, column: str, number: int | None) -> Figures:
    """The same with another number in a column, or with none."""
    if column in _OWN:
        return replace(figures, **{column: number})  # type: ignore[arg-type]
    more = {name: kept for name, kept in figures.more.items() if name != column}
    return replace(figures, more=more if number is None else {**more, column: number})


def pasted(
    figures: Sequence[Figures], reading: Basis, text: str, at: tuple[int, int]
) -> tuple[Figures, ...]:
    """These with a block of cells from another table put in, from a row and a column on.

    Raises Problem for what is no number, and for a block that is larger than what is left.
    """
    names, found = [name for name, _title in columns(reading)], [*figures]
    block = [line.rstrip("\r").split("\t") for line in text.strip("\r\n").split("\n")]
    wide = max(map(len, block))
    if at[0] + len(block) > len(found) or at[1] + wide > len(names):
        raise Problem(
            "standing-paste",
            _("粘贴的有 {rows} 行 {columns} 列，从这一格起放不下").format(
                rows=len(block), columns=wide
            ),
            mend=_("把光标移到这一块的左上角再粘贴。"),
        )
    for row, cells in enumerate(block, at[0]):
        for column, cell in enumerate(cells, at[1]):
            number = standing_import.number(cell, found[row].name)
            found[row] = filled(found[row], names[column], number)
    return tuple(found)


def faults(
    doubts: Sequence[Doubt], figures: Sequence[Figures], reading: Basis
) -> dict[tuple[str, str], str]:
    """The cells that keep a month from being ranked, by unit and column: blank or wrong."""
    found: dict[tuple[str, str], str] = {}
    names = [name for name, _title in columns(reading)]
    by_unit = {it.unit: it for it in figures}
    for doubt in doubts:
        blank = doubt.code.removeprefix("blank-").replace("last-year", "cases_last_year")
        for unit in doubt.units if doubt.blocks else ():
            if doubt.code.startswith("blank-"):
                found[unit, blank] = "blank"
            elif doubt.code in ("bad-count", "bad-population"):
                people = doubt.code == "bad-population"
                for name in names:
                    number = value(by_unit[unit], name)
                    if people == (name == "population") and not _fits(number, int(people)):
                        found[unit, name] = "wrong"
    return found


def _fits(number: int | None, least: int) -> bool:
    return number is None or least <= number < MOST


def columns(reading: Basis) -> tuple[tuple[str, str], ...]:
    """The numbers that a reading asks for, by name and title, in the order of the table."""
    usual = [(name, _(title)) for name, title in standing_import.HEADERS.items()]
    more = {it.column: _(it.title) for it in reading.indicators if it.column}
    return (*usual[1:], *more.items())


def told_file(ws: Workspace, path: Path, reading: Basis) -> tuple[Figures, ...]:
    """The figures of a .csv or .xlsx file. Raises Problem with file, row and column."""
    return standing_month.figures_in(ws, path, reading)


def points(ws: Workspace, until: str = "", months: int = 0) -> list[Point]:
    """The months up to one (the last known), those without figures too; the earliest first."""
    book = standing_book.load(ws)
    if not book.entries:
        return []
    last = standing_words.month_of(until) if until else max(book.entries)
    first = last.plus(1 - months) if months else min(book.entries)
    reading = standing_month.basis_for(ws)
    found, at = [], max(first, min(book.entries))
    while at <= last:
        found.append(_point(book, at, reading))
        at = at.next
    return found


def _point(book: Book, at: Month, reading: Basis) -> Point:
    figures = book.figures(at)
    now = [it.cases for it in figures if it.cases is not None]
    before = [it.cases_last_year for it in figures if it.cases_last_year is not None]
    decided = any(it.blocks and not it.choices for it in rank(reading, figures).doubts)
    issued = at in book.entries and book.entries[at].issue is not None
    return Point(
        str(at),
        book.state(at),
        sum(now) if figures and len(now) == len(figures) else None,
        sum(before) if figures and len(before) == len(figures) else None,
        issued or not decided,
    )


def places_before(ws: Workspace, month: str, reading: Basis | None = None) -> dict[str, int]:
    """The places of the month before, by unit; none where it had no ranking."""
    when = standing_words.month_of(month).plus(-1)
    try:
        view = standing_month.month(ws, str(when), reading)
    except Problem:
        return {}
    return {line.unit: line.place for line in view.lines}


def neighbour(month: str, by: int) -> str:
    """The month so many months later; earlier where negative."""
    return str(month_of(month).plus(by))


def askable(ws: Workspace) -> list[str]:
    """The months that somebody may want to enter, the latest first: the running one and before."""
    today = ws.today()
    running = Month(today.year, today.month)
    if today > window(running, standing_month.basis_for(ws).window_last_day).last:
        running = running.next
    return [str(running.plus(-n)) for n in range(ASKED_MONTHS)]
