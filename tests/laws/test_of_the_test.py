"""The laws can fail: the machine finds each of these faults, planted one at a time."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fieldkit.errors import Problem
from fieldkit.store import migrations, staging, taking
from fieldkit.store import receipts_given as book
from fieldkit.store.store import Store
from fieldkit.work import intake

from .county import Plan, plan
from .test_merge_laws import LAWS, CountyMachine

HUNT = settings(LAWS, max_examples=40, derandomize=True, phases=[Phase.generate])

Patch = pytest.MonkeyPatch
KEY = "PRIMARY KEY (device, epoch, seq, hash)"


def weak_key(columns: tuple[str, ...], patch: Patch) -> None:
    """A second event of one number is taken for the first; and no home notices that it is a copy.

    So numbers are used twice more often than by clones alone.
    """
    run = migrations._run

    def weakened(db: sqlite3.Connection, script: str) -> None:
        run(db, script.replace(KEY, f"PRIMARY KEY ({', '.join(columns)})", 1))

    patch.setattr(migrations, "_run", weakened)
    same = " AND ".join(
        f"e.{name} = s.c{n}" for n, name in enumerate(taking._KEY) if name in columns
    )
    patch.setattr(taking, "_SAME", same)
    patch.setattr(taking, "_all_new", lambda _db, _runs: False)
    patch.setattr(taking, "_complete", lambda _db, _stage: None)
    patch.setattr(Store, "_compare_mark", lambda _self: None)
    patch.setattr(Store, "reopen_epoch", lambda _self, _reason: None)


def kept_events(patch: Patch) -> None:
    """What is on the stage of a refused bundle stays there."""
    keep = staging.Stage.keep
    patch.setattr(staging.Stage, "keep", lambda self, _keep: keep(self, True))


def kept_evidence(patch: Patch) -> None:
    """Files are kept as soon as a bundle is open, before anybody has judged it."""
    opened = intake.Intake.open

    def hasty(self: intake.Intake, path: str) -> intake.Answer:
        answer = opened(self, path)
        for sha256, ext, read in self._opened.evidence() if self._opened else ():
            with read() as stream:
                if ext == "txt":
                    self._evidence.put_verified(sha256, ext, stream)
        return answer

    patch.setattr(intake.Intake, "open", hasty)


def hidden_gaps(patch: Patch) -> None:
    """A receipt claims all from the first number to the last, whatever is missing in between."""
    true = book.runs

    def runs(db: sqlite3.Connection, device: str, table: str = "chain_run") -> Any:
        found = true(db, device, table)
        return {chain: [(1, its[-1][1])] for chain, its in found.items()}

    patch.setattr(book, "runs", runs)


def early_copies(patch: Patch) -> None:
    """What is received is called durable, copied or not."""
    true = book.runs
    patch.setattr(book, "runs", lambda db, device, _table="": true(db, device))


LOST = "events are gone|miscounted events|does not drain|keeps . events|UNIQUE constraint failed"
PLANTS: dict[str, tuple[Callable[[Patch], None], str]] = {
    "key of epoch and number": (partial(weak_key, ("device", "epoch", "seq")), LOST),
    "key of number": (partial(weak_key, ("device", "seq")), LOST),
    "refused events kept": (kept_events, "too many events"),
    "refused evidence kept": (kept_evidence, "too many evidence files"),
    "gaps not told": (hidden_gaps, "claims events"),
    "copies that are not": (early_copies, "claims copies"),
}


@pytest.mark.parametrize("fault", PLANTS)
def test_the_machine_finds(fault: str, monkeypatch: Patch) -> None:
    """Within its budget, and for this reason."""
    plant, words = PLANTS[fault]
    plant(monkeypatch)
    with tempfile.TemporaryDirectory(prefix="laws-plan-") as folder:
        broken = plan(Path(folder))

        class Broken(CountyMachine):
            def plan(self) -> Plan:
                return broken

        with pytest.raises((AssertionError, Problem), match=words):
            run_state_machine_as_test(Broken, settings=HUNT)
