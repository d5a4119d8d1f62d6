"""Texts that came from elsewhere and speak of persons: held back until somebody has looked.

The journal keeps what was written, so that it can be verified; what is read out of it is the
text only once the guard finds nothing in it, or a review released it. A review is an event, so that
every home that has it shows the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fieldkit.text.privacy import Leak

HELD = "〔待审〕"
HIDDEN = "〔已隐去〕"

_TEXTS = (
    ("answer.given", "f_answer", "note", "note != ''"),
    # Verdicts and numbers are short; a sentence is not.
    ("answer.given", "f_answer", "value", "LENGTH(value) > 6"),
    ("visit.logged", "f_visit", "note", "note != ''"),
    ("finding.moved", "f_move", "note", "note != ''"),
    ("referral.made", "f_referral", "facts", "facts != ''"),
    ("referral.made", "f_referral", "unit", "unit != ''"),
    ("referral.answered", "f_reply", "note", "note != ''"),
    ("campaign.put", "f_campaign", "name", "name != ''"),
    # A device's id is longer than any text may be, and speaks of nobody.
    ("assignment.put", "f_assignment", "inspector", "LENGTH(inspector) BETWEEN 1 AND 20"),
    ("assignment.withdrawn", "f_unassigned", "note", "note != ''"),
    ("inspection.returned", "f_returned", "reason", "reason != ''"),
    ("standing.corrected", "f_standing_issue", "reason", "reason != ''"),
    ("standing.delisted", "f_standing_word", "reason", "word = 'delisted'"),
    ("standing.carried", "f_standing_word", "reason", "word = 'carried'"),
    ("inspection.particulars", "f_particulars", "unit_view", "unit_view != ''"),
)
"""Where free text stands: kind of event, table, field, and which rows have any."""


class HeldText(NamedTuple):
    """One text with what was found in it; ``verdict`` is empty until somebody has looked."""

    event: str
    kind: str
    entity: str
    slot: str
    device: str
    hlc: str
    text: str
    found: tuple[Leak, ...]
    verdict: str


def texts(db: sqlite3.Connection) -> Iterator[HeldText]:
    """Every text that is or was held back, in order of events."""
    known = verdicts(db)
    for kind, table, slot, where in _TEXTS:
        sql = f"SELECT hash, entity, device, hlc, {slot} FROM {table} WHERE {where} ORDER BY hash"
        for event, entity, device, hlc, text in db.execute(sql):
            found = _found(text)
            if found:
                verdict = known.get((event, slot), "")
                yield HeldText(event, kind, entity, slot, device, hlc, text, found, verdict)


def verdicts(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """What was decided of each text, by its event and field; the latest word counts."""
    rows = db.execute(
        "SELECT event, slot, verdict FROM f_review ORDER BY hlc, device, epoch, seq, hash"
    )
    return {(str(row[0]), str(row[1])): str(row[2]) for row in rows}


def heads(db: sqlite3.Connection, event: str, slot: str) -> list[str]:
    """Hashes of the reviews of one text."""
    rows = db.execute(
        "SELECT hash FROM f_review WHERE event = ? AND slot = ? ORDER BY hash", (event, slot)
    )
    return [str(row[0]) for row in rows]


def own(text: str) -> str:
    """What of a text that was read may be written again: nothing where a word stood in for it."""
    return "" if text in (HELD, HIDDEN) else text


def quiet(db: sqlite3.Connection, text: str, event: str, slot: str = "note") -> str:
    """A text as it may be shown: itself, or a word in its place."""
    if not text or not _found(text):
        return text
    verdict = verdicts(db).get((event, slot), "")
    return text if verdict == "release" else HIDDEN if verdict == "hide" else HELD


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[Leak, ...]:
    from fieldkit.text.privacy import leaks

    return tuple(leaks(text))
