"""All months of the standing in a list, and units by months (近6期牌别一览)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fieldkit.domain.standing.basis import Basis
from fieldkit.domain.standing.streaks import UnitMonth
from fieldkit.domain.standing.window import Month, month_of

from . import standing_book, standing_month, standing_words
from .standing_book import Book, History
from .workspace import Workspace


class MonthRow(NamedTuple):
    """One month in the list: its state, its digest where it was published, units by card."""

    month: str
    state: str
    digest: str
    cards: Mapping[str, tuple[str, ...]]
    contested: bool


class HistoryRow(NamedTuple):
    """One unit with its state after each of some months; None where nothing is known."""

    unit: str
    name: str
    months: Mapping[str, UnitMonth | None]


def months(ws: Workspace, basis: Basis | None = None) -> list[MonthRow]:
    """Every month from the first that is known to the last, those without figures too."""
    book = standing_book.load(ws)
    if not book.entries:
        return []
    last = max(book.entries)
    history = book.run(basis or standing_month.basis_for(ws), last)
    names = book.names
    found, at = [], min(book.entries)
    while at <= last:
        entry = book.entries.get(at)
        cards: dict[str, list[str]] = {}
        for unit, card in _cards(book, history, at).items():
            if card != "none":
                cards.setdefault(card, []).append(names.get(unit, unit[:8]))
        found.append(
            MonthRow(
                str(at),
                book.state(at),
                entry.issue.digest if entry and entry.issue else "",
                {card: tuple(sorted(units)) for card, units in sorted(cards.items())},
                bool(entry and entry.contested),
            )
        )
        at = at.next
    return found


def history(
    ws: Workspace, months: int = 6, until: str = "", basis: Basis | None = None
) -> list[HistoryRow]:
    """Units by months up to one (the last known); a published month as it was published."""
    book = standing_book.load(ws)
    if not book.entries:
        return []
    last = standing_words.month_of(until) if until else max(book.entries)
    run = book.run(basis or standing_month.basis_for(ws), last)
    span = [last.plus(-n) for n in range(months - 1, -1, -1)]
    names = book.names
    roster = {unit for at in span for unit in book.roster(at)}
    order = [unit for unit in names if unit in roster]
    return [
        HistoryRow(
            unit,
            names[unit],
            {str(at): _state(book, run, at, unit) for at in span},
        )
        for unit in order
    ]


def _state(book: Book, run: History, at: Month, unit: str) -> UnitMonth | None:
    state = run.get(at, {}).get(unit)
    entry = book.entries.get(at)
    if state is None or entry is None or entry.issue is None:
        return state
    for row in entry.issue.doc["rows"]:
        if row["unit"] == unit:
            listed = month_of(row["listing"]) if row["listing"] else None
            return UnitMonth(unit, at, row["bottom"], row["streak"], row["card"], listed)
    return state


def _cards(book: Book, run: History, at: Month) -> dict[str, str]:
    states = {unit: _state(book, run, at, unit) for unit in run.get(at, {})}
    return {unit: state.card for unit, state in states.items() if state is not None}
