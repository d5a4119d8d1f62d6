"""Killed at any instant: all that was acknowledged is there, nothing is half there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fieldkit.store.store import Store

WRITER = """
import sys
from pathlib import Path
from fieldkit.domain.kinds import site_id
from fieldkit.store.store import Draft, Store
store = Store(Path(sys.argv[1]), "d" * 32, lambda: 1_790_000_000_000)
body = {"outcome": "met", "materials": 1, "app": "none", "note": "", "day": "2026-11-22"}
while True:
    batch = [Draft("visit.logged", site_id(f"D{n}"), "", body) for n in range(3)]
    last = store.append(batch)[-1]
    sys.stdout.write(f"{last.epoch} {last.seq}\\n")
    sys.stdout.flush()
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    """Eight writers in a row, each killed -9 in full flight; every told number is held."""
    chance, told = random.Random(8), 0
    for _round in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.15))
        writer.send_signal(signal.SIGKILL)
        heard = [first, *writer.stdout.read().splitlines()]
        writer.wait()
        told = max(told, *(int(line.split()[1]) for line in heard if len(line.split()) == 2))
        store = Store(tmp_path, "d" * 32, lambda: 1_790_000_000_000)
        seqs = [event.seq for event in store.events()]
        assert seqs == list(range(1, len(seqs) + 1))
        assert len(seqs) >= told > 0
        assert len(seqs) % 3 == 0, "a batch is whole or absent"
        assert store.verify() == []
        store.close()
