"""Everything but the journal, made anew from the journal."""

from __future__ import annotations

import sqlite3
from itertools import islice

from fieldkit_sync.event import parse

from . import chains, project
from .facts import draw

_CHUNK = 5000


def refold(db: sqlite3.Connection) -> int:
    """Empty every drawn and folded table and fill it anew, inside the caller's transaction.

    Gives the number of events. Raises what `event.parse` and ``draw`` raise for a journal whose
    lines were tampered with.
    """
    project.prepare(db)
    project.clear(db)
    chains.clear(db)
    count = 0
    lines = db.execute(
        "SELECT e.line, w.seq FROM event AS e LEFT JOIN withheld AS w "
        "ON w.device = e.device AND w.epoch = e.epoch AND w.seq = e.seq AND w.hash = e.hash "
        "ORDER BY e.device, e.epoch, e.seq, e.hash"
    )
    while batch := [(parse(bytes(line)), held) for line, held in islice(lines, _CHUNK)]:
        count += len(batch)
        chains.note(db, (event for event, _held in batch))
        # What a merge brought that was taken back stays in its chain, and says nothing.
        project.insert(db, draw(event for event, held in batch if held is None))
    chains.note_breaks(db)
    project.fold_all(db)
    return count
