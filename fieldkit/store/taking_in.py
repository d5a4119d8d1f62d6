"""Stages taken into a store's journal, one transaction for all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from . import merges, staging
from . import taking as stages
from .open import problem

if TYPE_CHECKING:
    from .store import Store

MAX_STAGES = 9
"""How many stages one transaction takes in."""

NAMELESS: Mapping[int, str] = {}

Seen = tuple[str, str, str, int, str, str]
"""A bundle that was taken in: SHA-256 of the file, its id, device, events, evidence, merge."""


class Taking:
    """Takes stages into a store's journal, inside ``Store.taking``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names: list[str] = []

    @property
    def full(self) -> bool:
        """Whether no further stage fits beside the journal (SQLite attaches ten)."""
        return len(self._names) >= MAX_STAGES

    def add(
        self, stage: Path, seen: Sequence[Seen], merge: str, names: Mapping[int, str]
    ) -> dict[int, int]:
        """Take in a stage on disk, and note its bundles as seen.

        ``merge`` is what brings them, ``names`` are the digests of the files by their numbers on
        the stage. Gives how many events of each bundle were new.
        """
        return self.take(self.attach(str(stage)), seen, merge, names)

    def attach(self, place: str) -> str:
        """Put a stage beside the journal; gives its name there."""
        name = f"{staging.NAME}{len(self._names)}"
        try:
            self._store.db.execute(f"ATTACH ? AS {name}", (place,))
        except sqlite3.Error as error:
            raise problem(error) from error
        self._names.append(name)
        return name

    def take(
        self,
        stage: str,
        seen: Sequence[Seen] = (),
        merge: str = merges.OTHERWISE,
        names: Mapping[int, str] = NAMELESS,
    ) -> dict[int, int]:
        """Take in an attached stage."""
        db = self._store.db
        taken = stages.take(db, stage)
        self._store.note_taken(taken, stage)
        merges.note_stage(db, stage, merge, names)
        db.executemany("INSERT OR REPLACE INTO bundle_seen VALUES (?,?,?,?,?,?)", seen)
        return taken.new

    def detach(self) -> None:
        """Let the stages go, once the transaction is over."""
        for name in self._names:
            with suppress(sqlite3.Error):
                self._store.db.execute(f"DETACH {name}")
