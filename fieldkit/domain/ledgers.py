"""What a ledger of records lists, and the member units with their duties, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

ROUNDS = ("month", "quarter", "half", "year")
"""Kinds of span that a ledger is kept for."""


class Column(NamedTuple):
    """One column: the item whose answer stands in it, and whether its numbers are summed."""

    item: str
    title: str
    total: bool = False


class Held(NamedTuple):
    """There has to be a record with this option once in every such span."""

    item: str
    value: str
    every: str


class Submitted(NamedTuple):
    """Which item is the day of submission, and how many days after the span it is due."""

    item: str
    days: int


class Done(NamedTuple):
    """Which items are a task's due day and the day on which it was done."""

    due: str
    item: str


class Declared(NamedTuple):
    """A ledger as its file declares it: whose records, which answers, who is missed.

    ``day`` names the item that puts a record into a span; without it the record's own day does.
    A ``standing`` ledger lists what holds at the end of the span. With ``key`` only the latest
    of a site's records with the same answers counts; None lists each.
    """

    id: str
    title: str
    checklist: str
    columns: tuple[Column, ...]
    rounds: str = "month"
    day: str = ""
    standing: bool = False
    key: tuple[str, ...] | None = None
    expect: tuple[str, ...] = ()
    submitted: Submitted | None = None
    stale: str = ""
    done: Done | None = None
    held: tuple[Held, ...] = ()


class Unit(NamedTuple):
    """A member unit: its duty, and the items of checklists that concern it beside the common."""

    id: str
    name: str
    duty: str
    lists: Mapping[str, tuple[str, ...]]


class Units(NamedTuple):
    """A dictionary of member units; ``common`` are the items that concern each of them."""

    code: str
    title: str
    common: Mapping[str, tuple[str, ...]]
    units: tuple[Unit, ...]
