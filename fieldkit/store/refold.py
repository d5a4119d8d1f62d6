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
    lines = db.execute("SELECT line FROM event ORDER BY device, epoch, seq, hash")
    while batch := [parse(bytes(line)) for (line,) in islice(lines, _CHUNK)]:
        count += len(batch)
        chains.note(db, batch)
        project.insert(db, draw(batch))
    chains.note_breaks(db)
    project.fold_all(db)
    return count
