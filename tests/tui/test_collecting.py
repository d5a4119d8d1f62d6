"""The collector waits for a pause, and is itself again afterwards."""

from __future__ import annotations

import gc
import weakref

import pytest

from fieldkit.tui import collecting
from fieldkit.tui.collecting import Calm


class Ring:
    """Something that only the collector can let go."""

    def __init__(self) -> None:
        self.me = self


def test_dead_rings_go_in_a_pause_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """While keys come nothing is looked for; in the first pause it is."""
    now = [100.0]
    monkeypatch.setattr(collecting.time, "monotonic", lambda: now[0])
    calm = Calm()
    calm.begin()
    try:
        assert not gc.isenabled()
        dead = weakref.ref(Ring())
        kept = [[n] for n in range(2 * collecting.ENOUGH)]
        calm.pressed()
        now[0] += collecting.CALM / 2
        calm.look()
        assert dead() is not None
        now[0] += collecting.CALM
        calm.look()
        assert dead() is None
        assert len(kept) == 2 * collecting.ENOUGH
    finally:
        calm.end()
    assert gc.isenabled()
    assert not gc.get_freeze_count()
