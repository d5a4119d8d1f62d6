"""Reading the monthly standing: figures, issued months and their versions, words on units."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from typing import Any, NamedTuple

from .held import quiet


class Given(NamedTuple):
    """The figures of one month as they were given last."""

    scope: str
    month: str
    rows: tuple[dict[str, Any], ...]
    device: str
    hlc: str
    event: str


class Issue(NamedTuple):
    """One month as it was published or corrected; ``doc`` is what ``digest`` is over."""

    scope: str
    month: str
    step: str
    """``published`` or ``corrected``."""
    digest: str
    reason: str
    impact: tuple[dict[str, Any], ...]
    doc: dict[str, Any]
    device: str
    hlc: str
    event: str


class Word(NamedTuple):
    """A document that takes a unit off the list, or whom a unit goes on for."""

    scope: str
    unit: str
    name: str
    number: str
    day: str
    """A delisting's day; the month from which a unit goes on for others."""
    state: str
    sources: tuple[str, ...]
    reason: str
    device: str
    hlc: str
    event: str


def given(db: sqlite3.Connection, scopes: Collection[str]) -> list[Given]:
    """The figures in force of every month of these offices, the earliest month first."""
    rows = db.execute(
        "SELECT scope, month, figures, device, hlc, event FROM standing "
        f"WHERE scope IN ({_marks(scopes)}) ORDER BY month, scope",
        [*scopes],
    )
    return [
        Given(scope, month, tuple(json.loads(figures)), device, hlc, event)
        for scope, month, figures, device, hlc, event in rows
    ]


_ISSUE = "scope, month, step, digest, reason, impact, doc, device, hlc"


def issues(db: sqlite3.Connection, scopes: Collection[str]) -> list[Issue]:
    """The issue in force of every month that has one, the earliest month first."""
    rows = db.execute(
        f"SELECT {_ISSUE}, event FROM standing_issue "
        f"WHERE scope IN ({_marks(scopes)}) ORDER BY month, scope",
        [*scopes],
    )
    return [_issue(db, row) for row in rows]


def versions(db: sqlite3.Connection, entity: str) -> list[Issue]:
    """Everything that one month was ever issued as, the earliest first."""
    rows = db.execute(
        f"SELECT {_ISSUE}, hash FROM f_standing_issue WHERE entity = ? "
        "ORDER BY hlc, device, epoch, seq, hash",
        (entity,),
    )
    return [_issue(db, row) for row in rows]


def _issue(db: sqlite3.Connection, row: tuple[Any, ...]) -> Issue:
    scope, month, step, digest, reason, impact, doc, device, hlc, event = row
    moved, whole = tuple(json.loads(impact)), json.loads(doc)
    said = quiet(db, reason, event, "reason")
    return Issue(scope, month, step, digest, said, moved, whole, device, hlc, event)


def words(db: sqlite3.Connection, word: str, scopes: Collection[str]) -> list[Word]:
    """Delistings (``delisted``) or what units take over (``carried``), by day."""
    rows = db.execute(
        "SELECT scope, unit, name, number, day, state, sources, reason, device, hlc, event "
        f"FROM standing_word WHERE word = ? AND scope IN ({_marks(scopes)}) ORDER BY day, id",
        [word, *scopes],
    )
    return [
        Word(
            scope,
            unit,
            name,
            number,
            day,
            state,
            tuple(filter(None, sources.split(","))),
            quiet(db, reason, event, "reason"),
            device,
            hlc,
            event,
        )
        for scope, unit, name, number, day, state, sources, reason, device, hlc, event in rows
    ]


_HEADS = {
    "standing": ("f_standing", ("standing.figures",)),
    "standing_issue": ("f_standing_issue", ("standing.corrected",)),
    "standing_word": ("f_standing_word", ("standing.delisted", "standing.carried")),
}


def heads(db: sqlite3.Connection, table: str, entity: str) -> list[str]:
    """Hashes of the events of one month, or of one word, that no other replaces."""
    facts, kinds = _HEADS[table]
    rows = db.execute(
        f"SELECT s.hash FROM {facts} AS s WHERE s.entity = ? AND NOT EXISTS (SELECT 1 FROM f_over "
        f"AS o WHERE o.replaced = s.hash AND o.kind IN ({_marks(kinds)}) AND o.entity = s.entity) "
        "ORDER BY s.hash",
        [entity, *kinds],
    )
    return [str(row[0]) for row in rows]


def contested(db: sqlite3.Connection) -> dict[str, set[str]]:
    """By kind of conflict, the months and words that several laptops told differently."""
    found: dict[str, set[str]] = {kind: set() for kind in _HEADS}
    rows = db.execute(
        f"SELECT DISTINCT kind, entity FROM conflict WHERE kind IN ({_marks(_HEADS)})", [*_HEADS]
    )
    for kind, entity in rows:
        found[kind].add(entity)
    return found


def _marks(values: Collection[str]) -> str:
    return ",".join("?" * len(values))
