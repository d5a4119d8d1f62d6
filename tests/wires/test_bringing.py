"""Bringing volumes across: what is tried again, for how long, and what is told meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fieldkit_sync.errors import Refusal
from fieldkit_sync.wires.base import AGAIN, OFFICE, Held, Lying, Volume, Watch
from fieldkit_sync.wires.bringing import LEAST, MOST, Brought, Step, bring

from .contract import Cancelled, code_of

Act = Callable[[Volume, Watch], int]


class _Wire:
    """Does with each put what it was told, and keeps the time."""

    def __init__(self, *acts: Act) -> None:
        self.acts = list(acts)
        self.now = 0.0
        self.slept: list[float] = []
        self.there: list[str] = []

    def put(self, volume: Volume, box: str = OFFICE, watch: Watch | None = None) -> int:
        assert watch is not None
        went = self.acts.pop(0)(volume, watch)
        self.there.append(volume.name)
        return went

    def offer(self, volumes: Sequence[Volume], box: str = OFFICE) -> list[Held]:
        raise NotImplementedError

    def list(self, box: str) -> list[Lying]:
        raise NotImplementedError

    def get(self, name: str, box: str, into: Path, watch: Watch | None = None) -> Path:
        raise NotImplementedError

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def bring(self, *volumes: Volume, patience: float = 60.0) -> tuple[Brought, Sequence[Step]]:
        """Without chance, and without waiting."""
        steps: list[Step] = []
        done = bring(
            self, volumes, patience=patience, watch=steps.append,
            sleep=self.sleep, clock=lambda: self.now, chance=lambda: 1.0,
        )  # fmt: skip
        return done, steps

    def refuse(self, code: str, *told: int, takes: float = 0.0) -> Act:
        """A put that gets so far, takes so long, and fails."""

        def act(volume: Volume, watch: Watch) -> int:
            for done in told:
                watch(done)
            self.now += takes
            raise Refusal(code, "as planned")

        return act


def across(start: int = 0) -> Act:
    """A put that ends well, from there on."""

    def act(volume: Volume, watch: Watch) -> int:
        watch(start)
        watch(volume.size)
        return volume.size - start

    return act


def known(volume: Volume, watch: Watch) -> int:
    """A put of what lies there."""
    return 0


def one(number: int = 0, size: int = 1000) -> Volume:
    """A volume that nobody reads."""
    return Volume(Path("nowhere"), f"{number:016x}.age", size, "0" * 64)


def test_all_goes_well() -> None:
    wire = _Wire(across(), known, across())
    done, steps = wire.bring(one(1), one(2), one(3))
    assert done == Brought(volumes=3, fresh=2, bytes=2000, resumed=0)
    assert [(it.done, it.bytes) for it in steps] == [(0, 0), (0, 1000), (2, 0), (2, 1000), (3, 0)]
    assert wire.slept == []


def test_it_goes_on_after_a_break() -> None:
    """What went out counts as often as it went; the volume counts once."""
    wire = _Wire()
    wire.acts = [wire.refuse("cut", 0, 600), across(start=500)]
    done, steps = wire.bring(one())
    assert done == Brought(1, 1, 1100, 1)
    assert [(it.waits, it.code) for it in steps if it.waits] == [(LEAST, "cut")]


@pytest.mark.parametrize("code", sorted(AGAIN))
def test_waits_double_and_end(code: str) -> None:
    """Each wait is twice the one before, up to a most; a byte more over there begins anew."""
    wire = _Wire()
    dead = [wire.refuse(code)] * 8
    wire.acts = [*dead, wire.refuse(code, 10), wire.refuse(code, 10), across(10)]
    wire.bring(one(), patience=1000.0)
    assert wire.slept[:8] == [min(LEAST * 2**n, MOST) for n in range(8)]
    assert wire.slept[8:] == [LEAST, LEAST * 2]


def test_patience_ends_when_nothing_more_arrives() -> None:
    wire = _Wire()
    wire.acts = [wire.refuse("unreachable")] * 100
    assert code_of(lambda: wire.bring(one(), patience=60.0)) == "unreachable"
    assert 60.0 <= wire.now <= 60.0 + MOST


def test_bytes_that_only_left_are_no_progress() -> None:
    """A socket swallows what never arrives: each try sends all and none of it is there after."""
    wire = _Wire()
    wire.acts = [wire.refuse("cut", 0, 1000, takes=5.0)] * 100
    assert code_of(lambda: wire.bring(one(), patience=60.0)) == "cut"
    assert wire.now < 120.0


def test_a_long_try_that_breaks_is_made_again() -> None:
    """Patience is for failing, not for a large volume on a slow line."""
    wire = _Wire()
    wire.acts = [wire.refuse("cut", 0, 900, takes=3600.0), across(start=900)]
    done, _steps = wire.bring(one(), patience=60.0)
    assert done.resumed == 1


def test_as_long_as_something_arrives_it_goes_on() -> None:
    """A thousand cuts with a byte between each are no reason to give up."""
    wire = _Wire()
    wire.acts = [wire.refuse("cut", n, n + 5, takes=50.0) for n in range(999)] + [across(999)]
    assert wire.bring(one(), patience=60.0)[0].fresh == 1


@pytest.mark.parametrize("code", ["full", "refused", "too-large", "other-bytes", "signature"])
def test_what_no_other_try_mends(code: str) -> None:
    """It is told at once; what was across before stays so."""
    wire = _Wire(across())
    wire.acts.append(wire.refuse(code))
    assert code_of(lambda: wire.bring(one(1), one(2))) == code
    assert (wire.slept, wire.there) == ([], [one(1).name])


def test_a_watcher_may_end_it() -> None:
    wire = _Wire(across())

    def watch(step: Step) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        bring(wire, [one()], watch=watch)


def test_waits_are_drawn_apart() -> None:
    """Devices that were cut off together do not come back together."""
    drawn = []
    for number in range(20):
        wire = _Wire()
        wire.acts = [wire.refuse("busy"), across()]
        bring(wire, [one(number)], sleep=wire.sleep)
        drawn += wire.slept
    assert len(set(drawn)) > 10
    assert all(LEAST / 2 <= it <= LEAST for it in drawn)
