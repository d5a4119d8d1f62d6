"""A few seconds of what ``python fuzz/wires.py`` does for minutes, and that it would notice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The trials are no part of the package, so they are not installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fuzz import wires
from fuzz.wires_world import Server
from tests.wires.chaos_proxy import Faults

BAD = Faults(cut=0.04, stall=0.02, stall_seconds=0.5, double=0.02, garble=0.02, refuse=0.1)


@pytest.mark.parametrize("seed", [0, 1])
def test_everything_arrives_once_and_nothing_acknowledged_is_lost(
    tmp_path: Path, seed: int
) -> None:
    """Over plain HTTP and TLS, over a bad line, with the receiver killed again and again."""
    done = wires.one_round(seed, 1.5, tmp_path, count=3, faults=BAD)
    assert done.wrong == []
    assert done.tls == bool(seed)
    assert done.kills >= 1
    assert done.volumes >= 3
    assert sum(done.told[it] for it in ("cuts", "garbled", "doubled", "stalls")) > 0


def test_a_loss_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A volume that is taken off the disk behind the receiver's back is told by its name."""
    lost: list[str] = []
    original = Server.kill

    def kill(server: Server) -> None:
        original(server)
        names = sorted(it.name for it in server.spool.glob("*.age"))
        if names and not lost:
            lost.append(names[0])
            (server.spool / names[0]).unlink()

    monkeypatch.setattr(Server, "kill", kill)
    done = wires.one_round(2, 0.6, tmp_path, count=1, faults=Faults())
    assert lost
    assert f"{lost[0]} is not there" in done.wrong


def test_a_second_arrival_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a receiver was told of twice would be merged twice."""
    original = Server.arrivals
    monkeypatch.setattr(Server, "arrivals", lambda server: original(server) * 2)
    done = wires.one_round(4, 0.5, tmp_path, count=1, faults=Faults())
    assert done.volumes >= 1
    assert len(done.wrong) == done.volumes
    assert all(it.endswith("arrived 2 times") for it in done.wrong)
